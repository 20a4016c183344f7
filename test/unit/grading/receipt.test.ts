import assert from 'node:assert/strict';
import fc from 'fast-check';
import { canonicalJson } from '../../../src/grading/canonicalJson.ts';
import { gradeTask } from '../../../src/grading/gradeTask.ts';
import {
  parseReceipt,
  receiptDifferences,
  receiptOf,
  requestBehind,
  serializeReceipt,
  type Receipt,
} from '../../../src/grading/receipt.ts';
import { counterFile, countingScenarios } from './countingPack.ts';
import { countingTask, gradingTools } from './testbed.ts';

describe('canonical JSON', () => {
  it('has one spelling for each value', () => {
    assert.equal(
      canonicalJson({ b: [1.5, 'ä\n', null, true], a: { 10: 1, 9: 2 }, none: undefined }),
      '{"a":{"10":1,"9":2},"b":[1.5,"ä\\n",null,true]}',
    );
    assert.equal(canonicalJson(undefined), 'null');
    assert.equal(canonicalJson(JSON.parse('{"__proto__":1,"a":2}')), '{"__proto__":1,"a":2}');
  });

  it('does not depend on the order of members, and loses nothing', () => {
    const shuffled = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(shuffled);
      if (typeof value !== 'object' || value === null) return value;
      return Object.fromEntries(
        Object.entries(value)
          .toReversed()
          .map(([name, each]) => [name, shuffled(each)]),
      );
    };
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = canonicalJson(value);
        assert.equal(canonicalJson(shuffled(value)), text);
        assert.deepEqual(JSON.parse(text), JSON.parse(JSON.stringify(value)));
        assert.equal(canonicalJson(JSON.parse(text)), text);
      }),
    );
  });
});

