import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SysResult } from '../../src/engine/container/linux/errno.ts';
import { hostPlaces } from '../../src/engine/container/runtime/hostWorld.ts';
import {
  answer,
  withArguments,
  type Answer,
  type CallArguments,
  type CallResult,
} from '../../src/engine/gvisor/callRecords.ts';
import { gvisorSentry } from '../../src/engine/gvisor/gvisorSentry.ts';
import { HostSide } from '../../src/engine/gvisor/hostSide.ts';
import { randomStreams, type RandomStream } from '../../src/engine/kernel/random.ts';
import { scenarios } from '../../src/engine/scenarios.ts';
import { isInstalled } from './installedTool.ts';

/*
 * The Sentry against the kernel of the machine that tests run on: random calls of up to six processes that share pipes, files and memory.
 * Both must give the same values and errors, let the same calls wait, and end the same waits.
 */
const script = fileURLToPath(new URL('sentryKernel.py', import.meta.url));
const most = 6;

type Made = Readonly<Record<string, unknown>> & { readonly process: number; readonly call: string };
interface Result {
  readonly errno?: string;
  readonly waits?: true;
  readonly value?: number;
  readonly second?: number;
  readonly text?: string;
}

/** Drives the Sentry with random calls, and records them with what came of each. */
class RandomCalls {
  readonly made: Made[] = [];
  readonly results: Result[] = [];
  /** What stands in /passwd before the first call. */
  readonly passwd: string;
  readonly #random: RandomStream;
  readonly #host: HostSide;
  readonly #sentry = gvisorSentry();
  readonly #waiting = new Map<number, Made>();
  readonly #late = new Map<number, Answer>();
  readonly #living = new Set([0]);
  readonly #ended = new Set<number>();
  /** The Sentry's number of each process. */
  readonly #pids = new Map<number, number>();
  readonly #parents = new Map<number, number>();
  #next = 1;

