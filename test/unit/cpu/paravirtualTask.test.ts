import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { hypercalls } from '../../../src/engine/cpu/guests/hypercalls.ts';
import { leakyGuestSource } from '../../../src/engine/cpu/guests/leakyGuest.ts';
import { paravirtualGuestSource } from '../../../src/engine/cpu/guests/paravirtualGuest.ts';

const file = (name: string): string =>
  readFileSync(
    new URL(`../../../lessons/when-nothing-traps/tasks/paravirtualize/${name}/guest.S`, import.meta.url),
    'utf8',
  );

describe('the files of the task paravirtualize', () => {
  it('begin with the kernel of the figures, and explain every call', () => {
    const starter = file('starter');
    const [, kernel] = leakyGuestSource.split('# A kernel for one process.\n');
    assert.ok(starter.endsWith(kernel!));
    for (const { name, number } of hypercalls) {
      assert.match(starter, new RegExp(`^#   ${number} ${name} `, 'm'));
      assert.match(starter, new RegExp(`^    \\.equ ${name}, ${number}$`, 'm'));
    }
  });
  it('have the built-in kernel as their solution', () => {
    assert.equal(file('solution'), paravirtualGuestSource);
  });
});
