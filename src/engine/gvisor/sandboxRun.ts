import { hostPlaces } from '../container/runtime/hostWorld.ts';
import { succeed, type Errno, type SysResult } from '../container/linux/errno.ts';
import type { CallHandlers, RunningPolicy } from '../kernel/policy.ts';
import type { RandomStream } from '../kernel/random.ts';
import { noCause, type Trace } from '../kernel/trace.ts';
import { ApplicationFailure, type ApplicationStep, type Machine, type Script } from './applicationScripts.ts';
import type { AttackResult, ProbeReply } from './attacks.ts';
import { callClasses, callParts, classOf, type SandboxSettings } from './callCosts.ts';
import {
  answerText,
  callText,
  withArguments,
  type Answer,
  type CallArguments,
  type CallResult,
  type Reply,
} from './callRecords.ts';
import { attackAreaNames, type ContainmentEvents } from './containmentEvents.ts';
import { logPath, type HostSide } from './hostSide.ts';
import { maxProcesses, sentryErrors, type SentryPolicy } from './sentryPolicy.ts';
import { WaitReasons, type WaitingCall } from './waitReasons.ts';

/** An error as the policy knows it. */
const knownError = (errno: Errno): NonNullable<Reply['errno']> =>
  sentryErrors.find((each) => each === errno) ?? 'EIO';

/** Most steps of an application: more is a loop that its Sentry keeps it in. */
const maxSteps = 4000;

interface Task {
  readonly number: number;
  readonly code: Generator<ApplicationStep, void, Reply> | undefined;
  state:
    | { readonly kind: 'ready'; readonly reply: Reply | undefined }
    | { readonly kind: 'waiting'; readonly waiting: WaitingCall }
    | { readonly kind: 'ended' };
  /** Row of the event that answered its latest call. */
  answered: number;
}

/** What the application `files` leaves behind, as the host's administrator sees it. */
const tracesOfFiles = [
  [
    `${hostPlaces.rootfs}/var/data/out`,
    'hello',
    'The application wrote it into a file of its volume. A volume outlives the sandbox: what stays in the memory of the Sentry is lost.',
  ],
  [
    logPath,
    'ready\n',
    "The application wrote it to its standard output, which is the Sentry's own descriptor 1 and leads to the log of the container.",
  ],
] as const;

const rowsWith = (trace: Trace<ContainmentEvents>, kind: keyof ContainmentEvents): boolean =>
  Array.from({ length: trace.length }, (_, row) => trace.kind(row)).includes(kind);

/** What the sandbox was configured with. */
export const configuration = {
  hostname: 'web',
  uid: 1000,
  programBreak: 0x10_0000,
  memoryLimit: 0x20_0000,
} as const;

/**
 * An application on a Sentry: a process makes a call, the platform hands it over, the Sentry answers at once or later. Which of several
 * processes goes on is drawn.
 */
export class SandboxRun {
  readonly handlers: CallHandlers<typeof SentryPolicy>;
  readonly #host: HostSide;
  readonly #trace: Trace<ContainmentEvents>;
  readonly #settings: SandboxSettings;
  readonly #random: RandomStream;
  readonly #reasons = new WaitReasons();
  readonly #tasks: Task[] = [];
  readonly #memory = new Map<number, number>();
  readonly #machine: Machine;
  #sentry: RunningPolicy<typeof SentryPolicy> | undefined;
  #atNs = 0;
  #cause = noCause;
  #running = -1;
  #killed = false;
  /** Time and number of calls of the application. */
  callsNs = 0;
  calls = 0;

