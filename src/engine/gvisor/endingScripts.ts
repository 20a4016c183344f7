import { call, cloned, close, must, mustFail, preempted, type Steps } from './applicationSteps.ts';
import { endedByPipe, hear, nobody, pipe, waited } from './signalScripts.ts';

const signalled = 'One process of the sandbox may signal another.';

/** Ends that signals bring, to processes that have decided nothing about any. signal(7), pipe(7) */
export function* endings(): Steps<void> {
  yield* whileItReads();
  yield* whileItCouldWrite();
  yield* afterItsEnd();
  yield* close(yield* endedByPipe());
  yield* mustFail('kill', { number: nobody, flags: ['SIGTERM'] }, 'ESRCH', 'No process has that number.');
}

/** One of two readers is ended; what is written then is for the other. */
function* whileItReads(): Steps<void> {
  const orders = yield* pipe();
  const first = yield* cloned(function* () {
    yield* call('read', { fd: orders.reading });
    yield* call('exit_group', { number: 1 });
  });
  yield* preempted();
  yield* must('kill', { number: first, flags: ['SIGTERM'] }, signalled);
  yield* waited(first, -15, 'SIGTERM, number 15, ends a process that has not said otherwise.');
  yield* mustFail(
    'kill',
    { number: first, flags: ['SIGTERM'] },
    'ESRCH',
    'The child has been waited for: its number is nobody’s.',
  );
  const second = yield* cloned(function* () {
    yield* hear(
      orders.reading,
      'go',
      'A process that has ended waits for nothing any more: what is written is for those that live.',
    );
    yield* call('exit_group', { number: 5 });
  });
  yield* preempted();
  yield* must('write', { fd: orders.writing, text: 'go' }, 'The child has the reading end.');
  yield* waited(second, 5, 'The child called exit_group(5).');
  yield* close(orders.reading, orders.writing);
}

/** Whoever waits to read hears of the end of the last writer, however it came. */
function* whileItCouldWrite(): Steps<void> {
  const [talk, nothing] = [yield* pipe(), yield* pipe()];
  const child = yield* cloned(function* () {
    yield* must('write', { fd: talk.writing, text: 'ready' }, 'The child has the writing end too.');
    yield* call('read', { fd: nothing.reading });
    yield* call('exit_group', { number: 1 });
  });
  yield* close(talk.writing);
  yield* hear(talk.reading, 'ready', 'The child wrote it.');
  yield* must('kill', { number: child, flags: ['SIGKILL'] }, signalled);
  yield* hear(
    talk.reading,
    '',
    'Whatever ends a process closes its descriptors, and it was the last that could write.',
  );
  yield* waited(child, -9, 'SIGKILL, number 9, ends every process.');
  yield* close(talk.reading, nothing.reading, nothing.writing);
}

/** A process that nobody has waited for yet still has its number, and nothing can happen to it. kill(2), NOTES */
function* afterItsEnd(): Steps<void> {
  const talk = yield* pipe();
  const child = yield* cloned(function* () {
    yield* call('exit_group', { number: 3 });
  });
  yield* close(talk.writing);
  yield* hear(talk.reading, '', 'The child, which was the last that could write, has ended.');
  yield* must(
    'kill',
    { number: child, flags: ['SIGKILL'] },
    'Until its parent has waited for it, a process that has ended keeps its number: the call succeeds, and does nothing.',
  );
  yield* waited(child, 3, 'The child called exit_group(3); the signal came later.');
  yield* close(talk.reading);
}
