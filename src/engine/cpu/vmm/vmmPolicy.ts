import { address, flag, id, int, list, nothing, oneOf, optional, record, text } from '../../kernel/codec.ts';
import { definePolicy } from '../../kernel/policy.ts';
import { exception } from '../machine/trapCause.ts';

/** Most guests of a host. */
export const maxGuests = 4;

const word = (doc: string) => int(doc, { min: -(2 ** 31), max: 2 ** 32 - 1 });
const guestId = (doc: string) => id(doc, 'guest', maxGuests);

const guestOf = record('Which guest.', 'GuestOf', { guest: guestId('The guest.') });

/** Why a guest left the processor, by name. */
export const exitCauses = [
  'start',
  'illegal-instruction',
  'environment-call',
  'instruction-page-fault',
  'load-page-fault',
  'store-page-fault',
  'instruction-access-fault',
  'load-access-fault',
  'store-access-fault',
  'breakpoint',
  'misaligned',
  'timer',
] as const;
export type ExitCause = (typeof exitCauses)[number];

/** The name of an exception's code. */
export function exitCauseOf(code: number): ExitCause {
  switch (code) {
    case exception.illegalInstruction:
      return 'illegal-instruction';
    case exception.breakpoint:
      return 'breakpoint';
    case exception.userEcall:
    case exception.supervisorEcall:
      return 'environment-call';
    case exception.fetchPageFault:
      return 'instruction-page-fault';
    case exception.loadPageFault:
      return 'load-page-fault';
    case exception.storePageFault:
      return 'store-page-fault';
    case exception.fetchAccess:
      return 'instruction-access-fault';
    case exception.loadAccess:
      return 'load-access-fault';
    case exception.storeAccess:
      return 'store-access-fault';
  }
  return 'misaligned';
}

