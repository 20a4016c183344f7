import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { lowerLayers, overlay } from '../../src/engine/container/overlay.ts';
import {
  flatten,
  isOpaque,
  isWhiteout,
  layerChanges,
  newDirectory,
  opaqueXattr,
  type LayerDirectory,
  type PlainDirectory,
} from '../../src/engine/container/overlay/overlayLayer.ts';
import { randomStreams } from '../../src/engine/kernel/random.ts';
import type { Run } from '../../src/engine/kernel/scenario.ts';

/*
 * The engine's overlayfs against the kernel of the machine that tests run on. Random operations on random layers: the kernel makes the same
 * changes, and must show the same tree; it mounts the upper layer that the engine made, and must show the same tree again; and its own
 * upper layer, read by the engine, must stand for that tree too.
 */
const script = fileURLToPath(new URL('overlayKernel.py', import.meta.url));

type Tree = {
  readonly [name: string]: string | null | { readonly opaque: boolean; readonly children: Tree };
};
interface Operation {
  readonly kind: string;
  readonly path: string;
  readonly added?: string;
  readonly content?: string;
}

const layerTree = (layer: LayerDirectory): Tree =>
  Object.fromEntries(
    [...layer.children].map(([name, entry]): [string, Tree[string]] => {
      if (entry.kind === 'file') return [name, entry.content];
      if (entry.kind === 'device') {
        assert.ok(isWhiteout(entry));
        return [name, null];
      }
      return [name, { opaque: isOpaque(entry), children: layerTree(entry) }];
    }),
  );

const plainTree = (tree: PlainDirectory): Tree =>
  Object.fromEntries(
    [...tree.children]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, entry]) => [
        name,
        entry.kind === 'file' ? entry.content : { opaque: false, children: plainTree(entry) },
      ]),
  );

function layerOf(tree: Tree): LayerDirectory {
  const layer = newDirectory();
  for (const [name, entry] of Object.entries(tree)) {
    if (entry === null) layer.children.set(name, { kind: 'device', major: 0, minor: 0 });
    else if (typeof entry === 'string') layer.children.set(name, { kind: 'file', content: entry });
    else {
      const directory = layerOf(entry.children);
      if (entry.opaque) directory.xattrs.set(opaqueXattr, 'y');
      layer.children.set(name, directory);
    }
  }
  return layer;
}

/** The operations of a run and the upper layer that it ended with, from its trace alone. */
function replay(run: Run): { operations: Operation[]; upper: LayerDirectory } {
  const { trace } = run;
  const upper = newDirectory();
  const operations: Operation[] = [];
  for (let row = 0; row < trace.length; row++) {
    const texts = trace.textsOf(row);
    const [path, value = ''] = [texts['path']!, texts['value']];
    if (trace.kind(row) === 'operation') operations.push({ kind: texts['operation']!, path });
    if (trace.kind(row) !== 'change') continue;
    switch (texts['call']) {
      case 'write': {
        const last = operations.at(-1)!;
        operations[operations.length - 1] =
          last.kind === 'append' ? { ...last, added: value.slice(-1) } : { ...last, content: value };
        assert.ok(layerChanges.write(upper, path, value).ok);
        break;
      }
      case 'mkdir':
        assert.ok(layerChanges.add(upper, path, newDirectory()).ok);
        break;
      case 'mknod':
        assert.equal(value, '0/0');
        assert.ok(layerChanges.add(upper, path, { kind: 'device', major: 0, minor: 0 }).ok);
        break;
      case 'setxattr':
        assert.ok(layerChanges.setxattr(upper, path, opaqueXattr, 'y').ok);
        break;
      case 'unlink':
        assert.ok(layerChanges.unlink(upper, path).ok);
        break;
      default:
        assert.ok(layerChanges.rmdir(upper, path).ok);
    }
  }
  return { operations, upper };
}

const cases = Array.from({ length: 60 }, (_, index) => {
  const params = { story: 'random', lowers: 1 + (index % 4), operations: 25 };
  const outcome = overlay.execute({ params, seed: index + 1 });
  assert.ok(outcome.ok && outcome.run.end.kind === 'finished');
  const lowers = lowerLayers(params, randomStreams(index + 1));
  return { index, run: outcome.run, lowers, ...replay(outcome.run) };
});

describe('overlayfs', function () {
  it('keeps its promises on random layers: lookups, listings, changes, nothing needless', () => {
    for (const { run, index } of cases) {
      for (const [name, check] of Object.entries(overlay.checks))
        assert.equal(check.violated(run, {}), undefined, `${name}, seed ${index + 1}`);
    }
  });

  it('does as the kernel’s overlayfs does, and the kernel reads what it wrote', function () {
    const folder = mkdtempSync(join(tmpdir(), 'overlay-'));
    const input = cases.map(({ lowers, upper, operations }) => ({
      lowers: lowers.map(layerTree),
      upper: layerTree(upper),
      operations,
    }));
    const { status, stdout, stderr, error } = spawnSync('unshare', ['-m', 'python3', script, folder], {
      input: JSON.stringify(input),
      encoding: 'utf8',
      timeout: 80_000,
    });
    rmSync(folder, { recursive: true, force: true });
    if (status !== 0) {
      const reason = error?.message ?? stderr.trim();
      assert.ok(status !== 1 || /Operation not permitted|must be superuser/.test(reason), reason);
      console.log(`      not compared with the kernel here: ${reason}`);
      this.skip();
    }
    const answers = JSON.parse(stdout) as { after: Tree; upper: Tree; shown: Tree }[];
    for (const { lowers, upper, index } of cases) {
      const answer = answers[index]!;
      const ours = plainTree(flatten([upper, ...lowers]));
      assert.deepEqual(answer.after, ours, `the kernel after the same operations, seed ${index + 1}`);
      assert.deepEqual(answer.shown, ours, `the kernel with the engine's upper layer, seed ${index + 1}`);
      const theirs = plainTree(flatten([layerOf(answer.upper), ...lowers]));
      assert.deepEqual(theirs, ours, `the engine with the kernel's upper layer, seed ${index + 1}`);
    }
  });
});
