import {
  call,
  cloned,
  close,
  expect,
  must,
  mustFail,
  preempted,
  said,
  type Machine,
  type Script,
  type Steps,
} from './applicationSteps.ts';
import { endings } from './endingScripts.ts';
import { masks, signals } from './signalScripts.ts';

/** Numbers, names, the heap, time: what needs no file and nobody else. */
function* numbers(machine: Machine): Steps<void> {
  const pid = (yield* must('getpid', {}, 'Every process has a number.')).value ?? 0;
  expect(pid > 0, 'a positive number from getpid', pid, 'Number 0 is no process.');
  const again = (yield* must('getpid', {}, 'Every process has a number.')).value ?? 0;
  expect(again === pid, `getpid to say ${pid} again`, again, 'The number of a process does not change.');
  const uid = (yield* must('getuid', {}, 'Every process has a user.')).value ?? 0;
  expect(
    uid === machine.uid,
    `getuid to say ${machine.uid}`,
    uid,
    'The application runs as the user that the sandbox was configured with; the Sentry itself is somebody else on the host.',
  );
  const { text: name = '' } = yield* must('uname', {}, 'A machine has a name.');
  expect(
    name === machine.hostname,
    `uname to say ${machine.hostname}`,
    JSON.stringify(name),
    'The name of the sandbox is in its configuration; that of the host is nobody’s business.',
  );
  const start = machine.programBreak;
  const brk = function* (address: number, expected: number, because: string): Steps<void> {
    const { value = 0 } = yield* must('brk', { address }, because);
    expect(
      value === expected,
      `brk(0x${address.toString(16)}) = 0x${expected.toString(16)}`,
      `0x${value.toString(16)}`,
      because,
    );
  };
  yield* brk(0, start, 'An impossible break, such as 0, asks where the break is now.');
  yield* brk(start + 8192, start + 8192, 'The break moves where it was asked to.');
  yield* brk(
    machine.memoryLimit + 4096,
    start + 8192,
    'A break beyond the limit is refused: it stays, and is returned.',
  );
  yield* brk(0, start + 8192, 'The break stays where it was moved to.');
  const random = function* (): Steps<string> {
    return (yield* must('getrandom', { number: 16 }, 'Programs draw keys from it.')).text ?? '';
  };
  const [first, second] = [yield* random(), yield* random()];
  expect(
    first.length === 16 && first !== second,
    '16 random characters, others each time',
    `${JSON.stringify(first)}, ${JSON.stringify(second)}`,
    'Random numbers that repeat are keys that can be guessed.',
  );
  const before = (yield* must('clock_gettime', {}, 'Programs read the clock.')).value ?? 0;
  const after = (yield* must('clock_gettime', {}, 'Programs read the clock.')).value ?? 0;
  expect(
    before > 0 && after >= before,
    'a clock that goes forward',
    `${before}, then ${after}`,
    'The clock is monotonic.',
  );
  const optional = yield* call('rseq');
  expect(
    optional.errno !== undefined,
    'an error from rseq, which a C library can do without',
    said(optional),
    'A call that a kernel does not have fails, usually with ENOSYS. The C library tries, and goes another way.',
  );
}

function* readAll(path: string, because: string): Steps<string> {
  const fd = (yield* must('openat', { path, flags: ['O_RDONLY'] }, because)).value ?? 0;
  let all = '';
  for (;;) {
    const { text = '' } = yield* must('read', { fd }, because);
    if (text === '') break;
    all += text;
  }
  yield* close(fd);
  return all;
}

