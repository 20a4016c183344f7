import type { Calls, PolicyImplementation } from '../../kernel/policy.ts';
import type { Infer } from '../../kernel/codec.ts';
import type { VmmPolicy } from './vmmPolicy.ts';
import { interruptBit } from '../machine/trapCause.ts';
import { status } from '../machine/hart.ts';

type Vmm = typeof VmmPolicy;
type Trap = Infer<Vmm['decisions']['onTrap']['input']>;
type Resume = Infer<Vmm['decisions']['onTrap']['output']>;
const entry = 0x8000_0000;
/** What a VMM does for guests that know of it. */
export interface ParavirtualSupport {
  /** Does a call of the guest's kernel. @param pc of its `ecall` */
  call(guest: number, pc: number): Going;
  /** Called when the guest's trap handler is about to be entered. */
  pushFrame(guest: number, from: Going): void;
}
type Going = { readonly pc: number; readonly mode: 'user' | 'supervisor' };

/** A VMM by trap and emulate: what runs when no other is given. Guests take turns by its own timer. */
export const referenceVmm = (): PolicyImplementation<Vmm> => vmmWith(undefined);

/** The same VMM, for guests that know of it: an environment call of a guest's kernel asks it for something. */
export const paravirtualVmm = (support: ParavirtualSupport): PolicyImplementation<Vmm> => vmmWith(support);

function vmmWith(support: ParavirtualSupport | undefined): PolicyImplementation<Vmm> {
  /** Where each guest goes on when it has its turn. */
  const waiting = new Map<number, Going>();
  let guests = 0;
  return {
    place({ guest, placed }) {
      guests = guest;
      waiting.set(guest, { pc: entry, mode: 'supervisor' });
      return placed.reduce((end, { base, sizeBytes }) => Math.max(end, base + sizeBytes), 0);
    },
    onTrap(trap, calls): Resume {
      const { guest, timerBound } = trap;
      waiting.set(guest, afterInterrupts(guest, handle(trap, calls, support), calls, support));
      // Guests take turns at the host's timer, and when one has switched itself off.
      let next = guest;
      if (trap.cause === 'timer' || calls.isHalted({ guest })) {
        for (let step = 1; step <= guests; step++) {
          next = ((guest - 1 + step) % guests) + 1;
          if (!calls.isHalted({ guest: next })) break;
        }
      }
      return { guest: next, ...waiting.get(next)!, runFor: timerBound, privilege: undefined };
    },
  };
}

function handle(trap: Trap, calls: Calls<Vmm>, support: ParavirtualSupport | undefined): Going {
  const { guest, cause, pc, mode, instruction } = trap;
  if (cause === 'start') return { pc, mode: 'supervisor' };
  if (cause === 'timer') return { pc, mode };
  if (support !== undefined && cause === 'environment-call' && mode === 'supervisor') {
    return support.call(guest, pc);
  }
  if (instruction !== undefined) {
    const emulated =
      cause === 'illegal-instruction' && mode === 'supervisor'
        ? emulate(trap, calls)
        : cause === 'load-access-fault' || cause === 'store-access-fault'
          ? device(trap, calls)
          : undefined;
    if (emulated !== undefined) return emulated;
  }
  return reflect(trap, calls, support);
}

