import assert from 'node:assert/strict';
import type { Task } from '../../../src/course/model.ts';
import type { GradingRequest, GradingResult } from '../../../src/grading/grader.ts';
import type { WorkerOptions } from '../../../src/grading/killableWorker.ts';
import { WorkerGrader } from '../../../src/grading/workerGrader.ts';
import type { FromGradingWorker, ToGradingWorker, WorkerPort } from '../../../src/grading/workerMessages.ts';
import { WorkerPool } from '../../../src/grading/workerPool.ts';

/** A worker that a test plays itself. */
class PlayedWorker implements WorkerPort {
  readonly posted: ToGradingWorker[] = [];
  terminated = 0;
  #listen: (message: FromGradingWorker) => void = () => undefined;
  #fail: (message: string) => void = () => undefined;

  post(message: ToGradingWorker): void {
    this.posted.push(message);
  }
  onMessage(listen: (message: FromGradingWorker) => void): void {
    this.#listen = listen;
  }
  onError(listen: (message: string) => void): void {
    this.#fail = listen;
  }
  terminate(): void {
    this.terminated++;
  }

  say(message: FromGradingWorker): Promise<void> {
    this.#listen(message);
    return settled();
  }
  die(message: string): Promise<void> {
    this.#fail(message);
    return settled();
  }
}

/** Lets everything go on that does not wait for the test. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Workers, timers and the bytes of the sandbox in the hands of a test. */
class Stage {
  readonly workers: PlayedWorker[] = [];
  readonly timers: { readonly milliseconds: number; readonly expire: () => void; off: boolean }[] = [];
  readonly options: WorkerOptions = {
    spawn: () => {
      const worker = new PlayedWorker();
      this.workers.push(worker);
      return worker;
    },
    wasm: () => Promise.resolve(Uint8Array.of(1)),
    engineVersion: '1.2.3',
    wallMs: 5_000,
    startTimer: (milliseconds, expire) => {
      const timer = { milliseconds, expire, off: false };
      this.timers.push(timer);
      return () => {
        timer.off = true;
      };
    },
  };

  get latest(): PlayedWorker {
    return this.workers.at(-1)!;
  }
  /** What the latest worker was asked, but for its start. */
  get asked(): readonly string[] {
    return this.latest.posted.flatMap((message) =>
      message.type === 'grade' ? [message.request.source] : [],
    );
  }

  async ready(): Promise<void> {
    await settled();
    await this.latest.say({ type: 'ready' });
  }
  async expire(): Promise<void> {
    this.timers.findLast((timer) => !timer.off)!.expire();
    await settled();
  }
}

const request = (id: string, source: string, lessonHash = 'lesson'): GradingRequest => ({
  task: { id, checks: [{ id: 'check', title: 'Check', points: 2 }] } as unknown as Task,
  source,
  seed: 1,
  lessonHash,
});
const result = (name: string): GradingResult =>
  ({ report: { task: name, verdict: 'passed' }, pictures: {} }) as unknown as GradingResult;
const done = (name: string): FromGradingWorker => ({ type: 'done', result: result(name) });
const faultOf = ({ report }: GradingResult): string =>
  `${report.verdict} ${report.fault?.kind}: ${report.fault?.message}`;

