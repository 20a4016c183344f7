import type { Trace } from '../../kernel/trace.ts';
import type { BarsModel, StateGroup, StateModel } from '../../kernel/view.ts';
import { hex } from '../guests/guestState.ts';
import { ramBase } from '../machine/hart.ts';
import { sayRights, type PagingEvents } from './pagingEvents.ts';

interface Measured {
  readonly params: { readonly exitCycles: number; readonly referenceCycles: number };
  readonly metrics: Readonly<
    Record<
      | 'shadowExits'
      | 'nestedExits'
      | 'bareReferences'
      | 'shadowReferences'
      | 'nestedReferences'
      | 'bareCycles'
      | 'shadowCycles'
      | 'nestedCycles',
      number
    >
  >;
}

/** Where the cycles go, in the three ways. */
export function pagingCosts({ params, metrics }: Measured): BarsModel {
  const row = (label: string, cycles: number, references: number, exits: number) => {
    const walks = references * params.referenceCycles;
    const leaving = exits * params.exitCycles;
    return { label, values: [cycles - walks - leaving, walks, leaving] };
  };
  return {
    kind: 'bars',
    title: 'Where the cycles go',
    axis: { label: 'cycles', unit: '' },
    parts: [
      { label: 'instructions and the guest’s own traps', letter: 'i', tone: 'focus' },
      { label: 'page-table walks', letter: 'w', tone: 'waiting' },
      { label: 'exits', letter: 'e', tone: 'overhead' },
    ],
    rows: [
      row('bare metal', metrics.bareCycles, metrics.bareReferences, 0),
      row('shadow paging', metrics.shadowCycles, metrics.shadowReferences, metrics.shadowExits),
      row('nested paging', metrics.nestedCycles, metrics.nestedReferences, metrics.nestedExits),
    ],
  };
}

/** Most entries of a shadow page table that are shown; the kernel's code and data come first. */
const mostRows = 64;

/** The shadow page table that the processor walks after an event, and the walk of two stages that was recorded. */
export function shadowState(trace: Trace<PagingEvents>, event: number): StateModel {
  let guest = 1;
  const walked = new Map<number, number>();
  const satp = new Map<number, number>();
  const host = new Map<number, number>();
  const tables = new Map<string, Map<number, { frame: number; rights: number }>>();
  const tableOf = (of: number, table: number) => {
    const key = `${of} ${table}`;
    const known = tables.get(key) ?? new Map<number, { frame: number; rights: number }>();
    tables.set(key, known);
    return known;
  };
  for (let row = 0; row <= event; row++) {
    const [a, b, c, d] = [trace.field(row, 0), trace.field(row, 1), trace.field(row, 2), trace.field(row, 3)];
    switch (trace.kind(row)) {
      case 'memory':
        host.set(a, b);
        break;
      case 'exit':
        guest = a;
        break;
      case 'space':
        satp.set(a, b);
        walked.set(a, c);
        break;
      case 'map':
        tableOf(a, b % 4096).set(b - (b % 4096), { frame: c, rights: d });
        break;
      case 'unmap':
        tableOf(a, b % 4096).delete(b - (b % 4096));
        break;
      case 'clear':
        tableOf(a, b).clear();
        break;
      default:
        break;
    }
  }
  const table = walked.get(guest) ?? 0;
  const entries = [...tableOf(guest, table)].toSorted(([a], [b]) => a - b);
  const base = host.get(guest) ?? 0;
  const shadow: StateGroup = {
    title: `Shadow table ${table} of guest ${guest} (its satp: ${hex(satp.get(guest) ?? 0)})`,
    columns: ['virtual page', 'guest-physical', 'host-physical', 'rights'],
    rows: entries
      .slice(0, mostRows)
      .map(([page, { frame, rights }]) => [
        hex(page),
        hex(frame - base + ramBase),
        hex(frame),
        sayRights(rights),
      ]),
    whenEmpty: 'No entries: the next access faults.',
  };
  return { kind: 'state', groups: [shadow, twoStageWalk(trace)] };
}

function twoStageWalk(trace: Trace<PagingEvents>): StateGroup {
  const rows: string[][] = [];
  for (let row = 0; row < trace.length; row++) {
    if (trace.kind(row) !== 'reference') continue;
    const stage = trace.field(row, 1);
    rows.push([
      String(trace.field(row, 0)),
      stage === 1 ? 'guest’s page table' : 'second stage',
      hex(trace.field(row, 2)),
      hex(trace.field(row, 3)),
    ]);
  }
  return {
    title: 'Nested paging: the first walk of a small page',
    columns: ['reference', 'table', 'entry at (host-physical)', 'entry'],
    rows,
    whenEmpty: 'The run ended before a walk.',
  };
}
