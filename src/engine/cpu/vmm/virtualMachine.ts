import type { RunningPolicy, CallHandlers, CallOutcome } from '../../kernel/policy.ts';
import type { Witness } from '../../kernel/scenario.ts';
import { StepBudgetExceeded } from '../../kernel/simulation.ts';
import { noCause, type Trace } from '../../kernel/trace.ts';
import type { Assembled } from '../assembler/assembler.ts';
import type { BareRun } from '../guests/bareMetal.ts';
import { cycles, trapAndEmulateCycles } from '../machine/costModel.ts';
import { csrName } from '../machine/csrNumbers.ts';
import { decode } from '../machine/decode.ts';
import { guestDevices } from '../guests/guestDevices.ts';
import { difference, hex, type Difference, type GuestState } from '../guests/guestState.ts';
import { getsNowhere, runsForEver } from '../guests/stuckGuest.ts';
import { endlessTraps, wasFetched, type TrapAt } from '../machine/handledTraps.ts';
import { Hart, mode, ramBase, type Device } from '../machine/hart.ts';
import { run } from '../machine/interpreter.ts';
import { pageBytes, pte } from '../machine/sv32.ts';
import { guestWordAt, physicalAddress } from '../machine/translate.ts';
import {
  TranslationCache,
  translationCacheBytes,
  type TranslationListener,
} from '../binaryTranslation/translationCache.ts';
import type { TranslatorPolicy } from '../binaryTranslation/translatorPolicy.ts';
import type { HypercallHost } from '../guests/hypercalls.ts';
import { exception, interrupt, interruptBit } from '../machine/trapCause.ts';
import { Vcpu } from './vcpu.ts';
import { exitStateText, type VmmEvents } from './vmmEvents.ts';
import { exitCauseOf, type ExitCause, type VmmPolicy } from './vmmPolicy.ts';

export interface VmmOptions {
  readonly guests: readonly { readonly program: Assembled; readonly bare: BareRun }[];
  readonly guestBytes: number;
  readonly hostBytes: number;
  readonly timerBound: number;
  /** Sensitive instructions do not trap in user mode: see `system.ts`. */
  readonly leaky: boolean;
  readonly stepBudget: number;
  /** Translates the code of the guests' kernels. Left out: it runs directly, deprivileged. */
  readonly translator?: RunningPolicy<typeof TranslatorPolicy>;
  /** Whether stores to the page tables in use exit, as they do where a VMM keeps shadows of them. Default no. */
  readonly tracesPageTables?: boolean;
  /** What is different for guests whose source is what a learner wrote. */
  readonly submitted?: SubmittedGuests;
}

/** Guests whose source is a document: leaks are recorded, and exits say where in the source they come from. */
export interface SubmittedGuests {
  /** How a guest's state at a checkpoint differs from that of another kernel on bare metal, which did the same work. */
  readonly compare: (seen: GuestState, bare: GuestState, program: Assembled) => Difference | undefined;
  /** Virtual time after which a guest that has not ended never will. @param bareTime what the other kernel takes */
  readonly mostTime: (bareTime: number) => number;
}

/** What a run under a VMM took. */
export interface VmmResult {
  /** Instructions that ran directly, and those that the VMM emulated. */
  readonly direct: number;
  readonly emulated: number;
  readonly reflected: number;
  /** Instructions that ran in translation. */
  readonly translated: number;
  /** Of these: instructions that the VMM did one by one, without a trap, as the translation asks. */
  readonly stepped: number;
  /** Of those that ran directly, and of those that the VMM emulated: instructions of the guests' kernels. */
  readonly kernelDirect: number;
  readonly kernelEmulated: number;
  readonly cycles: number;
  /** Timer interrupts that came while a process ran. */
  readonly preemptions: number;
}

type Vmm = typeof VmmPolicy;
const { paravirtual, software } = cycles;

