import type { Assembled } from '../assembler/assembler.ts';
import { hex, place, wordAt, type Difference, type GuestState } from '../guests/guestState.ts';
import { pageBytes } from '../machine/sv32.ts';
import type { SubmittedGuests } from '../vmm/vmmRun.ts';

/**
 * How a word is compared between two kernels that do the same work at different addresses: as it is; as an address, by the label
 * that it lies behind; or as an entry of a page table or a `satp`, by its flags and the label of what it leads to.
 */
type Meaning = 'number' | 'address' | 'entry' | 'satp';

interface ComparedWord {
  readonly label: string;
  /** Words behind the label. */
  readonly index: number;
  readonly name: string;
  readonly meaning: Meaning;
}

const word = (label: string, index: number, name: string, meaning: Meaning = 'number'): ComparedWord => ({
  label,
  index,
  name,
  meaning,
});

/** What must be the same in both. */
const comparedWords: readonly ComparedWord[] = [
  word('beliefs', 0, 'sstatus as the kernel sees it (beliefs)'),
  word('beliefs', 1, 'stvec, which SET_TRAPS sets, as the kernel sees it (beliefs + 4)', 'address'),
  word('beliefs', 2, 'satp, which SET_TABLE sets, as the kernel sees it (beliefs + 8)', 'satp'),
  word('beliefs', 3, 'sscratch as the kernel sees it (beliefs + 12)'),
  word('seen', 0, 'the sum over the window (seen)'),
  word('patched', 0, 'the sum of the patched routine (patched)'),
  word('calls', 0, 'calls of the patched routine (calls)'),
  word('pair', 0, 'updates of the critical section (pair)'),
  word('pair', 1, 'updates of the critical section (pair + 4)'),
  word('torn', 0, 'half of an update that a tick saw (torn)'),
  ...Array.from({ length: 256 }, (_, index) =>
    word('window_leaf', index, `entry ${index} of the window’s table (window_leaf + ${4 * index})`, 'entry'),
  ),
];
/** Labels of what is compared, and of what addresses in it lead to. */
export const comparedLabels = [
  ...new Set([...comparedWords.map(({ label }) => label), 'trap_entry', 'root', 'frame']),
];

/** Guests that do the work of another kernel. @param unchanged the other one */
export const sameWorkAs = (unchanged: Assembled): SubmittedGuests => ({
  compare: (seen, bare, program) =>
    differenceOfWork({ state: seen, program }, { state: bare, program: unchanged }),
  mostTime: (bareTime) => 2 * bareTime + 20_000,
});

/** How the state of a kernel differs from that of another one that did the same work on bare metal. */
function differenceOfWork(
  seen: { readonly state: GuestState; readonly program: Assembled },
  bare: { readonly state: GuestState; readonly program: Assembled },
): Difference | undefined {
  /** Where something of the other kernel lies in this one. */
  const moved = (address: number): number => {
    if (!lies(bare.program, address)) return address;
    const label = comparedLabels.find((each) => bare.program.symbols.get(each) === address);
    return (label === undefined ? undefined : seen.program.symbols.get(label)) ?? address;
  };
  for (const { label, index, name, meaning } of comparedWords) {
    const [actual, original] = [seen, bare].map(({ state, program }) =>
      wordAt(state.memory, program.symbols.get(label)! - program.base + 4 * index),
    ) as [number, number];
    const expected = inPlace(original, meaning, moved);
    if (actual === expected) continue;
    return {
      expected: `${name} = ${said(expected, meaning, seen.program)}, as on bare metal`,
      actual: `${name} = ${said(actual, meaning, seen.program)}`,
    };
  }
  if (seen.state.console === bare.state.console) return undefined;
  return {
    expected: `the console shows ${JSON.stringify(bare.state.console)}, as on bare metal`,
    actual: `it shows ${JSON.stringify(seen.state.console)}`,
  };
}

const lies = (program: Assembled, address: number): boolean =>
  address >= program.base && address < program.base + program.bytes.length;

/** The word as it has to be where everything lies elsewhere. */
function inPlace(value: number, meaning: Meaning, moved: (address: number) => number): number {
  switch (meaning) {
    case 'number':
      return value;
    case 'address':
      return moved(value >>> 0) | 0;
    case 'entry':
      return ((moved((value >>> 10) * pageBytes) / pageBytes) << 10) | (value & 0x3ff);
    case 'satp':
      return (value & ~0x3f_ffff) | (moved((value & 0x3f_ffff) * pageBytes) / pageBytes);
  }
}

function said(value: number, meaning: Meaning, program: Assembled): string {
  const label = (address: number): string =>
    lies(program, address) ? place(program, address) : hex(address);
  switch (meaning) {
    case 'number':
      return hex(value);
    case 'address':
      return label(value >>> 0);
    case 'entry':
      return value === 0
        ? '0'
        : `the page of ${label((value >>> 10) * pageBytes)} with the flags 0x${(value & 0x3ff).toString(16)}`;
    case 'satp':
      return value >>> 31 === 0 ? hex(value) : `the table ${label((value & 0x3f_ffff) * pageBytes)}`;
  }
}
