import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { lintPack } from '../../../src/course/lint.ts';
import { formatProblem } from '../../../src/course/problemList.ts';
import * as schemas from '../../../src/course/schemas.ts';
import { scenarios } from '../../../src/engine/scenarios.ts';
import { packOf } from './goldenPack.ts';

const page = readFileSync(new URL('../../../docs/lesson-format.md', import.meta.url), 'utf8');

/** Keys in the table of a section. */
function tableOf(heading: string): readonly string[] {
  const section = new RegExp(`\n#+ ${heading}\n([\\s\\S]*?)(?=\n#+ |$)`).exec(page)?.[1] ?? '';
  return [...section.matchAll(/^\| `([A-Za-z]+)`/gm)].map((match) => match[1]!).toSorted();
}

function keysOf(schema: z.ZodType): readonly string[] {
  const objects = schema instanceof z.ZodDiscriminatedUnion ? schema.options : [schema];
  return [...new Set(objects.flatMap((object) => Object.keys((object as z.ZodObject).shape)))].toSorted();
}

describe('the page on the lesson format', () => {
  it('shows a complete example that has no problems', async () => {
    const files: Record<string, string> = {};
    for (const [, path, , text] of page.matchAll(/^`([\w./-]+)`\n\n(`{3,4})\w+\n([\s\S]*?)^\2$/gm))
      files[path!] = text!;
    assert.deepEqual(Object.keys(files), [
      'pack.yaml',
      'round-robin/lesson.md',
      'round-robin/tasks/round-robin/task.yaml',
    ]);
    for (const name of [
      'starter/scheduler',
      'solution/scheduler',
      'wrong/never-rotates',
      'wrong/fixed-slice',
      'wrong/newest-first',
    ]) {
      files[`round-robin/tasks/round-robin/${name}.ts`] = '';
    }
    const { value, problems } = await lintPack(packOf(files), scenarios);
    assert.deepEqual(
      problems.map((problem) => formatProblem(problem)),
      [],
    );
    assert.deepEqual(
      value.lessons[0]!.parts.filter((part) => part.kind !== 'prose').map((part) => part.kind),
      ['figure', 'question', 'prediction', 'question', 'critique', 'task'],
    );
  });

  const sections: readonly (readonly [heading: string, schema: z.ZodType])[] = [
    ['pack.yaml', schemas.packSchema],
    ['Front matter', schemas.frontMatterSchema],
    ['figure', schemas.figureSchema],
    ['question', schemas.questionSchema],
    ['prediction', schemas.predictionSchema],
    ['critique', schemas.critiqueSchema],
    ['task', schemas.taskBlockSchema],
    ['task.yaml', schemas.taskSchema],
    ['checks', schemas.taskSchema.shape.checks.element],
  ];
  for (const [heading, schema] of sections) {
    it(`explains every key of ${heading}, and no other`, () =>
      assert.deepEqual(tableOf(heading), keysOf(schema)));
  }
});
