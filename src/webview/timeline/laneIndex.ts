import type { TimelineModel } from '../../engine/kernel/view.ts';

/** Spans between two stored sums: a bound on what a column of pixels has to add up by itself. */
const blockLength = 64;

/**
 * One lane's spans in the order of time, without overlap, with running sums of time per style. It answers in
 * O(log n) which span is at an instant, and how a stretch of time divides among the styles.
 */
export class LaneIndex {
  readonly length: number;
  /** The model's row of each span. */
  readonly row: Int32Array;
  readonly style: Uint8Array;
  readonly startNs: Float64Array;
  readonly endNs: Float64Array;
  readonly #styles: number;
  /** Time per style before each block: `block * styles + style`. */
  readonly #before: Float64Array;

  constructor(
    row: Int32Array,
    style: Uint8Array,
    startNs: Float64Array,
    endNs: Float64Array,
    styles: number,
  ) {
    this.row = row;
    this.style = style;
    this.startNs = startNs;
    this.endNs = endNs;
    this.length = row.length;
    this.#styles = styles;
    const blocks = Math.ceil(this.length / blockLength);
    this.#before = new Float64Array((blocks + 1) * styles);
    for (let block = 0; block < blocks; block++) {
      const at = block * styles;
      for (let s = 0; s < styles; s++) this.#before[at + styles + s] = this.#before[at + s]!;
      const end = Math.min(this.length, (block + 1) * blockLength);
      for (let i = block * blockLength; i < end; i++)
        this.#before[at + styles + style[i]!]! += endNs[i]! - startNs[i]!;
    }
  }

  /** The first span that ends after `ns`, or `length`. */
  firstEndingAfter(ns: number): number {
    return firstIndex(this.length, (i) => this.endNs[i]! > ns);
  }

  /** The first span that starts at `ns` or later, or `length`. */
  firstStartingAt(ns: number): number {
    return firstIndex(this.length, (i) => this.startNs[i]! >= ns);
  }

  /** The span that covers `ns`, its start included and its end not; undefined in a gap. */
  at(ns: number): number | undefined {
    const i = this.firstEndingAfter(ns);
    return i < this.length && this.startNs[i]! <= ns ? i : undefined;
  }

  /** Writes the time of each style within [fromNs, toNs) into `into`, in nanoseconds. */
  timeByStyle(fromNs: number, toNs: number, into: Float64Array): void {
    into.fill(0);
    const first = this.firstEndingAfter(fromNs);
    const end = this.firstStartingAt(toNs);
    let i = first;
    if (end - first > 2 * blockLength) {
      const firstBlock = Math.ceil(first / blockLength);
      const lastBlock = Math.floor(end / blockLength);
      for (; i < firstBlock * blockLength; i++) into[this.style[i]!]! += this.endNs[i]! - this.startNs[i]!;
      for (let s = 0; s < this.#styles; s++) {
        into[s]! +=
          this.#before[lastBlock * this.#styles + s]! - this.#before[firstBlock * this.#styles + s]!;
      }
      i = lastBlock * blockLength;
    }
    for (; i < end; i++) into[this.style[i]!]! += this.endNs[i]! - this.startNs[i]!;
    if (first < end) {
      into[this.style[first]!]! -= Math.max(0, fromNs - this.startNs[first]!);
      into[this.style[end - 1]!]! -= Math.max(0, this.endNs[end - 1]! - toNs);
    }
  }
}

function firstIndex(length: number, holds: (index: number) => boolean): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** One index per lane. Where spans of a lane overlap, the later one lies on top, and the earlier one is cut there. */
export function indexLanes(model: TimelineModel): readonly LaneIndex[] {
  const { lane, style, startNs, endNs } = model.spans;
  const lengths = new Int32Array(model.lanes.length);
  for (let i = 0; i < lane.length; i++) lengths[lane[i]!]!++;
  const rows = model.lanes.map((_, l) => new Int32Array(lengths[l]!));
  lengths.fill(0);
  for (let i = 0; i < lane.length; i++) rows[lane[i]!]![lengths[lane[i]!]!++] = i;
  return rows.map((rowsOfLane) => {
    const starts = new Float64Array(rowsOfLane.length);
    const ends = new Float64Array(rowsOfLane.length);
    const styles = new Uint8Array(rowsOfLane.length);
    for (let i = 0; i < rowsOfLane.length; i++) {
      const row = rowsOfLane[i]!;
      starts[i] = startNs[row]!;
      styles[i] = style[row]!;
      const next = rowsOfLane[i + 1];
      ends[i] = next === undefined ? endNs[row]! : Math.min(endNs[row]!, startNs[next]!);
    }
    return new LaneIndex(rowsOfLane, styles, starts, ends, Math.max(1, model.styles.length));
  });
}
