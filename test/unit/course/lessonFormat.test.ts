import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inNewestFormat, lessonFormats, type LessonFormats } from '../../../src/course/lessonFormat.ts';
import { lintPack } from '../../../src/course/lint.ts';
import { formatProblem } from '../../../src/course/problemList.ts';
import { scenarios } from '../../../src/engine/scenarios.ts';
import { packOf } from './goldenPack.ts';

/** A pack of every version that there has been, as it was written then: these files are never changed. */
const fixtures = new URL('formats/', import.meta.url);

describe('versions of the lesson format', () => {
  for (let version = 1; version <= lessonFormats.newest; version++) {
    it(`still reads a pack of format ${version}, every block of it`, async () => {
      const root = new URL(`${version}/`, fixtures);
      assert.ok(existsSync(root), `Put a pack of format ${version} into ${fileURLToPath(root)}.`);
      const files: Record<string, string> = {};
      for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
        if (!entry.isFile()) continue;
        const path = join(entry.parentPath, entry.name);
        files[relative(fileURLToPath(root), path).replaceAll('\\', '/')] = readFileSync(path, 'utf8');
      }
      const task = 'round-robin/tasks/round-robin';
      for (const name of ['starter/scheduler', 'solution/scheduler']) files[`${task}/${name}.ts`] = '';
      for (const name of ['never-rotates', 'fixed-slice', 'newest-first'])
        files[`${task}/wrong/${name}.ts`] = '';
      const { value, problems } = await lintPack(packOf(files), scenarios);
      assert.deepEqual(
        problems.map((problem) => formatProblem(problem)),
        [],
      );
      assert.deepEqual(
        value.lessons[0]!.parts.flatMap((part) => (part.kind === 'prose' ? [] : [part.kind])),
        ['figure', 'question', 'prediction', 'question', 'critique', 'task'],
      );
    });
  }

  it('has a step from every version to the next', () =>
    assert.deepEqual(
      Object.keys(lessonFormats.steps).map(Number),
      Array.from({ length: lessonFormats.newest - 1 }, (_, index) => index + 1),
    ));

  describe('step by step', () => {
    const formats: LessonFormats = {
      newest: 3,
      steps: {
        1: (text) => text.replace('\nmodul: ', '\nmodule: '),
        2: (text) => text.replaceAll('```quiz\n', '```question\n'),
      },
    };
    const lesson = (format: string, module: string, block: string): string =>
      `---\nid: a\n${module}: io\nformat: ${format}\n---\n\n\`\`\`${block}\nformat: 1\n\`\`\`\n`;
    const newest = lesson('3', 'module', 'question');

    it('takes the steps that a lesson lacks, in order, and writes the version', () => {
      assert.equal(inNewestFormat(lesson('1', 'modul', 'quiz'), formats), newest);
      assert.equal(inNewestFormat(lesson('2', 'module', 'quiz'), formats), newest);
      assert.equal(
        inNewestFormat(lesson('1 # old', 'modul', 'quiz'), formats),
        newest.replace('3', '3 # old'),
      );
    });
    it('leaves what is of the newest format, of a later or of none', () => {
      for (const text of [
        newest,
        lesson('4', 'modul', 'quiz'),
        lesson('x', 'modul', 'quiz'),
        lesson('0', 'modul', 'quiz'),
        '',
        'Text.',
      ])
        assert.equal(inNewestFormat(text, formats), text);
    });
    it('keeps its lines, so that problems name the right ones', () => {
      const migrated = inNewestFormat(lesson('1', 'modul', 'quiz'), formats);
      assert.equal(migrated.split('\n').length, newest.split('\n').length);
    });
    it('says what is missing where a step is', () =>
      assert.throws(
        () => inNewestFormat(lesson('1', 'modul', 'quiz'), { newest: 2, steps: {} }),
        /There is no step from format 1 to 2\./,
      ));
  });
});
