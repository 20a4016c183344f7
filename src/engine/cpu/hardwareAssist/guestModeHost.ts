import type { CallHandlers, RunningPolicy } from '../../kernel/policy.ts';
import type { Witness } from '../../kernel/scenario.ts';
import { StepBudgetExceeded } from '../../kernel/simulation.ts';
import { noCause, type Trace } from '../../kernel/trace.ts';
import type { Assembled } from '../assembler/assembler.ts';
import type { BareRun } from '../guests/bareMetal.ts';
import { nativeCycles } from '../machine/costModel.ts';
import { wordAt } from '../guests/guestAccess.ts';
import { GuestContext } from '../guests/guestContext.ts';
import { differenceAt, hex, type Difference } from '../guests/guestState.ts';
import { Hart, mode, ramBase, status, type Device } from '../machine/hart.ts';
import { getsNowhere, runsForEver, type StuckGuest } from '../guests/stuckGuest.ts';
import { endlessTraps, HandledTraps, wasFetched, type TrapAt } from '../machine/handledTraps.ts';
import { HostPages } from '../memory/hostPages.ts';
import { delegated, type Controls } from './delegation.ts';
import { guestModeCauseOf, type GuestModeCause, type HypervisorPolicy } from './hypervisorPolicy.ts';
import { run } from '../machine/interpreter.ts';
import { secondStageTable } from '../memory/secondStageTable.ts';
import { exception, interrupt, interruptBit } from '../machine/trapCause.ts';
import { guestModeStateText } from './guestModeViews.ts';
import type { VmmEvents } from '../vmm/vmmEvents.ts';
import { failed, found, nothing, trappedInstruction } from '../vmm/vmmCalls.ts';
import { placeGuests } from '../vmm/placement.ts';
import { deviceCalls, tracedDevices, type VmmRecord } from '../vmm/vmmDevices.ts';
import { cannotGoOn, noSuchGuest } from '../vmm/vmmMistakes.ts';

type Hypervisor = typeof HypervisorPolicy;

export interface GuestModeOptions {
  readonly guests: readonly { readonly program: Assembled; readonly bare: BareRun }[];
  readonly guestBytes: number;
  readonly hostBytes: number;
  readonly timerBound: number;
  /** Sensitive instructions do not trap in user mode: see `system.ts`. In guest mode a kernel is not in user mode. */
  readonly leaky: boolean;
  readonly stepBudget: number;
}

export interface GuestModeResult {
  readonly instructions: number;
  /** Cycles of traps that guests took without an exit. */
  readonly trapCycles: number;
  readonly exits: number;
  /** Of these: by an instruction of a guest, and not by the host's timer. */
  readonly emulated: number;
}

interface Exit {
  readonly cause: GuestModeCause;
  readonly code: number;
  readonly value: number;
  readonly physical: number;
  readonly word: number;
}

interface Guest {
  readonly id: number;
  readonly program: Assembled;
  readonly bare: BareRun;
  readonly context: GuestContext;
  readonly base: number;
  readonly devices: readonly Device[];
  readonly controls: Controls;
  /** The root of its second stage. */
  readonly root: number;
  readonly traps: HandledTraps;
  console: string;
  halted: boolean;
}

/** The hypervisor's own pages, behind those that it places guests in. */
const tableBytes = 0x10_0000;
const hostTimer = interruptBit + interrupt.machineTimer;
/** Virtual time after which a guest that has not ended never will. @param bareTime what it takes on bare metal */
const mostTime = (bareTime: number): number => 1.5 * bareTime + 2000;

/** Runs guests in the processor's guest mode under a hypervisor, which chose what exits and handles it. */
export class GuestModeHost {
  readonly #options: GuestModeOptions;
  readonly #trace: Trace<VmmEvents>;
  readonly #refuse: (witness: Witness) => never;
  readonly #hart: Hart;
  readonly #guests = new Map<number, Guest>();
  #event = noCause;
  #trapCycles = 0;
  #exits = 0;
  #emulated = 0;
  /** The instruction of the last exit. */
  #exitWord: number | undefined;
  /** Whose state is in the processor's TLB. */
  #last = 0;

