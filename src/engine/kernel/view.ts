import type { Nanoseconds } from './time.ts';

/**
 * What views draw, as plain data: computed from a run by the scenario, drawn by the webview, printed by the command
 * line, read aloud from the table behind the picture.
 */
export type ViewModel = TimelineModel | BarsModel | CurveModel | GraphModel | ListingModel | StateModel;

/**
 * What a coloured thing is. Each tone has a theme colour and a pattern, so that colour never speaks alone.
 * `focus`: whom the lesson is about; `busy`: useful work of others; `overhead`: what virtualization or management costs;
 * `waiting`: ready, but not served; `io`: devices and network; `idle`: nothing happens; `failed`: crashed, refused,
 * timed out.
 */
export type Tone = 'focus' | 'busy' | 'overhead' | 'waiting' | 'io' | 'idle' | 'failed';

export interface TimelineModel {
  readonly kind: 'timeline';
  readonly title: string;
  readonly fromNs: Nanoseconds;
  readonly toNs: Nanoseconds;
  readonly lanes: readonly { readonly label: string }[];
  readonly styles: readonly TimelineStyle[];
  readonly spans: TimelineSpans;
  readonly marks: readonly TimelineMark[];
  /** Measured distances, drawn under the lanes: the wait, the response. */
  readonly measures: readonly TimelineMeasure[];
}

/** How a kind of span looks. */
export interface TimelineStyle {
  readonly label: string;
  readonly tone: Tone;
  /** One or two characters drawn inside the bar where there is room. */
  readonly letter: string;
}

/** Spans as columns, sorted by start: a timeline of a million spans stays cheap. */
export interface TimelineSpans {
  readonly lane: Int32Array;
  readonly style: Uint8Array;
  readonly startNs: Float64Array;
  readonly endNs: Float64Array;
  /** The trace row that began the span. */
  readonly event: Int32Array;
}

export interface TimelineMark {
  readonly atNs: Nanoseconds;
  /** Across all lanes when absent. */
  readonly lane?: number;
  readonly label: string;
  readonly tone: 'arrival' | 'start' | 'finish' | 'decision';
}

export interface TimelineMeasure {
  readonly label: string;
  readonly fromNs: Nanoseconds;
  readonly toNs: Nanoseconds;
}

/** The state of the simulated system right after one event, as tables that a person reads. */
export interface StateModel {
  readonly kind: 'state';
  readonly groups: readonly StateGroup[];
}

export interface StateGroup {
  readonly title: string;
  readonly columns: readonly string[];
  /** A cell per column. */
  readonly rows: readonly (readonly string[])[];
  /** Said in place of a table without rows. */
  readonly whenEmpty: string;
  /** Shows only the latest of its rows: one that is no longer among them has not left. */
  readonly latestOnly?: true;
}

/** What an axis measures. Values of models are in its `unit`. */
export interface Axis {
  readonly label: string;
  /** As it stands behind a number: `ms`, `%`, `requests/s`. Empty for plain numbers. */
  readonly unit: string;
  /** On a logarithmic axis only positive values have a place; others are drawn at its lower end. Default `linear`. */
  readonly scale?: 'linear' | 'log';
  /** The axis reaches at least from here, and to here, whatever the data. A linear axis of bars starts at 0. */
  readonly from?: number;
  readonly to?: number;
}

/** Rows of stacked segments: where the time of a request goes, exits by cause, shares of a CPU, slowdowns. */
export interface BarsModel {
  readonly kind: 'bars';
  readonly title: string;
  readonly axis: Axis;
  /** What segments stand for, in the order of the stack and of the legend. */
  readonly parts: readonly BarsPart[];
  readonly rows: readonly BarsRow[];
}

export interface BarsPart {
  readonly label: string;
  readonly tone: Tone;
  /** One or two characters drawn inside the segment where there is room; they tell parts of one tone apart. */
  readonly letter: string;
}

export interface BarsRow {
  readonly label: string;
  /** A value for each part, not negative; 0 where a part does not occur. */
  readonly values: readonly number[];
  /** A value from elsewhere, marked beside the row's sum: measured, published, by closed form. */
  readonly reference?: BarsReference;
}

export interface BarsReference {
  /** In the axis' unit. */
  readonly value: number;
  /** What it is, in a few words: `measured on Linux 6.1`. */
  readonly label: string;
  /** Where it comes from, so that a reader finds it. */
  readonly source: string;
}