/** A virtual machine monitor: what a learner writes. The host's machine mode is the engine; all traps come here. */
export const VmmPolicy = definePolicy({
  id: 'vmm',
  typeName: 'VmmPolicy',
  doc: 'A virtual machine monitor. The real processor runs guests directly, and every trap comes to `onTrap`.',
  decisions: {
    place: {
      doc: 'Chooses where in the host’s memory a guest’s memory lies. Asked once for each guest, before any of them runs.',
      input: record('A guest that needs memory.', 'PlaceRequest', {
        guest: guestId('The guest. The first is 1.'),
        sizeBytes: int('Bytes that it needs: a multiple of 4096.', { min: 4096, max: 2 ** 24 }),
        hostBytes: int('Bytes of the host’s memory.', { min: 4096, max: 2 ** 26 }),
        placed: list(
          'The guests that have their memory already.',
          record('The memory of a guest.', 'PlacedGuest', {
            guest: guestId('The guest.'),
            base: int('Its first byte, from the start of the host’s memory.', { min: 0, max: 2 ** 26 }),
            sizeBytes: int('Its size.', { min: 4096, max: 2 ** 24 }),
          }),
          maxGuests,
        ),
      }),
      output: int('The first byte, from the start of the host’s memory: a multiple of 4096.', {
        min: 0,
        max: 2 ** 26,
      }),
    },
    onTrap: {
      doc:
        'Handles a trap, and says how to go on. Nothing has happened of the instruction that trapped: emulate it on the ' +
        'guest’s virtual state, or let the guest’s own trap handler deal with it. Asked first with the cause `start`, ' +
        'before anything ran.',
      input: record('A trap out of a guest.', 'Trap', {
        guest: guestId('The guest that ran.'),
        cause: oneOf('Why it left the processor.', exitCauses),
        code: int(
          'The same as the architecture’s number, as it would stand in `scause` (8 for every environment call). 0 for `start` and `timer`.',
          {
            min: 0,
            max: 15,
          },
        ),
        value: address(
          'What goes with the cause, as in `stval`: the address that could not be accessed, or the illegal instruction.',
        ),
        physical: address(
          'For access faults: the guest-physical address, where the device would be. Else 0.',
        ),
        pc: address('Address of the instruction that trapped, or of the next one after `timer`.'),
        mode: oneOf(
          'The mode that the guest believes to be in. The real one is always user mode, if you keep it so.',
          ['user', 'supervisor'],
        ),
        instruction: optional(
          'The instruction that trapped, taken apart; absent when there is none that is legal.',
          record('An instruction.', 'Instruction', {
            name: text('`csrrw`, `sret`, `sw`, …', 16),
            rd: int('Number of the register that it writes; 0 is none.', { min: 0, max: 31 }),
            rs1: int('Number of its first register.', { min: 0, max: 31 }),
            rs2: int('Number of its second register: what a store stores.', { min: 0, max: 31 }),
            csr: text(
              'Name of its CSR: `sstatus`, or a number in hexadecimal where the machine has none of it.',
              16,
            ),
            immediate: word('Its immediate, signed; for `csrrwi`, `csrrsi` and `csrrci` the operand.'),
          }),
        ),
        timerDue: flag(
          'Whether the guest’s own, virtual, timer is due: its `stimecmp` is not after its `time`.',
        ),
        timerBound: int(
          'The most instructions for which a guest may run until the VMM has the processor again.',
          {
            min: 1,
            max: 2 ** 31,
          },
        ),
      }),
      output: record('How to go on.', 'Resume', {
        guest: guestId('The guest that runs next.'),
        pc: address('Where it goes on.'),
        mode: oneOf('The mode that it believes to be in from now on: decides which pages it may touch.', [
          'user',
          'supervisor',
        ]),
        runFor: int('The most instructions until the host’s timer gives the processor back to the VMM.', {
          min: 1,
          max: 2 ** 31,
        }),
        privilege: optional(
          'The mode that the real processor is in. Left out: user mode.',
          oneOf('A privilege mode.', ['user', 'supervisor']),
        ),
      }),
    },
  },
  calls: {
    readRegister: {
      doc: 'Reads a general register of a guest, as a signed number. Register 0 is 0.',
      input: record('Which register.', 'RegisterOf', {
        guest: guestId('The guest.'),
        register: int('Its number.', { min: 0, max: 31 }),
      }),
      output: word('Its value.'),
      errors: [],
    },
    writeRegister: {
      doc: 'Writes a general register of a guest. Writing register 0 does nothing.',
      input: record('Which register, and what.', 'RegisterValue', {
        guest: guestId('The guest.'),
        register: int('Its number.', { min: 0, max: 31 }),
        value: word('The value; its lower 32 bits are taken.'),
      }),
      output: nothing,
      errors: [],
    },
    readCsr: {
      doc: 'Reads a CSR of a guest’s virtual CPU, as a signed number. `ENOENT`: it has none of that name.',
      input: record('Which CSR.', 'CsrOf', { guest: guestId('The guest.'), csr: text('Its name.', 16) }),
      output: word('Its value.'),
      errors: ['ENOENT'],
    },
    writeCsr: {
      doc:
        'Writes a CSR of a guest’s virtual CPU. Fields keep to their legal values, and nothing else happens. ' +
        '`ENOENT`: it has none of that name, or it cannot be written.',
      input: record('Which CSR, and what.', 'CsrValue', {
        guest: guestId('The guest.'),
        csr: text('Its name.', 16),
        value: word('The value; its lower 32 bits are taken.'),
      }),
      output: nothing,
      errors: ['ENOENT'],
    },
    deviceRead: {
      doc: 'Reads a register of a guest’s virtual device. `EFAULT`: there is no device at the address.',
      input: record('Which register.', 'DeviceOf', {
        guest: guestId('The guest.'),
        address: address('Guest-physical address.'),
        bytes: int('1, 2 or 4.', { min: 1, max: 4 }),
      }),
      output: word('Its value.'),
      errors: ['EFAULT'],
    },
    deviceWrite: {
      doc: 'Writes a register of a guest’s virtual device. `EFAULT`: there is no device at the address.',
      input: record('Which register, and what.', 'DeviceValue', {
        guest: guestId('The guest.'),
        address: address('Guest-physical address.'),
        bytes: int('1, 2 or 4.', { min: 1, max: 4 }),
        value: word('The value.'),
      }),
      output: nothing,
      errors: ['EFAULT'],
    },
    flushTranslations: {
      doc: 'Makes the real processor forget the translations of a guest: what its `sfence.vma` asks for.',
      input: guestOf,
      output: nothing,
      errors: [],
    },
    sleepUntilTimer: {
      doc: 'Lets a guest’s time pass until its virtual timer is due: what its `wfi` waits for. `EDEADLK`: no timer is set.',
      input: guestOf,
      output: nothing,
      errors: ['EDEADLK'],
    },
    isHalted: {
      doc: 'Whether a guest has switched itself off. It cannot go on; when all have, the run ends.',
      input: guestOf,
      output: flag('True when it is off.'),
      errors: [],
    },
  },
});

export const vmmPolicies = { vmm: VmmPolicy };
