import type { TimelineMark, TimelineMeasure, TimelineModel } from '../../engine/kernel/view.ts';
import { sayTimeShortly } from './axis.ts';

/** A measured distance as drawn: a prediction and what came of it stand out. */
export interface DrawnMeasure extends TimelineMeasure {
  readonly role?: 'guess' | 'actual';
}

/** A timeline with what the page adds to it. */
export interface DrawnTimeline extends Omit<TimelineModel, 'measures'> {
  readonly measures: readonly DrawnMeasure[];
}

/** Where everything of a timeline stands, in CSS pixels. Independent of the window shown, so panning moves nothing. */
export interface Layout {
  readonly width: number;
  readonly height: number;
  /** Left end of the time axis; labels of lanes stand left of it, or above their lane where the figure is narrow. */
  readonly plotX: number;
  readonly plotWidth: number;
  readonly labelsAbove: boolean;
  readonly lanes: readonly { readonly y: number; readonly height: number }[];
  readonly rowHeight: number;
  readonly markRows: number;
  /** Row of each mark's label, by index in the model's marks; absent where there was no room. */
  readonly markRow: readonly (number | undefined)[];
  readonly measuresY: number;
  readonly measureRow: readonly number[];
  readonly axisY: number;
}

const mostMarkRows = 4;
const mostMeasureRows = 6;
/** So many marks may repeat one label; more would say nothing but that. */
const mostAlike = 3;
const narrowBelow = 440;
/** Lines of marks that stand closer, in CSS pixels, cover what they are about. */
const leastMarkSpacing = 14;
/** Beside a mark's label: the mark itself, and air to the next. */
export const markLabelRoom = 16;

export function layOut(
  model: DrawnTimeline,
  width: number,
  fontSize: number,
  textWidth: (text: string) => number,
): Layout {
  const rowHeight = Math.round(fontSize * 1.7);
  const labelsAbove = width < narrowBelow;
  const widest = Math.max(0, ...model.lanes.map((lane) => textWidth(lane.label)));
  const edge = 8;
  const plotX = labelsAbove ? edge : Math.round(Math.min(widest + 20, width * 0.28));
  const plotWidth = Math.max(40, Math.round(width - plotX - edge));
  const x = (ns: number): number =>
    plotX + ((ns - model.fromNs) / Math.max(1, model.toNs - model.fromNs)) * plotWidth;

  const labelled = labelledMarks(model.marks);
  const marks = rowsFor(
    model.marks.map((mark, index) => {
      if (!labelled.has(index)) return undefined;
      const label = textWidth(mark.label) + markLabelRoom;
      const at = x(mark.atNs);
      const { flips, room } = markLabelSide(at, label, width);
      const taken = Math.min(label, room);
      return flips ? { from: at - taken, to: at + 8 } : { from: at - 8, to: at + taken };
    }),
    mostMarkRows,
  );
  const markRows = 1 + Math.max(-1, ...marks.map((row) => row ?? -1));

  const laneHeight = model.lanes.length > 16 ? Math.round(fontSize * 1.3) : Math.round(fontSize * 2.1);
  const gap = model.lanes.length > 16 ? 3 : 6;
  const labelAbove = labelsAbove ? rowHeight : 0;
  let y = markRows === 0 ? 6 : markRows * rowHeight + 6;
  const lanes = model.lanes.map(() => {
    y += labelAbove;
    const lane = { y, height: laneHeight };
    y += laneHeight + gap;
    return lane;
  });

  const measuresY = y + 4;
  const measures = rowsFor(
    model.measures.map((measure) => {
      const [x0, x1] = [x(measure.fromNs), x(measure.toNs)];
      const half = textWidth(measureText(measure)) / 2;
      const middle = measureTextMiddle(x0, x1, half, plotX, plotX + plotWidth);
      return { from: Math.min(x0, middle - half) - 6, to: Math.max(x1, middle + half) + 6 };
    }),
    mostMeasureRows,
  ).map((row) => row ?? mostMeasureRows - 1);
  const measureRows = 1 + Math.max(-1, ...measures);
  const axisY = measuresY + measureRows * rowHeight + (measureRows > 0 ? 4 : 0);
  return {
    width,
    height: axisY + rowHeight + 4,
    plotX,
    plotWidth,
    labelsAbove,
    lanes,
    rowHeight,
    markRows,
    markRow: marks,
    measuresY,
    measureRow: measures,
    axisY,
  };
}

/**
 * Where the label of a mark stands: to its right, or to its left where it fits only there, or where there is more room. It may stand
 * above the labels of the lanes.
 * @param label its width with {@link markLabelRoom}
 * @returns `room`: what is there on that side
 */
export function markLabelSide(at: number, label: number, width: number): { flips: boolean; room: number } {
  const right = width - at;
  const flips = label > right && at > right;
  return { flips, room: flips ? at : right };
}

/** Whether the marks without a label stand so close in a window that each is only a tick; zooming in gives them their lines. */
export function marksCrowd(
  { marks }: Pick<DrawnTimeline, 'marks'>,
  { markRow, plotWidth }: Pick<Layout, 'markRow' | 'plotWidth'>,
  { fromNs, toNs }: { readonly fromNs: number; readonly toNs: number },
): boolean {
  const shown = marks.filter(
    ({ atNs }, index) => markRow[index] === undefined && atNs >= fromNs && atNs <= toNs,
  );
  return shown.length * leastMarkSpacing > plotWidth;
}

/** Indices of the marks whose label is written: all of them, but of many with the same label the first alone. */
function labelledMarks(marks: readonly TimelineMark[]): ReadonlySet<number> {
  const sharing = new Map<string, number[]>();
  marks.forEach(({ label }, index) => {
    const same = sharing.get(label);
    if (same === undefined) sharing.set(label, [index]);
    else same.push(index);
  });
  return new Set([...sharing.values()].flatMap((same) => (same.length > mostAlike ? same[0]! : same)));
}

/** What stands on the dimension line: `Wait: 90 ms`. */
export const measureText = (measure: TimelineMeasure): string =>
  `${measure.label}: ${sayTimeShortly(measure.toNs - measure.fromNs)}`;

/**
 * Where the middle of a dimension line's text stands: on the line where the line is long enough to show on both sides of
 * it, else beside it, inside [left, right]; over the line where no side has room.
 */
export function measureTextMiddle(x0: number, x1: number, half: number, left: number, right: number): number {
  const shown0 = Math.max(x0, left);
  const shown1 = Math.min(x1, right);
  const middle = (shown0 + shown1) / 2;
  if (shown1 - shown0 >= 2 * half + 28) return middle;
  if (shown1 + 2 * half + 8 <= right + 8) return shown1 + half + 8;
  if (shown0 - 2 * half - 8 >= left) return shown0 - half - 8;
  return Math.min(Math.max(middle, left + half), right - half);
}

/** Puts each interval into the first row where it overlaps nothing; undefined where every row is taken. */
function rowsFor(
  intervals: readonly ({ readonly from: number; readonly to: number } | undefined)[],
  most: number,
): readonly (number | undefined)[] {
  const rows: { from: number; to: number }[][] = [];
  return intervals.slice(0, 2_000).map((interval) => {
    if (interval === undefined) return undefined;
    const free = rows.findIndex((row) =>
      row.every((taken) => taken.to <= interval.from || interval.to <= taken.from),
    );
    if (free < 0 && rows.length === most) return undefined;
    const row = free < 0 ? rows.push([]) - 1 : free;
    rows[row]!.push({ ...interval });
    return row;
  });
}
