import { withArguments, type CallArguments, type Reply } from './callRecords.ts';

/** Code that a call brings with it. */
export interface CallCode {
  /** Of clone: what the child does. */
  readonly child?: Script;
  /** Of rt_sigaction: what the handler at the address does. */
  readonly handler?: Script;
}

/** What a process of an application does next. */
export type ApplicationStep =
  | { readonly kind: 'call'; readonly call: string; readonly args: CallArguments; readonly more?: CallCode }
  /** Another process may run first: a time slice ends. */
  | { readonly kind: 'preempted' };

/** What a script has at hand: memory that all processes share, in which a step between two calls is never interrupted. */
export interface Machine {
  readonly hostname: string;
  readonly uid: number;
  readonly programBreak: number;
  readonly memoryLimit: number;
  load(address: number): number;
  store(address: number, word: number): void;
}

/** What the sandbox was configured with. */
export const configuration = {
  hostname: 'web',
  uid: 1000,
  programBreak: 0x10_0000,
  memoryLimit: 0x20_0000,
} as const;

/** The code of one process. */
export type Script = (machine: Machine) => Generator<ApplicationStep, void, Reply>;

/** The application saw something that no kernel may do. */
export class ApplicationFailure extends Error {
  readonly expected: string;
  readonly actual: string;
  readonly because: string;
  constructor(expected: string, actual: string, because: string) {
    super(because);
    this.expected = expected;
    this.actual = actual;
    this.because = because;
  }
}

export type Steps<T> = Generator<ApplicationStep, T, Reply>;

export function* call(name: string, given: Partial<CallArguments> = {}, more?: CallCode): Steps<Reply> {
  return yield {
    kind: 'call',
    call: name,
    args: withArguments(given),
    ...(more === undefined ? {} : { more }),
  };
}

export function* preempted(): Steps<void> {
  yield { kind: 'preempted' };
}

export function expect(holds: boolean, expected: string, actual: unknown, because: string): void {
  if (!holds) throw new ApplicationFailure(expected, String(actual), because);
}

export const said = ({ value = 0, text, errno }: Reply): string =>
  errno ?? (text === undefined ? String(value) : `${value} ${JSON.stringify(text)}`);

/** A call that has to succeed. */
export function* must(
  name: string,
  given: Partial<CallArguments>,
  because: string,
  more?: CallCode,
): Steps<Reply> {
  const reply = yield* call(name, given, more);
  expect(reply.errno === undefined, `${name} to succeed`, said(reply), because);
  return reply;
}

export function* mustFail(
  name: string,
  given: Partial<CallArguments>,
  errno: string,
  because: string,
): Steps<void> {
  const reply = yield* call(name, given);
  expect(reply.errno === errno, `${name} to fail with ${errno}`, said(reply), because);
}

/** Closes descriptors, each of which has to be open. */
export function* close(...descriptors: readonly number[]): Steps<void> {
  for (const fd of descriptors) yield* must('close', { fd }, 'An open descriptor can be closed.');
}

/** Makes a child, and gives the number that it has for its parent. */
export function* cloned(child: Script): Steps<number> {
  return (yield* must('clone', {}, 'A process can have children.', { child })).value ?? 0;
}
