import assert from 'node:assert/strict';
import { addKnownWrong, freeName, type NewKnownWrong } from '../../../src/authoring/addKnownWrong.ts';

/** The text after the edit, with `¦` where the feedback is to be written. */
function added(text: string, wrong: NewKnownWrong): string {
  const { edit, feedbackAt } = addKnownWrong(text, wrong);
  const after = text.slice(0, edit.range.start) + edit.text + text.slice(edit.range.end);
  return `${after.slice(0, feedbackAt)}¦${after.slice(feedbackAt)}`;
}

describe('adding a known-wrong solution', () => {
  const wrong = { file: 'wrong/b.ts', fails: ['rotates', 'idle'] };

  it('appends to the list as it is indented, before what follows', () => {
    assert.equal(
      added('id: x\nwrong:\n- file: wrong/a.ts\n  say: A.\nhints: [h]\n', wrong),
      'id: x\nwrong:\n- file: wrong/a.ts\n  say: A.\n- file: wrong/b.ts\n  fails: [rotates, idle]\n  say: "¦"\nhints: [h]\n',
    );
    assert.equal(
      added('wrong:\n    - file: wrong/a.ts\n      say: A.\n', { ...wrong, fails: [] }),
      'wrong:\n    - file: wrong/a.ts\n      say: A.\n    - file: wrong/b.ts\n      say: "¦"\n',
    );
  });

  it('begins the list where there is none', () =>
    assert.equal(
      added('id: x\n', wrong),
      'id: x\nwrong:\n  - file: wrong/b.ts\n    fails: [rotates, idle]\n    say: "¦"\n',
    ));

  it('takes a name that no file has', () => {
    assert.equal(freeName('drops-a-key', '.json', new Set()), 'wrong/drops-a-key.json');
    const taken = new Set(['wrong/drops-a-key.json', 'wrong/drops-a-key-2.json']);
    assert.equal(freeName('drops-a-key', '.json', taken), 'wrong/drops-a-key-3.json');
  });
});
