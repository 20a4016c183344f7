import type { CallArguments, Reply } from './callRecords.ts';
import { signalNames, type SignalName } from './sentryPolicy.ts';

interface Pipe {
  /** What was written and not read yet. For a moment below 0, when a reader is served before its writer has its answer. */
  unread: number;
  lastWriter: { readonly process: number; readonly event: number } | undefined;
  lastClose: { readonly process: number; readonly event: number } | undefined;
}

interface End {
  readonly pipe: Pipe;
  readonly writes: boolean;
}

/** A signal that somebody sent a process which does not ignore it. */
interface Sent {
  readonly signal: SignalName;
  readonly by: number;
  readonly event: number;
}

interface Wake {
  readonly address: number;
  readonly process: number;
  readonly event: number;
}

/** A call that the Sentry has not answered. */
export interface WaitingCall {
  readonly process: number;
  readonly call: string;
  readonly args: CallArguments;
  /** Row of its `answer` event. */
  readonly since: number;
  /** The word of a futex when the call came. */
  readonly word: number;
}

/**
 * What an application's calls add up to, seen from outside the Sentry: pipes and who has their ends, wakes, ends of processes. It tells
 * what a call that nobody answers waits for.
 */
export class WaitReasons {
  readonly #ends = new Map<number, Map<number, End>>([[0, new Map()]]);
  readonly #wakes: Wake[] = [];
  /** Processes and their descriptors that are connections. */
  readonly #connected = new Set<string>();
  /** The number that the Sentry gave each process that was cloned. */
  readonly #numbers = new Map<number, number>();
  readonly #ended = new Map<number, number>();

  /** What processes have said that signals are to do to them. */
  readonly #actions = new Map<number, Map<SignalName, 'ends' | 'ignored' | 'handled'>>();
  /** Signals on their way to a process. One that blocks signals may have them on the way for long. */
  readonly #sent = new Map<number, Sent[]>();
  readonly #blocks = new Set<number>();

  /** Takes note of a call that was answered. */
  answered(
    process: number,
    call: string,
    args: CallArguments,
    reply: Reply,
    event: number,
    child: number | undefined,
  ): void {
    if (reply.errno !== undefined) return;
    const ends = this.#endsOf(process);
    switch (call) {
      case 'pipe2': {
        const pipe: Pipe = { unread: 0, lastWriter: undefined, lastClose: undefined };
        ends.set(reply.value ?? 0, { pipe, writes: false });
        ends.set(reply.second ?? 0, { pipe, writes: true });
        return;
      }
      case 'connect':
        this.#connected.add(`${process} ${args.fd}`);
        return;
      case 'accept4':
        this.#connected.add(`${process} ${reply.value ?? 0}`);
        return;
      case 'clone':
        if (child === undefined) return;
        this.#numbers.set(child, reply.value ?? 0);
        this.#ends.set(child, new Map(ends));
        this.#actions.set(child, new Map(this.#actions.get(process)));
        return;
      case 'rt_sigaction':
        this.#action(process, args);
        return;
      case 'rt_sigprocmask':
        this.#blocks.add(process);
        return;
      case 'close': {
        const end = ends.get(args.fd);
        ends.delete(args.fd);
        if (end?.writes === true) end.pipe.lastClose = { process, event };
        return;
      }
      case 'write': {
        const pipe = ends.get(args.fd)?.pipe;
        if (pipe === undefined) return;
        pipe.unread += args.text.length;
        pipe.lastWriter = { process, event };
        return;
      }
      case 'read': {
        const pipe = ends.get(args.fd)?.pipe;
        if (pipe !== undefined) pipe.unread -= reply.text?.length ?? 0;
        return;
      }
      case 'futex':
        if (args.flags.includes('FUTEX_WAKE')) this.#wakes.push({ address: args.address, process, event });
        return;
      default:
    }
  }

