import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import {
  withArguments,
  type Answer,
  type CallArguments,
  type Interruption,
} from '../../src/engine/gvisor/callRecords.ts';
import { gvisorSentry } from '../../src/engine/gvisor/gvisorSentry.ts';
import { signalNames, type SignalName } from '../../src/engine/gvisor/sentryPolicy.ts';
import { randomStreams, type RandomStream } from '../../src/engine/kernel/random.ts';
import { isInstalled } from './installedTool.ts';

/*
 * The Sentry's signals against the kernel of the machine that tests run on: random calls of up to five processes that signal each other, wait in pipes
 * and for children, and end. After each call all of them are compared: whose handlers ran, whose waiting calls ended and with what, who has ended.
 */
const script = fileURLToPath(new URL('signalKernel.py', import.meta.url));
const most = 5;
const handler = 0x4000;

interface Made extends Partial<CallArguments> {
  readonly process: number;
  readonly call: string;
  readonly child?: number;
  /** Of kill and wait4: the process, by its number in the case; {@link most} is nobody. */
  readonly target?: number;
}

interface Result {
  readonly errno?: string;
  readonly waits?: true;
  readonly value?: number;
  readonly second?: number;
  readonly text?: string;
}

interface News {
  result: Result | null;
  readonly finished: Record<number, Result>;
  readonly handled: Record<number, string[]>;
  readonly ended: number[];
}

class RandomSignals {
  readonly made: Made[] = [];
  readonly news: News[] = [];
  readonly #random: RandomStream;
  readonly #sentry = gvisorSentry();
  readonly #waiting = new Map<number, Made>();
  readonly #living = new Set([0]);
  readonly #children: number[] = [];
  /** Few, so that what is done about a signal often meets it. */
  readonly #signals: readonly SignalName[];
  /** The Sentry's number of each process. */
  readonly #pids = new Map<number, number>();
  /** Signals whose handlers ran and that were not told yet. */
  readonly #handled = new Map<number, Set<string>>();
  /** Handlers that have not returned yet. */
  readonly #running: Interruption[] = [];
  #news: News = { result: null, finished: {}, handled: {}, ended: [] };

  constructor(seed: number) {
    this.#random = randomStreams(seed).stream('calls');
    this.#signals = [...new Set([1, 2, 3].map(() => this.#random.choose(signalNames)))];
    this.#sentry.boot({ hostname: 'web', uid: 1000, programBreak: 4096, memoryLimit: 8192 }, this.#calls());
    this.#pids.set(0, this.#ask({ process: 0, call: 'getpid' }).value!);
    // The first process, which adopts orphans, is not to end.
    for (const signal of signalNames) {
      const flags = this.#random.integer(0, 1) === 0 ? ([signal, 'SA_RESTART'] as const) : [signal];
      if (signal !== 'SIGKILL') this.#make({ process: 0, call: 'rt_sigaction', address: handler, flags });
    }
  }

