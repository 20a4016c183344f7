import type { RunningPolicy, CallHandlers } from '../../kernel/policy.ts';
import type { Witness } from '../../kernel/scenario.ts';
import { StepBudgetExceeded } from '../../kernel/simulation.ts';
import { noCause, type Trace } from '../../kernel/trace.ts';
import { cycles, trapAndEmulateCycles } from '../machine/costModel.ts';
import type { BareRun } from '../guests/bareMetal.ts';
import { differenceAt, hex } from '../guests/guestState.ts';
import { getsNowhere, runsForEver } from '../guests/stuckGuest.ts';
import { endlessTraps } from '../machine/handledTraps.ts';
import { Hart, mode, ramBase, type Device } from '../machine/hart.ts';
import {
  TranslationCache,
  translationCacheBytes,
  type TranslationListener,
} from '../binaryTranslation/translationCache.ts';
import type { HypercallHost } from '../guests/hypercalls.ts';
import { exception, interrupt, interruptBit } from '../machine/trapCause.ts';
import { runOn } from './instructionSteps.ts';
import { TracedTables } from './tracedTables.ts';
import { placeGuests } from './placement.ts';
import { isSameView, Vcpu } from './vcpu.ts';
import { deviceCalls, tracedDevices, type VmmRecord } from './vmmDevices.ts';
import { calloutOf, emulatedCauses, exitOf, startExit, timerExit, trapOf, type Exit } from './vmmExit.ts';
import type { VmmOptions, VmmResult } from './vmmRun.ts';
import { failed, found, nothing, trappedInstruction } from './vmmCalls.ts';
import { cannotGoOn, noSuchGuest } from './vmmMistakes.ts';
import { exitStateText, type VmmEvents } from './vmmEvents.ts';
import type { VmmPolicy } from './vmmPolicy.ts';

type Vmm = typeof VmmPolicy;
const { paravirtual, software } = cycles;

const guestTimer = interruptBit + interrupt.supervisorTimer;
/** Virtual time after which a guest that has not ended never will. @param bareTime what it takes on bare metal */
const mostTime = (bareTime: number): number => 1.1 * bareTime + 500;

/**
 * Runs guests under a VMM: each directly on the processor, in user mode, until the next trap, which the VMM handles. The
 * memory of a guest is a window of the host's; its page table is honoured by the processor, as with a shadow of it.
 */
export class VirtualMachineHost {
  readonly #options: VmmOptions;
  readonly #trace: Trace<VmmEvents>;
  readonly #refuse: (witness: Witness) => never;
  readonly #hart: Hart;
  readonly #vcpus = new Map<number, Vcpu>();
  readonly #devices = new Map<number, readonly Device[]>();
  readonly #caches = new Map<number, TranslationCache>();
  /** The guest that has the processor. */
  #running = 1;
  /** Page tables in use, whose stores cost an exit where the VMM traces them. */
  readonly #tables: TracedTables;
  // Counts of the run so far; VmmResult tells what each of them means.
  #cycles = 0;
  #emulated = 0;
  #kernelDirect = 0;
  #kernelEmulated = 0;
  #reflected = 0;
  #preemptions = 0;
  #translated = 0;
  #stepped = 0;
  /** The latest event: the cause of the next one, and where a refusal leads to. */
  #event = noCause;
  /** CSRs that the VMM wrote since the last exit: writing `scause` means that it reflects the trap. */
  #wroteCause = false;
  /** Whether what it wrote there is the guest's timer interrupt, which follows an instruction that it did. */
  #wroteTimer = false;
  /** Whether the VMM let the guest sleep since the last exit, which moved its virtual time. */
  #slept = false;

  constructor(options: VmmOptions, trace: Trace<VmmEvents>, refuse: (witness: Witness) => never) {
    this.#options = options;
    this.#trace = trace;
    this.#refuse = refuse;
    const { hostBytes, leaky, guests, translator } = options;
    const cacheBytes = translator === undefined ? 0 : guests.length * translationCacheBytes;
    this.#hart = new Hart({ ramBytes: hostBytes + cacheBytes, misaligned: 'hardware', leaky });
    this.#tables = new TracedTables(this.#hart);
    this.#hart.exitOnTrap = true;
    this.#hart.onWatchedStore = (offset, bytes) => this.#onWatchedStore(offset, bytes);
    if (options.submitted !== undefined) {
      this.#hart.onLeak = (pc, word) => {
        this.#record('leak', this.#running, pc, word);
        trace.setPlace(this.#event, hex(pc));
      };
    }
  }