/** Files of the image, the devices that every program has, and /proc. */
function* files(): Steps<void> {
  const passwd = yield* readAll('/etc/passwd', 'The file is in the image, which the Gofer opens.');
  expect(
    passwd.includes('app:x:1000'),
    'the text of /etc/passwd',
    JSON.stringify(passwd),
    'The file is in the image.',
  );
  yield* mustFail('openat', { path: '/etc/none' }, 'ENOENT', 'There is no such file in the image.');
  const out = (yield* must(
    'openat',
    { path: '/var/data/out', flags: ['O_CREAT', 'O_WRONLY'] },
    'The application may create files on its volume.',
  )).value!;
  const again = (yield* must('openat', { path: '/etc/passwd' }, 'Two files may be open at once.')).value!;
  expect(
    out !== again && out > 2 && again > 2,
    'two descriptors above 2',
    `${out} and ${again}`,
    'Each open file has a descriptor of its own; 0 to 2 are taken.',
  );
  const { value: written = 0 } = yield* must(
    'write',
    { fd: out, text: 'hello' },
    'The file is open for writing.',
  );
  expect(
    written === 5,
    'write to return 5, the length of what was written',
    written,
    'A program that is told of less writes the rest again.',
  );
  yield* close(out);
  const { text = '' } = yield* must('read', { fd: again }, 'Closing one descriptor leaves the others open.');
  expect(
    text === passwd,
    'the text of /etc/passwd',
    JSON.stringify(text),
    'Closing one descriptor leaves the others as they are.',
  );
  yield* mustFail('read', { fd: out }, 'EBADF', 'The descriptor has been closed.');
  const back = yield* readAll('/var/data/out', 'The file was created a moment ago.');
  expect(back === 'hello', '"hello" from the file', JSON.stringify(back), 'It was written there.');
  yield* must('write', { fd: 1, text: 'ready\n' }, 'Descriptor 1 is the standard output from the start.');
  const zero = (yield* must('openat', { path: '/dev/null', flags: ['O_RDWR'] }, 'Every Linux has /dev/null.'))
    .value!;
  const swallowed = yield* must('write', { fd: zero, text: 'gone' }, '/dev/null takes everything.');
  expect(
    swallowed.value === 4,
    'write to /dev/null to return 4',
    said(swallowed),
    '/dev/null takes everything.',
  );
  const nothing = yield* must('read', { fd: zero }, '/dev/null is always at its end.');
  expect(
    (nothing.text ?? '') === '',
    'nothing from /dev/null',
    said(nothing),
    '/dev/null is always at its end.',
  );
  const pid = (yield* must('getpid', {}, 'Every process has a number.')).value!;
  const status = yield* readAll('/proc/self/status', 'Programs look themselves up in /proc.');
  expect(
    status.split('\n').includes(`Pid:\t${pid}`),
    `a line "Pid:\\t${pid}" in /proc/self/status`,
    JSON.stringify(status.slice(0, 80)),
    '/proc shows the processes of the kernel that made it, and this is the Sentry.',
  );
  const { text: listed = '' } = yield* must(
    'getdents64',
    { path: '/proc' },
    '/proc can be listed, as ps does.',
  );
  const pids = listed.split('\n').filter((name) => /^\d+$/.test(name));
  expect(
    pids.length === 1 && pids[0] === String(pid),
    `one number in /proc, ${pid}`,
    JSON.stringify(listed),
    'One process lives in this sandbox, and no other may be seen.',
  );
}

/** A pipe between a process and its child, whose end it waits for. */
function* pipes(): Steps<void> {
  const pid = (yield* must('getpid', {}, 'Every process has a number.')).value!;
  const made = yield* must('pipe2', {}, 'A pipe needs nobody but the Sentry.');
  const reading = made.value ?? 0;
  const writing = made.second ?? 0;
  expect(
    reading !== writing,
    'two descriptors from pipe2',
    `${reading} and ${writing}`,
    'A pipe has two ends: value is the reading one, second the writing one.',
  );
  let childPid = 0;
  const child: Script = function* () {
    yield* must('close', { fd: reading }, 'A child has copies of all descriptors.');
    const own = (yield* must('getpid', {}, 'Every process has a number.')).value!;
    expect(own !== pid, 'another number than the parent’s', own, 'A child is another process.');
    const parent = (yield* must('getppid', {}, 'A child has a parent.')).value!;
    expect(parent === pid, `getppid to say ${pid}`, parent, 'That is what getpid says in the parent.');
    childPid = own;
    yield* must('write', { fd: writing, text: 'from the child' }, 'The child has the writing end too.');
    yield* preempted();
    yield* close(writing);
    yield* call('exit_group', { number: 7 });
  };
  const made2 = yield* must('clone', {}, 'A process can have children.', { child });
  yield* must('close', { fd: writing }, "The parent's copy of the writing end is the parent's.");
  let all = '';
  for (;;) {
    const { text = '' } = yield* must('read', { fd: reading }, 'Reading an empty pipe waits for a writer.');
    if (text === '') break;
    all += text;
  }
  expect(
    all === 'from the child',
    '"from the child" through the pipe, then its end',
    JSON.stringify(all),
    'A read from a pipe gives what was written, and the end only when no process has the writing end open any more.',
  );
  const waited = yield* must('wait4', { number: made2.value ?? 0 }, 'A parent waits for its child.');
  expect(
    made2.value === childPid && waited.value === childPid,
    `clone and wait4 to say ${childPid}`,
    `${made2.value ?? 0} and ${waited.value ?? 0}`,
    'The number that clone gives the parent is the one that the child has.',
  );
  expect(
    waited.second === 7,
    'exit status 7 from wait4',
    waited.second ?? 0,
    'The child called exit_group(7).',
  );
  yield* mustFail('wait4', { number: childPid }, 'ECHILD', 'The child has been waited for already.');
}

const lock = 0x1000;
const counter = 0x1004;
const flag = 0x1008;
const rounds = 3;

function* futexWait(address: number, expected: number): Steps<void> {
  const reply = yield* call('futex', { address, flags: ['FUTEX_WAIT'], number: expected });
  expect(
    reply.errno === undefined || reply.errno === 'EAGAIN',
    'FUTEX_WAIT to return 0 or EAGAIN',
    said(reply),
    'It waits, or finds that the word has changed already.',
  );
}

function* futexWake(address: number, most: number): Steps<number> {
  const because = 'Waking succeeds, whoever waits.';
  const { value = 0 } = yield* must('futex', { address, flags: ['FUTEX_WAKE'], number: most }, because);
  expect(
    value <= most,
    `at most ${most} woken`,
    value,
    'FUTEX_WAKE wakes as many as it was asked to, and says how many.',
  );
  return value;
}

