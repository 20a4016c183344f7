import assert from 'node:assert/strict';
import fc from 'fast-check';
import { zipSync } from 'fflate';
import { TooLarge, walk } from '../../../../src/grading/class/folderTree.ts';
import { BadArchive, zipTree } from '../../../../src/grading/class/zipArchive.ts';
import { memoryFile } from './memoryTree.ts';

const limit = 10_000_000;
const text = (content: string): Uint8Array => new TextEncoder().encode(content);
const opened = async (bytes: Uint8Array) => walk(await zipTree(memoryFile(bytes), limit));

describe('a zip archive', () => {
  it('gives back every file, compressed or stored', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(
          fc.stringMatching(/^[a-z]{1,3}(\/[a-z]{4,5}){0,2}\.ts$/),
          fc.uint8Array({ maxLength: 5000 }),
        ),
        fc.constantFrom(0 as const, 6 as const),
        async (files, level) => {
          const { files: found } = await opened(zipSync(files, { level }));
          const read = await Promise.all(
            found.map(async ({ path, file }) => [path, new Uint8Array(await file.read(limit))] as const),
          );
          assert.deepEqual(
            new Map(read),
            new Map(Object.entries(files).toSorted(([a], [b]) => (a < b ? -1 : 1))),
          );
        },
      ),
      { numRuns: 50 },
    );
  });

  it('refuses names that lead out of it, links, and two files of one name, and reads the others', async () => {
    const archive = zipSync({
      '../evil.ts': text('evil'),
      '/absolute.ts': text('evil'),
      'C:/windows.ts': text('evil'),
      'a/../../b.ts': text('evil'),
      'link.ts': [text('/etc/passwd'), { os: 3, attrs: (0o120777 << 16) >>> 0 }],
      'good.ts': text('good'),
    });
    const { files, refused } = await opened(archive);
    assert.deepEqual(
      files.map(({ path }) => path),
      ['good.ts'],
    );
    assert.deepEqual(refused.map(({ path, why }) => `${path}: ${why}`).toSorted(), [
      '../evil.ts: its name leads out of the archive',
      '/absolute.ts: its name leads out of the archive',
      'C:/windows.ts: its name leads out of the archive',
      'a/../../b.ts: its name leads out of the archive',
      'link.ts: it is a symbolic link',
    ]);
    const twice = zipSync({ 'a.ts': text('1'), 'b.ts': text('2') });
    replaceAll(twice, text('b.ts'), text('a.ts'));
    assert.deepEqual((await opened(twice)).refused, [
      { path: 'a.ts', why: 'the archive has two files of this name' },
    ]);
  });

  it('unfolds no bomb, whatever size it claims', async () => {
    const zeros = new Uint8Array(60_000_000);
    const bomb = zipSync({ 'a.ts': zeros }, { level: 9 });
    const [honest] = (await opened(bomb)).files;
    assert.ok(bomb.length < 100_000);
    await assert.rejects(honest!.file.read(1_000_000), TooLarge);
    // The same bytes, that claim to be small: the size is the 32 bits at 24 in the directory's entry.
    const view = new DataView(bomb.buffer, bomb.byteOffset, bomb.byteLength);
    view.setUint32(directoryAt(bomb) + 24, 10, true);
    const [lying] = (await opened(bomb)).files;
    assert.equal(lying!.file.size, 10);
    await assert.rejects(lying!.file.read(1_000_000), TooLarge);
  });

  it('says that it is damaged, encrypted, or no archive, and never throws anything else', async () => {
    await assert.rejects(zipTree(memoryFile('no zip'), limit), BadArchive);
    await assert.rejects(zipTree(memoryFile(''), limit), BadArchive);
    const archive = zipSync({ 'a.ts': text('export const a = 1;\n'.repeat(50)) });
    const encrypted = archive.slice();
    encrypted[directoryAt(encrypted) + 8]! |= 1;
    await assert.rejects((await opened(encrypted)).files[0]!.file.read(limit), /encrypted/);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(archive.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 }),
        async (changes) => {
          const damaged = archive.slice();
          for (const [at, byte] of changes) damaged[at] = byte;
          try {
            for (const { file } of (await opened(damaged)).files) await file.read(limit);
          } catch (error) {
            assert.ok(error instanceof BadArchive || error instanceof TooLarge, String(error));
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});

function directoryAt(archive: Uint8Array): number {
  const view = new DataView(archive.buffer, archive.byteOffset, archive.byteLength);
  return view.getUint32(archive.length - 22 + 16, true);
}

function replaceAll(bytes: Uint8Array, from: Uint8Array, to: Uint8Array): void {
  for (let at = 0; at + from.length <= bytes.length; at++)
    if (from.every((byte, index) => bytes[at + index] === byte)) bytes.set(to, at);
}
