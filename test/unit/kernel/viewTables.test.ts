import assert from 'node:assert/strict';
import { sayMeasured, sayNumber, sayQuantity, unitInName } from '../../../src/engine/kernel/quantityText.ts';
import type { BarsModel, CurveModel, GraphModel, ListingModel } from '../../../src/engine/kernel/view.ts';
import { problemOfModel } from '../../../src/engine/kernel/viewProblems.ts';
import { viewText } from '../../../src/engine/kernel/viewTables.ts';

const bars: BarsModel = {
  kind: 'bars',
  title: 'One access',
  axis: { label: 'Time', unit: 'µs' },
  parts: [
    { label: 'guest', tone: 'focus', letter: 'g' },
    { label: 'exit', tone: 'overhead', letter: 'x' },
  ],
  rows: [
    {
      label: 'emulated',
      values: [2, 1500.25],
      reference: { value: 1400, label: 'measured', source: 'a table' },
    },
    { label: 'direct', values: [2, 0] },
  ],
};

const curve: CurveModel = {
  kind: 'curve',
  title: 'Waits',
  x: { label: 'Load', unit: '%' },
  y: { label: 'Wait', unit: 'ms' },
  series: [
    {
      label: 'one',
      tone: 'focus',
      shape: 'line',
      points: [
        { x: 1, y: 2 },
        { x: 2, y: 4, label: 'here' },
      ],
    },
    {
      label: 'seen',
      tone: 'busy',
      shape: 'dots',
      points: [
        { x: 5, y: 1 },
        { x: 4, y: 1 },
      ],
      source: 'a paper',
    },
  ],
  bounds: [{ axis: 'y', at: 3, label: 'goal', forbidden: 'above' }],
  marked: { x: 1, y: 2, label: 'yours' },
};

const graph: GraphModel = {
  kind: 'graph',
  title: 'Services',
  layers: ['front', 'back'],
  nodes: [
    { id: 'a', label: 'web', details: ['ready', '2 waiting'], tone: 'focus', layer: 0 },
    { id: 'b', label: 'db', details: [], tone: 'failed', layer: 1 },
  ],
  edges: [{ from: 'a', to: 'b', label: 'SQL', tone: 'io' }],
};

const listing: ListingModel = {
  kind: 'listing',
  title: 'Program',
  lines: [
    { label: '0', text: 'nop' },
    { label: '4', text: 'csrr', note: 'privileged' },
  ],
  current: 1,
  happening: 'traps',
};

describe('a view as text', () => {
  it('has each part, the sum and the reference of a bar', () =>
    assert.deepEqual(viewText(bars), [
      'One access:',
      '  emulated | 2 | 1,500.25 | 1,502.25 | 1,400 µs, measured | a table',
      '  direct | 2 | 0 | 2',
    ]));

  it('has every point of a curve, its limits and the marked point', () =>
    assert.deepEqual(viewText(curve), [
      'Waits:',
      '  one | 1 | 2',
      '  one | here | 2 | 4',
      '  seen (a paper) | 5 | 1',
      '  seen (a paper) | 4 | 1',
      'Marked:',
      '  yours | 1 %, 2 ms',
      '  goal | Wait at most 3 ms',
    ]));

  it('has nodes with their state, and edges by the names of their ends', () =>
    assert.deepEqual(viewText(graph), [
      'Services:',
      '  web | front | ready; 2 waiting',
      '  db | back',
      'Connections:',
      '  web | db | SQL',
    ]));

  it('marks the current line of a listing', () =>
    assert.deepEqual(viewText(listing), ['Program:', '  0 | nop', '  → | 4 | csrr | traps; privileged']));
});

describe('a number of any unit', () => {
  for (const [value, said] of [
    [0, '0'],
    [1234567.891, '1,234,570'],
    [0.1 + 0.2, '0.3'],
    [999.9999, '1,000'],
    [-12345.6, '-12,345.6'],
    [1e-9, '1e-9'],
  ] as const) {
    it(`${value} is ${said}`, () => assert.equal(sayNumber(value), said));
  }
  for (const [value, said] of [
    [1234567, '1,234,567'],
    [125.574, '125.6'],
    [12345.678, '12,346'],
    [0.033333, '0.03333'],
  ] as const) {
    it(`a headline shows ${value} as ${said}`, () => assert.equal(sayMeasured(value, 'ms'), said));
  }
  it('a headline shows less than a percent with two digits', () =>
    assert.deepEqual([sayMeasured(1 / 15, '%'), sayMeasured(99.98765, '%')], ['0.067', '99.99']));
  it('has no space behind it without a unit', () => assert.equal(sayQuantity(3, ''), '3'));
});

it('finds the unit in a name', () =>
  assert.deepEqual(
    [
      'worstWaitMs',
      'switchCostUs',
      'latencyNs',
      'uptimeS',
      'switchOverheadPercent',
      'requestsPerSecond',
      'sentBytes',
      'heapMiB',
      'pinnedGiB',
      'switches',
      'vms',
      'DNS',
      'backupMBps',
      'backupIops',
      'streamGbps',
    ].map(unitInName),
    ['ms', 'µs', 'ns', 's', '%', '/s', 'bytes', 'MiB', 'GiB', '', '', '', 'MB/s', '/s', 'Gbit/s'],
  ));

describe('a model that cannot be drawn', () => {
  it('none of these', () =>
    assert.deepEqual(
      [bars, curve, graph, listing].map((model) => problemOfModel(model)),
      [undefined, undefined, undefined, undefined],
    ));

  for (const [model, problem] of [
    [{ ...bars, rows: [{ label: 'r', values: [1] }] }, 'the bar r has 1 values for 2 parts'],
    [{ ...bars, rows: [{ label: 'r', values: [1, -1] }] }, 'the bar r has the value -1'],
    [{ ...bars, rows: [{ label: 'r', values: [1, NaN] }] }, 'the bar r has the value NaN'],
    [
      { ...curve, series: [{ ...curve.series[0]!, points: [{ x: 0, y: Infinity }] }] },
      'the curve one has the point (0, Infinity)',
    ],
    [
      { ...curve, series: [{ ...curve.series[0]!, points: curve.series[1]!.points }] },
      'the points of the curve one are not in order',
    ],
    [{ ...graph, nodes: [graph.nodes[0]!, graph.nodes[0]!] }, 'its graph has two nodes of one id'],
    [{ ...graph, layers: ['front'] }, 'the node b is in layer 1, which does not exist'],
    [
      { ...graph, edges: [{ from: 'a', to: 'c', label: '', tone: 'io' }] },
      'the edge from a to c leads nowhere',
    ],
    [{ ...listing, current: 2 }, 'the current line 2 does not exist'],
    [
      { kind: 'state', groups: [{ title: 'T', columns: ['a'], rows: [['1', '2']], whenEmpty: '' }] },
      'a row of the table T has not a cell per column',
    ],
  ] as const) {
    it(problem, () => assert.equal(problemOfModel(model), problem));
  }
});