  constructor(seed: number) {
    const random = randomStreams(seed);
    this.#random = random.stream('calls');
    this.#host = new HostSide({
      wall: true,
      directfs: false,
      bug: 'none',
      random: random.stream('host'),
      clockNs: () => 0,
    });
    this.passwd = this.#host.fileOfHost(`${hostPlaces.rootfs}/etc/passwd`)!;
    this.#sentry.boot({ hostname: 'web', uid: 1000, programBreak: 4096, memoryLimit: 8192 }, this.#calls());
    this.#pids.set(0, this.#ask(0, 'getpid', {}).value!);
    // Python ignores it, and so do its children.
    this.#ask(0, 'rt_sigaction', { address: 1, flags: ['SIGPIPE'] });
  }

  run(steps: number): void {
    for (let step = 0; step < steps; step++) this.#step();
  }

  /** Makes given calls instead of random ones: a process, its call, and the arguments. */
  play(calls: readonly (readonly [process: number, call: string, given?: Partial<CallArguments>])[]): void {
    for (const [process, call, given = {}] of calls) {
      if (call === 'clone') this.#fork(process);
      else if (call === 'exit_group') this.#exit(process);
      else this.#make(process, call, given);
      for (const waiting of this.#waiting.keys())
        this.#note({ process: waiting, call: 'retry' }, { waits: true });
    }
  }

  #step(): void {
    const ready = [...this.#living].filter((process) => !this.#waiting.has(process));
    if (ready.length === 0) return;
    const process = this.#random.choose(ready);
    const fd = this.#random.integer(3, 8);
    switch (this.#random.integer(0, 11)) {
      case 0:
      case 1:
        this.#make(process, 'pipe2', {});
        break;
      case 2: {
        const flags = this.#random.choose([
          ['O_RDONLY'],
          ['O_WRONLY'],
          ['O_RDWR'],
          ['O_CREAT', 'O_WRONLY'],
          ['O_CREAT', 'O_RDWR', 'O_TRUNC'],
          ['O_CREAT', 'O_RDWR', 'O_APPEND'],
        ] as const);
        const path = this.#random.choose(['/passwd', '/a', '/b', '/dev/null']);
        this.#make(process, 'openat', { path, flags });
        break;
      }
      case 3:
      case 4:
        this.#make(process, 'close', { fd });
        break;
      case 5:
      case 6:
        this.#make(process, 'write', { fd, text: 'x'.repeat(this.#random.integer(1, 5)) });
        break;
      case 7:
      case 8:
        this.#make(process, 'read', { fd });
        break;
      case 9:
        this.#fork(process);
        break;
      case 10:
        if (this.#random.integer(0, 2) === 0) this.#exit(process);
        else this.#wait(process);
        break;
      default:
        if (this.#random.integer(0, 1) === 0) this.#make(process, 'getppid', {});
        else {
          const flags = this.#random.choose([['FUTEX_WAIT'], ['FUTEX_WAKE']] as const);
          // The word is 0, so that waiting for anything else finds that it has changed.
          this.#make(process, 'futex', { address: 64, flags, number: this.#random.integer(1, 3) });
        }
    }
    // Whoever waits still waits, for both.
    for (const waiting of this.#waiting.keys())
      this.#note({ process: waiting, call: 'retry' }, { waits: true });
  }

  #fork(process: number): void {
    if (this.#next === most) return;
    const child = this.#next++;
    const made = this.#ask(process, 'clone', {}, child);
    this.#living.add(child);
    this.#parents.set(child, process);
    this.#pids.set(child, made.value!);
    this.#note({ process, call: 'clone', child }, { value: child });
  }

  /** Only processes without children end, and never the first. */
  #exit(process: number): void {
    if (process === 0 || [...this.#parents.values()].includes(process)) return;
    const number = this.#random.integer(0, 255);
    this.#living.delete(process);
    this.#ended.add(process);
    this.#ask(process, 'exit_group', { number });
    this.#note({ process, call: 'exit_group', number }, {});
    this.#finished();
  }

  #wait(process: number): void {
    const children = [...this.#parents].filter(([, parent]) => parent === process).map(([child]) => child);
    // One that was waited for already is tried as well.
    const child = this.#random.choose(children.length === 0 ? [most] : children);
    const reply = this.#ask(process, 'wait4', { number: this.#pids.get(child) ?? 4_000_000 });
    this.#judge({ process, call: 'wait4', child, ended: this.#ended.has(child) }, reply);
  }

  #make(process: number, call: string, given: Partial<CallArguments>): void {
    const { path, ...rest } = given;
    const inside =
      path === undefined || path.startsWith('/dev/')
        ? path
        : path === '/passwd'
          ? '/etc/passwd'
          : `/var/data${path}`;
    const reply = this.#ask(process, call, { ...rest, ...(inside === undefined ? {} : { path: inside }) });
    this.#judge({ process, call, ...given }, reply);
  }

  #judge(made: Made, reply: Answer): void {
    if (reply.waits === true) {
      this.#waiting.set(made.process, made);
      this.#note(made, { waits: true });
    } else this.#note(made, this.#shown(made, reply));
    this.#finished();
  }

  /** What the Sentry finished meanwhile has to go through on the other side when it is made again. */
  #finished(): void {
    for (const [process, reply] of this.#late) {
      const made = this.#waiting.get(process);
      assert.ok(made, 'the Sentry finished a call that did not wait');
      this.#waiting.delete(process);
      const ended = made.call === 'wait4' ? { ended: true } : {};
      this.#note({ ...made, ...ended }, this.#shown(made, reply));
    }
    this.#late.clear();
  }

  #shown({ call }: Made, { errno, value = 0, second = 0, text = '' }: Answer): Result {
    if (errno !== undefined) return { errno };
    switch (call) {
      case 'read':
        return { text };
      case 'bind':
      case 'close':
      case 'connect':
      case 'listen':
        return {};
      case 'pipe2':
        return { value, second };
      case 'wait4':
        return { value: this.#processOf(value), second };
      case 'getppid':
        return { value: value === 0 ? 0 : this.#processOf(value) };
      default:
        return { value };
    }
  }

  #processOf(pid: number): number {
    return [...this.#pids].find(([, each]) => each === pid)![0];
  }

  #note(made: Made, result: Result): void {
    this.made.push(made);
    this.results.push(result);
  }

  #ask(process: number, call: string, given: Partial<CallArguments>, child?: number): Answer {
    return this.#sentry.syscall({ process, child, call, args: withArguments(given) }, this.#calls());
  }

  #calls(): Parameters<ReturnType<typeof gvisorSentry>['syscall']>[1] {
    const complete = (result: SysResult<Partial<CallResult>>): CallResult =>
      result.ok
        ? { value: 0, second: 0, text: '', errno: undefined, ...result.value }
        : { value: 0, second: 0, text: '', errno: result.errno as CallResult['errno'] };
    return {
      finish: ({ process, ...reply }) => void this.#late.set(process, answer(reply)),
      interrupt: () => assert.fail('no signal does anything here'),
      load: () => 0,
      host: ({ call, args }) => complete(this.#host.host(call, args)),
      goferList: () => assert.fail('nothing is listed here'),
      goferOpen: ({ path, flags }) => {
        const opened = this.#host.goferOpen(path, flags);
        return complete(opened.ok ? { ok: true, value: { value: opened.value } } : opened);
      },
    };
  }
}

