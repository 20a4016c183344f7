import assert from 'node:assert/strict';
import type { GraphModel } from '../../src/engine/kernel/view.ts';
import { changedNodes } from '../../src/webview/views/graphChange.ts';
import { laneKey, lanesOf, routesOf, type Box } from '../../src/webview/views/graphRoutes.ts';

const node = (id: string, layer: number) => ({ id, label: id, details: [], tone: 'busy' as const, layer });
const edge = (from: string, to: string, label = '') => ({ from, to, label, tone: 'busy' as const });
const graph: GraphModel = {
  kind: 'graph',
  title: 'G',
  layers: ['', '', ''],
  nodes: [node('a', 0), node('b', 0), node('c', 1), node('d', 2)],
  edges: [edge('a', 'c', 'one'), edge('c', 'a', 'two'), edge('a', 'b'), edge('b', 'd', 'long way')],
};
const boxes = new Map<string, Box>([
  ['a', { x: 0, y: 0, width: 100, height: 40 }],
  ['b', { x: 0, y: 60, width: 100, height: 40 }],
  ['c', { x: 200, y: 0, width: 100, height: 40 }],
  [laneKey({ edge: 3, layer: 1 }), { x: 200, y: 80, width: 100, height: 10 }],
  ['d', { x: 400, y: 30, width: 100, height: 40 }],
]);
const routes = routesOf(graph, boxes, 'right', 500);
const ends = (path: string): readonly [string, string] => {
  const numbers = path.match(/-?[\d.]+ -?[\d.]+/g)!;
  return [numbers[0], numbers.at(-1)!];
};

describe('routes of a graph', () => {
  it('give an edge that passes a layer a lane in it', () =>
    assert.deepEqual(lanesOf(graph), [{ edge: 3, layer: 1 }]));

  it('leave and enter at the sides that face each other, each at a place of its own', () => {
    const [there, back] = routes;
    assert.match(ends(there!.path)[0], /^100 /);
    assert.match(there!.head, /^M200 /);
    assert.match(ends(back!.path)[0], /^200 /);
    assert.match(back!.head, /^M100 /);
    assert.notEqual(ends(there!.path)[0].split(' ')[1], back!.head.slice(1).split('L')[0]!.split(' ')[1]);
  });

  it('bend out and back between nodes of one layer', () => {
    assert.match(ends(routes[2]!.path)[0], /^100 /);
    assert.match(routes[2]!.head, /^M100 /);
  });

  it('pass straight through lanes', () => assert.match(routes[3]!.path, /200 85L300 85/));

  it('stand on their heads where layers go down', () => {
    const turned = new Map(
      [...boxes].map(([key, { x, y, width, height }]) => [key, { x: y, y: x, width: height, height: width }]),
    );
    const down = routesOf(graph, turned, 'down', 100);
    const swap = (point: string): string => point.split(' ').toReversed().join(' ');
    assert.equal(ends(down[0]!.path)[0], swap(ends(routes[0]!.path)[0]));
  });

  it('place labels on no node, on no other label, and inside the picture', () => {
    const placed = routes.filter(({ edge: { label } }) => label !== '');
    const boxOf = ({ edge: { label }, label: { x, y } }: (typeof routes)[0]): Box => ({
      x: x - label.length * 3.3,
      y: y - 8,
      width: label.length * 6.6,
      height: 16,
    });
    const all = [...placed.map(boxOf), ...graph.nodes.map(({ id }) => boxes.get(id)!)];
    for (const [i, a] of all.entries()) {
      assert.ok(a.x >= 0 && a.x + a.width <= 500);
      for (const b of all.slice(i + 1)) {
        const apart =
          a.x >= b.x + b.width || b.x >= a.x + a.width || a.y >= b.y + b.height || b.y >= a.y + a.height;
        assert.ok(apart || i >= placed.length, `${JSON.stringify(a)} covers ${JSON.stringify(b)}`);
      }
    }
  });

  it('are the same every time', () => assert.deepEqual(routesOf(graph, boxes, 'right', 500), routes));
});

describe('what an event changed in a graph', () => {
  it('are new nodes and nodes that say or mean something else', () => {
    const now: GraphModel = {
      ...graph,
      nodes: [
        { ...node('a', 0), tone: 'failed' },
        node('b', 0),
        { ...node('c', 1), details: ['x'] },
        node('e', 1),
      ],
    };
    assert.deepEqual([...changedNodes(graph, now)], ['a', 'c', 'e']);
    assert.deepEqual([...changedNodes(undefined, now)], []);
  });
});