/** One quantity against another: latency over load, overhead over slice, a distribution's tail, where costs cross. */
export interface CurveModel {
  readonly kind: 'curve';
  readonly title: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly series: readonly CurveSeries[];
  readonly bounds: readonly CurveBound[];
  /** The point that the reader's settings stand for. */
  readonly marked?: CurvePoint & { readonly label: string };
}

export interface CurveSeries {
  readonly label: string;
  readonly tone: Tone;
  /** `step` holds each value up to the next point; `dots` are single observations, such as published rows. */
  readonly shape: 'line' | 'step' | 'dots';
  /** Ascending in x, except for dots. */
  readonly points: readonly CurvePoint[];
  /** Where the values come from, when they are not from this model: a closed form, a paper. */
  readonly source?: string;
}

export interface CurvePoint {
  readonly x: number;
  readonly y: number;
  /** What setting the point stands for, where x does not say it: `10 ms`. */
  readonly label?: string;
}

/** A limit: a line across the plot. */
export interface CurveBound {
  readonly axis: 'x' | 'y';
  readonly at: number;
  readonly label: string;
  /** The side of it that is not allowed, which is hatched; absent when the line only orients. */
  readonly forbidden?: 'above' | 'below';
}

/** Things and what goes between them, right after one event: a service graph, a cluster, layers that a call passes. */
export interface GraphModel {
  readonly kind: 'graph';
  readonly title: string;
  /** Headings of the layers, in order; a node's `layer` is an index. An empty heading is not drawn. */
  readonly layers: readonly string[];
  /** Which way layers follow one another where there is room; narrow panels always show them downwards. Default `right`. */
  readonly direction?: 'right' | 'down';
  /** In the order in which they stand within their layer. */
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

export interface GraphNode {
  /** Unique in the graph, and the same after every event, so that what changes can be followed. */
  readonly id: string;
  readonly label: string;
  /** The node's state in a few short lines. What the tone says stands here in words too. */
  readonly details: readonly string[];
  readonly tone: Tone;
  readonly layer: number;
}

export interface GraphEdge {
  /** Ids of nodes. */
  readonly from: string;
  readonly to: string;
  /** Empty for none. */
  readonly label: string;
  readonly tone: Tone;
}

/** Lines of code, right after one event, with the current one marked: a guest's program and the trapping instruction. */
export interface ListingModel {
  readonly kind: 'listing';
  readonly title: string;
  readonly lines: readonly ListingLine[];
  /** Index of the line that runs next, or trapped; absent where none does. */
  readonly current?: number;
  /** What happens at the current line, in a few words: `traps: illegal instruction`. */
  readonly happening?: string;
}

export interface ListingLine {
  /** An address or a line number; empty for none. */
  readonly label: string;
  readonly text: string;
  /** Stands beside the line. */
  readonly note?: string;
  /** A line that is more than plain code; what it means stands in its note. */
  readonly tone?: Tone;
}

/** Collects spans row by row. */
export class SpanBuilder {
  readonly #rows: { lane: number; style: number; startNs: number; endNs: number; event: number }[] = [];

  add(lane: number, style: number, startNs: Nanoseconds, endNs: Nanoseconds, event: number): void {
    if (endNs > startNs) this.#rows.push({ lane, style, startNs, endNs, event });
  }

  build(): TimelineSpans {
    const rows = this.#rows.toSorted((a, b) => a.startNs - b.startNs || a.lane - b.lane);
    return {
      lane: Int32Array.from(rows, (row) => row.lane),
      style: Uint8Array.from(rows, (row) => row.style),
      startNs: Float64Array.from(rows, (row) => row.startNs),
      endNs: Float64Array.from(rows, (row) => row.endNs),
      event: Int32Array.from(rows, (row) => row.event),
    };
  }
}

/** Milliseconds as a person reads them: at most six decimals, none that say nothing. */
export function sayMs(ns: Nanoseconds): string {
  return `${Number((ns / 1e6).toFixed(6))} ms`;
}

/** The timeline as lines of text, one per span: what a diff editor compares and a screen reader reads. */
export function timelineText(model: TimelineModel): string[] {
  const { spans } = model;
  return Array.from(spans.startNs, (startNs, row) => {
    const lane = model.lanes[spans.lane[row]!]!.label;
    const style = model.styles[spans.style[row]!]!.label;
    return `${sayMs(startNs)} to ${sayMs(spans.endNs[row]!)}: ${lane}, ${style}`;
  });
}
