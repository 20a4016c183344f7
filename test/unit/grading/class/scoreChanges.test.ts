import assert from 'node:assert/strict';
import type {
  ClassHeader,
  ExerciseResult,
  LearnerResult,
} from '../../../../src/grading/class/classReport.ts';
import { changesText, scoreChanges } from '../../../../src/grading/class/scoreChanges.ts';
import type { TaskReport, Verdict } from '../../../../src/grading/report.ts';

const header: ClassHeader = {
  format: 1,
  kind: 'trapframe class report',
  pack: { id: 'os', title: 'Operating systems', contentHash: 'a' },
  engineVersion: '1.0.0',
  courseSeed: 1,
  lessons: [{ id: 'queues', title: 'Run queues' }],
  items: [
    { id: 'turns', kind: 'task', title: 'Turns', lesson: 'queues', maxPoints: 3, mistakes: [] },
    { id: 'mean', kind: 'question', title: 'A mean', lesson: 'queues', maxPoints: 1, mistakes: [] },
  ],
  problems: [],
};

/** What a check is worth, and how it went. */
type Outcome = readonly [worth: number, verdict: Verdict];

function turns(outcomes: Readonly<Record<string, Outcome>>, submissionHash = 'file'): ExerciseResult {
  const checks = Object.entries(outcomes).map(([id, [maxPoints, verdict]]) => ({
    id,
    title: id,
    verdict,
    points: verdict === 'passed' ? maxPoints : 0,
    maxPoints,
  }));
  const sum = (of: 'points' | 'maxPoints'): number => checks.reduce((total, check) => total + check[of], 0);
  const report = { checks, provenance: { submissionHash } } as unknown as TaskReport;
  const [points, maxPoints] = [sum('points'), sum('maxPoints')];
  return {
    id: 'turns',
    verdict: points === maxPoints ? 'passed' : 'failed',
    points,
    maxPoints,
    mistakes: [],
    report,
  };
}

const mean = (response: string, points: number, maxPoints = 1): ExerciseResult => ({
  id: 'mean',
  verdict: points > 0 ? 'passed' : 'failed',
  points,
  maxPoints,
  response,
  mistakes: [],
});

const learner = (id: string, ...exercises: readonly ExerciseResult[]): LearnerResult => ({
  learner: { id, aliases: [] },
  listed: true,
  seed: 1,
  points: exercises.reduce((sum, { points }) => sum + points, 0),
  maxPoints: exercises.reduce((sum, { maxPoints }) => sum + maxPoints, 0),
  exercises,
  problems: [],
});

async function* each(learners: readonly LearnerResult[]): AsyncIterable<LearnerResult> {
  yield* learners;
}

async function said(
  before: readonly LearnerResult[],
  after: readonly LearnerResult[],
  now: Partial<ClassHeader> = {},
): Promise<readonly string[]> {
  const changes = await scoreChanges({ ...header, learners: before }, { ...header, ...now }, each(after));
  return changesText(changes).split('\n');
}

describe('whose points change when a class is graded again', () => {
  it('is nobody where nothing changed', async () => {
    const ann = learner('ann', turns({ order: [2, 'passed'], ends: [1, 'failed'] }), mean('7', 1));
    assert.deepEqual(await said([ann], [ann]), [
      '1 compared: 0 with more points, 0 with fewer, 1 with as many.',
    ]);
  });

  it('is told with what is judged otherwise, losses first', async () => {
    const before = [
      learner('ann', turns({ order: [2, 'failed'], ends: [1, 'not reached'] })),
      learner('bob', turns({ order: [2, 'passed'], ends: [1, 'passed'] })),
    ];
    const after = [
      learner('ann', turns({ order: [2, 'passed'], ends: [1, 'failed'] })),
      learner('bob', turns({ order: [2, 'passed'], ends: [1, 'failed'] }, 'other')),
    ];
    assert.deepEqual(await said(before, after), [
      '2 compared: 1 with more points, 1 with fewer, 0 with as many.',
      'bob: 3 → 2 (−1)',
      '  turns: 3 → 2 (other file; ends: passed → failed)',
      'ann: 0 → 2 (+2)',
      '  turns: 0 → 2 (order: failed → passed; ends: not reached → failed)',
    ]);
  });

  it('is told with what a check or a question is worth now, where that changes points', async () => {
    const before = [
      learner('ann', turns({ order: [2, 'passed'], ends: [1, 'failed'] }), mean('7', 1)),
      learner('bob', turns({ order: [2, 'failed'], ends: [1, 'passed'] }), mean('8', 0)),
    ];
    const after = [
      learner('ann', turns({ order: [4, 'passed'], ends: [1, 'failed'] }), mean('7', 2, 2)),
      learner('bob', turns({ order: [4, 'failed'], ends: [1, 'passed'] }), mean('8', 0, 2)),
    ];
    assert.deepEqual(await said(before, after), [
      '2 compared: 1 with more points, 0 with fewer, 1 with as many.',
      'ann: 3 → 6 (+3)',
      '  turns: 2 → 4 (order: worth 2 → 4)',
      '  mean: 1 → 2 (worth 1 → 2)',
    ]);
  });

  it('is told with checks that came or went, and exercises that did', async () => {
    const before = [learner('ann', turns({ order: [2, 'passed'], ends: [1, 'passed'] }), mean('7', 1))];
    const after = [learner('ann', turns({ order: [2, 'passed'], fair: [3, 'failed'] }))];
    assert.deepEqual(await said(before, after), [
      '1 compared: 0 with more points, 1 with fewer, 0 with as many.',
      'ann: 4 → 2 (−2)',
      '  turns: 3 → 2 (fair: new → failed; ends: passed → gone)',
      '  mean: 1 → –',
    ]);
  });

  it('names who is no longer there, and who is new', async () => {
    assert.deepEqual((await said([learner('ann')], [learner('bob')])).slice(1), [
      'No longer there: ann',
      'New: bob',
    ]);
  });

  it('says first what differs in how the class was graded', async () => {
    const [item] = header.items;
    assert.deepEqual(
      (
        await said([], [], {
          pack: { ...header.pack, contentHash: 'b' },
          engineVersion: '1.1.0',
          courseSeed: 2026,
          hiddenSeed: 77,
          items: [item!],
        })
      ).slice(1),
      [
        'Graded otherwise than before: the pack was edited; Trapframe 1.0.0 → 1.1.0; course seed 1 → 2026; hidden seed none → 77; points in all 4 → 3.',
      ],
    );
    const other = { ...header.pack, id: 'nets', contentHash: 'b' };
    assert.deepEqual((await said([], [], { pack: other })).slice(1), [
      'Graded otherwise than before: pack os → nets.',
    ]);
  });
});