  constructor(
    host: HostSide,
    trace: Trace<ContainmentEvents>,
    settings: SandboxSettings,
    random: RandomStream,
  ) {
    this.#host = host;
    this.#trace = trace;
    this.#settings = settings;
    this.#random = random;
    this.#machine = {
      ...configuration,
      load: (address) => this.#memory.get(address) ?? 0,
      store: (address, word) => {
        this.#memory.set(address, word);
        this.#append('store', this.#running, address, word);
      },
    };
    this.handlers = this.#makeHandlers();
  }

  get nowNs(): number {
    return this.#atNs;
  }

  /** Asks the Sentry for its filter, and installs it where the wall is up. */
  boot(sentry: RunningPolicy<typeof SentryPolicy>, wall: boolean): readonly string[] {
    this.#sentry = sentry;
    const { hostCalls } = sentry.boot(configuration);
    const set = [...new Set(hostCalls)].toSorted();
    if (wall) this.#host.allowOnly(set);
    this.#append('filter', set.length);
    return set;
  }

  /** Runs an application to its end, or until nobody can go on. */
  run(script: Script): void {
    this.#start(script);
    for (let step = 0; ; step++) {
      const ready = this.#tasks.filter((task) => task.state.kind === 'ready' && task.code !== undefined);
      if (ready.length === 0) break;
      if (step >= maxSteps) {
        this.#wrong(
          0,
          `an end within ${maxSteps} steps`,
          'none',
          'The application goes round in a circle: a call of it keeps getting an answer that makes it try again.',
        );
        return;
      }
      this.#step(this.#random.choose(ready));
    }
    const waiting = this.#tasks.flatMap((task) =>
      task.state.kind === 'waiting' ? [task.state.waiting] : [],
    );
    const before = this.#cause;
    for (const each of waiting) {
      const reason = this.#reasons.reason(each, waiting);
      this.#cause = each.since;
      this.#append(
        'stuck',
        each.process,
        this.#trace.text(callText(each.call, each.args)),
        this.#trace.text(reason),
      );
    }
    this.#cause = before;
  }

  /** The honest part is over. */
  attacked(): void {
    this.#cause = noCause;
    this.#append('attacked');
  }

  /** A call of the first process outside of any script: of an attack. One that waits counts as refused. */
  probe(call: string, given: Partial<CallArguments>): ProbeReply {
    const answer = this.#dispatch(0, call, withArguments(given), undefined);
    return { reply: answer.waits === true ? { errno: 'EAGAIN' } : answer, event: this.#cause };
  }

  /** What the application wrote has to be on its volume and in its log, for others to see. */
  checkTraces(): void {
    if (rowsWith(this.#trace, 'wrong') || rowsWith(this.#trace, 'stuck') || this.#killed) return;
    for (const [path, text, because] of tracesOfFiles) {
      const found = this.#host.fileOfHost(path) ?? '';
      if (found === text) continue;
      this.#wrong(0, `${JSON.stringify(text)} in ${path} on the host`, JSON.stringify(found), because);
    }
  }

  /** Records what came of an attack. */
  recordProbes(results: readonly AttackResult[]): void {
    for (const { area, attempt, found } of results) {
      this.#cause = found?.event ?? noCause;
      this.#append(
        'probe',
        attackAreaNames.indexOf(area),
        found === undefined ? 0 : 1,
        this.#trace.text(attempt),
        this.#trace.text(found?.because ?? ''),
      );
    }
  }

  /** The Sentry has been taken over. */
  break(): void {
    this.#cause = noCause;
    this.#append('broken');
  }

  #start(script: Script): void {
    const number = this.#tasks.length;
    this.#tasks.push({
      number,
      code: script(this.#machine),
      state: { kind: 'ready', reply: undefined },
      answered: noCause,
    });
  }

  #step(task: Task): void {
    if (task.state.kind !== 'ready' || task.code === undefined) return;
    this.#running = task.number;
    const { reply } = task.state;
    let next: IteratorResult<ApplicationStep, void>;
    try {
      next = reply === undefined ? task.code.next() : task.code.next(reply);
    } catch (thrown) {
      if (!(thrown instanceof ApplicationFailure)) throw thrown;
      this.#wrong(task.number, thrown.expected, thrown.actual, thrown.because);
      this.#end(task);
      return;
    }
    if (next.done === true) {
      this.#end(task);
      return;
    }
    const step = next.value;
    if (step.kind === 'preempted') {
      task.state = { kind: 'ready', reply: {} };
      return;
    }
    this.#make(task, step);
  }

  #make(task: Task, { call, args, child }: ApplicationStep & { readonly kind: 'call' }): void {
    const made = child === undefined ? undefined : this.#tasks.length;
    if (made !== undefined && made >= maxProcesses) {
      task.state = { kind: 'ready', reply: { errno: 'EAGAIN' } };
      return;
    }
    if (made !== undefined)
      this.#tasks.push({ number: made, code: undefined, state: { kind: 'ended' }, answered: noCause });
    const word = this.#machine.load(args.address);
    // A Sentry may finish a call while it is asked about it.
    task.state = {
      kind: 'waiting',
      waiting: { process: task.number, call, args, since: this.#trace.length, word },
    };
    const answer = this.#dispatch(task.number, call, args, made);
    if (call === 'exit_group' || this.#killed) {
      this.#end(task);
      return;
    }
    if (made !== undefined && answer.errno === undefined && answer.waits !== true) {
      this.#tasks[made] = {
        number: made,
        code: child!(this.#machine),
        state: { kind: 'ready', reply: undefined },
        answered: noCause,
      };
    }
    if (answer.waits !== true) {
      task.state = { kind: 'ready', reply: answer };
      task.answered = this.#cause;
      this.#reasons.answered(task.number, call, args, answer, this.#cause, made);
    } else if (task.state.kind === 'waiting') {
      task.state = { kind: 'waiting', waiting: { ...task.state.waiting, since: this.#cause } };
    }
  }

  #dispatch(process: number, call: string, args: CallArguments, child: number | undefined): Answer {
    if (this.#killed) return { errno: 'ENOSYS' };
    const text = this.#trace.text(callText(call, args));
    const startNs = this.#atNs;
    const parts = callParts(classOf(call) ?? 'trivial', this.#settings, 0);
    this.#cause = this.#append('enter', process, parts.interception, text);
    this.#atNs += parts.interception;
    const answer: Answer = this.#sentry!.syscall({ process, child, call, args });
    this.#atNs += parts.sentry;
    this.calls++;
    this.callsNs += this.#atNs - startNs;
    const said = answer.waits === true ? 'waits' : answerText(answer);
    this.#cause = this.#append('answer', process, this.#atNs - startNs, text, this.#trace.text(said));
    return answer;
  }

  #end(task: Task): void {
    task.state = { kind: 'ended' };
    this.#reasons.ended(task.number, this.#cause);
  }

  #wrong(process: number, expected: string, actual: string, because: string): void {
    const text = (words: string): number => this.#trace.text(words);
    this.#cause = this.#tasks[process]?.answered ?? noCause;
    this.#append('wrong', process, text(expected), text(actual), text(because));
  }

  #append(kind: keyof ContainmentEvents, a = 0, b = 0, c = 0, d = 0): number {
    return this.#trace.append(this.#trace.codes[kind], Math.round(this.#atNs), this.#cause, a, b, c, d);
  }

  #makeHandlers(): CallHandlers<typeof SentryPolicy> {
    const fileNs = callParts('open', this.#settings, 1).files;
    const recorded = (
      kind: 'gofer' | 'host',
      ns: number,
      call: string,
      result: SysResult<Partial<CallResult>>,
    ): { readonly ok: true; readonly value: CallResult } => {
      const value: CallResult = {
        value: 0,
        second: 0,
        text: '',
        errno: result.ok ? undefined : knownError(result.errno),
        ...(result.ok ? result.value : {}),
      };
      const { text, ...numbers } = value;
      const shown = answerText({ ...numbers, second: undefined, ...(text === '' ? {} : { text }) });
      this.#append(kind, ns, this.#trace.text(call), this.#trace.text(shown));
      this.#atNs += ns;
      return { ok: true, value };
    };
    return {
      finish: ({ process, ...reply }) => {
        const task = this.#tasks[process];
        if (task?.state.kind !== 'waiting') return { ok: false, errno: 'ESRCH' };
        const { call, args } = task.state.waiting;
        this.#append('finish', process, this.#trace.text(answerText(reply)));
        task.state = { kind: 'ready', reply };
        task.answered = this.#trace.length - 1;
        this.#reasons.answered(process, call, args, reply, this.#trace.length - 1, undefined);
        return { ok: true, value: undefined };
      },
      load: ({ address }) => ({ ok: true, value: this.#machine.load(address) }),
      goferOpen: ({ path, flags }) => {
        const opened = this.#host.goferOpen(path, flags);
        const result: SysResult<Partial<CallResult>> = opened.ok ? succeed({ value: opened.value }) : opened;
        return recorded('gofer', fileNs, `open(${JSON.stringify(path)})`, result);
      },
      goferList: ({ path }) => {
        const names = this.#host.goferList(path);
        const result: SysResult<Partial<CallResult>> = names.ok
          ? succeed({ value: names.value.length, text: names.value.join('\n') })
          : names;
        return recorded('gofer', fileNs, `list(${JSON.stringify(path)})`, result);
      },
      host: ({ call, args }) => {
        const allowed = this.#host.allows(call);
        const { nativeNs } = callClasses[classOf(call) ?? 'trivial'];
        const result = recorded('host', nativeNs, callText(call, args), this.#host.host(call, args));
        if (!allowed && !this.#killed) {
          this.#killed = true;
          this.#append('killed', this.#trace.text(callText(call, args)));
        }
        return result;
      },
    };
  }
}
