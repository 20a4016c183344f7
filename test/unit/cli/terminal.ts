import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExitCode } from '../../../src/cli/command.ts';
import { runCommandLine } from '../../../src/cli/commandLine.ts';

/** What a command line did. */
export interface Ran {
  readonly code: ExitCode;
  readonly out: string;
  readonly err: string;
}

/** Runs `trapframe …` in a folder, in this process. Grading runs in the worker that the build made. */
export async function trapframe(cwd: string, ...argv: readonly string[]): Promise<Ran> {
  const out: string[] = [];
  const err: string[] = [];
  const code = await runCommandLine(argv, {
    out: (text) => void out.push(text),
    err: (text) => void err.push(text),
    cwd,
    interactive: false,
    status: () => undefined,
  });
  return { code, out: out.join('\n'), err: err.join('\n') };
}

/** A folder of its own for each test of a suite: `folder()` inside a test. */
export function temporaryFolder(): () => string {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'trapframe-cli-'));
  });
  afterEach(() => rm(folder, { recursive: true }));
  return () => folder;
}

/** Every file under a folder, sorted, with forward slashes. */
export async function filesUnder(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll('\\', '/'),
    )
    .toSorted();
}
