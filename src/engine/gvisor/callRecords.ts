import type { Infer } from '../kernel/codec.ts';
import type { callArguments, SentryPolicy } from './sentryPolicy.ts';

export type CallArguments = Infer<typeof callArguments>;
export type SystemCall = Infer<(typeof SentryPolicy)['decisions']['syscall']['input']>;
type CompleteAnswer = Infer<(typeof SentryPolicy)['decisions']['syscall']['output']>;
export type Answer = Partial<CompleteAnswer>;
export type LateAnswer = Infer<(typeof SentryPolicy)['calls']['finish']['input']>;

/** What a process gets for a call, at once or later. */
export type Reply = Omit<Answer, 'waits'>;

/** What a call of the Sentry came to. */
export type CallResult = Infer<(typeof SentryPolicy)['calls']['host']['output']>;

const noArguments: CallArguments = { fd: -1, path: '', flags: [], text: '', address: 0, number: 0 };

/** An answer with all its fields, as a Sentry written in TypeScript returns it. */
export const answer = (given: Answer): CompleteAnswer => ({
  value: undefined,
  second: undefined,
  text: undefined,
  errno: undefined,
  waits: undefined,
  ...given,
});

/** The same for an answer that comes late. */
export const lateAnswer = (process: number, given: Reply): LateAnswer => {
  const { value, second, text, errno } = answer(given);
  return { process, value, second, text, errno };
};

export type Interruption = Infer<(typeof SentryPolicy)['calls']['interrupt']['input']>;

/** An interruption that runs a handler, as a Sentry written in TypeScript asks for it. */
export const interruption = (
  given: Pick<Interruption, 'process' | 'signal'> & Partial<Interruption>,
): Interruption => ({
  ends: undefined,
  restart: undefined,
  ...given,
});

/** The arguments of a call, those that it does not have filled in. */
export const withArguments = (given: Partial<CallArguments>): CallArguments => ({ ...noArguments, ...given });

/** A call as strace(1) writes it: the arguments that it has. */
export function callText(call: string, { fd, path, flags, text, address, number }: CallArguments): string {
  // Signals come after the process that gets them.
  const process = call === 'kill' || call === 'tgkill';
  const shown = [
    ...(process ? [String(number)] : []),
    ...(fd >= 0 ? [String(fd)] : []),
    ...(path === '' ? [] : [JSON.stringify(path)]),
    ...(address === 0 ? [] : [`0x${address.toString(16)}`]),
    ...(flags.length === 0 ? [] : [flags.join('|')]),
    ...(text === '' ? [] : [JSON.stringify(text.length > 40 ? `${text.slice(0, 37)}...` : text)]),
    ...(process || (number === 0 && !flags.includes('FUTEX_WAIT')) ? [] : [String(number)]),
  ];
  return `${call}(${shown.join(', ')})`;
}

/** An answer as strace(1) writes it. */
export function answerText({ value = 0, second, text, errno }: Reply): string {
  if (errno !== undefined) return `-1 ${errno}`;
  const numbers = second === undefined ? String(value) : `${value}, ${second}`;
  if (text === undefined) return numbers;
  return `${numbers} ${JSON.stringify(text.length > 60 ? `${text.slice(0, 57)}...` : text)}`;
}
