import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { ProgressEvent } from '../../../src/extension/progress.ts';
import { ProgressStore, type CorruptFile } from '../../../src/extension/progressStore.ts';
import { Killed, MemoryDisk } from './memoryFiles.ts';

interface Window {
  readonly store: ProgressStore;
  readonly corrupt: CorruptFile[];
  readonly failed: unknown[];
}

function openWindow(disk: MemoryDisk, session: string): Window {
  const corrupt: CorruptFile[] = [];
  const failed: unknown[] = [];
  const store = new ProgressStore({
    files: disk.for(session),
    session,
    onChange: () => undefined,
    onCorrupt: (file) => corrupt.push(file),
    onSaveFailed: (_, error) => failed.push(error),
  });
  return { store, corrupt, failed };
}

const hint = (id: string, at = 1): ProgressEvent => ({ id, at, kind: 'hinted', exercise: 'a' });
const idsIn = (store: ProgressStore): string[] =>
  store
    .of('rr')
    .events.map(({ id }) => id)
    .toSorted();

describe('the progress store', () => {
  it('finds everything again after a restart', async () => {
    const disk = new MemoryDisk();
    const { store } = openWindow(disk, 'a');
    await store.record('rr', hint('1'));
    await store.record('other', hint('2'));
    const again = openWindow(disk, 'b').store;
    await again.load();
    assert.deepEqual(
      again
        .lessons()
        .map(({ lesson }) => lesson)
        .toSorted(),
      ['other', 'rr'],
    );
    assert.deepEqual(idsIn(again), ['1']);
    assert.deepEqual([...disk.files.keys()].toSorted(), ['other.json', 'rr.json']);
  });

  it('keeps the old or the new record when a save is killed at any step', async () => {
    let killedAt = 0;
    for (let killed = true; killed; killedAt++) {
      const disk = new MemoryDisk();
      await openWindow(disk, 'a').store.record('rr', hint('old'));
      const { store } = openWindow(disk, 'b');
      await store.load();
      let steps = 0;
      killed = false;
      disk.pause = () => {
        if (steps++ < killedAt) return Promise.resolve();
        killed = true;
        return Promise.reject(new Killed());
      };
      await store.record('rr', hint('new'));
      disk.pause = () => Promise.resolve();

      const after = openWindow(disk, 'c');
      await after.store.load();
      assert.ok(idsIn(after.store).includes('old'), `killed at step ${killedAt}: the old record is gone`);
      assert.deepEqual(after.corrupt, [], `killed at step ${killedAt}`);
      await after.store.record('rr', hint('later'));
      assert.deepEqual(
        [...disk.files.keys()],
        ['rr.json'],
        `killed at step ${killedAt}: files are left over`,
      );
    }
    assert.ok(killedAt > 6, `only ${killedAt} steps were tried`);
  });

  it('sets a damaged file aside, says so, and starts the lesson anew', async () => {
    const disk = new MemoryDisk();
    disk.files.set('rr.json', '{"format":1,"les');
    disk.files.set('rr.json.corrupt-1', 'an older one');
    const { store, corrupt } = openWindow(disk, 'a');
    await store.load();
    assert.equal(corrupt.length, 1);
    assert.equal(corrupt[0]!.keptAs, 'rr.json.corrupt-2');
    assert.match(corrupt[0]!.problem, /^is not JSON/);
    assert.equal(disk.files.get('rr.json.corrupt-2'), '{"format":1,"les');
    await store.record('rr', hint('1'));
    assert.deepEqual(idsIn(store), ['1']);
    const again = openWindow(disk, 'b');
    await again.store.load();
    assert.deepEqual([idsIn(again.store), again.corrupt], [['1'], []]);
  });

  it('keeps in memory what the disk refuses, and saves it with the next change', async () => {
    const disk = new MemoryDisk();
    const { store, failed } = openWindow(disk, 'a');
    await store.load();
    disk.pause = () => Promise.reject(new Error('disk full'));
    await store.record('rr', hint('1'));
    assert.equal(failed.length, 1);
    disk.pause = () => Promise.resolve();
    await store.record('rr', hint('2'));
    const again = openWindow(disk, 'b').store;
    await again.load();
    assert.deepEqual(idsIn(again), ['1', '2']);
  });

  it('forgets a lesson for good, also in a window that still knows it', async () => {
    const disk = new MemoryDisk();
    const [a, b] = [openWindow(disk, 'a').store, openWindow(disk, 'b').store];
    await a.record('rr', hint('1'));
    await b.load();
    await a.reset('rr');
    await b.record('rr', hint('2'));
    await a.refresh('rr');
    assert.deepEqual(
      idsIn(b).filter((id) => id === '1'),
      [],
    );
    assert.deepEqual(
      idsIn(a).filter((id) => id === '1'),
      [],
    );
  });

  it('loses no event of two windows that save at once, in any interleaving', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.nat(3), fc.nat(3), async (scheduler, more, others) => {
        const disk = new MemoryDisk();
        const windows = [openWindow(disk, 'a'), openWindow(disk, 'b')] as const;
        await Promise.all(windows.map(({ store }) => store.load()));
        disk.pause = (window) => scheduler.schedule(Promise.resolve(), window);
        const expected: string[] = [];
        const saves = windows.flatMap(({ store }, index) =>
          Array.from({ length: 1 + (index === 0 ? more : others) }, (_, n) => {
            const id = `${index}-${n}`;
            expected.push(id);
            return store.record('rr', hint(id));
          }),
        );
        const done = Promise.all(saves);
        await scheduler.waitFor(done);
        disk.pause = () => Promise.resolve();
        // The folder's watcher tells each window about the other's last save.
        for (const { store } of [...windows, ...windows]) await store.refresh('rr');
        for (const { failed, corrupt } of windows) assert.deepEqual([failed, corrupt], [[], []]);
        const fresh = openWindow(disk, 'c').store;
        await fresh.load();
        assert.deepEqual(idsIn(fresh), expected.toSorted());
      }),
      { numRuns: 200 },
    );
  });
});
