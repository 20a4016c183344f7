import type { LaneIndex } from './laneIndex.ts';

/** What a lane looks like in columns of pixels. */
export interface ColumnSink {
  /** Columns [x0, x1) show one span, given by its index in the lane. */
  bar(span: number, x0: number, x1: number): void;
  /** Column x holds several spans thinner than itself: the share of it that each style has, 0 to 1. Read it at once. */
  mixed(x: number, shares: Float64Array): void;
}

/**
 * Divides a lane into columns of pixels, with work that depends on the width and not on the number of spans.
 *
 * A column shows the span that has most of it; a single span thinner than a column has that column to itself, so that
 * a short switch between two long slices never vanishes; where two or more such spans begin in one column, it is
 * divided by their shares.
 *
 * @param width columns between `fromNs` and `toNs`; a whole number.
 */
export function laneColumns(
  lane: LaneIndex,
  fromNs: number,
  toNs: number,
  width: number,
  styles: number,
  sink: ColumnSink,
): void {
  const nsPerColumn = (toNs - fromNs) / width;
  const shares = new Float64Array(Math.max(1, styles));
  let open = -1;
  let openX = 0;
  let x = 0;
  const close = (): void => {
    if (open >= 0) sink.bar(open, openX, x);
    open = -1;
  };
  /** Columns [x, to) show `span`. */
  const show = (span: number, to: number): void => {
    if (span !== open) {
      close();
      open = span;
      openX = x;
    }
    x = to;
  };

  while (x < width) {
    const columnNs = fromNs + x * nsPerColumn;
    const nextNs = fromNs + (x + 1) * nsPerColumn;
    const first = lane.firstEndingAfter(columnNs);
    if (first === lane.length) break;
    const startNs = lane.startNs[first]!;
    const endNs = lane.endNs[first]!;
    if (startNs >= nextNs) {
      close();
      x = Math.min(width, Math.max(x + 1, Math.floor((startNs - fromNs) / nsPerColumn)));
    } else if (startNs <= columnNs && endNs >= nextNs) {
      show(first, Math.min(width, Math.max(x + 1, Math.floor((endNs - fromNs) / nsPerColumn))));
    } else {
      const end = lane.firstStartingAt(nextNs);
      const thin = thinSpans(lane, first, end, columnNs, nsPerColumn);
      if (thin.count >= 2) {
        close();
        lane.timeByStyle(columnNs, nextNs, shares);
        for (let s = 0; s < shares.length; s++) shares[s]! /= nsPerColumn;
        sink.mixed(x, shares);
        x++;
      } else {
        const winner = thin.count === 1 ? thin.one : largest(lane, first, end, columnNs, nextNs);
        if (winner === undefined) {
          close();
          x++;
        } else show(winner, x + 1);
      }
    }
  }
  close();
}

/** How many spans thinner than a column begin in it (2 stands for more), and which, where it is one. */
function thinSpans(
  lane: LaneIndex,
  first: number,
  end: number,
  columnNs: number,
  nsPerColumn: number,
): { readonly count: 0 | 1 | 2; readonly one?: number } {
  let one: number | undefined;
  for (let i = first; i < end; i++) {
    if (lane.startNs[i]! < columnNs || lane.endNs[i]! - lane.startNs[i]! >= nsPerColumn) continue;
    if (one !== undefined) return { count: 2 };
    one = i;
  }
  return one === undefined ? { count: 0 } : { count: 1, one };
}

/** The span with most of a column, or undefined where a gap has more. At most three spans are here. */
function largest(
  lane: LaneIndex,
  first: number,
  end: number,
  columnNs: number,
  nextNs: number,
): number | undefined {
  let winner: number | undefined;
  let most = 0;
  let covered = 0;
  for (let i = first; i < end; i++) {
    const part = Math.min(lane.endNs[i]!, nextNs) - Math.max(lane.startNs[i]!, columnNs);
    covered += part;
    if (part > most) {
      most = part;
      winner = i;
    }
  }
  return nextNs - columnNs - covered > most ? undefined : winner;
}
