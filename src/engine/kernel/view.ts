import type { Nanoseconds } from './time.ts';

/**
 * What a view draws, as plain data: computed from a trace by the scenario, drawn by the webview, printed by the
 * command line, exported for Perfetto, read aloud from the table behind the figure.
 */
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

/** How a kind of span looks. Tone picks a theme colour and a pattern, so that colour never speaks alone. */
export interface TimelineStyle {
  readonly label: string;
  readonly tone: 'focus' | 'busy' | 'overhead' | 'waiting' | 'io' | 'idle';
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
