import {
  PolicyFault,
  type AnyCallHandlers,
  type CallOutcome,
  type PolicyFaultDetail,
  type PolicyFaultKind,
} from '../../engine/kernel/policy.ts';
import { CodecMismatch, type Cursor, type Encode } from './hostCodec.ts';
import { KeptTexts } from './keptTexts.ts';
import { InputPool, type PoolObjects } from './inputPool.ts';
import { firstTextWord, messageWord, returnedMarkerWord, secondTextWord } from './layout.ts';
import type { GuestFunctions, GuestModule, LoadedGuest, PreparedGuest } from './loadedGuest.ts';
import { declared, textsIn } from './guestWords.ts';
import { whatIsMissing } from './missingExports.ts';
import { QuickjsInstance, type HostFunctions } from './quickjsInstance.ts';
import type { Value } from './quickjsExports.ts';
import type { Snapshot } from './snapshot.ts';
import { maxLogCharacters, maxLogLines } from './sandboxLimits.ts';
import type { PlannedCall, PlannedDecision, SandboxPlan } from './sandboxPlan.ts';
import { placeOnStack } from './stackPlace.ts';

/**
 * One machine with a learner's module in it: loads it, or continues from a loaded one, and asks its decisions.
 * Everything that goes wrong in the guest comes out as a {@link PolicyFault}, after which the session is over.
 */
export class GuestSession {
  readonly #plan: SandboxPlan;
  readonly #source: GuestModule;
  readonly #instance: QuickjsInstance;
  readonly #handlers: AnyCallHandlers;
  readonly #cursor: Cursor;
  readonly #encoders: readonly Encode[];
  readonly #functions: GuestFunctions;
  readonly log: string[];
  #asked = 0;
  #asking: PlannedDecision | undefined;
  /** After a fault, and after it was left, nothing more is asked. */
  #over = false;
  /** What a handler of the engine threw, on its way through the machine. */
  #passing: unknown;
  /** Of the decision that is being asked. */
  #ordinal = 0;

  /**
   * Loads a module into a prepared machine, one that an earlier session has left, if it can. Throws PolicyFault.
   * @returns with the machine, for another session
   */
  static load(
    prepared: PreparedGuest,
    module: GuestModule,
    left?: QuickjsInstance,
  ): { readonly loaded: LoadedGuest; readonly left: QuickjsInstance | undefined } {
    const session = new GuestSession(prepared, module, {}, [], left);
    const loaded = session.#load(prepared.snapshot);
    return { loaded, left: session.leave() };
  }

  /** A session that continues from right after the load, in a machine that an earlier one has left, if it can. */
  static start(loaded: LoadedGuest, handlers: AnyCallHandlers, left?: QuickjsInstance): GuestSession {
    return new GuestSession(loaded, loaded.source, handlers, [...loaded.log], left);
  }

