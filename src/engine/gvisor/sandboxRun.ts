import { succeed, type Errno, type SysResult } from '../container/linux/errno.ts';
import type { CallHandlers, RunningPolicy } from '../kernel/policy.ts';
import type { RandomStream } from '../kernel/random.ts';
import { noCause, type Trace } from '../kernel/trace.ts';
import {
  ApplicationFailure,
  configuration,
  type ApplicationStep,
  type Machine,
  type Script,
} from './applicationSteps.ts';
import type { AttackResult, ProbeReply } from './attacks.ts';
import { callClasses, callParts, classOf, type SandboxSettings } from './callCosts.ts';
import {
  answerText,
  callText,
  withArguments,
  type Answer,
  type CallArguments,
  type CallResult,
  type Interruption,
  type Reply,
} from './callRecords.ts';
import { failuresOf } from './containmentChecks.ts';
import { attackAreaNames, type ContainmentEvents } from './containmentEvents.ts';
import { missingTrace } from './fileTraces.ts';
import type { HostSide } from './hostSide.ts';
import { newTask, withReply, type CallStep, type Next, type Task } from './sandboxProcess.ts';
import { maxProcesses, sentryErrors, type SentryPolicy, type SignalName } from './sentryPolicy.ts';
import { WaitReasons } from './waitReasons.ts';

/** An error as the policy knows it. */
const knownError = (errno: Errno): NonNullable<Reply['errno']> =>
  sentryErrors.find((each) => each === errno) ?? 'EIO';

