import assert from 'node:assert/strict';
import { LatestUsed } from '../../../src/grading/latestUsed.ts';

/** Uses letters one after the other, and says which had to be made. */
function made(letters: string, most: number): string {
  let made = '';
  const latest = new LatestUsed<string>((kept) => kept.length > most);
  for (const letter of letters)
    latest.use(
      (kept) => kept === letter,
      () => {
        made += letter;
        return letter;
      },
    );
  return made;
}

describe('what was used latest', () => {
  it('is not made again', () => assert.equal(made('abab', 2), 'ab'));

  it('lets go of what was unused for longest, not of what was made first', () =>
    assert.equal(made('abacba', 2), 'abcba'));

  it('keeps the latest, however few may be kept', () => assert.equal(made('aab', 0), 'ab'));

  it('lets go when it is learnt that what is kept is too much', () => {
    const latest = new LatestUsed<{ id: string; bytes: number }>(
      (kept) => kept.reduce((sum, { bytes }) => sum + bytes, 0) > 10,
    );
    const use = (id: string) =>
      latest.use(
        (kept) => kept.id === id,
        () => ({ id, bytes: 0 }),
      );
    const [first, second] = [use('first'), use('second')];
    first.bytes = 6;
    second.bytes = 6;
    latest.forgetOldest();
    assert.equal(use('second'), second);
    assert.notEqual(use('first'), first);
  });
});