  private constructor(
    { plan, snapshot, functions }: PreparedGuest,
    source: GuestModule,
    handlers: AnyCallHandlers,
    log: string[],
    left: QuickjsInstance | undefined,
  ) {
    this.#plan = plan;
    this.#functions = functions;
    this.#source = source;
    this.#handlers = handlers;
    this.log = log;
    const host: HostFunctions = {
      c: () => this.#answerCall(),
      l: () => this.#takeLogLine(),
      f: () => this.#failValue(),
    };
    this.#instance =
      left?.rewind(plan.limits, host, snapshot) === true
        ? left
        : QuickjsInstance.restore(plan.module, plan.limits, host, snapshot);
    this.#cursor = { words: this.#instance.words(), at: 0, end: 0, kept: new KeptTexts() };
    this.#encoders = plan.decisions.map(({ encode, pool }, index) => {
      if (pool === undefined) return encode;
      const inputs = new InputPool(pool, this.#objectsOf(index));
      return (to, input) => inputs.encode(to, input as Readonly<Record<string, unknown>>);
    });
  }

  #objectsOf(decision: number): PoolObjects {
    return {
      addressOf: (list, slot) => {
        const { firstWord, pools } = this.#functions;
        this.#cursor.words[firstWord + firstTextWord] = list;
        this.#cursor.words[firstWord + secondTextWord] = slot;
        const address = this.#instance.addressOf(pools[decision]!);
        // The guest ran, and its memory may have moved.
        this.#cursor.words = this.#instance.words();
        return address;
      },
      referencesTo: (address) => this.#instance.referencesTo(address),
    };
  }

  /** Number of the return statement that gave the latest answer, in an instrumented module; else -1. */
  get lastMarker(): number {
    return this.#instance.words()[this.#functions.firstWord + returnedMarkerWord]!;
  }

  /** Ends the session. Its machine may have another; undefined after a fault, which leaves a machine as it stood. */
  leave(): QuickjsInstance | undefined {
    const left = this.#over ? undefined : this.#instance;
    this.#over = true;
    return left;
  }

  /** Asks one decision, by its place in the plan. Throws PolicyFault. */
  decide(index: number, input: unknown): unknown {
    const decision = this.#plan.decisions[index]!;
    const outer = this.#asking;
    const outerOrdinal = this.#ordinal;
    this.#asking = decision;
    this.#ordinal = this.#asked++;
    if (this.#over || this.#instance.usedUp) {
      throw this.#fault('crash', 'The sandbox was asked again after it had stopped. Please report this.');
    }
    const { decisionTicks, runTicks } = this.#plan.limits;
    const earlier = this.#instance.allowTicks(Math.min(decisionTicks, runTicks - this.#instance.ticks));
    const message = this.#message();
    declared(`The engine asked ${decision.name} with a value that is not as declared.`, () =>
      this.#encoders[index]!(message, input),
    );
    const completed = this.#machine(() => this.#instance.run(this.#functions.steps[index]!));
    if (!completed) throw this.#thrown();
    const result = this.#checked(`${decision.name} returned`, () => decision.decode(this.#message()));
    if (this.#instance.hasJobs()) this.#runJobs();
    this.#instance.restoreAllowance(earlier);
    this.#asking = outer;
    this.#ordinal = outerOrdinal;
    return result;
  }

  /** @param base what the machine was brought to before */
  #load(base: Snapshot): LoadedGuest {
    this.#instance.allowTicks(this.#plan.limits.loadTicks);
    const exports = this.#evaluateModule();
    if (!this.#machine(() => this.#instance.call(this.#functions.bind, exports)).completed)
      throw this.#thrown();
    const presence = this.#plan.decisions.map(
      (_, index) => this.#instance.words()[this.#functions.firstWord + messageWord + index]!,
    );
    const missing = whatIsMissing(this.#plan, presence, this.#source.file, this.#texts()[0].split(' '));
    if (missing !== undefined) throw this.#fault('load', missing);
    return {
      plan: this.#plan,
      source: this.#source,
      snapshot: this.#instance.snapshot(base),
      functions: this.#functions,
      presentDecisions: presence.map((present) => present === 1),
      log: this.log,
    };
  }

  /** Runs the learner's top level; returns the module's exports. */
  #evaluateModule(): Value {
    const { file, code } = this.#source;
    const { value } = this.#machine(() => this.#instance.runModule(code, file));
    const first = this.#instance.settled(value);
    if (first.state === 'none') throw this.#thrown();
    if (first.state === 'rejected') throw this.#describe(first.value);
    this.#runJobs();
    const settled = this.#instance.settled(value);
    if (settled.state === 'fulfilled') return settled.value;
    if (settled.state === 'rejected') throw this.#describe(settled.value);
    throw this.#fault(
      'load',
      `${file} never finished loading: it awaits something that never comes. Remove the top-level await.`,
    );
  }

  #runJobs(): void {
    for (let run = 0; this.#instance.hasJobs(); run++) {
      if (run === this.#plan.limits.jobs) {
        throw this.#fault(
          'steps',
          `${this.#doing()} left more than ${this.#plan.limits.jobs} promise callbacks behind. A policy answers at once: remove async, await and promises.`,
        );
      }
      if (!this.#machine(() => this.#instance.runJob())) throw this.#thrown();
    }
  }

  /** Runs the machine. What a handler of the engine throws passes through; what the machine throws is a fault. */
  #machine<T>(run: () => T): T {
    try {
      return run();
    } catch (thrown) {
      if (thrown === this.#passing) throw thrown;
      // Parsers and a few other built-ins recurse on the host's stack, which may end before the guest's. Firefox throws
      // InternalError, others RangeError. The words are those of the guest's own limit; only the line is not known.
      if (thrown instanceof RangeError || (thrown instanceof Error && thrown.name === 'InternalError')) {
        throw this.#tooDeep('');
      }
      if (thrown instanceof WebAssembly.RuntimeError) {
        throw this.#fault('crash', `The sandbox broke while it ran ${this.#doing()}: ${thrown.message}.`);
      }
      throw thrown;
    }
  }

  /** The fault for the exception that waits in the machine. */
  #thrown(): PolicyFault {
    return this.#describe(this.#instance.takeException());
  }

  /** The fault for something thrown. Asks the guest to describe it: the host never looks at a guest value. */
  #describe(thrown: Value): PolicyFault {
    const { interrupted, ticks } = this.#instance;
    this.#instance.allowDescription();
    const described = this.#machine(() => this.#instance.call(this.#functions.describe, thrown));
    if (!described.completed) {
      // Describing ran code of the learner (traps of a Proxy) that never came back.
      if (interrupted) return this.#outOfSteps('', ticks);
      return this.#fault('throw', `${this.#doing()} threw a value that cannot be shown.`);
    }
    const kind = this.#instance.words()[this.#functions.firstWord + messageWord]!;
    const [text, stack] = this.#texts();
    if (interrupted) return this.#outOfSteps(stack, ticks);
    // With no memory left even for the error, QuickJS throws null.
    const ranOut = text === 'null' && this.#instance.memoryBytes > 0.75 * this.#plan.limits.memoryBytes;
    switch (ranOut ? 1 : kind) {
      case 1:
        return this.#outOfMemory(stack);
      case 2:
        return this.#tooDeep(stack);
      case 4:
        return this.#fault(
          'throw',
          `${this.#doing()} threw ${text}, which is not an Error: throw new Error('…') shows the line.`,
          stack,
        );
      default:
        return this.#fault('throw', `${this.#doing()} threw ${text}${/[.!?]$/.test(text) ? '' : '.'}`, stack);
    }
  }

  #outOfMemory(stack: string): PolicyFault {
    const mebibytes = this.#plan.limits.memoryBytes / (1024 * 1024);
    return this.#fault(
      'memory',
      `${this.#doing()} needed more than ${mebibytes} MiB of memory. Does a list or a string grow without end?`,
      stack,
    );
  }

  #tooDeep(stack: string): PolicyFault {
    return this.#fault(
      'throw',
      `${this.#doing()} called functions too deeply. Does a function call itself without end?`,
      stack,
    );
  }

  #outOfSteps(stack: string, ticks: number): PolicyFault {
    const ranOut = this.#asking !== undefined && ticks > this.#plan.limits.runTicks;
    const what = ranOut
      ? 'used up the steps of the whole run. Do less work in each decision.'
      : 'took too many steps. Is there a loop that never ends?';
    const fault = this.#fault('steps', `${this.#doing()} ${what}`, stack);
    // The column is where the count happened to run out.
    const { column: _, ...detail } = fault.detail;
    return new PolicyFault(detail);
  }

  #doing(): string {
    return this.#asking?.name ?? `Loading ${this.#source.file}`;
  }

  #fault(kind: PolicyFaultKind, message: string, stack = ''): PolicyFault {
    this.#over = true;
    const detail: PolicyFaultDetail = {
      kind: this.#asking === undefined && kind === 'throw' ? 'load' : kind,
      message,
      ...placeOnStack(stack, this.#source),
      ...(this.#asking === undefined
        ? {}
        : { policy: this.#asking.policyId, decision: this.#asking.name, ordinal: this.#ordinal }),
    };
    return new PolicyFault(detail);
  }

  /** `c`: the guest wrote a call's number and its arguments, and waits for an outcome. */
  #answerCall(): void {
    const message = this.#message();
    const call = this.#plan.calls[message.words[message.at++]!]!;
    const input = this.#checked(`calls.${call.name} was given`, () => call.decode(message));
    const outcome = this.#ask(call, input);
    const answer = this.#message();
    if (outcome.ok) {
      answer.words[answer.at++] = 0;
      declared(`The engine answered calls.${call.name} with a value that is not as declared.`, () =>
        call.encode(answer, outcome.value),
      );
      return;
    }
    const error = call.errors.indexOf(outcome.errno);
    if (error < 0)
      throw new Error(`The call ${call.name} failed with ${outcome.errno}, which it does not declare.`);
    answer.words[answer.at] = 1 + error;
  }

  #ask(call: PlannedCall, input: unknown): CallOutcome<unknown> {
    try {
      return this.#handlers[call.policyId]![call.name]!(input);
    } catch (thrown) {
      this.#passing = thrown;
      throw thrown;
    }
  }

  /** `l`: a line of output is in the first text. */
  #takeLogLine(): void {
    if (this.log.length < maxLogLines) this.log.push(this.#texts()[0].slice(0, maxLogCharacters));
  }

  /** `f`: what the learner gave is not what was declared; the texts say what, and where the guest stood. */
  #failValue(): never {
    const [text, stack] = this.#texts();
    throw this.#fault('value', text, stack);
  }

  /** Reads what the guest wrote. The guest has checked it before, so a mismatch means that its checks were broken. */
  #checked<T>(subject: string, read: () => T): T {
    try {
      return read();
    } catch (thrown) {
      if (!(thrown instanceof CodecMismatch)) throw thrown;
      const place = thrown.path === '' ? 'it' : thrown.path.replace(/^\./, '');
      throw this.#fault(
        'value',
        `${subject} something else than declared: ${place} must be ${thrown.expected}.`,
      );
    }
  }

  #message(): Cursor {
    const cursor = this.#cursor;
    const first = this.#functions.firstWord;
    cursor.words = this.#instance.words();
    cursor.at = first + messageWord;
    cursor.end = first + messageWord + this.#plan.messageWords;
    return cursor;
  }

  #texts(): [string, string] {
    const firstWord = this.#functions.firstWord;
    return textsIn(this.#instance.words(), firstWord, this.#plan.messageWords);
  }
}
