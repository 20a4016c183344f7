import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * Compares text with a file beside the test. A difference is written to `<file>.actual`, to be looked at and, when it is
 * meant, to be moved over the file.
 */
export function assertGolden(file: URL, actual: string): void {
  const path = fileURLToPath(file);
  const expected = existsSync(path) ? readFileSync(path, 'utf8') : '';
  if (actual === expected) return;
  writeFileSync(`${path}.actual`, actual);
  assert.equal(actual, expected, `${path} differs; the actual text is in ${path}.actual`);
}
