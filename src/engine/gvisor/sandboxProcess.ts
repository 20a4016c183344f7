import { noCause } from '../kernel/trace.ts';
import type { ApplicationStep, Script } from './applicationSteps.ts';
import type { Reply } from './callRecords.ts';
import type { SignalName } from './sentryPolicy.ts';
import type { WaitingCall } from './waitReasons.ts';

/** A step that is a call. */
export type CallStep = ApplicationStep & { readonly kind: 'call' };

/** How code goes on: with a reply, or by making a call again that a signal interrupted. */
export type Next =
  | { readonly kind: 'reply'; readonly reply: Reply | undefined }
  | { readonly kind: 'again'; readonly step: CallStep };

export type Code = Generator<ApplicationStep, void, Reply>;

/** A process of the application, as the platform knows it. */
export interface Task {
  readonly number: number;
  /** What it runs: its program, or a handler. */
  code: Code | undefined;
  /** What its handlers have interrupted. */
  readonly interrupted: { readonly code: Code; readonly next: Next }[];
  readonly handlers: Map<SignalName, Script>;
  state:
    | { readonly kind: 'ready'; readonly next: Next }
    | { readonly kind: 'waiting'; readonly waiting: WaitingCall; readonly step: CallStep }
    | { readonly kind: 'ended' };
  /** Row of the event that answered its latest call. */
  answered: number;
}

/** Ready to go on, with a reply to its latest call. */
export const withReply = (reply: Reply | undefined): Task['state'] => ({
  kind: 'ready',
  next: { kind: 'reply', reply },
});

/** A process that has made no call yet. */
export const newTask = (number: number, code: Code | undefined, handlers: Task['handlers']): Task => ({
  number,
  code,
  interrupted: [],
  handlers: new Map(handlers),
  state: code === undefined ? { kind: 'ended' } : withReply(undefined),
  answered: noCause,
});