/** Most steps of an application: more is a loop that its Sentry keeps it in. */
const maxSteps = 4000;

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
  /** The process whose call the Sentry answers right now. */
  #calling: number | undefined;
  /** What signals are to do to it when the call returns. */
  readonly #atReturn: Interruption[] = [];
  #attacking = false;
  /** Processes that saw something wrong, and do nothing any more. */
  readonly #gaveUp = new Set<number>();
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
      const [call, why] = [callText(each.call, each.args), reason].map((text) => this.#trace.text(text));
      this.#cause = each.since;
      this.#append('stuck', each.process, call, why);
    }
    this.#cause = before;
  }

  /** The honest part is over. */
  attacked(): void {
    this.#cause = noCause;
    this.#attacking = true;
    this.#append('attacked');
  }

  /** A call of the first process outside of any script: of an attack. One that waits counts as refused. */
  probe(call: string, given: Partial<CallArguments>): ProbeReply {
    const answer = this.#dispatch(0, call, withArguments(given), undefined);
    return { reply: answer.waits === true ? { errno: 'EAGAIN' } : answer, event: this.#cause };
  }

  /** What the application wrote has to be on its volume and in its log, for others to see. */
  checkTraces(): void {
    if (failuresOf(this.#trace).length > 0) return;
    const missing = missingTrace(this.#host);
    if (missing !== undefined) this.#wrong(0, missing.expected, missing.actual, missing.because);
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
    this.#tasks.push(newTask(this.#tasks.length, script(this.#machine), new Map()));
  }

  #step(task: Task): void {
    if (task.state.kind !== 'ready' || task.code === undefined) return;
    this.#running = task.number;
    const { next } = task.state;
    if (next.kind === 'again') {
      this.#make(task, next.step);
      return;
    }
    let step: IteratorResult<ApplicationStep, void>;
    try {
      step = next.reply === undefined ? task.code.next() : task.code.next(next.reply);
    } catch (thrown) {
      if (!(thrown instanceof ApplicationFailure)) throw thrown;
      this.#wrong(task.number, thrown.expected, thrown.actual, thrown.because);
      this.#end(task);
      return;
    }
    if (step.done === true) this.#return(task);
    else if (step.value.kind === 'preempted') task.state = withReply({});
    else this.#make(task, step.value);
  }

  /** The end of a handler, after which goes on what it interrupted; or of the program. */
  #return(task: Task): void {
    const below = task.interrupted.pop();
    if (below === undefined) {
      this.#end(task);
      return;
    }
    task.code = below.code;
    task.state = { kind: 'ready', next: below.next };
    this.#calling = task.number;
    this.#dispatch(task.number, 'rt_sigreturn', withArguments({}), undefined);
    this.#called(task);
  }

  #make(task: Task, step: CallStep): void {
    const { call, args, more } = step;
    const child = more?.child;
    const made = child === undefined ? undefined : this.#tasks.length;
    if (made !== undefined && made >= maxProcesses) {
      task.state = withReply({ errno: 'EAGAIN' });
      return;
    }
    if (made !== undefined) this.#tasks.push(newTask(made, undefined, new Map()));
    const word = this.#machine.load(args.address);
    // A Sentry may finish a call while it is asked about it.
    task.state = {
      kind: 'waiting',
      waiting: { process: task.number, call, args, since: this.#trace.length, word },
      step,
    };
    this.#reasons.made(task.number, call, args, this.#trace.length);
    this.#calling = task.number;
    const answer = this.#dispatch(task.number, call, args, made);
    if (call === 'exit_group' || this.#killed) {
      this.#calling = undefined;
      this.#end(task);
      return;
    }
    if (made !== undefined && answer.errno === undefined && answer.waits !== true)
      this.#tasks[made] = newTask(made, child!(this.#machine), task.handlers);
    if (answer.waits !== true) {
      if (more?.handler !== undefined && answer.errno === undefined)
        for (const flag of args.flags) task.handlers.set(flag as SignalName, more.handler);
      task.state = withReply(answer);
      task.answered = this.#cause;
      this.#reasons.answered(task.number, call, args, answer, this.#cause, made);
    } else if (task.state.kind === 'waiting') {
      task.state = { ...task.state, waiting: { ...task.state.waiting, since: this.#cause } };
    }
    this.#called(task);
  }

  /** A call of a process has returned: what the Sentry let happen to the process meanwhile happens now. */
  #called(task: Task): void {
    this.#calling = undefined;
    for (const each of this.#atReturn.splice(0)) this.#takeEffect(task, each);
  }

  #takeEffect(task: Task, { signal, ends, restart }: Interruption): void {
    if (task.state.kind === 'ended' || task.code === undefined) return;
    const { state } = task;
    const waited = state.kind === 'waiting' ? state.waiting : undefined;
    const becomes = ends === true ? '' : restart === true ? ' and makes the call again' : ' and gets EINTR';
    const call = waited === undefined ? '' : `${callText(waited.call, waited.args)}${becomes}`;
    const row = this.#append(
      'signal',
      task.number,
      ends === true ? 1 : 0,
      this.#trace.text(signal),
      this.#trace.text(call),
    );
    this.#reasons.tookEffect(task.number, signal);
    if (ends === true) {
      this.#end(task, row);
      return;
    }
    const handler = task.handlers.get(signal);
    if (handler === undefined) {
      task.answered = row;
      this.#wrong(
        task.number,
        `no handler of ${signal}`,
        'an interruption that runs one',
        `The process has installed none: ${signal} does what rt_sigaction asked for last, and else what it does by default.`,
      );
      this.#end(task);
      return;
    }
    const next: Next =
      state.kind === 'ready'
        ? state.next
        : restart === true
          ? { kind: 'again', step: state.step }
          : { kind: 'reply', reply: { errno: 'EINTR' } };
    if (waited !== undefined) task.answered = row;
    task.interrupted.push({ code: task.code, next });
    task.code = handler(this.#machine);
    task.state = withReply(undefined);
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

  #end(task: Task, event = this.#cause): void {
    task.state = { kind: 'ended' };
    this.#reasons.ended(task.number, event);
  }

  #wrong(process: number, expected: string, actual: string, because: string): void {
    const text = (words: string): number => this.#trace.text(words);
    this.#cause = this.#tasks[process]?.answered ?? noCause;
    this.#append('wrong', process, text(expected), text(actual), text(because));
    this.#gaveUp.add(process);
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
        task.state = withReply(reply);
        task.answered = this.#trace.length - 1;
        this.#reasons.answered(process, call, args, reply, this.#trace.length - 1, undefined);
        return { ok: true, value: undefined };
      },
      interrupt: (given) => {
        const task = this.#tasks[given.process];
        // Attacks have no program that could run a handler; nor has a process that gave up, of which the Sentry knows nothing.
        if (this.#attacking || this.#gaveUp.has(given.process)) return { ok: true, value: undefined };
        if (task === undefined || task.state.kind === 'ended') return { ok: false, errno: 'ESRCH' };
        if (given.process === this.#calling) this.#atReturn.push(given);
        else this.#takeEffect(task, given);
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