describe('a receipt', () => {
  const source = counterFile('return last < 2 ? last + 1 : last;');
  const tools = gradingTools(countingScenarios);
  let receipt: Receipt;
  before(async () => {
    const { lesson, task } = await countingTask();
    const request = { task, source, seed: 9, lessonHash: lesson.contentHash };
    receipt = receiptOf('numbers', source, (await gradeTask(request, await tools)).report);
  });

  /** What is said of a receipt's text when what it names is graded again. */
  async function differences(
    text: string,
    version = '1.2.3',
    lessonHash?: string,
  ): Promise<readonly string[]> {
    const read = parseReceipt(text);
    assert.ok(read.ok);
    const { lesson, task } = await countingTask();
    const request = requestBehind(read.value, { task, lessonHash: lessonHash ?? lesson.contentHash });
    const { report } = await gradeTask(request, { ...(await tools), engineVersion: version });
    return receiptDifferences(text, read.value, receiptOf('numbers', read.value.source, report));
  }
  const forged = (change: (receipt: Record<string, never>) => void): string => {
    const copy = JSON.parse(serializeReceipt(receipt)) as Record<string, never>;
    change(copy);
    return serializeReceipt(copy as unknown as Receipt);
  };

  it('is the same bytes each time, and comes out again to the byte', async () => {
    const text = serializeReceipt(receipt);
    assert.ok(text.endsWith('}\n') && text.indexOf('\n') === text.length - 1);
    assert.deepEqual(await differences(text), []);
  });

  it('does not hold with other points, for the whole or for a check', async () => {
    const forgedText = forged((copy) => {
      Object.assign(copy['report']!, { points: 6, verdict: 'passed' });
      Object.assign((copy['report']!['checks'] as object[])[0]!, { verdict: 'passed', points: 3 });
    });
    assert.deepEqual(await differences(forgedText), [
      'Verdict: the receipt says passed, re-execution gives failed.',
      'Points: the receipt says 6, re-execution gives 2.',
      'Check goes-up: the receipt says passed, 3 points, re-execution gives failed, 0 points.',
    ]);
  });

  it('does not hold with another source', async () => {
    const better = counterFile('return last + (doubled ? 2 : 1);');
    const text = forged((copy) => Object.assign(copy, { source: better }));
    const [hash, ...more] = await differences(text);
    assert.match(
      hash!,
      /^Submission hash: the receipt says [0-9a-f]{12}…, re-execution gives [0-9a-f]{12}…\. The source is not the one that was graded\.$/,
    );
    assert.deepEqual(more.slice(0, 2), [
      'Verdict: the receipt says failed, re-execution gives passed.',
      'Points: the receipt says 2, re-execution gives 6.',
    ]);
  });

  it('does not hold for another seed', async () => {
    const text = forged((copy) => {
      Object.assign(copy['provenance']!, { seed: 10 });
      Object.assign(copy['report']!['provenance'], { seed: 10 });
    });
    const [where, ...more] = await differences(text);
    assert.match(where!, /^report\.checks\.0\.\S+ differs\.$/);
    assert.deepEqual(more, []);
  });

  it('names a lesson that has changed since', async () => {
    const [lesson, ...more] = await differences(serializeReceipt(receipt), '1.2.3', 'f'.repeat(64));
    assert.match(
      lesson!,
      /^Lesson hash: the receipt says [0-9a-f]{12}…, re-execution gives ffffffffffff…\. The lesson or its task has changed since: use the one of that time\.$/,
    );
    assert.deepEqual(more, []);
  });

  it('names another version of the engine', async () =>
    assert.deepEqual(await differences(serializeReceipt(receipt), '2.0.0'), [
      'Engine version: the receipt says 1.2.3, re-execution gives 2.0.0. Other versions may judge otherwise: use that one.',
    ]));

  it('does not hold when a word of the report was changed', async () => {
    const text = forged((copy) =>
      Object.assign((copy['report']!['checks'] as { failure: object }[])[0]!.failure, {
        because: 'It was fine.',
      }),
    );
    assert.deepEqual(await differences(text), ['report.checks.0.failure.because differs.']);
  });

  it('does not hold when something was added or written anew', async () => {
    assert.deepEqual(await differences(forged((copy) => Object.assign(copy, { grade: 'A' }))), [
      'grade differs.',
    ]);
    const written = JSON.stringify(receipt, undefined, 2);
    assert.deepEqual(await differences(written), [
      'The content is the same, but it was written anew: its bytes are not those of a receipt.',
    ]);
    // Whoever reads the first of two members sees other points than whoever reads the last.
    const twice = serializeReceipt(receipt).replace(
      '"points":2,"provenance"',
      '"points":6,"points":2,"provenance"',
    );
    assert.notEqual(twice, serializeReceipt(receipt));
    assert.equal((await differences(twice)).length, 1);
  });

  it('is read with the mark of an editor in front of it, and nowhere else', () => {
    const text = serializeReceipt(receipt);
    assert.deepEqual(parseReceipt(`\uFEFF${text}`), parseReceipt(text));
    assert.ok(!parseReceipt(` \uFEFF${text}`).ok);
  });

  it('has the pinned cases graded again that were graded', async () => {
    const { lesson, task } = await countingTask();
    const { id, failure } = receipt.report.checks.find((check) => check.failure !== undefined)!;
    const { scenario, params, seed } = failure!.case;
    const pinned = [{ check: id, scenario, params, seed }];
    const request = { task, source, seed: 9, lessonHash: lesson.contentHash, pinned };
    const own = receiptOf('numbers', source, (await gradeTask(request, await tools)).report);
    assert.deepEqual(requestBehind(own, { task, lessonHash: lesson.contentHash }), request);
    assert.ok(!('pinned' in requestBehind(receipt, { task, lessonHash: lesson.contentHash })));
    assert.deepEqual(await differences(serializeReceipt(own)), []);
  });

  it('says where something else stands in the place of a part', async () => {
    const check = (change: object): string =>
      forged((copy) => Object.assign((copy['report']!['checks'] as object[])[0]!, change));
    assert.deepEqual(await differences(check({ failure: null })), ['report.checks.0.failure differs.']);
    assert.deepEqual(await differences(check({ failure: 'none' })), ['report.checks.0.failure differs.']);
    assert.deepEqual(await differences(check({ title: { en: 'x' } })), ['report.checks.0.title differs.']);
    assert.deepEqual(await differences(check({ title: null })), ['report.checks.0.title differs.']);
    assert.deepEqual(await differences(forged((copy) => Object.assign(copy['report']!, { maxPoints: 7 }))), [
      'Maximum of points: the receipt says 7, re-execution gives 6.',
    ]);
    assert.deepEqual(await differences(forged((copy) => delete copy['report']!['maxPoints'])), [
      'Maximum of points: the receipt says nothing, re-execution gives 6.',
    ]);
    assert.match(
      (await differences(forged((copy) => Object.assign(copy['report']!, { verdict: 'p'.repeat(40) }))))[0]!,
      /^Verdict: the receipt says p{40}, re-execution gives failed\.$/,
    );
  });

  it('is not read from what is none', () => {
    const problem = (text: string): string => {
      const read = parseReceipt(text);
      assert.ok(!read.ok);
      return read.problem;
    };
    const next = 'Make one with: trapframe check <task> <file> --receipt';
    assert.equal(problem('nonsense'), `is not JSON. ${next}`);
    assert.equal(problem('[]'), `is not a receipt. ${next}`);
    assert.equal(problem('{"kind":"receipt"}'), `is not a receipt. ${next}`);
    const kind = { kind: 'trapframe receipt' };
    assert.equal(
      problem(JSON.stringify({ ...kind, format: 2 })),
      'has format 2, which a newer Trapframe wrote. Update Trapframe.',
    );
    assert.equal(
      problem(JSON.stringify({ ...kind, format: 'x' })),
      `has the format "x" in place of 1. ${next}`,
    );
    assert.equal(problem(JSON.stringify({ ...kind, format: 0 })), `has the format 0 in place of 1. ${next}`);
    assert.equal(
      problem(JSON.stringify({ ...kind, format: '2' })),
      `has the format "2" in place of 1. ${next}`,
    );
    const complete = {
      ...kind,
      format: 1,
      pack: 'p',
      task: 't',
      source: 's',
      provenance: { seed: 1 },
      report: {},
    };
    assert.ok(parseReceipt(JSON.stringify(complete)).ok);
    assert.equal(problem(JSON.stringify({ ...complete, source: 7 })), `has no "source". ${next}`);
    assert.equal(
      problem(JSON.stringify({ ...complete, provenance: { seed: 1.5 } })),
      `does not say the seed, "provenance.seed". ${next}`,
    );
    for (const report of [null, 'fine', []])
      assert.equal(problem(JSON.stringify({ ...complete, report })), `has no "report". ${next}`);
    const pinnedCase = { check: 'goes-up', scenario: 'numbers', params: { steps: 2 }, seed: 4 };
    const withPinned = (pinned: unknown): string =>
      JSON.stringify({ ...complete, provenance: { seed: 1, pinned } });
    assert.ok(parseReceipt(withPinned([pinnedCase])).ok);
    for (const pinned of [7, {}, [pinnedCase, 'another']])
      assert.equal(
        problem(withPinned(pinned)),
        `has pinned cases that cannot be read, "provenance.pinned". ${next}`,
      );
  });

  it('whose report is anything at all is only one that does not hold', async () => {
    await fc.assert(
      fc.asyncProperty(fc.object(), async (report) => {
        const text = serializeReceipt({ ...receipt, report: report as never });
        assert.ok((await differences(text)).length > 0);
      }),
      { numRuns: 20 },
    );
  });
});