describe('a grader in a worker', () => {
  let stage: Stage;
  let grader: WorkerGrader;
  beforeEach(() => {
    stage = new Stage();
    grader = new WorkerGrader(stage.options);
  });

  it('starts one worker at first use, with the bytes of the sandbox, and asks one thing at a time', async () => {
    const first = grader.grade(request('a', '1'));
    const second = grader.grade(request('b', '2'));
    await stage.ready();
    assert.deepEqual(stage.latest.posted[0], {
      type: 'start',
      wasm: Uint8Array.of(1),
      engineVersion: '1.2.3',
    });
    assert.deepEqual(stage.asked, ['1']);
    await stage.latest.say(done('a'));
    assert.deepEqual(await first, result('a'));
    assert.deepEqual(stage.asked, ['1', '2']);
    await stage.latest.say(done('b'));
    assert.deepEqual(await second, result('b'));
    assert.equal(stage.workers.length, 1);
    assert.ok(
      stage.timers.every(({ off }) => off),
      'every timer was called off',
    );
  });

  it('is ready for the first check when it was prepared', async () => {
    const prepared = grader.prepare();
    await stage.ready();
    await prepared;
    void grader.grade(request('a', '1'));
    await settled();
    assert.deepEqual(stage.asked, ['1']);
    assert.equal(stage.workers.length, 1);
  });

  it('grades the latest text of a task that still waits, for all who asked', async () => {
    void grader.grade(request('a', 'under way'));
    const waiting = [request('b', 'old'), request('b', 'newer'), request('b', 'newest')].map((each) =>
      grader.grade(each),
    );
    const elsewhere = grader.grade(request('b', 'of another pack', 'other lesson'));
    await stage.ready();
    await stage.latest.say(done('a'));
    await stage.latest.say(done('b'));
    await stage.latest.say(done('c'));
    assert.deepEqual(stage.asked, ['under way', 'newest', 'of another pack']);
    assert.deepEqual(await Promise.all(waiting), [result('b'), result('b'), result('b')]);
    assert.deepEqual(await elsewhere, result('c'));
  });

  it('kills a worker that is silent, says so, and grades on with another', async () => {
    const silent = grader.grade(request('a', '1'));
    const next = grader.grade(request('b', '2'));
    await stage.ready();
    const [killed] = stage.workers;
    await stage.expire();
    assert.match(
      faultOf(await silent),
      /^ungradable wall: Your code kept the checker busy for 5 s, so it was stopped/,
    );
    assert.equal(killed!.terminated, 1);
    await stage.ready();
    assert.equal(stage.workers.length, 2);
    await killed!.say(done('late'));
    await stage.latest.say(done('b'));
    assert.deepEqual(await next, result('b'));
  });

  it('reports a worker that dies while it grades, and starts another', async () => {
    const dying = grader.grade(request('a', '1'));
    await stage.ready();
    await stage.latest.die('out of memory');
    assert.equal(
      faultOf(await dying),
      "ungradable crash: The checker failed: out of memory. This is not your code's fault; check again.",
    );
    const next = grader.grade(request('a', '2'));
    await stage.ready();
    await stage.latest.say(done('a'));
    assert.deepEqual(await next, result('a'));
    assert.equal(stage.workers.length, 2);
  });

  it('starts another worker when one has died in between, and nobody notices', async () => {
    const first = grader.grade(request('a', '1'));
    await stage.ready();
    await stage.latest.say(done('a'));
    await first;
    await stage.latest.die('the machine slept');
    const next = grader.grade(request('a', '2'));
    await stage.ready();
    assert.equal(stage.workers.length, 2);
    await stage.latest.say(done('b'));
    assert.deepEqual(await next, result('b'));
  });

  it('starts one worker and not two when it is prepared and asked at once after a death', async () => {
    const first = grader.prepare();
    await stage.ready();
    await first;
    await stage.latest.die('the machine slept');
    const prepared = grader.prepare();
    const graded = grader.grade(request('a', '1'));
    await stage.ready();
    await prepared;
    await stage.latest.say(done('a'));
    assert.deepEqual(await graded, result('a'));
    assert.equal(stage.workers.length, 2);
  });

  it('says when the worker cannot start, and tries again the next time', async () => {
    const failing = grader.grade(request('a', '1'));
    await settled();
    await stage.latest.say({ type: 'failed', message: 'no WebAssembly here' });
    assert.equal(
      faultOf(await failing),
      'ungradable crash: The checker could not start: no WebAssembly here. Check again.',
    );
    assert.equal(stage.latest.terminated, 1);
    const dying = grader.grade(request('a', '2'));
    await settled();
    await stage.latest.die('the worker ended with code 1');
    assert.match(faultOf(await dying), /could not start: the worker ended with code 1/);
    const silent = grader.grade(request('a', '3'));
    await settled();
    await stage.expire();
    assert.match(faultOf(await silent), /could not start: it did not start within 60 s/);
    const next = grader.grade(request('a', '4'));
    await stage.ready();
    await stage.latest.say(done('a'));
    assert.deepEqual(await next, result('a'));
    assert.equal(stage.workers.length, 4);
  });

  it('says when its files are missing', async () => {
    const broken = new WorkerGrader({
      ...stage.options,
      wasm: () => Promise.reject(new Error('ENOENT: quickjs.wasm')),
    });
    await broken.prepare();
    assert.match(faultOf(await broken.grade(request('a', '1'))), /could not start: ENOENT: quickjs\.wasm/);
    const unspawned = new WorkerGrader({
      ...stage.options,
      spawn: () => {
        throw new Error('no more threads');
      },
    });
    assert.match(faultOf(await unspawned.grade(request('a', '1'))), /could not start: no more threads/);
  });

  it('answers everybody when it is closed: under way, waiting, and later', async () => {
    const underWay = grader.grade(request('a', '1'));
    const waiting = grader.grade(request('b', '2'));
    await stage.ready();
    grader.dispose();
    const later = grader.grade(request('c', '3'));
    for (const each of [underWay, waiting, later]) {
      assert.equal(faultOf(await each), 'ungradable crash: The checker was closed. Check again.');
    }
    assert.equal(stage.latest.terminated, 1);
    assert.equal(stage.workers.length, 1);
  });

  it('leaves no worker behind when it is closed while one starts', async () => {
    const starting = grader.grade(request('a', '1'));
    grader.dispose();
    assert.match(faultOf(await starting), /was closed/);
    await settled();
    assert.ok(stage.workers.every(({ terminated }) => terminated === 1));
  });

  it('gives the points of an ungradable report as none of all', async () => {
    const failing = grader.grade(request('a', '1'));
    await settled();
    await stage.latest.die('x');
    const { report } = await failing;
    assert.deepEqual([report.points, report.maxPoints, report.checks[0]!.verdict], [0, 2, 'ungradable']);
    assert.equal(report.provenance.engineVersion, '1.2.3');
  });
});

