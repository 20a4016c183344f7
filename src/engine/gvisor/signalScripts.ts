import {
  call,
  cloned,
  close,
  expect,
  must,
  mustFail,
  preempted,
  said,
  type Script,
  type Steps,
} from './applicationSteps.ts';
import type { SignalName } from './sentryPolicy.ts';

const ignored = 1;
const handlerAddress = 0x4000;
/** A number that no process of the sandbox has. */
export const nobody = 4242;

function* handle(signal: SignalName, handler: Script, ...flags: readonly 'SA_RESTART'[]): Steps<void> {
  yield* must(
    'rt_sigaction',
    { address: handlerAddress, flags: [signal, ...flags] },
    `A process decides what ${signal} does to it.`,
    { handler },
  );
}

/** Makes a pipe. */
export function* pipe(): Steps<{ readonly reading: number; readonly writing: number }> {
  const { value = 0, second = 0 } = yield* must('pipe2', {}, 'A pipe needs nobody but the Sentry.');
  return { reading: value, writing: second };
}

/** Reads once, and expects this text. */
export function* hear(fd: number, expected: string, because: string): Steps<void> {
  const { text = '' } = yield* must('read', { fd }, because);
  expect(text === expected, `${JSON.stringify(expected)} from the child`, JSON.stringify(text), because);
}

/**
 * Waits for a child.
 * @param expected its exit status, or minus the number of the signal that ended it
 */
export function* waited(child: number, expected: number, because: string): Steps<void> {
  const { second = 0 } = yield* must('wait4', { number: child }, 'A parent waits for its child.');
  expect(second === expected, `${expected} from wait4`, second, because);
}

/** A child that handles one signal, ignores another, and cannot help a third. signal(7) */
export function* signals(): Steps<void> {
  const [talk, orders] = [yield* pipe(), yield* pipe()];
  const child: Script = function* () {
    yield* close(talk.reading);
    yield* close(orders.writing);
    yield* handle('SIGUSR1', function* () {
      yield* must('write', { fd: talk.writing, text: 'handled' }, 'A handler may write.');
    });
    yield* must(
      'rt_sigaction',
      { address: ignored, flags: ['SIGTERM'] },
      'A process may ignore most signals.',
    );
    yield* mustFail(
      'rt_sigaction',
      { address: handlerAddress, flags: ['SIGKILL'] },
      'EINVAL',
      'SIGKILL can be neither handled nor ignored.',
    );
    yield* must('write', { fd: talk.writing, text: 'ready' }, 'The child has the writing end too.');
    yield* preempted();
    for (;;) {
      const reply = yield* call('read', { fd: orders.reading });
      expect(
        reply.errno === undefined || reply.errno === 'EINTR',
        'read to give the order, or to fail with EINTR',
        said(reply),
        'A signal whose handler runs ends a call that waits, with EINTR. Nothing else may.',
      );
      if (reply.errno === undefined) {
        expect(reply.text === 'go', '"go" from the parent', said(reply), 'The parent wrote it.');
        yield* must('write', { fd: talk.writing, text: 'done' }, 'The child has the writing end too.');
      }
    }
  };
  const number = yield* cloned(child);
  yield* close(talk.writing);
  yield* close(orders.reading);
  yield* hear(talk.reading, 'ready', 'The child wrote it when it had said what signals do to it.');
  yield* must('kill', { number, flags: ['SIGTERM'] }, 'One process of the sandbox may signal another.');
  yield* must('kill', { number, flags: ['SIGUSR1'] }, 'One process of the sandbox may signal another.');
  yield* hear(
    talk.reading,
    'handled',
    'The child ignores SIGTERM. SIGUSR1 runs its handler, which writes this, even while the child waits in a read.',
  );
  yield* must('write', { fd: orders.writing, text: 'go' }, 'The child has the reading end.');
  yield* hear(talk.reading, 'done', 'After its handler the child goes on, and reads again.');
  yield* must('kill', { number, flags: ['SIGKILL'] }, 'One process of the sandbox may signal another.');
  yield* hear(
    talk.reading,
    '',
    'SIGKILL ended the child, and whatever ends a process closes its descriptors.',
  );
  yield* waited(number, -9, 'A child that a signal has ended tells the number of the signal: SIGKILL is 9.');
  yield* mustFail(
    'kill',
    { number, flags: ['SIGUSR1'] },
    'ESRCH',
    'The child has been waited for: the number is nobody’s.',
  );
  yield* mustFail('kill', { number: nobody }, 'ESRCH', 'No process of this sandbox has that number.');
}