/** A server, a client, and what goes wrong between them. Descriptors 3 and 4 are the server's sockets, 5 the connection. */
const overLoopback: Parameters<RandomCalls['play']>[0] = [
  [0, 'socket'],
  [0, 'bind', { fd: 3, text: '127.0.0.1', number: 8080 }],
  [0, 'socket'],
  [0, 'bind', { fd: 4, text: '127.0.0.1', number: 8080 }],
  [0, 'connect', { fd: 4, text: '127.0.0.1', number: 8081 }],
  [0, 'listen', { fd: 3 }],
  [0, 'clone'],
  [0, 'accept4', { fd: 3 }],
  [1, 'socket'],
  [1, 'connect', { fd: 5, text: '127.0.0.1', number: 8080 }],
  [0, 'read', { fd: 5 }],
  [1, 'write', { fd: 5, text: 'ping' }],
  [0, 'write', { fd: 5, text: 'pong' }],
  [1, 'read', { fd: 5 }],
  [0, 'read', { fd: 5 }],
  [1, 'close', { fd: 5 }],
  [1, 'socket'],
  [1, 'connect', { fd: 5, text: '127.0.0.1', number: 8080 }],
  [1, 'write', { fd: 5, text: 'again' }],
  [0, 'accept4', { fd: 3 }],
  [0, 'read', { fd: 6 }],
  [0, 'read', { fd: 6 }],
  [1, 'exit_group'],
  [0, 'close', { fd: 3 }],
  [0, 'connect', { fd: 4, text: '127.0.0.1', number: 8080 }],
  [0, 'close', { fd: 3 }],
];

describe('the Sentry of gvisor.containment', () => {
  it('answers random calls of processes as the kernel of this machine does', function () {
    if (process.platform !== 'linux' || process.arch !== 'x64' || !isInstalled('python3')) this.skip();
    const cases = Array.from({ length: 60 }, (_, seed) => {
      const calls = new RandomCalls(seed);
      // The first case is no random one.
      if (seed === 0) calls.play(overLoopback);
      else calls.run(60);
      return calls;
    });
    const base = mkdtempSync(join(tmpdir(), 'trapframe-sentry-'));
    try {
      const { stdout, stderr, status } = spawnSync('python3', [script, base, cases[0]!.passwd], {
        input: JSON.stringify(cases.map(({ made }) => made)),
        encoding: 'utf8',
        maxBuffer: 64 << 20,
      });
      assert.equal(status, 0, stderr);
      const real = JSON.parse(stdout) as readonly (readonly Result[])[];
      cases.forEach(({ made, results }, seed) => {
        results.forEach((result, at) => {
          assert.deepEqual(
            result,
            real[seed]![at],
            `seed ${seed}, call ${at}: ${JSON.stringify(made[at])}\nafter ${JSON.stringify(made.slice(Math.max(0, at - 12), at))}`,
          );
        });
      });
      const waits = cases.flatMap(({ results }) => results).filter(({ waits }) => waits === true).length;
      assert.ok(waits > 100, 'enough calls waited');
    } finally {
      rmSync(base, { recursive: true });
    }
  });

  /*
   * By hand, from gVisor's own filters: futex in all of them, setsockopt in extra_filters_hostinet.go only, fsetxattr with directfs only; splice,
   * keyctl and io_uring_setup in none.
   */
  const reachable: Readonly<Record<string, (files: string, network: string) => boolean>> = {
    none: () => false,
    futex: () => true,
    setsockopt: (_, network) => network === 'host',
    fsetxattr: (files) => files === 'directfs',
    splice: () => false,
    keyctl: () => false,
    io_uring_setup: () => false,
  };
  for (const [hostBug, within] of Object.entries(reachable)) {
    it(`falls only to a bug in itself and one of the host within its filter: ${hostBug}`, () => {
      for (const files of ['gofer', 'directfs']) {
        for (const network of ['sandbox', 'host']) {
          for (const sentryBug of [false, true]) {
            const outcome = scenarios['gvisor.containment']!.execute({
              params: { hostBug, files, network, sentryBug, application: 'numbers' },
            });
            assert.ok(outcome.ok);
            const expected = sentryBug && within(files, network) ? 1 : 0;
            assert.equal(outcome.run.metrics['escapes'], expected, `${files} ${network} ${sentryBug}`);
          }
        }
      }
    });
  }

  it('holds alone: with the wall behind it taken away, nothing of the host is reached', () => {
    for (const hostBug of Object.keys(reachable)) {
      const outcome = scenarios['gvisor.containment']!.execute({ params: { hostBug, hostWall: false } });
      assert.ok(outcome.ok);
      assert.equal(outcome.run.metrics['escapes'], 0);
      assert.equal(outcome.run.metrics['failures'], 0);
    }
  });
});
