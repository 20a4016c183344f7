import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { learnerSeed } from '../../../../src/course/seeds.ts';
import { commands } from '../../../../src/cli/commands.ts';
import { parseArguments } from '../../../../src/cli/parseArguments.ts';
import { reportNames } from '../../../../src/cli/grade/reportFormats.ts';
import { temporaryFolder, trapframe } from '../terminal.ts';
import { submission, writeFiles } from './classFolder.ts';

const handbook = await readFile(new URL('../../../../docs/grading-a-class.md', import.meta.url), 'utf8');
const lines = [...handbook.matchAll(/```sh\n(.*?)```/gs)]
  .flatMap(([, block]) => block!.split('\n'))
  .map((line) => line.replace(/ +#.*$/, ''))
  .filter((line) => line !== '');
const words = (line: string): readonly string[] => line.split(' ').slice(1);

describe('the handbook docs/grading-a-class.md', () => {
  const folder = temporaryFolder();

  it('shows commands that there are, with options that they take', () => {
    assert.ok(lines.length >= 5);
    for (const line of lines) {
      const [name, ...rest] = words(line);
      const command = commands.find((each) => each.name === name);
      assert.ok(command !== undefined, line);
      parseArguments(command, rest);
    }
  });

  it('names every report', () => {
    for (const name of reportNames) assert.ok(handbook.includes(`\`${name}\``), name);
  });

  it('works in the order in which it is read', async () => {
    await writeFiles(folder(), {
      'submissions/ann/round-robin/scheduler.ts': submission('solution'),
      'submissions/bob/round-robin/scheduler.ts': submission('double-slice'),
      'list.csv': 'id\nann\nbob\n',
    });
    for (const line of lines) {
      if (line.includes('merge')) {
        for (const index of [2, 3, 4])
          await trapframe(
            folder(),
            'grade',
            'submissions',
            '--shard',
            `${index}/4`,
            '--out',
            `part-${index}`,
          );
      }
      const typed = words(line).flatMap((word) =>
        word.includes('*') ? [1, 2, 3, 4].map((index) => word.replace('*', String(index))) : [word],
      );
      const ran = await trapframe(folder(), ...typed);
      assert.equal(ran.code, 0, `${line}\n${ran.err}`);
    }
    const settings = await readFile(join(folder(), 'work-folders/ann/trapframe.json'), 'utf8');
    assert.equal((JSON.parse(settings) as { seed: number }).seed, learnerSeed(2026, 'ann'));
    const classJson = await readFile(join(folder(), 'grades/class.json'), 'utf8');
    assert.match(classJson, /"learner":\{"id":"ann"/);
  });
});
