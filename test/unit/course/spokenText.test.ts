import assert from 'node:assert/strict';
import { spokenWith } from '../../../src/course/spokenText.ts';

const table = {
  wait: 'Wartezeit',
  woken: 'aufgewacht',
  Wrong: 'Falsch',
  'a slice of {0} ms': 'eine Zeitscheibe von {0} ms',
  '{0} of {1} points': '{0} von {1} Punkten',
  '{0} is right.': '{0} ist richtig.',
  '{vcpu} waits ({reason})': '{vcpu} wartet ({reason})',
  '{vcpu} waits ({reason}), for the first time': '{vcpu} wartet zum ersten Mal ({reason})',
  'Expected {expected}; seen {actual}. {because}': '{because} Erwartet war {expected}, es gab {actual}.',
  'Because of that.': 'Darum.',
  '{code} returned {code2}: it must be {what}.': '{code} gab {code2} zurück. Nötig ist: {what}.',
  'Loading {code}': 'Das Laden von {code}',
  '{code} threw {code2}.': '{code} warf {code2}.',
  'Mistyped: {code}': 'Vertippt: {code}',
  'Mistyped: {what}': 'Vertippt: {what}',
};

describe('sentences of the engine in another language', () => {
  const spoken = spokenWith(table);
  const says: readonly (readonly [english: string, translated: string | undefined])[] = [
    ['wait', 'Wartezeit'],
    // Names, numbers and units are the same everywhere.
    ['VM 3', 'VM 3'],
    ['12.5 ms', '12.5 ms'],
    ['', ''],
    ['a slice of 0.5 ms', 'eine Zeitscheibe von 0.5 ms'],
    ['VM 1 waits (woken)', 'VM 1 wartet (aufgewacht)'],
    // The pattern that fixes most of a sentence is the right one.
    ['VM 1 waits (woken), for the first time', 'VM 1 wartet zum ersten Mal (aufgewacht)'],
    // A part without a translation leaves all of it as it is: no sentence mixes two languages.
    ['VM 1 waits (for its disk)', undefined],
    ['somebody waits (woken)', undefined],
    ['nothing of the kind', undefined],
    // Parts may be sentences, and move.
    [
      'Expected a slice of 3 ms; seen VM 2 waits (woken). Because of that.',
      'Darum. Erwartet war eine Zeitscheibe von 3 ms, es gab VM 2 wartet (aufgewacht).',
    ],
    // Lists.
    ['a slice of 3 ms, VM 2, wait', 'eine Zeitscheibe von 3 ms, VM 2, Wartezeit'],
    ['a slice of 3 ms, and more', undefined],
    // What learners wrote is kept, whatever it looks like, but for sentences within.
    [
      'pick returned { a: 1, b: 2 }: it must be a slice of 3 ms.',
      'pick gab { a: 1, b: 2 } zurück. Nötig ist: eine Zeitscheibe von 3 ms.',
    ],
    ['Wrong threw Error: wait.', 'Wrong warf Error: wait.'],
    ['Loading a.ts threw Error: no.', 'Das Laden von a.ts warf Error: no.'],
    // Of two patterns, the one that translates more.
    ['Mistyped: a slice of 3 ms', 'Vertippt: eine Zeitscheibe von 3 ms'],
    ['Mistyped: of another kind', 'Vertippt: of another kind'],
    // Sentences of the user interface are none of the engine's.
    ['VM 3 is right.', undefined],
  ];
  for (const [english, translated] of says)
    it(`says “${english}” as ${translated === undefined ? 'it is' : `“${translated}”`}`, () => {
      assert.equal(spoken(english), translated);
    });

  it('fill in numbers by their places', () => {
    assert.equal(spoken('3 of 10 points'), '3 von 10 Punkten');
  });
});
