import { address, flag, id, int, nothing, oneOf, optional, record } from '../../kernel/codec.ts';
import { definePolicy } from '../../kernel/policy.ts';

/** Most guests of the paging experiments. */
export const mostPagedGuests = 2;
/** Most shadow page tables that a guest can have. */
export const mostTables = 8;

const guestId = id('The guest.', 'guest', mostPagedGuests);
const table = int('Number of a shadow page table of the guest. Each begins empty.', {
  min: 0,
  max: mostTables - 1,
});
const page = address('Virtual address of a page: a multiple of 4096.');

/** The part of a VMM that virtualizes memory by shadow page tables: what a learner writes. */
export const PagerPolicy = definePolicy({
  id: 'pager',
  typeName: 'PagerPolicy',
  doc:
    'Keeps shadow page tables. The processor walks them in place of the guest’s own page tables, which it never sees. ' +
    'The rest of the VMM is done.',
  decisions: {
    onFault: {
      doc: 'Handles a page fault: the shadow page table that the processor walks does not allow the access. The guest does not know of it yet.',
      input: record('A page fault in a shadow page table.', 'Fault', {
        guest: guestId,
        access: oneOf('What the guest wanted to do.', ['read', 'write', 'fetch']),
        address: address('The virtual address.'),
        mode: oneOf('The mode that the guest is in.', ['user', 'supervisor']),
        sum: flag('Whether its kernel may access pages of processes just now: `sstatus.SUM`.'),
        satp: address(
          'The guest’s own `satp`. Bit 31: paging is on; then the lower 22 bits are the number of the guest-physical page that holds the root of its page table.',
        ),
        table,
        memory: record('Where the guest’s memory is.', 'GuestMemory', {
          base: address('Guest-physical address of its first byte.'),
          host: address('Where this byte lies in the host’s memory: a host-physical address.'),
          sizeBytes: int('Its size: a multiple of 4096.', { min: 4096, max: 2 ** 24 }),
        }),
        store: optional(
          'For a write: what it would have stored. Absent for other accesses.',
          record('A store.', 'Store', {
            value: {
              ...int('The value, as an unsigned number.', { min: 0, max: 2 ** 32 - 1 }),
              notation: 'hexadecimal',
            },
            sizeBytes: int('1, 2 or 4.', { min: 1, max: 4 }),
          }),
        ),
      }),
      output: record('What to do.', 'FaultAnswer', {
        action: oneOf(
          '`retry`: the shadow page table allows it now, the instruction runs again. `page-fault`: it is the guest’s own fault, ' +
            'and its kernel’s handler is entered. `outside`: it leads to a guest-physical address that is no memory; the VMM finds ' +
            'the device there, or tells the guest that there is none. `emulated`: you have done the store, the guest goes on after it.',
          ['retry', 'page-fault', 'outside', 'emulated'],
        ),
        physical: optional(
          'For `outside`: the guest-physical address.',
          address('A guest-physical address.'),
        ),
      }),
    },
    onAddressSpace: {
      doc: 'The guest’s kernel wrote `satp` or executed `sfence.vma`. Says which shadow page table the processor walks from now on.',
      input: record('A change of the address space.', 'AddressSpaceChange', {
        guest: guestId,
        cause: oneOf('`satp`: a page table may be another one now. `sfence`: page tables may have changed.', [
          'satp',
          'sfence',
        ]),
        satp: address('The guest’s own `satp`, after the change.'),
        table,
      }),
      output: table,
    },
  },
  calls: {
    readGuest: {
      doc: 'Reads a word of a guest’s memory, as an unsigned number. `EFAULT`: there is no memory at the address, or it is not a multiple of 4.',
      input: record('Which word.', 'GuestWord', {
        guest: guestId,
        physical: address('Guest-physical address.'),
      }),
      output: int('Its value.', { min: 0, max: 2 ** 32 - 1 }),
      errors: ['EFAULT'],
    },
    writeGuest: {
      doc: 'Writes to a guest’s memory. `EFAULT`: there is no memory at the address, or it is not a multiple of the size.',
      input: record('Where, and what.', 'GuestStore', {
        guest: guestId,
        physical: address('Guest-physical address.'),
        value: int('The value; its lower bytes are taken.', { min: -(2 ** 31), max: 2 ** 32 - 1 }),
        sizeBytes: int('1, 2 or 4.', { min: 1, max: 4 }),
      }),
      output: nothing,
      errors: ['EFAULT'],
    },
    map: {
      doc:
        'Makes or changes the entry of a page in a shadow page table. `EFAULT`: the host has no such page. `ENOMEM`: it has ' +
        'no memory left for page tables. Whoever asks for a write without a read gets a page that can be neither.',
      input: record('An entry.', 'Mapping', {
        guest: guestId,
        table,
        page,
        frame: address('Host-physical address of the page that it leads to: a multiple of 4096.'),
        read: flag('Loads are allowed.'),
        write: flag('Stores are allowed.'),
        execute: flag('Fetches are allowed.'),
        user: flag(
          'It is a page of a process: user mode may access it, and the kernel only with SUM. Otherwise it is the kernel’s alone.',
        ),
      }),
      output: nothing,
      errors: ['EFAULT', 'ENOMEM'],
    },
    unmap: {
      doc: 'Empties the entry of a page in a shadow page table, if there is one.',
      input: record('Which entry.', 'MappedPage', { guest: guestId, table, page }),
      output: nothing,
      errors: [],
    },
    clear: {
      doc: 'Empties a shadow page table.',
      input: record('Which table.', 'TableOf', { guest: guestId, table }),
      output: nothing,
      errors: [],
    },
  },
});

export const pagerPolicies = { pager: PagerPolicy };
