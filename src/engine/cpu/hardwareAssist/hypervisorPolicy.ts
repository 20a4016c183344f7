import { address, flag, id, int, nothing, oneOf, optional, record, text } from '../../kernel/codec.ts';
import { definePolicy } from '../../kernel/policy.ts';
import { exception } from '../machine/trapCause.ts';
import { exitCauseOf, exitCauses, maxGuests, VmmPolicy } from '../vmm/vmmPolicy.ts';

const { calls: vmmCalls, decisions: vmmDecisions } = VmmPolicy;
const guestOf = record('Which guest.', 'GuestOf', { guest: id('The guest.', 'guest', maxGuests) });

/** Why a guest in guest mode left the processor, by name. */
export const guestModeCauses = [...exitCauses, 'virtual-instruction', 'guest-page-fault'] as const;
export type GuestModeCause = (typeof guestModeCauses)[number];

/** The name of an exception's code, those of guest mode too. */
export function guestModeCauseOf(code: number): GuestModeCause {
  switch (code) {
    case exception.virtualInstruction:
      return 'virtual-instruction';
    case exception.virtualSupervisorEcall:
      return 'environment-call';
    case exception.fetchGuestPageFault:
    case exception.loadGuestPageFault:
    case exception.storeGuestPageFault:
      return 'guest-page-fault';
  }
  return exitCauseOf(code);
}

const trapFields = vmmDecisions.onTrap.input.fields;

/** A hypervisor with help from hardware: what a learner writes. */
export const HypervisorPolicy = definePolicy({
  id: 'hypervisor',
  typeName: 'HypervisorPolicy',
  doc:
    'A hypervisor on a processor with a guest mode. There the guest has a copy of the privileged state of its own, and a second ' +
    'stage of translation keeps it in its memory. You choose what still exits, and handle that.',
  decisions: {
    place: vmmDecisions.place,
    configure: {
      doc: 'Chooses what a guest may do without an exit. Asked once for each guest, before any of them runs.',
      input: guestOf,
      output: record('Delegation and exit controls.', 'Controls', {
        delegate: record(
          'Exceptions that go straight to the guest’s own trap handler (`hedeleg`). Those that are not delegated exit. ' +
            'Virtual instructions and guest-page faults always do.',
          'Delegation',
          {
            illegalInstructions: flag('Illegal instructions, and breakpoints.'),
            systemCalls: flag('Environment calls of the guest’s processes.'),
            pageFaults: flag('Page faults in the guest’s own page table.'),
            accessFaults: flag('Misaligned accesses, and access faults.'),
          },
        ),
        delegateTimer: flag(
          'The guest’s own timer interrupt goes straight to its handler (`hideleg`). Otherwise the guest cannot even enable it: its ' +
            'bit in `sie` stays 0. The host’s timer is another one.',
        ),
        guestTimer: flag(
          'The guest sets its timer itself (`henvcfg.STCE`). Otherwise accesses to `stimecmp` exit as virtual instructions.',
        ),
        readTime: flag(
          'The guest reads `time` itself (`hcounteren.TM`). Otherwise this exits as a virtual instruction.',
        ),
        trapSatp: flag(
          'Accesses to `satp`, and `sfence.vma`, of the guest’s kernel exit as virtual instructions (`hstatus.VTVM`).',
        ),
        trapWfi: flag(
          '`wfi` of the guest’s kernel exits as a virtual instruction (`hstatus.VTW`). Otherwise the processor waits.',
        ),
      }),
    },
    onExit: {
      doc:
        'Handles an exit, and says who runs next. Nothing has happened of the instruction that exited. Asked first with the cause ' +
        '`start`, before anything ran.',
      input: record('An exit.', 'Exit', {
        ...trapFields,
        cause: oneOf('Why it left the processor.', guestModeCauses),
        code: int('The same as the architecture’s number, as in `scause`. 0 for `start` and `timer`.', {
          min: 0,
          max: 31,
        }),
        physical: address('For guest-page faults: the guest-physical address. Else 0.'),
        mode: oneOf('The guest’s mode: VS-mode is called supervisor here, and VU-mode user.', [
          'user',
          'supervisor',
        ]),
      }),
      output: record('How to go on.', 'GoOn', {
        guest: id('The guest that runs next.', 'guest', maxGuests),
        pc: optional(
          'Where it goes on. Left out: where it is, which is the handler after `inject`.',
          address('An address.'),
        ),
        runFor: int('The most instructions until the host’s timer gives the processor back.', {
          min: 1,
          max: 2 ** 31,
        }),
      }),
    },
  },
  calls: {
    readRegister: vmmCalls.readRegister,
    writeRegister: vmmCalls.writeRegister,
    readCsr: {
      ...vmmCalls.readCsr,
      doc: 'Reads a CSR of a guest’s own copy, as a signed number. `ENOENT`: it has none of that name.',
      input: record('Which CSR.', 'CsrOf', {
        guest: id('The guest.', 'guest', maxGuests),
        csr: text('Its name.', 16),
      }),
    },
    writeCsr: {
      ...vmmCalls.writeCsr,
      doc: 'Writes a CSR of a guest’s own copy. `ENOENT`: it has none of that name, or it cannot be written.',
    },
    inject: {
      doc:
        'Enters the guest’s own trap handler with an exception, as its processor would have: `sepc` is where it is, and `sstatus` and ' +
        'the mode change.',
      input: record('An exception for a guest.', 'Injection', {
        guest: id('The guest.', 'guest', maxGuests),
        code: int('For `scause`.', { min: 0, max: 15 }),
        value: address('For `stval`.'),
      }),
      output: nothing,
      errors: [],
    },
    deviceRead: vmmCalls.deviceRead,
    deviceWrite: vmmCalls.deviceWrite,
    sleepUntilTimer: {
      ...vmmCalls.sleepUntilTimer,
      doc: 'Lets a guest’s time pass until its timer is due, without the processor. `EDEADLK`: no timer is set.',
    },
    flushTranslations: vmmCalls.flushTranslations,
    isHalted: vmmCalls.isHalted,
  },
});

export const hypervisorPolicies = { hypervisor: HypervisorPolicy };