  run(steps: number): void {
    for (let step = 0; step < steps; step++) {
      const ready = [...this.#living].filter((process) => !this.#waiting.has(process));
      if (ready.length === 0) return;
      this.#make(this.#drawn(this.#random.choose(ready)));
    }
  }

  #drawn(process: number): Made {
    const random = this.#random;
    const fd = random.integer(3, 6);
    const signal = random.choose(this.#signals);
    switch (random.integer(0, 16)) {
      case 0:
        return { process, call: 'pipe2' };
      case 1:
        return { process, call: 'close', fd };
      case 2:
      case 3:
        return { process, call: 'write', fd, text: 'x'.repeat(random.integer(1, 5)) };
      case 4:
      case 5:
        return { process, call: 'read', fd };
      case 6:
      case 7: {
        const child = this.#children.length + 1;
        if (child === most) return { process, call: process === 0 ? 'rt_sigpending' : 'getppid' };
        return { process, call: 'clone', child };
      }
      case 8: {
        if (process === 0 || random.integer(0, 2) > 0) return { process, call: 'rt_sigpending' };
        return { process, call: 'exit_group', number: random.integer(0, 255) };
      }
      case 9:
        return { process, call: 'wait4', target: random.choose([...this.#children, most]) };
      case 10:
      case 11:
      case 12: {
        const target = random.choose([0, ...this.#children, most]);
        const call = random.choose(['kill', 'tgkill'] as const);
        // None at all only asks whether the process is there.
        const flags = target === 0 && signal === 'SIGKILL' ? [] : [signal];
        return { process, call, target, flags };
      }
      case 13:
      case 14: {
        const address = process === 0 ? handler : random.choose([0, 1, handler, handler]);
        const flags = random.integer(0, 1) === 0 ? ([signal, 'SA_RESTART'] as const) : [signal];
        return { process, call: 'rt_sigaction', address, flags };
      }
      default: {
        const how = random.choose(['SIG_BLOCK', 'SIG_UNBLOCK', 'SIG_UNBLOCK', 'SIG_SETMASK'] as const);
        const others = this.#signals.filter(() => random.integer(0, 3) === 0);
        return { process, call: 'rt_sigprocmask', flags: [how, ...others] };
      }
    }
  }

  #make(made: Made): void {
    this.#news = { result: null, finished: {}, handled: {}, ended: [] };
    const { process, call, child } = made;
    const reply = this.#ask(made);
    if (call === 'exit_group') this.#end(process);
    if (child !== undefined) {
      this.#children.push(child);
      this.#living.add(child);
      this.#pids.set(child, reply.value!);
    }
    if (reply.waits === true) this.#waiting.set(process, made);
    if (this.#living.has(process)) {
      this.#news.result = call === 'clone' ? { value: child! } : this.#shown(call, reply);
    }
    this.#return();
    for (const [each, signals] of this.#handled) {
      if (!this.#living.has(each) || this.#waiting.has(each)) continue;
      this.#news.handled[each] = [...signals].toSorted();
      this.#handled.delete(each);
    }
    this.#news.ended.sort((one, other) => one - other);
    this.made.push({ flags: [], ...made });
    this.news.push(this.#news);
  }

  /** All handlers return, each after those that interrupted it; then calls that were interrupted go on. */
  #return(): void {
    for (let last = this.#running.pop(); last !== undefined; last = this.#running.pop()) {
      const { process, restart } = last;
      if (!this.#living.has(process)) continue;
      this.#ask({ process, call: 'rt_sigreturn' });
      const waited = this.#waiting.get(process);
      if (waited === undefined || this.#running.some((each) => each.process === process)) continue;
      const reply: Answer = restart === true ? this.#ask(waited) : { errno: 'EINTR' };
      if (reply.waits !== true) this.#finished(process, reply);
    }
  }

  #end(process: number): void {
    this.#living.delete(process);
    this.#waiting.delete(process);
    this.#handled.delete(process);
    this.#news.ended.push(process);
  }

  #finished(process: number, reply: Answer): void {
    const made = this.#waiting.get(process);
    assert.ok(made, 'the Sentry finished a call that did not wait');
    this.#waiting.delete(process);
    this.#news.finished[process] = this.#shown(made.call, reply);
  }

  #shown(call: string, { errno, waits, value = 0, second = 0, text = '' }: Answer): Result {
    if (errno !== undefined) return { errno };
    if (waits === true) return { waits };
    switch (call) {
      case 'read':
      case 'rt_sigpending':
      case 'rt_sigprocmask':
        return { text };
      case 'close':
      case 'kill':
      case 'tgkill':
        return {};
      case 'pipe2':
        return { value, second };
      case 'wait4':
        return { value: this.#processOf(value), second };
      case 'getppid':
        return { value: this.#processOf(value) };
      default:
        return { value };
    }
  }

  #processOf(pid: number): number {
    return [...this.#pids].find(([, each]) => each === pid)![0];
  }

  #ask({ process, call, child, target, ...given }: Made): Answer {
    const number = target === undefined ? {} : { number: this.#pids.get(target) ?? 4_000_000 };
    const args = withArguments({ ...given, ...number });
    return this.#sentry.syscall({ process, child, call, args }, this.#calls());
  }

  #calls(): Parameters<ReturnType<typeof gvisorSentry>['syscall']>[1] {
    const none = (): never => assert.fail('signals need nobody but the Sentry');
    return {
      finish: ({ process, ...reply }) => this.#finished(process, reply),
      interrupt: (given) => {
        const { process, signal, ends } = given;
        assert.ok(this.#living.has(process), 'the Sentry interrupted a process that has ended');
        if (ends === true) {
          this.#end(process);
          return;
        }
        this.#handled.set(process, (this.#handled.get(process) ?? new Set()).add(signal));
        this.#running.push(given);
      },
      load: none,
      host: none,
      goferList: none,
      goferOpen: none,
    };
  }
}

describe('the signals of the Sentry of gvisor.containment', () => {
  it('do to random processes what those of the kernel of this machine do', function () {
    if (process.platform !== 'linux' || process.arch !== 'x64' || !isInstalled('python3')) this.skip();
    const cases = Array.from({ length: 120 }, (_, seed) => {
      const calls = new RandomSignals(seed);
      calls.run(80);
      return calls;
    });
    const { stdout, stderr, status } = spawnSync('python3', [script], {
      input: JSON.stringify(cases.map(({ made }) => made)),
      encoding: 'utf8',
      maxBuffer: 64 << 20,
    });
    assert.equal(status, 0, stderr);
    const real = JSON.parse(stdout) as readonly (readonly News[])[];
    cases.forEach(({ made, news }, seed) => {
      news.forEach((each, at) => {
        assert.deepEqual(
          JSON.parse(JSON.stringify(each)),
          real[seed]![at],
          `seed ${seed}, call ${at}: ${JSON.stringify(made[at])}\nafter ${JSON.stringify(made.slice(Math.max(0, at - 12), at))}`,
        );
      });
    });
    const all = cases.flatMap(({ news }) => news);
    const finished = all.flatMap((each) => Object.values(each.finished));
    const count = <T>(list: readonly T[], holds: (each: T) => boolean): number => list.filter(holds).length;
    const seen = {
      handled: count(all, ({ handled }) => Object.keys(handled).length > 0),
      interrupted: count(finished, ({ errno }) => errno === 'EINTR'),
      ended: count(all, ({ ended }) => ended.length > 0),
      broken: count(all, ({ result }) => result?.errno === 'EPIPE'),
    };
    assert.ok(
      Object.values(seen).every((times) => times > 10),
      JSON.stringify(seen),
    );
  });
});