const hostTimer = interruptBit + interrupt.machineTimer;
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
  #translated = 0;
  #stepped = 0;
  /** Pages of RAM that hold page tables in use. */
  readonly #tablePages = new Set<number>();
  #cycles = 0;
  #emulated = 0;
  #kernelDirect = 0;
  #kernelEmulated = 0;
  #reflected = 0;
  #preemptions = 0;
  #event = noCause;
  /** CSRs that the VMM wrote since the last exit: writing `scause` means that it reflects the trap. */
  #wroteCause = false;
  /** Whether what it wrote there is the guest's timer interrupt, which follows an instruction that it did. */
  #wroteTimer = false;
  #slept = false;

  constructor(options: VmmOptions, trace: Trace<VmmEvents>, refuse: (witness: Witness) => never) {
    this.#options = options;
    this.#trace = trace;
    this.#refuse = refuse;
    const { hostBytes, leaky, guests, translator } = options;
    const cacheBytes = translator === undefined ? 0 : guests.length * translationCacheBytes;
    this.#hart = new Hart({ ramBytes: hostBytes + cacheBytes, misaligned: 'hardware', leaky });
    this.#hart.exitOnTrap = true;
    this.#hart.onWatchedStore = (offset, bytes) => this.#onWatchedStore(offset, bytes);
    if (options.submitted !== undefined) {
      this.#hart.onLeak = (pc, word) => {
        this.#record('leak', this.#running, pc, word);
        trace.setPlace(this.#event, hex(pc));
      };
    }
  }

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
    deviceRead: ({ guest, address, bytes }) => {
      const device = this.#deviceAt(guest, address);
      if (device === undefined) return failed('EFAULT');
      const value = device.read(address - device.base, bytes);
      this.#record('device', guest, address, value);
      return found(value);
    },
    deviceWrite: ({ guest, address, bytes, value }) => {
      const device = this.#deviceAt(guest, address);
      if (device === undefined) return failed('EFAULT');
      this.#record('device', guest, address, value | 0);
      device.write(address - device.base, value | 0, bytes);
      return nothing;
    },
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
    let exit: Exit = { cause: 'start', code: 0, value: 0, physical: 0, word: 0, mcause: 0, isCallout: false };
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
    const { guestBytes, hostBytes, guests } = this.#options;
    const placed: { guest: number; base: number; sizeBytes: number }[] = [];
    guests.forEach(({ program }, index) => {
      const guest = index + 1;
      const base = vmm.place({ guest, sizeBytes: guestBytes, hostBytes, placed: [...placed] });
      this.#record('place', guest, base, guestBytes);
      if (base % 4096 !== 0 || base + guestBytes > hostBytes) {
        this.#refuse({
          event: this.#event,
          expected: `a multiple of 4096, at most ${hostBytes - guestBytes}`,
          actual: String(base),
          because: `The guest needs ${guestBytes} bytes, in whole pages, of the ${hostBytes} that the host has.`,
        });
      }
      placed.push({ guest, base, sizeBytes: guestBytes });
      const vcpu = new Vcpu(guest, program, { base, size: guestBytes });
      this.#hart.ram8.set(program.bytes, base);
      this.#vcpus.set(guest, vcpu);
      this.#devices.set(guest, this.#devicesOf(vcpu, index));
      const { translator } = this.#options;
      if (translator === undefined) return;
      const at = hostBytes + index * translationCacheBytes;
      this.#caches.set(
        guest,
        new TranslationCache(this.#hart, vcpu, at, translator, this.#translation(guest)),
      );
    });
  }

  #devicesOf(vcpu: Vcpu, index: number): readonly Device[] {
    const { bare } = this.#options.guests[index]!;
    return guestDevices({
      send: (byte) => (vcpu.console += String.fromCharCode(byte)),
      checkpoint: (number) => {
        const expected = bare.states.get(number);
        const differs =
          expected === undefined
            ? { expected: 'no checkpoint of this number, as on bare metal', actual: 'it came here' }
            : (this.#options.submitted?.compare ?? difference)(
                vcpu.state(this.#hart),
                expected,
                vcpu.program,
              );
        this.#record(
          'checkpoint',
          vcpu.id,
          number,
          this.#trace.text(differs?.expected ?? ''),
          this.#trace.text(differs?.actual ?? ''),
        );
      },
      halt: (code) => {
        vcpu.halted = code;
        this.#record('halt', vcpu.id, code);
      },
    });
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
      instruction: instructionOf(exit.word),
      timerDue: vcpu.timerDue,
      timerBound: this.#options.timerBound,
    });
    vcpu.knownDue ||= vcpu.timerDue && this.#slept;
    if ([...this.#vcpus.values()].every(({ halted }) => halted !== undefined)) return undefined;
    const next = this.#vcpus.get(resume.guest);
    const isKernel = resume.mode === 'supervisor';
    this.#record('resume', resume.guest, resume.pc, isKernel ? 1 : 0, resume.runFor);
    if (next === undefined || next.halted !== undefined) {
      return this.#refuse({
        event: this.#event,
        expected: 'a guest that still runs',
        actual:
          next === undefined
            ? `guest ${resume.guest}, which does not exist`
            : `guest ${resume.guest}, which is switched off`,
        because: 'Only a guest that has not switched itself off can go on.',
      });
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
    const last = hart.guestStage;
    const sameView =
      last !== undefined &&
      last.ramOffset === stage.ramOffset &&
      last.satp === stage.satp &&
      last.sum === stage.sum &&
      last.mxr === stage.mxr;
    if (!sameView) hart.flushTlb();
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

  #runDirectly(vcpu: Vcpu, limit: number): Exit {
    const hart = this.#hart;
    const { cycle, trapped } = hart;
    let stop = run(hart, limit);
    // A store to a page table or to code stops it, and it goes on.
    while (stop === 'stop') stop = run(hart, limit - (hart.cycle - cycle));
    const ran = hart.cycle - cycle - (hart.trapped - trapped);
    vcpu.direct += ran;
    if (vcpu.mode === mode.supervisor) this.#kernelDirect += ran;
    vcpu.now += ran;
    this.#cycles += ran;
    vcpu.pc = hart.pc;
    return stop === 'limit' ? timerExit : this.#exitOf(vcpu);
  }

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
        return this.#exitOf(vcpu, ran.stop.word);
      case 'callout': {
        const { illegalInstruction } = exception;
        const { word } = ran.stop;
        return {
          cause: 'illegal-instruction',
          code: illegalInstruction,
          value: word,
          physical: 0,
          word,
          mcause: illegalInstruction,
          isCallout: true,
        };
      }
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
    const isTable = this.#tablePages.has(offset >>> 12);
    if (!isCode && !isTable) return;
    this.#cycles += this.#caches.size > 0 ? software.pageTableWrite : software.emulation;
    if (isTable) {
      this.#record(
        'tableWrite',
        vcpu.id,
        offset - vcpu.window.base + ramBase,
        this.#hart.ram32[offset >>> 2] ?? 0,
      );
      this.#watchTables(vcpu);
      this.#hart.flushTlb();
    }
    this.#hart.stopRequested = true;
  }

  #staleTranslations(guest: number): void {
    const cache = this.#caches.get(guest);
    if (cache !== undefined) cache.isStale = true;
    if (this.#options.tracesPageTables === true) this.#watchTables(this.#vcpu(guest));
  }

  /** Watches the pages of the page table in use: its root, and the tables that its entries lead to. */
  #watchTables(vcpu: Vcpu): void {
    const { satp } = vcpu.stage();
    if (satp >>> 31 === 0) return;
    const { base, size } = vcpu.window;
    const pageOf = (number: number): number | undefined => {
      const offset = number * pageBytes - ramBase;
      return offset >= 0 && offset < size ? base + offset : undefined;
    };
    const root = pageOf(satp & 0x3f_ffff);
    if (root === undefined) return;
    this.#tablePages.add(root >>> 12);
    for (let entry = 0; entry < 1024; entry++) {
      const word = this.#hart.ram32[(root >>> 2) + entry]!;
      const leads = (word & pte.v) !== 0 && (word & (pte.r | pte.x)) === 0 ? pageOf(word >>> 10) : undefined;
      if (leads !== undefined) this.#tablePages.add(leads >>> 12);
    }
    for (const page of this.#tablePages) this.#hart.watchedPages.add(page);
    this.#hart.flushTlb();
  }

  /** @param translated the instruction in translated code that trapped */
  #exitOf(vcpu: Vcpu, translated?: number): Exit {
    const hart = this.#hart;
    const code = hart.exitCause;
    const isAccess = code === 5 || code === 7;
    const physical = isAccess ? physicalAddress(hart, hart.exitValue, code === 5 ? 'read' : 'write') : 0;
    const word = translated ?? (code === 1 || code === 12 ? 0 : (guestWordAt(hart, vcpu.pc) ?? 0));
    return {
      cause: exitCauseOf(code),
      code: code === 9 ? 8 : code,
      value: hart.exitValue,
      physical,
      word,
      mcause: code,
      isCallout: false,
    };
  }

  #vcpu(guest: number): Vcpu {
    const vcpu = this.#vcpus.get(guest);
    if (vcpu !== undefined) return vcpu;
    return this.#refuse({
      event: Math.max(0, this.#event),
      expected: `a guest from 1 to ${this.#vcpus.size}`,
      actual: `guest ${guest}`,
      because: 'The host has no such guest.',
    });
  }

  #deviceAt(guest: number, address: number): Device | undefined {
    this.#vcpu(guest);
    return this.#devices.get(guest)!.find(({ base, size }) => address >= base && address < base + size);
  }

  #record(kind: keyof VmmEvents, a = 0, b = 0, c = 0, d = 0): void {
    const trace = this.#trace;
    this.#event = trace.append(trace.codes[kind], this.#cycles, this.#event, a, b, c, d);
  }
}