  readonly #record: VmmRecord = (kind, a = 0, b = 0, c = 0, d = 0) => {
    const trace = this.#trace;
    this.#event = trace.append(trace.codes[kind], this.#cycles, this.#event, a, b, c, d);
  };

  /** The engine's side of the VMM's calls. */
  readonly calls: CallHandlers<Vmm> = {
    readRegister: ({ guest, register }) => found(this.#vcpu(guest).registers[register]!),
    writeRegister: ({ guest, register, value }) => {
      if (register !== 0) {
        this.#vcpu(guest).registers[register] = value;
        this.#record('writeRegister', guest, register, value | 0);
      }
      return nothing;
    },
    readCsr: ({ guest, csr }) => {
      const value = this.#vcpu(guest).readCsr(csr);
      return value === undefined ? failed('ENOENT') : found(value);
    },
    writeCsr: ({ guest, csr, value }) => {
      if (!this.#vcpu(guest).writeCsr(csr, value | 0)) return failed('ENOENT');
      if (csr === 'scause') {
        this.#wroteCause = true;
        this.#wroteTimer = value >>> 0 === guestTimer;
        if (this.#wroteTimer && this.#vcpu(guest).mode === mode.user) this.#preemptions++;
      }
      this.#record('writeCsr', guest, this.#trace.text(csr), value | 0);
      if (csr === 'satp') this.#staleTranslations(guest);
      return nothing;
    },
    ...deviceCalls((guest) => this.#devicesAt(guest), this.#record),
    flushTranslations: ({ guest }) => {
      this.#vcpu(guest);
      this.#hart.flushTlb();
      this.#staleTranslations(guest);
      return nothing;
    },
    sleepUntilTimer: ({ guest }) => {
      const vcpu = this.#vcpu(guest);
      if (vcpu.stimecmp === Infinity) return failed('EDEADLK');
      vcpu.now = Math.max(vcpu.now, vcpu.stimecmp);
      this.#slept = true;
      return nothing;
    },
    isHalted: ({ guest }) => ({ ok: true, value: this.#vcpu(guest).halted !== undefined }),
  };

  /** What a VMM needs of it to serve the calls of guests that know of it. */
  readonly hypercalls: HypercallHost = {
    vcpu: (guest) => this.#vcpu(guest),
    memory: (guest) => this.#vcpu(guest).memory(this.#hart),
    called: (guest, name, amount, pc) => {
      this.#record('hypercall', guest, this.#trace.text(name), amount, pc);
      this.#trace.setPlace(this.#event, hex(pc));
      if (name === 'UPDATE_TABLES') this.#cycles += amount * paravirtual.perUpdate;
    },
    writeCsr: (guest, csr, value) => void this.calls.writeCsr({ guest, csr, value }),
    flush: (guest) => void this.calls.flushTranslations({ guest }),
    sleep: (guest) => this.calls.sleepUntilTimer({ guest }).ok,
    refuse: (witness) => this.#refuse({ event: this.#event, ...witness }),
  };

  /** Runs until every guest has switched itself off. */
  run(vmm: RunningPolicy<Vmm>): VmmResult {
    this.#placeAll(vmm);
    let vcpu = this.#vcpus.get(1)!;
    let exit = startExit;
    let idle = { count: 0, pc: -1, cause: -1 };
    for (;;) {
      const at = { pc: vcpu.pc, wasKernel: vcpu.mode === mode.supervisor };
      const resume = this.#ask(vmm, vcpu, exit);
      if (resume === undefined) break;
      this.#charge(exit, vcpu, at);
      const before = resume.vcpu.direct + this.#translated;
      vcpu = resume.vcpu;
      exit = this.#enter(vcpu, resume.runFor, resume.privilege);
      const still =
        vcpu.direct + this.#translated === before && vcpu.pc === idle.pc && exit.mcause === idle.cause;
      idle = { count: still ? idle.count + 1 : 0, pc: vcpu.pc, cause: exit.mcause };
      if (idle.count >= endlessTraps) {
        const isEmulated = emulatedCauses.has(exit.cause);
        const verdict = getsNowhere(vcpu, trapOf(exit, vcpu.pc), endlessTraps, isEmulated);
        this.#refuse({ event: this.#event, ...verdict });
      }
    }
    return this.soFar;
  }

  /** What the run took, as far as it got. */
  get soFar(): VmmResult {
    return {
      direct: [...this.#vcpus.values()].reduce((sum, each) => sum + each.direct, 0),
      emulated: this.#emulated,
      reflected: this.#reflected,
      translated: this.#translated,
      stepped: this.#stepped,
      kernelDirect: this.#kernelDirect,
      kernelEmulated: this.#kernelEmulated,
      cycles: this.#cycles,
      preemptions: this.#preemptions,
    };
  }

  #placeAll(vmm: RunningPolicy<Vmm>): void {
    const { guestBytes, hostBytes, guests, translator } = this.#options;
    const refuse = (verdict: Omit<Witness, 'event'>): never =>
      this.#refuse({ event: this.#event, ...verdict });
    placeGuests(guests.length, this.#options, vmm.place, this.#record, refuse, (guest, base) => {
      const { program, bare } = guests[guest - 1]!;
      const vcpu = new Vcpu(guest, program, { base, size: guestBytes });
      this.#hart.ram8.set(program.bytes, base);
      this.#vcpus.set(guest, vcpu);
      this.#devices.set(guest, this.#devicesOf(vcpu, bare));
      if (translator === undefined) return;
      const at = hostBytes + (guest - 1) * translationCacheBytes;
      const listener = this.#translation(guest);
      this.#caches.set(guest, new TranslationCache(this.#hart, vcpu, at, translator, listener));
    });
  }

  #devicesOf(vcpu: Vcpu, bare: BareRun): readonly Device[] {
    const compare = this.#options.submitted?.compare;
    return tracedDevices(
      {
        id: vcpu.id,
        send: (byte) => (vcpu.console += String.fromCharCode(byte)),
        differs: (number) =>
          differenceAt(vcpu.state(this.#hart), bare.states.get(number), vcpu.program, compare),
        halted: (code) => (vcpu.halted = code),
      },
      this.#trace,
      this.#record,
    );
  }

  /** Asks the VMM; undefined once no guest is left to run. */
  #ask(
    vmm: RunningPolicy<Vmm>,
    vcpu: Vcpu,
    exit: Exit,
  ): { readonly vcpu: Vcpu; readonly runFor: number; readonly privilege: 'user' | 'supervisor' } | undefined {
    this.#wroteCause = false;
    this.#wroteTimer = false;
    this.#slept = false;
    vcpu.knownDue = vcpu.timerDue;
    const resume = vmm.onTrap({
      guest: vcpu.id,
      cause: exit.cause,
      code: exit.code,
      value: exit.value >>> 0,
      physical: exit.physical,
      pc: vcpu.pc,
      mode: vcpu.mode === mode.user ? 'user' : 'supervisor',
      instruction: trappedInstruction(exit.word),
      timerDue: vcpu.timerDue,
      timerBound: this.#options.timerBound,
    });
    vcpu.knownDue ||= vcpu.timerDue && this.#slept;
    if ([...this.#vcpus.values()].every(({ halted }) => halted !== undefined)) return undefined;
    const next = this.#vcpus.get(resume.guest);
    const isKernel = resume.mode === 'supervisor';
    this.#record('resume', resume.guest, resume.pc, isKernel ? 1 : 0, resume.runFor);
    if (next === undefined || next.halted !== undefined) {
      const mistake = cannotGoOn(resume.guest, next !== undefined);
      return this.#refuse({ event: this.#event, ...mistake });
    }
    next.pc = resume.pc;
    next.mode = isKernel ? mode.supervisor : mode.user;
    const privilege = resume.privilege ?? 'user';
    if (privilege === 'supervisor') this.#record('privileged', resume.guest, resume.pc);
    return { vcpu: next, runFor: resume.runFor, privilege };
  }

  /** What the exit took: an emulated instruction is one of the guest's; a reflected one happens in its handler. */
  #charge(
    exit: Exit,
    vcpu: Vcpu,
    { pc, wasKernel }: { readonly pc: number; readonly wasKernel: boolean },
  ): void {
    if (exit.cause === 'start') return;
    this.#cycles += exit.isCallout
      ? software.inlineEmulation
      : trapAndEmulateCycles(exit.mcause, this.#wroteCause);
    if (this.#wroteCause) this.#reflected++;
    else if (exit.cause !== 'timer') this.#emulated++;
    const isReflected = this.#wroteCause && !this.#wroteTimer;
    if (isReflected) {
      const cause =
        wasKernel && exit.mcause === exception.userEcall ? exception.supervisorEcall : exit.mcause;
      vcpu.traps.took({ ...trapOf(exit, pc), cause }, (vcpu.readCsr('stvec')! & ~3) >>> 0);
    } else if (wasKernel && exit.cause !== 'timer') this.#kernelEmulated++;
    // The instruction that trapped took its cycle, as it does on bare metal, whoever deals with it.
    // A sleep counts its own.
    if (exit.cause !== 'timer' && !this.#slept) vcpu.now++;
  }

  /** Runs a guest directly until it traps, its virtual timer becomes due or the host's timer ends its time. */
  #enter(vcpu: Vcpu, runFor: number, privilege: 'user' | 'supervisor'): Exit {
    const hart = this.#hart;
    const { stepBudget } = this.#options;
    if (hart.cycle > stepBudget) throw new StepBudgetExceeded(stepBudget, this.#cycles);
    const { bare } = this.#options.guests[vcpu.id - 1]!;
    if (vcpu.now > (this.#options.submitted?.mostTime ?? mostTime)(bare.time))
      this.#refuse({ event: this.#event, ...runsForEver(vcpu, vcpu.now, bare.time) });
    hart.x.set(vcpu.registers);
    hart.pc = vcpu.pc;
    hart.mode = privilege === 'user' ? mode.user : mode.supervisor;
    const stage = vcpu.stage();
    if (!isSameView(hart.guestStage, stage)) hart.flushTlb();
    hart.guestStage = stage;
    // The VMM hears at once when the virtual timer becomes due, and once only.
    const isNews = vcpu.timerDue && !vcpu.knownDue;
    const untilTimer = vcpu.timerDue ? Infinity : vcpu.stimecmp - vcpu.now;
    const limit = Math.min(runFor, untilTimer);
    this.#running = vcpu.id;
    const cache = vcpu.mode === mode.supervisor ? this.#caches.get(vcpu.id) : undefined;
    const exit = isNews
      ? timerExit
      : cache === undefined
        ? this.#runDirectly(vcpu, limit)
        : this.#runTranslated(vcpu, cache, limit);
    vcpu.registers.set(hart.x);
    const state = this.#trace.text(exitStateText(exit.word, exit.value, vcpu.mode, vcpu.registers));
    this.#record(exit.isCallout ? 'callout' : 'exit', vcpu.id, exit.mcause, vcpu.pc, state);
    if (this.#options.submitted !== undefined) this.#trace.setPlace(this.#event, hex(vcpu.pc));
    return exit;
  }

  /** @param limit most instructions */
  #runDirectly(vcpu: Vcpu, limit: number): Exit {
    const hart = this.#hart;
    const { cycle, trapped } = hart;
    let told = 0;
    const stop = runOn(hart, limit, this.#options.follows, (pc, word, value) => {
      told++;
      this.#cycles++;
      this.#record('execute', vcpu.id, pc, word, value);
    });
    const ran = hart.cycle - cycle - (hart.trapped - trapped);
    vcpu.direct += ran;
    if (vcpu.mode === mode.supervisor) this.#kernelDirect += ran;
    vcpu.now += ran;
    this.#cycles += ran - told;
    vcpu.pc = hart.pc;
    return stop === 'limit' ? timerExit : exitOf(this.#hart, vcpu);
  }

  /** The same for a guest's kernel that runs from a cache of translated code. */
  #runTranslated(vcpu: Vcpu, cache: TranslationCache, limit: number): Exit {
    const ran = cache.run(limit);
    this.#translated += ran.done;
    this.#stepped += ran.stepped;
    vcpu.now += ran.done;
    this.#cycles += ran.cycles;
    switch (ran.stop.kind) {
      case 'limit':
        return timerExit;
      case 'trap':
        return exitOf(this.#hart, vcpu, ran.stop.word);
      case 'callout':
        return calloutOf(ran.stop.word);
    }
  }

  #translation(guest: number): TranslationListener {
    return {
      translated: (pc, instructions, words, again) =>
        this.#record('translate', pc, instructions, words, again ? 1 : 0),
      codeWritten: (address, size, dropped) => this.#record('codeWrite', address, size, dropped),
      escaped: (from, to) => this.#record('escape', guest, from, to),
      refuse: (expected, actual, because) => this.#refuse({ event: this.#event, expected, actual, because }),
    };
  }

  /** A store to a page that holds code which was translated, or a page table in use. */
  #onWatchedStore(offset: number, bytes: number): void {
    const vcpu = this.#vcpus.get(this.#running)!;
    const isCode = this.#caches.get(vcpu.id)?.stored(offset, bytes) === true;
    const isTable = this.#tables.holds(offset);
    if (!isCode && !isTable) return;
    this.#cycles += this.#caches.size > 0 ? software.pageTableWrite : software.emulation;
    if (isTable) {
      this.#record(
        'tableWrite',
        vcpu.id,
        offset - vcpu.window.base + ramBase,
        this.#hart.ram32[offset >>> 2] ?? 0,
      );
      this.#tables.watch(vcpu);
      this.#hart.flushTlb();
    }
    this.#hart.stopRequested = true;
  }

  /** What was translated, and which page tables are in use, is to be looked at anew: by `satp` or a fence. */
  #staleTranslations(guest: number): void {
    const cache = this.#caches.get(guest);
    if (cache !== undefined) cache.isStale = true;
    if (this.#options.tracesPageTables === true) this.#tables.watch(this.#vcpu(guest));
  }

  #vcpu(guest: number): Vcpu {
    const vcpu = this.#vcpus.get(guest);
    if (vcpu !== undefined) return vcpu;
    return this.#refuse({ event: Math.max(0, this.#event), ...noSuchGuest(guest, this.#vcpus.size) });
  }

  #devicesAt(guest: number): readonly Device[] {
    this.#vcpu(guest);
    return this.#devices.get(guest)!;
  }
}
