import { signalNames, type SignalName } from './sentryPolicy.ts';

/** Of rt_sigaction: the default action, or none. sigaction(2) */
const byDefault = 0;
const ignored = 1;

interface Action {
  /** What it was set to: {@link byDefault}, {@link ignored}, or where the handler is. */
  readonly address: number;
  /** SA_RESTART: a call that the signal interrupts is made again after the handler. */
  readonly restart: boolean;
}

/** What a signal does to a process that it has reached. */
export type SignalEffect =
  | { readonly signal: SignalName; readonly kind: 'ends' }
  | { readonly signal: SignalName; readonly kind: 'handler'; readonly restart: boolean };

const names = (signals: ReadonlySet<SignalName>): string =>
  signalNames.filter((each) => signals.has(each)).join('\n');

/**
 * What a Sentry knows of the signals of one process: what is to happen at each, which are blocked, and which wait for that to end. The rules are
 * those of signal(7), sigaction(2) and sigprocmask(2), for standard signals, which do not queue.
 */
export class TaskSignals {
  readonly #actions = new Map<SignalName, Action>();
  readonly #pending = new Set<SignalName>();
  #blocked: ReadonlySet<SignalName> = new Set();
  /** The masks that rt_sigreturn brings back, of the handlers that run. */
  readonly #masks: ReadonlySet<SignalName>[] = [];

  /** What a child starts with: all but the pending signals. fork(2) */
  copy(): TaskSignals {
    const child = new TaskSignals();
    for (const [signal, action] of this.#actions) child.#actions.set(signal, action);
    child.#blocked = this.#blocked;
    child.#masks.push(...this.#masks);
    return child;
  }

  /** The names of those that wait, one a line. sigpending(2) */
  get pending(): string {
    return names(this.#pending);
  }

  /** The names of those that are blocked, one a line. */
  get blocked(): string {
    return names(this.#blocked);
  }

  /** Whether it was told to ignore a signal, and does not just do so by default. */
  toldToIgnore(signal: SignalName): boolean {
    return this.#actions.get(signal)?.address === ignored;
  }

  /** rt_sigaction. @returns what was to happen before; undefined for a signal of which nobody may decide */
  setAction(signal: SignalName, action: Action): number | undefined {
    if (signal === 'SIGKILL') return undefined;
    const before = this.#actions.get(signal)?.address ?? byDefault;
    this.#actions.set(signal, action);
    // Also one that is blocked: sigaction(2), and POSIX.
    if (this.#isIgnored(signal)) this.#pending.delete(signal);
    return before;
  }

  block(signals: readonly SignalName[]): void {
    this.#setMask([...this.#blocked, ...signals]);
  }

  unblock(signals: readonly SignalName[]): void {
    this.#setMask([...this.#blocked].filter((each) => !signals.includes(each)));
  }

  blockOnly(signals: readonly SignalName[]): void {
    this.#setMask(signals);
  }

  /** A signal is sent. One that is ignored is gone, unless it is blocked: then what happens is decided later. */
  raise(signal: SignalName): void {
    if (this.#blocked.has(signal) || !this.#isIgnored(signal)) this.#pending.add(signal);
  }

  /** Takes a signal that waits and is not blocked; while its handler runs it is blocked. */
  take(): SignalEffect | undefined {
    const signal = signalNames.find((each) => this.#pending.has(each) && !this.#blocked.has(each));
    if (signal === undefined) return undefined;
    this.#pending.delete(signal);
    if (this.#isIgnored(signal)) return this.take();
    const { address, restart } = this.#actions.get(signal) ?? { address: byDefault, restart: false };
    if (address === byDefault) return { signal, kind: 'ends' };
    this.#masks.push(this.#blocked);
    this.block([signal]);
    return { signal, kind: 'handler', restart };
  }

  /** rt_sigreturn: a handler has ended. @returns whether there was one */
  handlerReturned(): boolean {
    const mask = this.#masks.pop();
    if (mask !== undefined) this.#blocked = mask;
    return mask !== undefined;
  }

  #isIgnored(signal: SignalName): boolean {
    const address = this.#actions.get(signal)?.address ?? byDefault;
    return address === ignored || (address === byDefault && signal === 'SIGCHLD');
  }

  /** SIGKILL cannot be blocked: asking for it changes nothing. sigprocmask(2) */
  #setMask(signals: readonly SignalName[]): void {
    this.#blocked = new Set(signals.filter((each) => each !== 'SIGKILL'));
  }
}