interface Exit {
  readonly cause: ExitCause;
  readonly code: number;
  readonly value: number;
  readonly physical: number;
  readonly word: number;
  /** As in `mcause`, with the host's timer. */
  readonly mcause: number;
  /** Translated code called the VMM: nothing trapped. */
  readonly isCallout: boolean;
}

const timerExit: Exit = {
  cause: 'timer',
  code: 0,
  value: 0,
  physical: 0,
  word: 0,
  mcause: hostTimer,
  isCallout: false,
};

const trapOf = ({ mcause, word }: Exit, pc: number): TrapAt => ({
  cause: mcause,
  pc,
  word: wasFetched(mcause) ? word : undefined,
});

/** Exits for instructions that the VMM does in the guest's place. */
const emulatedCauses: ReadonlySet<ExitCause> = new Set([
  'illegal-instruction',
  'store-access-fault',
  'load-access-fault',
]);

const nothing: CallOutcome<void> = { ok: true, value: undefined };
const found = (value: number): CallOutcome<number> => ({ ok: true, value });
const failed = (errno: string): { readonly ok: false; readonly errno: string } => ({ ok: false, errno });

function instructionOf(word: number) {
  const decoded = word === 0 ? undefined : decode(word);
  if (decoded === undefined) return undefined;
  const { name, rd, rs1, rs2, csr, immediate } = decoded;
  return { name, rd, rs1, rs2, immediate, csr: csr === 0 ? '' : (csrName(csr) ?? `0x${csr.toString(16)}`) };
}
