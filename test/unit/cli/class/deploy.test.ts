import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmod, mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { unzipSync } from 'fflate';
import { parse } from 'yaml';
import { parseShard } from '../../../../src/grading/class/shards.ts';
import { folderSink } from '../../../../src/cli/grade/reportSink.ts';
import { ResultJournal } from '../../../../src/cli/grade/resultJournal.ts';
import { timeLeft } from '../../../../src/cli/grade/gradeProgress.ts';
import type { LearnerResult } from '../../../../src/grading/class/classReport.ts';
import { temporaryFolder, trapframe } from '../terminal.ts';
import { submission, writeFiles } from './classFolder.ts';

const root = fileURLToPath(new URL('../../../../', import.meta.url));
const inDeploy = (name: string): Promise<string> => readFile(join(root, 'deploy', name), 'utf8');
const folder = temporaryFolder();
const run = promisify(execFile);

describe('deploy', () => {
  it('makes an archive whose run_autograder writes the results of Gradescope', async () => {
    const made = await trapframe(
      folder(),
      'autograder',
      'a.zip',
      '--only',
      'round-robin',
      '--hidden-seed',
      '7',
    );
    assert.equal(made.code, 0, made.err);
    const files = unzipSync(await readFile(join(folder(), 'a.zip')));
    await writeFiles(
      join(folder(), 'source'),
      Object.fromEntries(Object.entries(files).filter(([path]) => !path.endsWith('/'))),
    );
    await chmod(join(folder(), 'source/run_autograder'), 0o755);
    await writeFiles(folder(), {
      'submission/scheduler.ts': submission('double-slice'),
      'submission_metadata.json': JSON.stringify({ users: [{ email: 'ann@x.org', id: 5, name: 'Ann' }] }),
    });
    const grade = async (): Promise<{ score: number; output: string; tests: readonly unknown[] }> => {
      await run(join(folder(), 'source/run_autograder'), {
        env: { PATH: process.env['PATH'], AUTOGRADER_ROOT: folder() },
      });
      return JSON.parse(await readFile(join(folder(), 'results/results.json'), 'utf8')) as never;
    };
    const { score, tests } = await grade();
    assert.deepEqual([score, tests.length], [8, 4]);
    await rename(join(folder(), 'submission/scheduler.ts'), join(folder(), 'submission/Scheduler.ts'));
    const { output } = await grade();
    assert.equal(
      output,
      "0 of 10 points.\nThe submission: holds no file that has the name of a task's file, but Scheduler.ts. If the work is among them, name it as in: round-robin/scheduler.ts",
    );
    await writeFile(join(folder(), 'source/options'), '--only nonsense\n');
    const failed = await grade();
    assert.deepEqual(
      [failed.score, failed.tests.length],
      [0, 0],
      'a grader that fails says so, and is no zero in silence',
    );
    for (const script of ['setup.sh', 'run_autograder'])
      await run('sh', ['-n', join(root, 'deploy/gradescope', script)]);
  });

  it('has a Kubernetes job with a shard for each index', async () => {
    const job = parse(await inDeploy('kubernetes-job.yaml')) as {
      apiVersion: string;
      kind: string;
      spec: {
        completionMode: string;
        completions: number;
        template: {
          spec: {
            restartPolicy: string;
            containers: [
              {
                command: string[];
                volumeMounts: { name: string }[];
                resources: { requests: { cpu: string } };
              },
            ];
            volumes: { name: string }[];
          };
        };
      };
    };
    assert.deepEqual([job.apiVersion, job.kind, job.spec.completionMode], ['batch/v1', 'Job', 'Indexed']);
    const { containers, volumes, restartPolicy } = job.spec.template.spec;
    assert.equal(restartPolicy, 'OnFailure');
    assert.deepEqual(
      containers[0].volumeMounts.map(({ name }) => name),
      volumes.map(({ name }) => name),
    );
    const shards = new Set<number>();
    for (let index = 0; index < job.spec.completions; index++) {
      const [, , line] = containers[0].command;
      const { stdout } = await run('sh', ['-c', line!.replace('trapframe', 'echo')], {
        env: { PATH: process.env['PATH'], JOB_COMPLETION_INDEX: String(index) },
      });
      const shard = parseShard(/--shard (\S+)/.exec(stdout)![1]!);
      assert.equal(shard?.of, job.spec.completions);
      shards.add(shard.index);
    }
    assert.equal(shards.size, job.spec.completions);
    assert.ok(containers[0].command[2]!.endsWith(` --jobs ${containers[0].resources.requests.cpu}`));
  });

  it('has a matrix for GitHub Actions with all parts, and merges them', async () => {
    const workflow = parse(await inDeploy('github-actions.yml')) as {
      jobs: {
        grade: { strategy: { matrix: { part: number[] } }; container: unknown; steps: { run?: string }[] };
        merge: { needs: string; container: { options: string }; steps: { run?: string }[] };
      };
    };
    const { part } = workflow.jobs.grade.strategy.matrix;
    assert.deepEqual(part, [1, 2, 3, 4]);
    assert.ok(workflow.jobs.grade.steps.some((step) => step.run?.includes(`/${part.length} `)));
    assert.equal(workflow.jobs.merge.needs, 'grade');
    const { container } = workflow.jobs.merge;
    assert.deepEqual(workflow.jobs.grade.container, container);
    // The user of the image may not write where a job's files are: actions/checkout, issue 956.
    assert.equal(container.options, '--user root');
  });

  it('has a Dockerfile whose image has everything that a command reads', async () => {
    const copied = [...(await inDeploy('Dockerfile')).matchAll(/^COPY --from=build (.+) (\S+)$/gm)];
    for (const [, sources, target] of copied) {
      const from = sources!.split(' ').map((source) => join(root, source.replace(/^\/src\//, '')));
      await run('mkdir', ['-p', join(folder(), target!.endsWith('/') ? target! : join(target!, '..'))]);
      await run('cp', ['-r', ...from, join(folder(), target!)]);
    }
    const image = (...argv: readonly string[]) =>
      run(process.execPath, [join(folder(), 'opt/trapframe/dist/cli.mjs'), ...argv], { cwd: folder() });
    await image('autograder', 'a.zip', '--only', 'round-robin');
    await writeFiles(folder(), { 'class/ann/scheduler.ts': submission('double-slice') });
    const { stdout } = await image('grade', 'class', '--only', 'round-robin', '--report', 'csv');
    assert.match(stdout, /^ann,.*,8,10,8,$/m);
    for (const name of ['build/bundle.mjs', 'package-lock.json']) await stat(join(root, name));
    const left = (await inDeploy('Dockerfile.dockerignore')).trim().split('\n');
    for (const name of ['src', 'lessons', 'deploy', 'l10n', 'build'])
      assert.equal(left.includes(name), false);
  });
});

describe('grading with a full disk', () => {
  const result = { learner: { id: 'a', aliases: [] }, points: 3 } as unknown as LearnerResult;

  it('keeps results in memory where the journal cannot be written', async function () {
    if (process.platform !== 'linux') this.skip();
    const said: string[] = [];
    const journal = await ResultJournal.open('/dev/full', 'x', (why) => void said.push(why));
    await journal.add('a', 'f', result);
    assert.deepEqual([await journal.read('a'), journal.has('a', 'f'), said], [result, true, ['ENOSPC']]);
    await journal.close();
  });

  it('names the report that could not be written, and writes the others', async () => {
    const written: string[] = [];
    const sink = folderSink('/out', (path) => {
      if (path.endsWith('b.md'))
        return Promise.reject(Object.assign(new Error('no space'), { code: 'ENOSPC' }));
      written.push(path);
      return Promise.resolve();
    });
    for (const name of ['a.md', 'b.md', 'c.md']) await sink.write(name, ['x']);
    assert.deepEqual(written, [join('/out', 'a.md'), join('/out', 'c.md')]);
    assert.deepEqual(sink.failures, ['b.md was not written (ENOSPC).']);
  });

  it('never leaves half a report', async () => {
    await mkdir(join(folder(), 'taken.md'));
    const sink = folderSink(folder());
    await sink.write('taken.md', ['x']);
    assert.equal(sink.failures.length, 1);
  });

  it('says how long it will take', () =>
    assert.deepEqual([100, 80_000, 100_000, 7_800_000].map(timeLeft), [
      '1 s',
      '80 s',
      '2 min',
      '2 h 10 min',
    ]));
});
