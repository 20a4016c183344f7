import { LatestResults } from '../kernel/latestResults.ts';
import { count, quantity } from '../kernel/parameters.ts';
import { defineScenario } from '../kernel/scenario.ts';
import { noCause } from '../kernel/trace.ts';
import { runBareMetal } from './guests/bareMetal.ts';
import { cycles } from './machine/costModel.ts';
import { NestedPaging } from './memory/nestedPaging.ts';
import { runPagedGuests, type PagedListener, type PagedOptions } from './memory/pagedGuests.ts';
import { mostPagedGuests, pagerPolicies } from './memory/pagerPolicy.ts';
import { pagingChecks } from './memory/pagingChecks.ts';
import { pagingEvents, type PagingEvents } from './memory/pagingEvents.ts';
import { mostPages, pagingGuest, pagingGuestBytes } from './guests/pagingGuest.ts';
import { measured } from './memory/pagingMetrics.ts';
import { pagingCosts, shadowState } from './memory/pagingViews.ts';
import { WalkRecorder } from './machine/walkRecorder.ts';
import { referencePager } from './memory/referencePager.ts';
import { ShadowPaging } from './memory/shadowPaging.ts';
import { vmmParameters } from './vmm/vmmParameters.ts';

/** Virtual memory twice: the same guests on bare metal, with shadow and with nested paging. */
export const paging = defineScenario({
  id: 'cpu.paging',
  title: 'Shadow paging and nested paging',
  doc:
    'A kernel that does little but virtual memory runs three times: on bare metal; in guest mode with shadow page tables, which a ' +
    'pager keeps; and in guest mode with nested paging, where the processor walks two tables. What it costs is counted: exits, and the ' +
    'page-table entries that walks read.',
  params: {
    guests: count({
      label: 'Guests',
      doc: 'Guests side by side, each with its own memory and data.',
      min: 1,
      max: mostPagedGuests,
      default: 1,
      say: (guests) => (guests === 1 ? '1 guest' : `${guests} guests`),
    }),
    pages: count({
      label: 'Pages of a process',
      doc: 'Pages of data of each of the two processes of a guest; it goes through all of them in turn.',
      min: 4,
      max: mostPages,
      default: 16,
      say: (pages) => `${pages} pages`,
    }),
    rounds: count({
      label: 'Rounds in a turn',
      doc: 'Times that a process goes through its pages before it yields.',
      min: 1,
      max: 40,
      default: 2,
      say: (rounds) => `${rounds} rounds`,
    }),
    turns: count({
      label: 'Turns of a process',
      doc: 'Times that each process yields to the other one, which is a switch of the address space.',
      min: 1,
      max: 20,
      default: 4,
      say: (turns) => `${turns} turns`,
    }),
    sweep: count({
      label: 'Entries examined in a turn',
      doc:
        'Page-table entries whose accessed and dirty bits the guest’s kernel reads and clears after each turn. With 0 it ' +
        'does not change entries once they are made.',
      min: 0,
      max: mostPages,
      default: 4,
      say: (sweep) => `${sweep} entries examined`,
    }),
    tlbEntries: count({
      label: 'TLB entries',
      doc: 'Translations that the processor keeps, each for loads, for stores and for fetches: rounded down to a power of two. One slot for a page.',
      min: 4,
      max: 256,
      default: 64,
      say: (entries) => `${entries} TLB entries`,
    }),
    exitCycles: quantity('none', {
      label: 'Cost of an exit',
      doc:
        'Cycles of an exit and the way back. About 1300 on x86 with KVM (Dall et al., ISCA 2016, table II); 12,733 in the first ' +
        'generation (Adams and Agesen, ASPLOS 2006, `ptemod`).',
      min: 100,
      max: 20_000,
      step: 100,
      default: cycles.hardware.hypercall,
    }),
    referenceCycles: quantity('none', {
      label: 'Cost of a reference',
      doc: 'Cycles for one page-table entry that a walk reads (assumed): a few from a cache, more than 100 from memory.',
      min: 1,
      max: 300,
      step: 1,
      default: 20,
    }),
    seed: vmmParameters.seed,
  },
  metrics: {
    shadowExits: { label: 'Exits, shadow', doc: 'Exits with shadow paging.', better: 'lower' },
    shadowFaultExits: {
      label: 'Page-fault exits, shadow',
      doc: 'Of these: page faults, most of which the guest never hears of.',
      better: 'lower',
    },
    fills: {
      label: 'Shadow entries made',
      doc: 'Page faults after which the instruction ran again: each made an entry of a shadow page table.',
      better: 'lower',
    },
    tracedWrites: {
      label: 'Page-table writes emulated',
      doc: 'Stores of the guest’s kernel that the pager emulated, since they went to a page table.',
      better: 'neither',
    },
    addressSpaceExits: {
      label: 'Exits for satp and sfence.vma',
      doc: 'Of the exits with shadow paging: changes of the address space, and fences.',
      better: 'lower',
    },
    nestedExits: { label: 'Exits, nested', doc: 'Exits with nested paging.', better: 'lower' },
    guestFaults: {
      label: 'The guest’s own page faults',
      doc: 'Page faults that the guests’ kernels handle on bare metal.',
      better: 'neither',
    },
    bareMisses: {
      label: 'TLB misses, bare metal',
      doc: 'Walks of the page table on bare metal.',
      better: 'lower',
    },
    shadowMisses: { label: 'TLB misses, shadow', doc: 'Walks of the shadow page tables.', better: 'lower' },
    nestedMisses: { label: 'TLB misses, nested', doc: 'Walks of both tables.', better: 'lower' },
    bareReferences: {
      label: 'Walk references, bare metal',
      doc: 'Page-table entries that walks read on bare metal.',
      better: 'lower',
    },
    shadowReferences: {
      label: 'Walk references, shadow',
      doc: 'Page-table entries that walks read with shadow paging.',
      better: 'lower',
    },
    nestedReferences: {
      label: 'Walk references, nested',
      doc: 'Page-table entries that walks read with nested paging, in both tables.',
      better: 'lower',
    },
    walkReferences: {
      label: 'References of one walk',
      doc: 'Entries that the walk of a small page reads with nested paging: (2 + 1) · (2 + 1) − 1 with two levels in both stages.',
      better: 'neither',
    },
    bareCycles: { label: 'Cycles, bare metal', doc: 'Cycles on bare metal.', better: 'neither' },
    shadowCycles: { label: 'Cycles, shadow', doc: 'Cycles with shadow paging.', better: 'lower' },
    nestedCycles: { label: 'Cycles, nested', doc: 'Cycles with nested paging.', better: 'lower' },
    shadowSlowdown: {
      label: 'Slowdown, shadow',
      doc: 'Cycles with shadow paging as a multiple of those on bare metal.',
      better: 'lower',
    },
    nestedSlowdown: {
      label: 'Slowdown, nested',
      doc: 'Cycles with nested paging as a multiple of those on bare metal.',
      better: 'lower',
    },
  },
  events: pagingEvents,
  policies: pagerPolicies,
  builtIn: { pager: referencePager },
  checks: pagingChecks,
  views: {
    bars: { doc: 'Where the cycles go: bare metal, shadow and nested paging.', model: pagingCosts },
    state: {
      doc: 'The shadow page table that the processor walks, and a walk of two stages, reference by reference.',
      model: (run, event) => shadowState(run.trace, event),
    },
  },
  oracle:
    'The two-dimensional walk’s closed form (n + 1)(m + 1) − 1; the same guest on bare metal, whose memory at every checkpoint and ' +
    'console a second program computes too; exits of the hypervisor extension counted by QEMU (test/conformance/paging.test.ts, hypervisorQemu.test.ts).',
  stepBudget: 4_000_000,
  run({ params, trace, stepBudget, start, refuse }) {
    const tlbEntries = 2 ** Math.floor(Math.log2(params.tlbEntries));
    const guestBytes = pagingGuestBytes(params.pages);
    const guests = Array.from({ length: params.guests }, (_, index) => {
      const program = pagingGuest({
        ...params,
        sweep: Math.min(params.sweep, params.pages),
        seed: params.seed + 1000 * index,
      });
      return { program, bare: runBareMetal(program, guestBytes, stepBudget, tlbEntries) };
    });
    let event = noCause;
    let now = 0;
    const record = (kind: keyof PagingEvents, a = 0, b = 0, c = 0, d = 0): void => {
      event = trace.append(trace.codes[kind], now++, event, a, b, c, d);
    };
    const options: PagedOptions = {
      guests,
      guestBytes,
      tlbEntries,
      stepBudget,
      refuse: (witness) => refuse({ ...witness, event: Math.max(0, event) }),
    };
    const shadowPaging: ShadowPaging = new ShadowPaging(record, () => pager);
    const { pager } = start({ pager: shadowPaging.calls });
    const listener: PagedListener = {
      exit: (guest, cause, pc, value) => record('exit', guest, cause, pc, value >>> 0),
      checkpoint: (guest, number, expected, actual) =>
        record('checkpoint', guest, number, trace.text(expected), trace.text(actual)),
      halt: (guest, code) => record('halt', guest, code),
    };
    const shadow = runPagedGuests(options, shadowPaging, listener);
    const { nested, references } = nestedRuns.of([params, stepBudget], () => runNested(options));
    references.forEach(({ stage, address, entry }, index) =>
      record('reference', index + 1, stage, address, entry),
    );
    return measured(
      params,
      trace,
      { bare: guests.map(({ bare }) => bare), shadow, nested },
      references.length,
    );
  },
});

/** Nested paging needs no pager: its run is the same whatever was submitted. */
const nestedRuns = new LatestResults<ReturnType<typeof runNested>>(1000);

function runNested(options: PagedOptions) {
  const walk = new WalkRecorder();
  const nested = runPagedGuests(options, new NestedPaging((hart) => walk.watch(hart)), {
    exit: () => undefined,
    checkpoint: () => undefined,
    halt: () => undefined,
  });
  return { nested, references: walk.references };
}