  constructor(options: GuestModeOptions, trace: Trace<VmmEvents>, refuse: (witness: Witness) => never) {
    this.#options = options;
    this.#trace = trace;
    this.#refuse = refuse;
    const hart = new Hart({
      ramBytes: options.hostBytes + tableBytes,
      misaligned: 'hardware',
      leaky: options.leaky,
    });
    hart.exitOnTrap = true;
    hart.pmp.writeAddress(0, -1);
    hart.pmp.writeConfig(0, 0x1f);
    hart.onTrap = (cause, pc) => {
      this.#trapCycles += nativeCycles(cause);
      const isDelegated = cause < interruptBit && ((hart.medeleg >>> cause) & 1) === 1;
      if (isDelegated)
        this.#handles(this.#of(this.#last), { cause, pc, word: wordOf(hart, cause) }, hart.stvec);
    };
    this.#hart = hart;
  }

  readonly #record: VmmRecord = (kind, a = 0, b = 0, c = 0, d = 0) => {
    const trace = this.#trace;
    this.#event = trace.append(trace.codes[kind], this.#hart.cycle, this.#event, a, b, c, d);
  };

  /** The engine's side of the hypervisor's calls. */
  readonly calls: CallHandlers<Hypervisor> = {
    readRegister: ({ guest, register }) => found(this.#of(guest).context.registers[register]!),
    writeRegister: ({ guest, register, value }) => {
      if (register === 0) return nothing;
      this.#of(guest).context.registers[register] = value;
      this.#record('writeRegister', guest, register, value | 0);
      return nothing;
    },
    readCsr: ({ guest, csr }) => {
      const value = this.#of(guest).context.readCsr(csr);
      return value === undefined ? failed('ENOENT') : found(value);
    },
    writeCsr: ({ guest, csr, value }) => {
      if (!this.#of(guest).context.writeCsr(csr, value | 0)) return failed('ENOENT');
      this.#record('writeCsr', guest, this.#trace.text(csr), value | 0);
      this.#hart.flushTlb();
      return nothing;
    },
    inject: ({ guest, code, value }) => {
      const of = this.#of(guest);
      const { pc } = of.context;
      of.context.inject(code, value);
      if (code < interruptBit) this.#handles(of, { cause: code, pc, word: this.#exitWord }, of.context.pc);
      this.#record('writeCsr', guest, this.#trace.text('scause'), code);
      return nothing;
    },
    ...deviceCalls((guest) => this.#of(guest).devices, this.#record),
    sleepUntilTimer: ({ guest }) => {
      const { context } = this.#of(guest);
      if (context.stimecmp === Infinity) return failed('EDEADLK');
      context.now = Math.max(context.now, context.stimecmp);
      return nothing;
    },
    flushTranslations: ({ guest }) => {
      this.#of(guest);
      this.#hart.flushTlb();
      return nothing;
    },
    isHalted: ({ guest }) => ({ ok: true, value: this.#of(guest).halted }),
  };

  /** Runs until every guest has switched itself off. */
  run(hypervisor: RunningPolicy<Hypervisor>): GuestModeResult {
    this.#prepare(hypervisor);
    let guest = this.#of(1);
    let exit: Exit = { cause: 'start', code: 0, value: 0, physical: 0, word: 0 };
    let idle = { count: 0, pc: -1, retired: -1 };
    for (;;) {
      const next = this.#ask(hypervisor, guest, exit);
      if (next === undefined) break;
      guest = next.guest;
      exit = this.#enter(guest, next.runFor);
      const retired = this.#retired;
      const still = idle.pc === guest.context.pc && idle.retired === retired;
      idle = { count: still ? idle.count + 1 : 0, pc: guest.context.pc, retired };
      if (idle.count >= endlessTraps) {
        const isEmulated = exit.cause === 'guest-page-fault' || exit.cause === 'virtual-instruction';
        const trap = {
          cause: exit.cause === 'timer' ? hostTimer : this.#hart.exitCause,
          pc: guest.context.pc,
          word: this.#exitWord,
        };
        const verdict = getsNowhere(this.#stuck(guest), trap, endlessTraps, isEmulated);
        this.#refuse({ event: this.#event, ...verdict });
      }
    }
    return this.soFar;
  }

  /** What the run took, as far as it got. */
  get soFar(): GuestModeResult {
    return {
      instructions: this.#retired,
      trapCycles: this.#trapCycles,
      exits: this.#exits,
      emulated: this.#emulated,
    };
  }

  #handles({ traps }: Guest, trap: TrapAt, handler: number): void {
    traps.took(trap, (handler & ~3) >>> 0);
  }

  get #retired(): number {
    return this.#hart.cycle - this.#hart.trapped;
  }

  #prepare(hypervisor: RunningPolicy<Hypervisor>): void {
    const { guests, guestBytes, hostBytes } = this.#options;
    const pages = new HostPages(this.#hart, hostBytes, hostBytes + tableBytes);
    const refuse = (verdict: Omit<Witness, 'event'>): never =>
      this.#refuse({ event: this.#event, ...verdict });
    placeGuests(guests.length, this.#options, hypervisor.place, this.#record, refuse, (id, base) => {
      const { program, bare } = guests[id - 1]!;
      this.#hart.ram8.set(program.bytes, base);
      const controls = hypervisor.configure({ guest: id });
      const root = secondStageTable(this.#hart, pages, { guestBase: ramBase, base, size: guestBytes });
      const context = new GuestContext(program);
      const guest: Guest = {
        id,
        program,
        bare,
        context,
        base,
        devices: this.#devicesOf(id),
        controls,
        root,
        traps: new HandledTraps(),
        console: '',
        halted: false,
      };
      this.#guests.set(id, guest);
      this.#recordControls(guest);
    });
  }

  #recordControls({ id, controls }: Guest): void {
    const set = (csr: string, value: number): void =>
      this.#record('writeCsr', id, this.#trace.text(csr), value | 0);
    set('hedeleg', delegated(controls));
    set('hideleg', controls.delegateTimer ? 1 << (interrupt.supervisorTimer + 1) : 0);
    set('henvcfgh', controls.guestTimer ? 1 << 31 : 0);
    set('hcounteren', controls.readTime ? 7 : 5);
    set('hstatus', (controls.trapSatp ? status.tvm : 0) | (controls.trapWfi ? status.tw : 0));
  }

  #devicesOf(id: number): readonly Device[] {
    const differs = (number: number): Difference | undefined => {
      const { bare, context, base, program, console } = this.#of(id);
      const memory = this.#hart.ram8.subarray(base, base + this.#options.guestBytes);
      return differenceAt(context.state(memory, program, console), bare.states.get(number), program);
    };
    return tracedDevices(
      {
        id,
        send: (byte) => (this.#of(id).console += String.fromCharCode(byte)),
        differs,
        halted: () => (this.#of(id).halted = true),
      },
      this.#trace,
      this.#record,
    );
  }

  /** Asks the hypervisor; undefined once no guest is left to run. */
  #ask(
    hypervisor: RunningPolicy<Hypervisor>,
    guest: Guest,
    exit: Exit,
  ): { readonly guest: Guest; readonly runFor: number } | undefined {
    const { context } = guest;
    const going = hypervisor.onExit({
      guest: guest.id,
      cause: exit.cause,
      code: exit.code,
      value: exit.value >>> 0,
      physical: exit.physical,
      pc: context.pc,
      mode: context.mode === mode.user ? 'user' : 'supervisor',
      instruction: trappedInstruction(exit.word),
      timerDue: context.timerDue,
      timerBound: this.#options.timerBound,
    });
    if ([...this.#guests.values()].every(({ halted }) => halted)) return undefined;
    const next = this.#guests.get(going.guest);
    if (going.pc !== undefined && next !== undefined) next.context.pc = going.pc;
    const pc = next?.context.pc ?? 0;
    this.#record('resume', going.guest, pc, next?.context.mode === mode.supervisor ? 1 : 0, going.runFor);
    if (next === undefined || next.halted) {
      const mistake = cannotGoOn(going.guest, next !== undefined);
      return this.#refuse({ event: this.#event, ...mistake });
    }
    return { guest: next, runFor: going.runFor };
  }

  /** Runs a guest in guest mode until it exits or the host's timer ends its time. */
  #enter(guest: Guest, runFor: number): Exit {
    const hart = this.#hart;
    const { context, controls } = guest;
    if (hart.cycle > this.#options.stepBudget) {
      throw new StepBudgetExceeded(this.#options.stepBudget, hart.cycle);
    }
    if (context.now > mostTime(guest.bare.time)) {
      const verdict = runsForEver(this.#stuck(guest), context.now, guest.bare.time);
      this.#refuse({ event: this.#event, ...verdict });
    }
    hart.medeleg = delegated(controls);
    hart.mideleg = controls.delegateTimer ? 1 << interrupt.supervisorTimer : 0;
    hart.stce = controls.guestTimer;
    hart.mcounteren = controls.readTime ? 7 : 5;
    hart.guestMode = { secondStage: guest.root };
    hart.satp = context.satp;
    context.load(hart, (controls.trapSatp ? status.tvm : 0) | (controls.trapWfi ? status.tw : 0));
    if (this.#last !== guest.id) hart.flushTlb();
    this.#last = guest.id;
    // A timer that the guest cannot set itself is kept for it: its interrupt is made pending when it is due (`hvip`).
    const timer = 1 << interrupt.supervisorTimer;
    const isKept = !controls.guestTimer;
    hart.mip = isKept && context.timerDue ? hart.mip | timer : hart.mip & ~timer;
    const untilTimer = isKept && !context.timerDue ? context.stimecmp - context.now : Infinity;
    const { idle } = hart;
    const stop = run(hart, Math.max(1, Math.min(runFor, untilTimer)));
    context.save(hart);
    context.satp = hart.satp;
    const others = [...this.#guests.values()].filter(({ id, halted }) => id !== guest.id && !halted).length;
    if (hart.idle > idle && others > 0) this.#record('wait', guest.id, hart.idle - idle, others);
    if (stop === 'stalled') this.#refuseStalled(guest);
    this.#exits++;
    const exit = stop === 'limit' ? timerExit : this.#exitOf();
    if (stop !== 'limit') {
      this.#emulated++;
      this.#trapCycles -= nativeCycles(hart.exitCause);
    }
    const cause = stop === 'limit' ? hostTimer : hart.exitCause;
    this.#record(
      'exit',
      guest.id,
      cause,
      context.pc,
      this.#trace.text(guestModeStateText(exit.word, exit.value, context)),
    );
    return exit;
  }

  #exitOf(): Exit {
    const hart = this.#hart;
    const code = hart.exitCause;
    const isGuestFault =
      code === exception.fetchGuestPageFault ||
      code === exception.loadGuestPageFault ||
      code === exception.storeGuestPageFault;
    const physical = isGuestFault ? hart.exitGuestPhysical : 0;
    this.#exitWord = wordOf(hart, code);
    const word = this.#exitWord ?? 0;
    return { cause: guestModeCauseOf(code), code: code & 31, value: hart.exitValue, physical, word };
  }

  #refuseStalled(guest: Guest): never {
    return this.#refuse({
      event: this.#event,
      expected: 'something that ends the wait',
      actual: `guest ${guest.id} waits at ${hex(guest.context.pc)}, and no timer that it can hear is set`,
      because: 'Nothing will wake the processor up again.',
    });
  }

  #stuck({ id, program, context, traps }: Guest): StuckGuest {
    return { id, program, pc: context.pc, traps };
  }

  #of(guest: number): Guest {
    const known = this.#guests.get(guest);
    if (known !== undefined) return known;
    return this.#refuse({ event: Math.max(0, this.#event), ...noSuchGuest(guest, this.#guests.size) });
  }
}

/** The instruction at which a trap came; undefined when it could not be fetched. */
const wordOf = (hart: Hart, cause: number): number | undefined =>
  wasFetched(cause) ? wordAt(hart) : undefined;

const timerExit: Exit = { cause: 'timer', code: 0, value: 0, physical: 0, word: 0 };