const handled = 0x2000;
const brokenPipes = 0x2004;
const ended = 0x2008;
const running = 0x200c;

const counts = (address: number): Script =>
  // eslint-disable-next-line require-yield
  function* (machine) {
    machine.store(address, machine.load(address) + 1);
  };

/** Signals that are held back, that a kernel sends itself, and that interrupt a call which is then made again. */
export const masks: Script = function* (machine) {
  const own = (yield* must('getpid', {}, 'Every process has a number.')).value ?? 0;
  yield* handle('SIGUSR1', counts(handled));
  yield* must('rt_sigprocmask', { flags: ['SIG_BLOCK', 'SIGUSR1'] }, 'Signals can be blocked.');
  for (let twice = 0; twice < 2; twice++)
    yield* must('kill', { number: own, flags: ['SIGUSR1'] }, 'A process may signal itself.');
  const { text: pending } = yield* must('rt_sigpending', {}, 'A process may ask what waits.');
  expect(
    pending === 'SIGUSR1' && machine.load(handled) === 0,
    'SIGUSR1 to wait, and its handler not to have run',
    `${JSON.stringify(pending)}, ${machine.load(handled)}`,
    'A blocked signal waits.',
  );
  yield* must('rt_sigprocmask', { flags: ['SIG_UNBLOCK', 'SIGUSR1'] }, 'Signals can be unblocked.');
  expect(
    machine.load(handled) === 1,
    'the handler to have run once',
    machine.load(handled),
    'Unblocking lets a signal in that waits, before the call returns; and a standard signal waits at most once.',
  );
  yield* handle('SIGUSR2', function* (inside) {
    expect(inside.load(running) === 0, 'one handler', 'two', 'While its handler runs, a signal is blocked.');
    inside.store(running, 1);
    if (inside.load(handled) < 2) {
      inside.store(handled, 2);
      yield* must('kill', { number: own, flags: ['SIGUSR2'] }, 'A handler may send signals.');
    } else inside.store(handled, 3);
    inside.store(running, 0);
  });
  yield* must('tgkill', { number: own, flags: ['SIGUSR2'] }, 'A process may signal itself.');
  expect(
    machine.load(handled) === 3,
    'the handler to have run twice',
    machine.load(handled) - 1,
    'Its own signal waits until the handler has returned; then it runs again.',
  );
  yield* brokenPipe();
  expect(
    machine.load(brokenPipes) === 1,
    'one SIGPIPE',
    machine.load(brokenPipes),
    'One write went nowhere.',
  );
  yield* restarted();
  expect(machine.load(ended) === 2, 'two SIGCHLD', machine.load(ended), 'Two children ended.');
};

/** A child that writes where nobody can read any more, and has not said what SIGPIPE is to do. Gives the writing end. pipe(7) */
export function* endedByPipe(): Steps<number> {
  const ends = yield* pipe();
  yield* close(ends.reading);
  const child: Script = function* () {
    yield* call('write', { fd: ends.writing, text: 'lost' });
    yield* call('exit_group', { number: 1 });
  };
  const number = yield* cloned(child);
  yield* waited(number, -13, 'A write to a pipe that nobody can read sends SIGPIPE, number 13.');
  return ends.writing;
}

/** Writing where nobody can read any more: the kernel itself signals the writer. */
function* brokenPipe(): Steps<void> {
  const writing = yield* endedByPipe();
  yield* handle('SIGPIPE', counts(brokenPipes));
  yield* mustFail(
    'write',
    { fd: writing, text: 'lost' },
    'EPIPE',
    'A process that survives SIGPIPE is told that the pipe is broken.',
  );
  yield* close(writing);
}

/** A read that a child's end interrupts, and that goes on waiting. */
function* restarted(): Steps<void> {
  yield* handle('SIGCHLD', counts(ended), 'SA_RESTART');
  const ends = yield* pipe();
  const first: Script = function* () {
    yield* preempted();
    yield* call('exit_group', { number: 0 });
  };
  const second: Script = function* () {
    for (let round = 0; round < 3; round++) yield* preempted();
    yield* must('write', { fd: ends.writing, text: 'late' }, 'The child has the writing end too.');
    yield* call('exit_group', { number: 0 });
  };
  const children: number[] = [];
  for (const child of [first, second]) children.push(yield* cloned(child));
  yield* hear(ends.reading, 'late', 'With SA_RESTART a call that a signal interrupts is made again.');
  for (const child of children) yield* waited(child, 0, 'The child called exit_group(0).');
  yield* close(ends.reading);
  yield* close(ends.writing);
}
