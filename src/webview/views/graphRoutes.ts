import type { GraphEdge, GraphModel } from '../../engine/kernel/view.ts';

/** Where edges run between nodes whose places are known. Deterministic: nothing here moves by itself. */

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Route {
  readonly edge: GraphEdge;
  /** SVG path data. */
  readonly path: string;
  /** Path data of the arrow's head. */
  readonly head: string;
  /** The middle of the edge, where its label stands. */
  readonly label: { readonly x: number; readonly y: number };
}

/** An edge that passes layers between its ends has a place of its own in each of them. */
export interface Lane {
  readonly edge: number;
  readonly layer: number;
}

export const laneKey = ({ edge, layer }: Lane): string => `${edge}/${layer}`;

/** The lanes of a graph, layer by layer, in the order of the edges. */
export function lanesOf({ nodes, edges }: GraphModel): readonly Lane[] {
  const layerOf = new Map(nodes.map((node) => [node.id, node.layer]));
  return edges.flatMap(({ from, to }, edge) => {
    const [a, b] = [layerOf.get(from)!, layerOf.get(to)!];
    const [first, last] = [Math.min(a, b), Math.max(a, b)];
    return Array.from({ length: Math.max(0, last - first - 1) }, (_, index) => ({
      edge,
      layer: first + index + 1,
    }));
  });
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/**
 * @param boxes of nodes by id and of lanes by {@link laneKey}
 * @param direction which way layers follow one another
 * @param width of the whole picture: labels stay inside
 */
export function routesOf(
  model: GraphModel,
  boxes: ReadonlyMap<string, Box>,
  direction: 'right' | 'down',
  width: number,
): readonly Route[] {
  // Everything is routed to the right; downwards is the same with both axes exchanged.
  const flipped = direction === 'down';
  const boxOf = (key: string): Box | undefined => {
    const box = boxes.get(key);
    return box === undefined || !flipped ? box : { x: box.y, y: box.x, width: box.height, height: box.width };
  };
  const lanes = lanesOf(model);
  const ports = new Ports(boxOf);
  const planned = model.edges.flatMap((edge, index) => {
    const [from, to] = [boxOf(edge.from), boxOf(edge.to)];
    if (from === undefined || to === undefined) return [];
    const step = stepBetween(from, to);
    const passed = lanes.filter((lane) => lane.edge === index).toSorted((a, b) => step * (a.layer - b.layer));
    const between = passed.flatMap((lane) => boxOf(laneKey(lane)) ?? []);
    const middle = (box: Box): number => box.y + box.height / 2;
    ports.claim(edge.from, step < 0 ? 'before' : 'after', index, middle(between[0] ?? to));
    ports.claim(edge.to, step > 0 ? 'before' : 'after', index, middle(between.at(-1) ?? from));
    return [{ edge, index, step, between }];
  });
  const turned = ({ x, y }: Point): Point => (flipped ? { x: y, y: x } : { x, y });
  const labels = new Labels(
    model.nodes.flatMap((node) => boxes.get(node.id) ?? []),
    width,
  );
  return planned.map(({ edge, index, step, between }) => {
    const start = ports.place(edge.from, step < 0 ? 'before' : 'after', index, 'start');
    const end = ports.place(edge.to, step > 0 ? 'before' : 'after', index, 'end');
    const curves =
      step === 0
        ? [arc(start, end)]
        : wave([start, ...between.flatMap((box) => through(box, step)), end], step);
    const along = step === 0 ? -1 : step;
    const head = [
      end,
      { x: end.x - along * headPx, y: end.y - headPx * 0.55 },
      { x: end.x - along * headPx, y: end.y + headPx * 0.55 },
    ];
    const say = (point: Point): string => `${px(turned(point).x)} ${px(turned(point).y)}`;
    const drawn = curves.map(
      (curve, at) => `${at === 0 ? 'M' : 'L'}${say(curve[0])}C${curve.slice(1).map(say).join(' ')}`,
    );
    return {
      edge,
      path: drawn.join(''),
      head: `M${head.map(say).join('L')}z`,
      label: labels.place(edge.label, alongThe(curves).map(turned)),
    };
  });
}

/** 1 where one box lies after the other, -1 where it lies before, 0 where neither is so. */
const stepBetween = (from: Box, to: Box): -1 | 0 | 1 =>
  to.x >= from.x + from.width ? 1 : to.x + to.width <= from.x ? -1 : 0;

const headPx = 8;
const px = (value: number): number => Math.round(value * 10) / 10;

/** A cubic Bézier curve. */
type Curve = readonly [from: Point, pull: Point, push: Point, to: Point];

/** Through a lane, straight from one of its sides to the other. */
function through(box: Box, step: number): readonly Point[] {
  const y = box.y + box.height / 2;
  const sides = [
    { x: box.x, y },
    { x: box.x + box.width, y },
  ];
  return step > 0 ? sides : sides.toReversed();
}

/** Curves that leave and enter level, with straight lines between them, which are the lanes. */
function wave(stops: readonly Point[], step: number): readonly Curve[] {
  const curves: Curve[] = [];
  for (let i = 0; i < stops.length; i += 2) {
    const from = stops[i]!;
    const last = stops[i + 1]!;
    const to = i + 2 === stops.length ? { x: last.x - step * (headPx - 1), y: last.y } : last;
    const pull = Math.max(16, Math.abs(last.x - from.x) / 2) * step;
    curves.push([from, { x: from.x + pull, y: from.y }, { x: to.x - pull, y: to.y }, to]);
  }
  return curves;
}

/** Between nodes beside each other, or from a node to itself: out after them, and back. */
function arc(start: Point, end: Point): Curve {
  const out = Math.max(start.x, end.x) + 14 + Math.min(24, Math.abs(end.y - start.y) / 6);
  return [start, { x: out, y: start.y }, { x: out, y: end.y }, { x: end.x + headPx - 1, y: end.y }];
}

/** Places along an edge where its label may stand, the best first: the middle of its middle curve. */
function alongThe(curves: readonly Curve[]): readonly Point[] {
  const middle = (curves.length - 1) / 2;
  const nearest = curves.toSorted(
    (a, b) => Math.abs(curves.indexOf(a) - middle) - Math.abs(curves.indexOf(b) - middle),
  );
  return nearest.flatMap((curve) => [0.5, 0.38, 0.62, 0.26, 0.74].map((t) => pointOn(curve, t)));
}

function pointOn([a, b, c, d]: Curve, t: number): Point {
  const u = 1 - t;
  const mix = (axis: 'x' | 'y'): number =>
    u ** 3 * a[axis] + 3 * u * u * t * b[axis] + 3 * u * t * t * c[axis] + t ** 3 * d[axis];
  return { x: mix('x'), y: mix('y') };
}

/** About what a label takes, in CSS pixels. */
const characterPx = 6.6;
const linePx = 16;

/** Places labels one after the other, each where it covers no node and no label, as far as that can be. */
class Labels {
  readonly #taken: Box[];
  readonly #width: number;

  constructor(nodes: readonly Box[], width: number) {
    this.#taken = [...nodes];
    this.#width = width;
  }

  place(text: string, candidates: readonly Point[]): Point {
    const half = (text.length * characterPx) / 2;
    const boxAt = ({ x, y }: Point): Box => ({
      x: x - half,
      y: y - linePx / 2,
      width: 2 * half,
      height: linePx,
    });
    const inside = candidates.map(({ x, y }) => ({
      x: Math.max(half, Math.min(this.#width - half, x)),
      y,
    }));
    const free = inside.find((point) => !this.#taken.some((box) => overlap(box, boxAt(point))));
    const chosen = free ?? inside[0]!;
    if (text !== '') this.#taken.push(boxAt(chosen));
    return chosen;
  }
}

const overlap = (a: Box, b: Box): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

/** Edges that meet at one side of a node are spread over it, in the order of where they come from. */
class Ports {
  readonly #boxOf: (key: string) => Box | undefined;
  readonly #claims = new Map<
    string,
    { readonly edge: number; readonly towards: number; readonly serial: number }[]
  >();

  constructor(boxOf: (key: string) => Box | undefined) {
    this.#boxOf = boxOf;
  }

  claim(node: string, side: 'before' | 'after', edge: number, towards: number): void {
    const key = `${side}/${node}`;
    const there = this.#claims.get(key) ?? [];
    there.push({ edge, towards, serial: there.length });
    this.#claims.set(key, there);
  }

  place(node: string, side: 'before' | 'after', edge: number, end: 'start' | 'end'): Point {
    const box = this.#boxOf(node)!;
    const sorted = this.#claims
      .get(`${side}/${node}`)!
      .toSorted((a, b) => a.towards - b.towards || a.edge - b.edge || a.serial - b.serial);
    const own = (claim: { readonly edge: number }): boolean => claim.edge === edge;
    const rank = end === 'start' ? sorted.findIndex(own) : sorted.findLastIndex(own);
    return {
      x: side === 'before' ? box.x : box.x + box.width,
      y: box.y + (box.height * (rank + 1)) / (sorted.length + 1),
    };
  }
}
