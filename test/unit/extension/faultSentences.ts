import type { Codec } from '../../../src/engine/kernel/codec.ts';
import { longestDocument, readDocument } from '../../../src/engine/kernel/document.ts';
import { scenarios } from '../../../src/engine/scenarios.ts';
import { expectation } from '../../../src/grading/sandbox/layout.ts';

/**
 * What the sandbox says of a file that throws, does not end, returns or passes on what it should not: in tasks of every
 * subject, whatever language their lessons are in. Words of `grading/sandbox`: `guestRuntime.ts`, `guestSession.ts`.
 */
export const faultSentences = (): readonly string[] => [
  ...expectations().flatMap((expected) => [
    `step returned 5: it must be ${expected}.`,
    `step returned { a: 1 }: list[3].name must be ${expected}.`,
    `step returned 5n: it must be ${expected}. Write a plain number, without the n.`,
    `step returned undefined: it must be ${expected}. Does every path through the method end in a return?`,
    `step returned something else than declared: it must be ${expected}.`,
    `step returned something else than declared: name must be ${expected}.`,
    `calls.open was given { a: 1 }: it must be ${expected}.`,
    `calls.open was given { a: 1 }: path must be ${expected}.`,
    `calls.open was given something else than declared: it must be ${expected}.`,
    `calls.open was given something else than declared: path must be ${expected}.`,
  ]),
  'calls.open was given a Promise. A policy answers at once: remove async, await and promises.',
  'step used up the steps of the whole run. Do less work in each decision.',
  'step left more than 100 promise callbacks behind. A policy answers at once: remove async, await and promises.',
  'step threw a value that cannot be shown.',
  "step threw a value that cannot be shown, which is not an Error: throw new Error('…') shows the line.",
  'step threw TypeError: inputs are read-only: work on a copy: { ...entry }.',
  'step threw TypeError: calls.open can be used only inside a decision, while it is being made.',
  'step threw CallError: open failed with ENOENT.',
  'The sandbox broke while it ran step: unreachable.',
  'The sandbox was asked again after it had stopped. Please report this.',
  ...unreadDocuments(),
];

/** What is said of a document before its reader is asked. */
const unreadDocuments = (): readonly string[] =>
  Object.values(scenarios)
    .flatMap(({ documents }) => Object.values(documents))
    .flatMap((definition) =>
      ['', 'x'.repeat(longestDocument + 1)].flatMap((text) => {
        const reading = readDocument(definition, text);
        return reading.ok
          ? []
          : reading.problems.map(({ message, suggestion }) => `${message} ${suggestion}`);
      }),
    );

/** What a value must be, in the words for each that any policy returns or passes to a call. */
function expectations(): readonly string[] {
  const found = new Set(['small enough to cross the sandbox']);
  found.add('well-formed Unicode: half of a surrogate pair stands alone');
  const add = (codec: Codec): void => {
    found.add(expectation(codec));
    if (codec.kind === 'optional' || codec.kind === 'list') add(codec.of);
    if (codec.kind === 'record') for (const field of Object.values(codec.fields)) add(field);
  };
  for (const { policies } of Object.values(scenarios)) {
    for (const { decisions, calls } of Object.values(policies)) {
      for (const { output } of Object.values(decisions)) add(output);
      for (const { input } of Object.values(calls)) add(input);
    }
  }
  return [...found];
}
