import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const repository = join(import.meta.dirname, '..', '..', '..');
const cruiser = join(repository, 'node_modules', 'dependency-cruiser', 'bin', 'dependency-cruise.mjs');

/** Files that break a rule each, with the rule's name. */
const seeded: Readonly<Record<string, { readonly text: string; readonly breaks?: string }>> = {
  'src/engine/kernel/clock.ts': { text: 'export const clock = 1;' },
  'src/engine/scheduling/host.ts': { text: "export { clock } from '../kernel/clock.ts';" },
  'src/engine/io/path.ts': { text: "export { clock } from '../scheduling/host.ts';" },
  'src/engine/scenarios.ts': { text: "export { clock } from './scheduling/host.ts';" },
  'src/grading/report.ts': { text: 'export interface Report {}\nexport const grade = 1;' },
  'src/protocol/messages.ts': { text: "export type { Report } from '../grading/report.ts';" },
  'src/engine/kernel/upward.ts': { text: "export { clock } from '../cpu/a.ts';", breaks: 'kernel-imports' },
  'src/engine/cpu/a.ts': { text: "export { clock } from '../kernel/clock.ts';" },
  'src/engine/cpu/sideways.ts': {
    text: "export { clock } from '../scheduling/host.ts';",
    breaks: 'cpu-imports',
  },
  'src/engine/cpu/machine/upward.ts': {
    text: "export { clock } from '../a.ts';",
    breaks: 'cpu-machine-alone',
  },
  'src/engine/kernel/file.ts': { text: "import 'node:fs';", breaks: 'no-node' },
  'src/engine/kernel/course.ts': { text: "export { c } from '../../course/c.ts';", breaks: 'engine-imports' },
  'src/engine/storage/a.ts': {
    text: "export { clock } from '../kernel/clock.ts';",
    breaks: 'unknown-subject',
  },
  'src/course/c.ts': { text: 'export const c = 1;' },
  'src/course/editor.ts': { text: "import 'vscode';", breaks: 'no-vscode' },
  'src/course/a.ts': { text: "export { b } from './b.ts';", breaks: 'no-cycle' },
  'src/course/b.ts': { text: "import './a.ts';\nexport const b = 1;" },
  'src/protocol/code.ts': {
    text: "export { grade } from '../grading/report.ts';",
    breaks: 'protocol-types-only',
  },
  'src/webview/page.tsx': {
    text: "export { grade } from '../grading/report.ts';",
    breaks: 'webview-imports',
  },
  'src/sidecar/a.ts': { text: "export { c } from '../course/c.ts';", breaks: 'unknown-folder' },
};

describe('the layer rules', () => {
  it('refuse each seeded violation by its name, and nothing else', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tf-layers-'));
    try {
      await cp(join(repository, 'tsconfig.base.json'), join(folder, 'tsconfig.base.json'));
      for (const [path, { text }] of Object.entries(seeded)) {
        await mkdir(dirname(join(folder, path)), { recursive: true });
        await writeFile(join(folder, path), text);
      }
      const { stdout } = spawnSync(
        process.execPath,
        [cruiser, 'src', '--config', join(repository, 'build', 'layers.cjs'), '--output-type', 'json'],
        { cwd: folder, encoding: 'utf8' },
      );
      const { violations } = (JSON.parse(stdout) as Cruised).summary;
      const found = violations.map(({ from, rule }) => `${from}: ${rule.name}`).toSorted();
      const expected = Object.entries(seeded).flatMap(([path, { breaks }]) =>
        breaks ? [`${path}: ${breaks}`] : [],
      );
      assert.deepEqual(found, expected.toSorted());
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

interface Cruised {
  readonly summary: {
    readonly violations: readonly { readonly from: string; readonly rule: { readonly name: string } }[];
  };
}
