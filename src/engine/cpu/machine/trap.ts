import { type Hart, mode, type Mode, status } from './hart.ts';
import { exception, interrupt, interruptBit } from './trapCause.ts';

/** Interrupts by priority (section 3.1.9). */
const byPriority = [
  interrupt.machineExternal,
  interrupt.machineSoftware,
  interrupt.machineTimer,
  interrupt.supervisorExternal,
  interrupt.supervisorSoftware,
  interrupt.supervisorTimer,
];

/** `mip` as software reads it: what was set, and the timers. */
export function pending(hart: Hart): number {
  let bits = hart.mip;
  const { time } = hart;
  if (time >= hart.mtimecmp) bits |= 1 << interrupt.machineTimer;
  if (hart.stce) {
    bits &= ~(1 << interrupt.supervisorTimer);
    if (time >= hart.stimecmp) bits |= 1 << interrupt.supervisorTimer;
  }
  return bits;
}

/** The interrupt that is taken now, as a code; undefined when none is pending, enabled and unmasked. */
export function interruptToTake(hart: Hart): number | undefined {
  const ready = pending(hart) & hart.mie;
  if (ready === 0) return undefined;
  const machineTakes =
    hart.mode !== mode.machine || hart.exitOnTrap || (hart.mstatus & status.mie) !== 0
      ? ready & ~hart.mideleg
      : 0;
  const supervisorTakes =
    hart.mode === mode.user || (hart.mode === mode.supervisor && (hart.mstatus & status.sie) !== 0)
      ? ready & hart.mideleg
      : 0;
  const takes = machineTakes !== 0 ? machineTakes : supervisorTakes;
  return byPriority.find((code) => (takes & (1 << code)) !== 0);
}

/** The earliest time at which a timer interrupt that is enabled becomes pending; Infinity when none will. */
export function nextTimer(hart: Hart): number {
  const machine = (hart.mie & (1 << interrupt.machineTimer)) !== 0 ? hart.mtimecmp : Infinity;
  const supervisor =
    hart.stce && (hart.mie & (1 << interrupt.supervisorTimer)) !== 0 ? hart.stimecmp : Infinity;
  return Math.min(machine, supervisor);
}

/**
 * Takes a trap (sections 3.1.6 to 3.1.15): saves what it interrupts and enters the handler of the mode to which it is
 * delegated. With {@link Hart.exitOnTrap}, a trap into machine mode changes nothing but is left for the embedder.
 * @param cause as in `mcause`
 * @returns true when the run ends
 */
export function takeTrap(hart: Hart, cause: number, value: number): boolean {
  const isInterrupt = cause >= interruptBit;
  const code = cause & 31;
  hart.onTrap?.(cause, hart.pc, value);
  hart.reservation = -1;
  const delegated = ((isInterrupt ? hart.mideleg : hart.medeleg) >>> code) & 1;
  if (hart.mode !== mode.machine && delegated === 1) {
    enterSupervisor(hart, cause, value);
    return false;
  }
  if (hart.exitOnTrap) {
    hart.exitCause = cause;
    hart.exitValue = value;
    return true;
  }
  hart.mcause = cause | 0;
  hart.mepc = hart.pc;
  hart.mtval = value | 0;
  const enabled = (hart.mstatus & status.mie) !== 0;
  hart.mstatus &= ~(status.mie | status.mpie | status.mpp);
  if (enabled) hart.mstatus |= status.mpie;
  hart.mstatus |= hart.mode << 11;
  hart.mode = mode.machine;
  hart.pc = vector(hart.mtvec, isInterrupt, code);
  return false;
}

/** Enters the supervisor's trap handler: what a delegated trap does, and a hypervisor that injects one. @param cause as in `scause` */
export function enterSupervisor(hart: Hart, cause: number, value: number): void {
  hart.scause = cause | 0;
  hart.sepc = hart.pc;
  hart.stval = value | 0;
  const enabled = (hart.mstatus & status.sie) !== 0;
  hart.mstatus &= ~(status.sie | status.spie | status.spp);
  if (enabled) hart.mstatus |= status.spie;
  if (hart.mode === mode.supervisor) hart.mstatus |= status.spp;
  hart.mode = mode.supervisor;
  hart.pc = vector(hart.stvec, cause >= interruptBit, cause & 31);
}

/** The handler's address: vectored mode (1) spreads interrupts, and only those. */
function vector(tvec: number, isInterrupt: boolean, code: number): number {
  const base = (tvec & ~3) >>> 0;
  return isInterrupt && (tvec & 3) === 1 ? (base + 4 * code) >>> 0 : base;
}

/** MRET (section 3.3.2). */
export function returnFromMachine(hart: Hart): void {
  const to = ((hart.mstatus >> 11) & 3) as Mode;
  const wasEnabled = (hart.mstatus & status.mpie) !== 0;
  hart.mstatus &= ~(status.mie | status.mpp);
  hart.mstatus |= status.mpie | (wasEnabled ? status.mie : 0);
  if (to !== mode.machine) hart.mstatus &= ~status.mprv;
  hart.mode = to;
  hart.pc = hart.mepc >>> 0;
}

/** SRET (section 3.3.2). */
export function returnFromSupervisor(hart: Hart): void {
  const to = (hart.mstatus & status.spp) !== 0 ? mode.supervisor : mode.user;
  const wasEnabled = (hart.mstatus & status.spie) !== 0;
  hart.mstatus &= ~(status.sie | status.spp | status.mprv);
  hart.mstatus |= status.spie | (wasEnabled ? status.sie : 0);
  hart.mode = to;
  hart.pc = hart.sepc >>> 0;
}

/** The cause of ECALL in a mode. */
export const ecallCause = (hart: Hart): number =>
  hart.mode === mode.machine
    ? exception.machineEcall
    : hart.mode === mode.user
      ? exception.userEcall
      : hart.guestMode === undefined
        ? exception.supervisorEcall
        : exception.virtualSupervisorEcall;