describe('a pool of workers', () => {
  it('asks as many at once as it has, first come, first served', async () => {
    const stage = new Stage();
    const pool = new WorkerPool(stage.options, 2);
    const ended: string[] = [];
    const all = ['1', '2', '3', '4', '5'].map(async (source) => {
      const outcome = await pool.ask('grade', request('same task', source));
      assert.ok(outcome.ok);
      ended.push(outcome.result.report.task);
    });
    await settled();
    for (const worker of stage.workers) await worker.say({ type: 'ready' });
    const [first, second] = stage.workers as [PlayedWorker, PlayedWorker];
    assert.equal(stage.workers.length, 2);
    await second.say(done('2'));
    await first.say(done('1'));
    await first.say(done('4'));
    await second.say(done('3'));
    await first.say(done('5'));
    await Promise.all(all);
    assert.deepEqual(ended, ['2', '1', '4', '3', '5']);
    const sources = (worker: PlayedWorker) =>
      worker.posted.flatMap((message) => (message.type === 'grade' ? [message.request.source] : []));
    assert.deepEqual(
      [sources(first), sources(second)],
      [
        ['1', '4', '5'],
        ['2', '3'],
      ],
    );
    pool.dispose();
    assert.deepEqual(
      stage.workers.map(({ terminated }) => terminated),
      [1, 1],
    );
  });

  it('goes on when one of its workers dies, and fails all when it is closed', async () => {
    const stage = new Stage();
    const pool = new WorkerPool(stage.options, 1);
    const dying = pool.ask('grade', request('a', '1'));
    const next = pool.ask('grade', request('a', '2'));
    await stage.ready();
    await stage.latest.die('gone');
    assert.deepEqual(await dying, { ok: false, reason: 'crash', detail: 'gone' });
    await stage.ready();
    await stage.latest.say(done('a'));
    assert.deepEqual(await next, { ok: true, result: result('a') });
    const underWay = pool.ask('grade', request('a', '3'));
    const waiting = pool.ask('grade', request('a', '4'));
    await settled();
    pool.dispose();
    assert.deepEqual(await Promise.all([underWay, waiting]), [
      { ok: false, reason: 'closed' },
      { ok: false, reason: 'closed' },
    ]);
  });
});
