import assert from 'node:assert/strict';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { filesUnder, temporaryFolder, trapframe } from './terminal.ts';

describe('trapframe export-bundle', () => {
  const inFolder = temporaryFolder();

  it('puts a configuration beside a root file system, and writes over nothing', async () => {
    const folder = inFolder();
    await trapframe(folder, 'start', 'oci-config');
    const file = join('oci-config', 'config.json');
    const { code, out } = await trapframe(folder, 'export-bundle', 'oci-config', file, '--out', 'bundle');
    assert.equal(code, 0);
    assert.match(out, /^The bundle is in bundle\.\n[^]*sudo runc run web/);
    assert.deepEqual(await filesUnder(join(folder, 'bundle')), [
      'config.json',
      'rootfs/bin/app',
      'rootfs/etc/passwd',
    ]);
    assert.equal(
      await readFile(join(folder, 'bundle', 'config.json'), 'utf8'),
      await readFile(join(folder, file), 'utf8'),
    );
    assert.ok(((await stat(join(folder, 'bundle', 'rootfs', 'bin', 'app'))).mode & 0o111) !== 0);
    const again = await trapframe(folder, 'export-bundle', 'oci-config', file, '--out', 'bundle');
    assert.equal(again.code, 2);
    assert.match(again.err, /bundle is there already\. Name another folder with --out\./);
  });

  it('says what is wrong with a configuration, and where', async () => {
    const folder = inFolder();
    await writeFile(join(folder, 'config.json'), '{ "ociVersion": "1.0.2",\n  "hostnam": "web" }');
    const { code, err } = await trapframe(folder, 'export-bundle', 'oci-config', 'config.json');
    assert.equal(code, 2);
    assert.match(
      err,
      /^config\.json:2:3: The specification has no "hostnam" here[^\n]*Did you mean "hostname"\?/m,
    );
  });

  it('refuses what needs no bundle', async () => {
    const { code, err } = await trapframe(inFolder(), 'export-bundle', 'round-robin', 'x.ts');
    assert.equal(code, 2);
    assert.match(err, /The file of round-robin needs nothing beside it/);
  });
});
