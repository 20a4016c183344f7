import { defineEvents } from '../../kernel/trace.ts';
import { hex } from '../guests/guestState.ts';
import { causeName } from '../machine/trapCause.ts';
import { vmmEvents } from '../vmm/vmmEvents.ts';

const actions = ['retry', 'page-fault', 'outside', 'emulated'] as const;
export type PagerAction = (typeof actions)[number];
export const actionCode = (action: PagerAction): number => actions.indexOf(action);
export const actionOf = (code: number): PagerAction => actions[code]!;

const saidActions = {
  retry: 'the instruction runs again',
  'page-fault': 'the guest’s kernel gets the page fault',
  outside: 'there is no memory of the guest’s at the address',
  emulated: 'the store was emulated',
} as const;

/** Rights of a shadow entry, as bits. */
export const shadowRight = { read: 1, write: 2, execute: 4, user: 8 } as const;

/** Rights as page tables are usually printed: `rwxu`, with a dash for each that is missing. */
export const sayRights = (bits: number): string =>
  (
    [
      ['r', shadowRight.read],
      ['w', shadowRight.write],
      ['x', shadowRight.execute],
      ['u', shadowRight.user],
    ] as const
  )
    .map(([letter, bit]) => ((bits & bit) === 0 ? '-' : letter))
    .join('');

/** What happens between guests, a pager and its shadow page tables; and one walk of two stages, read by read. */
export const pagingEvents = defineEvents({
  memory: {
    doc: 'Where the memory of a guest lies: host-physical address and size.',
    fields: ['guest', 'host', 'sizeBytes'],
    say: ({ guest, host, sizeBytes }) =>
      `guest ${guest} has the memory from ${hex(host!)} on, ${sizeBytes} bytes`,
  },
  exit: {
    doc: 'A guest left the processor: cause as in `scause`, where, and the address that goes with it.',
    fields: ['guest', 'cause', 'pc', 'address'],
    say: ({ guest, cause, pc, address }) =>
      `guest ${guest} at ${hex(pc!)}: ${causeName(cause!)}${isAddress(cause!) ? ` at ${hex(address!)}` : ''}`,
  },
  answer: {
    doc: 'The pager said what to do about a page fault.',
    fields: ['guest', 'action', 'physical'],
    decides: true,
    say: ({ guest, action, physical }) =>
      `guest ${guest}: ${saidActions[actionOf(action!)]}${actionOf(action!) === 'outside' ? ` (${hex(physical!)})` : ''}`,
  },
  space: {
    doc: 'The pager chose a shadow page table after the guest wrote `satp`, or fenced (the last field is 1).',
    fields: ['guest', 'satp', 'table', 'fence'],
    decides: true,
    say: ({ guest, satp, table, fence }) =>
      `guest ${guest} ${fence === 1 ? 'fences' : `writes satp = ${hex(satp!)}`}: the processor walks shadow table ${table}`,
  },
  map: {
    doc: 'The pager made an entry of a shadow page table: which page (its address and the table’s number in one), where it leads, and its rights.',
    fields: ['guest', 'pageInTable', 'frame', 'rights'],
    say: ({ guest, pageInTable, frame, rights }) =>
      `shadow table ${pageInTable! % 4096} of guest ${guest}: ${hex(pageInTable! - (pageInTable! % 4096))} leads to ${hex(frame!)}, ${sayRights(rights!)}`,
  },
  unmap: {
    doc: 'The pager emptied an entry of a shadow page table.',
    fields: ['guest', 'pageInTable'],
    say: ({ guest, pageInTable }) =>
      `shadow table ${pageInTable! % 4096} of guest ${guest}: ${hex(pageInTable! - (pageInTable! % 4096))} leads nowhere`,
  },
  clear: {
    doc: 'The pager emptied a shadow page table.',
    fields: ['guest', 'table'],
    say: ({ guest, table }) => `shadow table ${table} of guest ${guest} is emptied`,
  },
  guestWrite: {
    doc: 'The pager wrote to a guest’s memory.',
    fields: ['guest', 'physical', 'value'],
    say: ({ guest, physical, value }) => `memory of guest ${guest}: ${hex(physical!)} = ${hex(value!)}`,
  },
  reference: {
    doc: 'With nested paging: a walk read an entry. Stage 1 is the guest’s page table, stage 2 the hypervisor’s.',
    fields: ['number', 'stage', 'address', 'entry'],
    say: ({ number, stage, address, entry }) =>
      `the walk’s reference ${number}: ${stage === 2 ? 'second stage' : 'guest’s page table'}, entry ${hex(entry!)} at ${hex(address!)}`,
  },
  checkpoint: vmmEvents.checkpoint,
  halt: vmmEvents.halt,
});
export type PagingEvents = typeof pagingEvents;

const isAddress = (cause: number): boolean => cause !== 22 && cause < 32;