/** Applies a privileged instruction to the virtual state; undefined when it is illegal for the guest's kernel too. */
function emulate(trap: Trap, calls: Calls<Vmm>): Going | undefined {
  const { guest, pc, instruction } = trap;
  const { name, rd, rs1, csr, immediate } = instruction!;
  const next: Going = { pc: pc + 4, mode: 'supervisor' };
  switch (name) {
    case 'sret': {
      const sstatus = calls.readCsr({ guest, csr: 'sstatus' });
      const enabled = (sstatus & status.spie) !== 0 ? status.sie : 0;
      calls.writeCsr({
        guest,
        csr: 'sstatus',
        value: (sstatus & ~(status.sie | status.spp)) | enabled | status.spie,
      });
      const to = (sstatus & status.spp) !== 0 ? 'supervisor' : 'user';
      return { pc: calls.readCsr({ guest, csr: 'sepc' }) >>> 0, mode: to };
    }
    case 'wfi':
      return sleeps(guest, calls) ? next : { pc, mode: 'supervisor' };
    case 'sfence.vma':
      calls.flushTranslations({ guest });
      return next;
  }
  if (!name.startsWith('csrr')) return undefined;
  const operand = name.endsWith('i') ? immediate : calls.readRegister({ guest, register: rs1 });
  const writes = name.startsWith('csrrw') || (name.endsWith('i') ? immediate : rs1) !== 0;
  try {
    const before = calls.readCsr({ guest, csr });
    if (writes) {
      const value = name.startsWith('csrrw')
        ? operand
        : name.startsWith('csrrs')
          ? before | operand
          : before & ~operand;
      calls.writeCsr({ guest, csr, value });
    }
    calls.writeRegister({ guest, register: rd, value: before });
  } catch {
    return undefined;
  }
  return next;
}

/** False when no timer is set that could end the wait: it goes on for ever. */
function sleeps(guest: number, calls: Calls<Vmm>): boolean {
  try {
    calls.sleepUntilTimer({ guest });
    return true;
  } catch {
    return false;
  }
}

/** Passes an access to a virtual device; undefined when there is none. */
function device(trap: Trap, calls: Calls<Vmm>): Going | undefined {
  const { guest, pc, mode, physical, instruction } = trap;
  const { name, rd, rs2 } = instruction!;
  const bytes = { lb: 1, lbu: 1, sb: 1, lh: 2, lhu: 2, sh: 2, lw: 4, sw: 4 }[name];
  if (bytes === undefined) return undefined;
  try {
    if (name.startsWith('s')) {
      calls.deviceWrite({
        guest,
        address: physical,
        bytes,
        value: calls.readRegister({ guest, register: rs2 }),
      });
    } else
      calls.writeRegister({
        guest,
        register: rd,
        value: calls.deviceRead({ guest, address: physical, bytes }),
      });
  } catch {
    return undefined;
  }
  return { pc: pc + 4, mode };
}

/** Enters the guest's own trap handler, as its processor would have. */
function reflect(trap: Trap, calls: Calls<Vmm>, support: ParavirtualSupport | undefined): Going {
  // A real environment call always comes from user mode; the guest's kernel made it from supervisor mode.
  const code = trap.cause === 'environment-call' && trap.mode === 'supervisor' ? 9 : trap.code;
  return enterHandler(trap.guest, code, trap.value, { pc: trap.pc, mode: trap.mode }, calls, support);
}

function enterHandler(
  guest: number,
  cause: number,
  value: number,
  from: Going,
  calls: Calls<Vmm>,
  support: ParavirtualSupport | undefined,
): Going {
  const sstatus = calls.readCsr({ guest, csr: 'sstatus' });
  const enabled = (sstatus & status.sie) !== 0 ? status.spie : 0;
  const previous = from.mode === 'supervisor' ? status.spp : 0;
  const cleared = sstatus & ~(status.sie | status.spie | status.spp);
  calls.writeCsr({ guest, csr: 'sstatus', value: cleared | enabled | previous });
  calls.writeCsr({ guest, csr: 'scause', value: cause });
  calls.writeCsr({ guest, csr: 'sepc', value: from.pc });
  calls.writeCsr({ guest, csr: 'stval', value });
  support?.pushFrame(guest, from);
  return { pc: (calls.readCsr({ guest, csr: 'stvec' }) & ~3) >>> 0, mode: 'supervisor' };
}

/** Delivers the guest's own timer interrupt when it is due, enabled and not masked. */
function afterInterrupts(
  guest: number,
  going: Going,
  calls: Calls<Vmm>,
  support: ParavirtualSupport | undefined,
): Going {
  const due = calls.readCsr({ guest, csr: 'sip' }) & calls.readCsr({ guest, csr: 'sie' }) & (1 << 5);
  if (due === 0) return going;
  const masked = going.mode === 'supervisor' && (calls.readCsr({ guest, csr: 'sstatus' }) & status.sie) === 0;
  return masked ? going : enterHandler(guest, interruptBit + 5, 0, going, calls, support);
}