/** Drepper's second mutex: 0 free, 1 held, 2 held and somebody may wait. "Futexes Are Tricky", 2011, section 6 */
function* locked(machine: Machine, inside: () => Steps<void>): Steps<void> {
  if (machine.load(lock) === 0) machine.store(lock, 1);
  else {
    for (;;) {
      if (machine.load(lock) === 0) {
        machine.store(lock, 2);
        break;
      }
      machine.store(lock, 2);
      yield* preempted();
      yield* futexWait(lock, 2);
    }
  }
  yield* inside();
  const contended = machine.load(lock) === 2;
  machine.store(lock, 0);
  yield* preempted();
  if (contended) yield* futexWake(lock, 1);
}

function* count(machine: Machine): Steps<void> {
  for (let round = 0; round < rounds; round++) {
    yield* locked(machine, function* () {
      const before = machine.load(counter);
      yield* preempted();
      yield* must('getpid', {}, 'Every process has a number.');
      machine.store(counter, before + 1);
    });
  }
}

/** Processes that share memory wait for each other: a lock, and a start signal for all. */
function* threads(machine: Machine): Steps<void> {
  const worker: Script = function* (own) {
    while (own.load(flag) === 0) {
      yield* preempted();
      yield* futexWait(flag, 0);
    }
    yield* count(own);
    yield* call('exit_group', { number: 0 });
  };
  const children: number[] = [];
  for (let each = 0; each < 2; each++) {
    children.push(yield* cloned(worker));
  }
  yield* preempted();
  machine.store(flag, 1);
  yield* preempted();
  yield* futexWake(flag, 64);
  yield* count(machine);
  for (const child of children) yield* must('wait4', { number: child }, 'A parent waits for its child.');
  expect(
    machine.load(counter) === 3 * rounds,
    `${3 * rounds} on the counter`,
    machine.load(counter),
    'Three processes counted under a lock.',
  );
}

const port = 8080;

/** A server and its client, over the loopback of the sandbox: no packet leaves the Sentry. */
function* network(): Steps<void> {
  const because = 'The loopback of the sandbox needs nobody but the network stack of the Sentry.';
  const address = { text: '127.0.0.1', number: port };
  const { value: listening = -1 } = yield* must('socket', {}, because);
  yield* must('bind', { fd: listening, ...address }, because);
  yield* must('listen', { fd: listening }, because);
  const client: Script = function* () {
    const { value: fd = -1 } = yield* must('socket', {}, because);
    yield* must('connect', { fd, ...address }, because);
    yield* must('write', { fd, text: 'ping' }, because);
    const { text: heard = '' } = yield* must('read', { fd }, because);
    expect(heard === 'pong', '"pong" from the server', JSON.stringify(heard), 'The server sent it.');
    yield* close(fd);
    yield* call('exit_group', { number: 0 });
  };
  const child = yield* cloned(client);
  const { value: fd = -1 } = yield* must(
    'accept4',
    { fd: listening },
    'A server waits for somebody to connect.',
  );
  const { text: asked = '' } = yield* must('read', { fd }, because);
  expect(asked === 'ping', '"ping" from the client', JSON.stringify(asked), 'The client sent it.');
  yield* must('write', { fd, text: 'pong' }, because);
  const { text: end = '' } = yield* must('read', { fd }, because);
  expect(end === '', 'the end of the connection', JSON.stringify(end), 'The client closed it.');
  yield* close(fd);
  yield* close(listening);
  yield* must('wait4', { number: child }, 'A parent waits for its child.');
  const { value: late = -1 } = yield* must('socket', {}, because);
  yield* mustFail('connect', { fd: late, ...address }, 'ECONNREFUSED', 'Nobody listens any more.');
  yield* close(late);
}

/** Applications that run on a Sentry, each for one part of what a kernel does. */
export const containedApplications = {
  all: 'Everything below, one after the other.',
  numbers: 'Asks for numbers, names, memory and time.',
  files: 'Reads and writes files of its image, /dev/null and /proc.',
  pipes: 'Makes a pipe, a child that writes into it, and waits for both.',
  locks: 'Three processes count under a lock in shared memory (futex).',
  network: 'A server and a client on the loopback of the sandbox.',
  endings: 'Children that signals end, while they read, could write, or have ended already.',
  signals: 'A child that handles one signal, ignores another, and is ended by a third.',
  masks:
    'Signals that are blocked, that the kernel sends itself, and that interrupt a call which is made again.',
  none: 'Nothing honest.',
} as const;
export type ContainedApplication = keyof typeof containedApplications;

const parts: Readonly<
  Record<Exclude<ContainedApplication, 'all' | 'none'>, (machine: Machine) => Steps<void>>
> = {
  numbers,
  files,
  pipes,
  locks: threads,
  network,
  endings,
  signals,
  masks,
};

/** The code of an application's first process. */
export function scriptOf(application: ContainedApplication): Script {
  return function* (machine) {
    if (application === 'none') return;
    for (const [name, part] of Object.entries(parts)) {
      if (application === 'all' || application === name) yield* part(machine);
    }
  };
}