  /** Takes note of a call that may send a signal, before it is answered: what it sends may take effect meanwhile. */
  made(by: number, call: string, { number, flags }: CallArguments, event: number): void {
    if (call !== 'kill' && call !== 'tgkill') return;
    const target = [...this.#numbers].find(([, each]) => each === number)?.[0];
    const signal = signalNames.find((each) => flags.includes(each));
    if (target === undefined || signal === undefined) return;
    if (this.#actionOf(target, signal) === 'ignored') return;
    this.#sent.set(target, [...(this.#sent.get(target) ?? []), { signal, by, event }]);
  }

  /** Takes note of a signal that has taken effect in a process. */
  tookEffect(process: number, signal: SignalName): void {
    const sent = this.#sent.get(process) ?? [];
    this.#sent.set(
      process,
      sent.filter((each) => each.signal !== signal),
    );
  }

  /** Takes note of the end of a process. */
  ended(process: number, event: number): void {
    for (const end of this.#endsOf(process).values()) {
      if (end.writes) end.pipe.lastClose = { process, event };
    }
    this.#ends.delete(process);
    this.#ended.set(process, event);
  }

  /** What a call waits for, as the rest of the sentence "process 1 waits in read(3): …". */
  reason(waiting: WaitingCall, others: readonly WaitingCall[]): string {
    const { process, call, args } = waiting;
    const sent = this.#blocks.has(process) ? undefined : this.#sent.get(process)?.[0];
    if (sent !== undefined) {
      return this.#actionOf(process, sent.signal) === 'ends'
        ? `process ${sent.by} sent it ${sent.signal} at event ${sent.event}, which ends a process in whatever call it waits: interrupt it, with ends`
        : `process ${sent.by} sent it ${sent.signal} at event ${sent.event}, for which it has a handler: interrupt it, so that the handler runs`;
    }
    if (call === 'futex' && args.flags.includes('FUTEX_WAIT')) return this.#futexReason(waiting);
    if (call === 'read') {
      const end = this.#endsOf(process).get(args.fd);
      if (end !== undefined) return this.#pipeReason(end.pipe, process, others);
      if (this.#connected.has(`${process} ${args.fd}`))
        return 'for what the other end of the connection may still send';
    }
    if (call === 'accept4') return 'for somebody who connects';
    if (call === 'wait4') {
      const child = [...this.#numbers].find(([, number]) => number === args.number)?.[0];
      if (child === undefined) return `no process has the number ${args.number}: wait4 fails with ECHILD`;
      const end = this.#ended.get(child);
      if (end !== undefined)
        return `process ${child}, its child, has ended at event ${end}: finish the call with the child's number and exit status`;
      const other = others.find((each) => each.process === child);
      return other === undefined
        ? `for the end of process ${child}`
        : `for the end of process ${child}, which waits itself, in ${other.call}`;
    }
    return `${call} has nothing to wait for: answer it at once`;
  }

  #action(process: number, { address, flags }: CallArguments): void {
    const actions = this.#actions.get(process) ?? new Map<SignalName, 'ends' | 'ignored' | 'handled'>();
    this.#actions.set(process, actions);
    for (const signal of signalNames.filter((each) => flags.includes(each))) {
      if (address > 1) actions.set(signal, 'handled');
      else if (address === 1) actions.set(signal, 'ignored');
      else actions.delete(signal);
    }
  }

  /** What a signal does to a process: by default SIGCHLD nothing, each other one its end. signal(7) */
  #actionOf(process: number, signal: SignalName): 'ends' | 'ignored' | 'handled' {
    return this.#actions.get(process)?.get(signal) ?? (signal === 'SIGCHLD' ? 'ignored' : 'ends');
  }

  #endsOf(process: number): Map<number, End> {
    return this.#ends.get(process) ?? new Map<number, End>();
  }

  #futexReason({ args, word, since }: WaitingCall): string {
    const at = `0x${args.address.toString(16)}`;
    if (word !== args.number >>> 0 && word !== args.number) {
      return (
        `the word at ${at} was ${word} when the call came, and no longer the ${args.number} that the caller had seen. ` +
        'Whoever changed it has woken already, or found nobody to wake: FUTEX_WAIT must look at the word, and fail with EAGAIN'
      );
    }
    const wake = this.#wakes.find((each) => each.address === args.address && each.event > since);
    return wake === undefined
      ? `for a FUTEX_WAKE at ${at}, which nobody makes any more`
      : `process ${wake.process} woke ${at} at event ${wake.event}, and the Sentry finished nobody's call there`;
  }

  #pipeReason(pipe: Pipe, reader: number, others: readonly WaitingCall[]): string {
    if (pipe.unread > 0) {
      return `${pipe.unread} characters are in the pipe, written by process ${pipe.lastWriter!.process} at event ${pipe.lastWriter!.event}: finish the read with them`;
    }
    const holders = [...this.#ends]
      .filter(([, ends]) => [...ends.values()].some((end) => end.pipe === pipe && end.writes))
      .map(([process]) => process);
    if (holders.length > 0) {
      if (holders.includes(reader)) return 'for a writer; but the reader has the writing end open itself';
      const calls = holders.map((each) => others.find(({ process }) => process === each)?.call);
      const all = `for what process ${holders.join(' and process ')} may still write`;
      if (calls.includes(undefined)) return all;
      return `${all}, which waits itself, in ${calls.join(' and ')}`;
    }
    const last = pipe.lastClose;
    return `nobody has the writing end open any more${last === undefined ? '' : ` since process ${last.process} closed it at event ${last.event}`}: that is the end of the file, and the read has to be finished with nothing`;
  }
}
