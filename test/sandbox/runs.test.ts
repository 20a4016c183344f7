import assert from 'node:assert/strict';
import { schedulerTable, someView } from './schedulerPolicy.ts';
import {
  runScheduler,
  runServer,
  schedulerModule,
  serverModule,
  serverTable,
  someRequest,
  testSandbox,
} from './testbed.ts';

describe('a module in the sandbox', () => {
  it('answers a decision with what its policy returns', async () => {
    const code = schedulerModule(
      'return { vcpu: input.waiting.toSorted((a, b) => b.waitedNs - a.waitedNs)[0].vcpu };',
    );
    assert.deepEqual(await runScheduler(code), { answers: [{ vcpu: 5 }], output: [] });
  });

  it('sees text, bytes, lists, choices and absent values as they were given', async () => {
    const code = serverModule(`
      console.log(input.path, input.mode, input.payload, input.tags, input.owner);
      console.log(input.payload instanceof Uint8Array, Array.isArray(input.tags), Object.keys(input));
      return { verdict: 'done', body: input.tags.join(''), data: input.payload, sizes: [1, -5], share: 0.5, note: undefined };`);
    assert.deepEqual(await runServer(code), {
      answers: [
        {
          verdict: 'done',
          body: 'abé😀',
          data: Uint8Array.of(1, 2, 3),
          sizes: [1, -5],
          share: 0.5,
          note: undefined,
        },
      ],
      output: [
        "/etc/motd read Uint8Array(3) [1, 2, 3] ['a', 'bé', '😀'] undefined",
        "true true ['path', 'mode', 'payload', 'tags', 'owner']",
      ],
    });
  });

  it('calls the engine, and a failed call throws CallError with its errno', async () => {
    const code = serverModule(
      `const seen = [];
      for (const block of [2, 6, 7]) {
        try { seen.push([...calls.readBlock({ block })].join()); }
        catch (e) { seen.push([e instanceof CallError, e.name, e.errno, e.message].join()); }
      }
      seen.push(calls.stat({ path: '/etc' }).kind, calls.stat({ path: '/none' }));
      try { calls.stat({ path: '/root' }) } catch (e) { seen.push(e.errno) }
      console.log(seen.join(' | '));
      return { verdict: 'refused', body: '', data: new Uint8Array(), sizes: [], share: 0, note: 'x' };`,
      "import { CallError } from 'trapframe';\n",
    );
    const { answers, output, fault } = await runServer(code);
    assert.equal(fault, undefined);
    assert.deepEqual(output, [
      '2,255 | true,CallError,EIO,readBlock failed with EIO | true,CallError,ENXIO,readBlock failed with ENXIO | directory |  | EACCES',
    ]);
    assert.deepEqual(answers, [
      { verdict: 'refused', body: '', data: new Uint8Array(), sizes: [], share: 0, note: 'x' },
    ]);
  });

  it('has fresh module state in every run, and the same random numbers and clock', async () => {
    const text = schedulerModule(
      'console.log(++asked, drawn, Math.random(), Date.now(), new Date().toISOString()); return { vcpu: asked };',
      'let asked = 0; const drawn = Math.random();\n',
    );
    const loaded = await (await testSandbox()).load({ file: 'scheduler.ts', text }, schedulerTable);
    assert.ok(loaded.ok);
    const outputs = [1, 2].map(() => {
      const { scheduler } = loaded.submission.start({ scheduler: {} });
      assert.deepEqual(scheduler!['pickNext']!(someView), { vcpu: 1 });
      assert.deepEqual(scheduler!['pickNext']!(someView), { vcpu: 2 });
      return loaded.submission.output();
    });
    assert.deepEqual(outputs[0], outputs[1]);
    assert.match(outputs[0]!.join('\n'), /^1 0\.\d+ 0\.\d+ 1767225600000 2026-01-01T00:00:00\.000Z\n2 /);
  });

  it('can run twice at the same time', async () => {
    const text = schedulerModule('return { vcpu: asked++ };', 'let asked = 0;\n');
    const loaded = await (await testSandbox()).load({ file: 'scheduler.ts', text }, schedulerTable);
    assert.ok(loaded.ok);
    const [first, second] = [1, 2].map(
      () => loaded.submission.start({ scheduler: {} })['scheduler']!['pickNext']!,
    );
    assert.deepEqual(
      [first!(someView), first!(someView), second!(someView)],
      [{ vcpu: 0 }, { vcpu: 1 }, { vcpu: 0 }],
    );
  });

  it('may keep an input: it never changes afterwards', async () => {
    const text = schedulerModule(
      `kept.push(input, input.waiting, input.waiting[0]);
      for (const each of kept) console.log(JSON.stringify(each));
      return { vcpu: 0 };`,
      'const kept = [];\n',
    );
    const loaded = await (await testSandbox()).load({ file: 'scheduler.ts', text }, schedulerTable);
    assert.ok(loaded.ok);
    const { scheduler } = loaded.submission.start({ scheduler: {} });
    const views = [1, 2, 3].map((nowNs) => ({
      nowNs,
      waiting: Array.from({ length: nowNs }, (_, index) => ({
        vcpu: index,
        waitedNs: nowNs * 10,
        boosted: false,
      })),
    }));
    for (const view of views) scheduler!['pickNext']!(view);
    const kept = (count: number): string[] =>
      views
        .slice(0, count)
        .flatMap((view) => [view, view.waiting, view.waiting[0]].map((each) => JSON.stringify(each)));
    assert.deepEqual(loaded.submission.output(), [...kept(1), ...kept(2), ...kept(3)]);
  });

  it('leaves out a method that may be absent', async () => {
    const sandbox = await testSandbox();
    const answer =
      'answer() { return { verdict: "done", body: "", data: new Uint8Array(1), sizes: [], share: 1 } }';
    for (const [closed, present] of [
      ['', false],
      ['closed: ({ atNs }) => console.log("closed at", atNs)', true],
    ] as const) {
      const text = `export const server = { ${answer}, ${closed} }`;
      const loaded = await sandbox.load({ file: 'server.ts', text }, serverTable);
      assert.ok(loaded.ok);
      const { server } = loaded.submission.start({ server: {} });
      assert.equal(server!['closed'] !== undefined, present);
      server!['closed']?.({ atNs: 7 });
      assert.deepEqual(loaded.submission.output(), present ? ['closed at 7'] : []);
      server!['answer']!(someRequest);
    }
  });

  it('may be an instance of a class, and its methods see `this`', async () => {
    const code = `class Longest { best = 0; pickNext({ waiting }) { for (const { vcpu } of waiting) this.best = Math.max(this.best, vcpu); return this; } get vcpu() { return this.best; } }
      export const scheduler = new Longest();`;
    assert.deepEqual(await runScheduler(code), { answers: [{ vcpu: 5 }], output: [] });
  });

  it('turns a minus zero into zero', async () => {
    const { answers } = await runServer(
      serverModule(`return { verdict: 'done', body: '', data: new Uint8Array(), sizes: [-0], share: -0 };`),
    );
    const [{ sizes, share }] = answers as [{ sizes: number[]; share: number }];
    assert.ok(Object.is(sizes[0], 0) && Object.is(share, 0));
  });

  it('tells the engine of an exception of its own call handler, past any catch of the learner', async () => {
    const text = serverModule('try { calls.stat({ path: "/x" }) } catch { } finally { for (;;); }');
    const loaded = await (await testSandbox()).load({ file: 'server.ts', text }, serverTable);
    assert.ok(loaded.ok);
    const refusal = new Error('the engine ends the run');
    const { server } = loaded.submission.start({
      server: {
        stat: () => {
          throw refusal;
        },
      },
    });
    assert.throws(
      () => server!['answer']!(someRequest),
      (thrown) => thrown === refusal,
    );
    assert.throws(() => server!['answer']!(someRequest), { name: 'PolicyFault' });
  });

  it('may be asked a decision while a call of another decision is answered', async () => {
    const text = serverModule(
      `depth++;
      const found = depth < 3 ? calls.stat({ path: String(depth) })?.size : 0;
      return { verdict: 'done', body: input.path + found, data: new Uint8Array(), sizes: [], share: 0 };`,
      'let depth = 0;\n',
    );
    const loaded = await (await testSandbox()).load({ file: 'server.ts', text }, serverTable);
    assert.ok(loaded.ok);
    const bodies: unknown[] = [];
    const decide = (path: string): void => {
      bodies.push((server!['answer']!({ ...someRequest, path }) as { body: string }).body);
    };
    const { server } = loaded.submission.start({
      server: {
        stat: (input) => {
          const { path } = input as { path: string };
          decide(`inner${path}/`);
          return { ok: true, value: { size: Number(path), kind: 'file' } };
        },
      },
    });
    decide('outer/');
    assert.deepEqual(bodies, ['inner2/0', 'inner1/2', 'outer/1']);
  });
});
