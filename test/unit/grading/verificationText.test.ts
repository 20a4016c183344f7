import assert from 'node:assert/strict';
import type { Problem } from '../../../src/course/model.ts';
import type { ExerciseVerification } from '../../../src/grading/verify/verification.ts';
import { verificationSummary, verificationText } from '../../../src/grading/verify/verificationText.ts';

const problem = (severity: Problem['severity']): Problem => ({
  severity,
  at: { file: 'a/lesson.md', line: 3, column: 1 },
  message: 'Mend this.',
});
const exercise = (
  kind: ExerciseVerification['kind'],
  runs: number,
  ...findings: readonly Problem[]
): ExerciseVerification => ({ lesson: 'a', id: kind, kind, ok: true, findings, runs });
const verification = (
  problems: readonly Problem[],
  ...exercises: readonly ExerciseVerification[]
): Parameters<typeof verificationText>[0] => ({ pack: 'p', ok: true, problems, exercises });

describe('a verification as text', () => {
  it('says of each exercise what was tried, and marks what has only warnings', () =>
    assert.equal(
      verificationText(
        verification(
          [],
          exercise('task', 2),
          exercise('figure', 2, problem('warning')),
          exercise('question', 0, problem('warning'), problem('error')),
          exercise('prediction', 2),
          exercise('critique', 0),
        ),
        'lessons',
      ),
      `✓ task        task, 2 cases
! figure      figure, 2 settings
    lessons/a/lesson.md:3:1: warning: Mend this.
✗ question    question
    lessons/a/lesson.md:3:1: warning: Mend this.
    lessons/a/lesson.md:3:1: error: Mend this.
✓ prediction  prediction, 2 variants
✓ critique    critique`,
    ));

  it('says one of what there is one of', () =>
    assert.equal(
      verificationText(
        verification([], exercise('task', 1), exercise('figure', 1), exercise('question', 1)),
        '',
      ),
      '✓ task      task, 1 case\n✓ figure    figure, 1 setting\n✓ question  question, 1 variant',
    ));

  it('is summed up with what is wrong with the files', () => {
    const both = [problem('error'), problem('warning')];
    assert.equal(
      verificationSummary(verification(both, exercise('task', 1))),
      '1 exercise or figure, 1 error, 1 warning',
    );
    assert.equal(
      verificationSummary(
        verification(both, exercise('task', 1, ...both, problem('warning')), exercise('figure', 1)),
      ),
      '2 exercises and figures, 2 errors, 3 warnings',
    );
    assert.equal(verificationSummary(verification([])), '0 exercises and figures, 0 errors, 0 warnings');
  });
});
