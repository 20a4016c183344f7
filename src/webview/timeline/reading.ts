import type { TimelineModel } from '../../engine/kernel/view.ts';
import { sayTime } from './axis.ts';
import { t } from '../page/messages.ts';

/** A timeline in words: for the table behind it, the cursor's read-out and the summary. Nothing is only drawn. */

export interface TimelineRow {
  readonly from: string;
  /** Empty for a mark. */
  readonly to: string;
  readonly length: string;
  /** The lane's label; empty for what belongs to all lanes. */
  readonly lane: string;
  readonly what: string;
}

const toneWord = (tone: 'arrival' | 'start' | 'finish' | 'decision'): string =>
  ({ arrival: t('arrival'), start: t('start'), finish: t('finish'), decision: t('decision') })[tone];

/** The timeline without spans that lie before or after what it shows; itself where there are none. */
export function withinRange<T extends TimelineModel>(model: T): T {
  const { spans, fromNs, toNs } = model;
  const kept: number[] = [];
  for (let i = 0; i < spans.startNs.length; i++) {
    if (spans.endNs[i]! > fromNs && spans.startNs[i]! < toNs) kept.push(i);
  }
  if (kept.length === spans.startNs.length) return model;
  return {
    ...model,
    spans: {
      lane: Int32Array.from(kept, (i) => spans.lane[i]!),
      style: Uint8Array.from(kept, (i) => spans.style[i]!),
      startNs: Float64Array.from(kept, (i) => spans.startNs[i]!),
      endNs: Float64Array.from(kept, (i) => spans.endNs[i]!),
      event: Int32Array.from(kept, (i) => spans.event[i]!),
    },
  };
}

/** How many rows {@link timelineRows} yields. */
export const rowCount = (model: TimelineModel): number =>
  model.spans.startNs.length + model.marks.length + model.measures.length;

/** Everything that the timeline shows, in the order of time; at equal times measures, marks, then spans. */
export function* timelineRows(model: TimelineModel): Generator<TimelineRow> {
  const { spans } = model;
  const marks = model.marks.toSorted((a, b) => a.atNs - b.atNs);
  const measures = model.measures.toSorted((a, b) => a.fromNs - b.fromNs);
  let mark = 0;
  let measure = 0;
  let span = 0;
  const later = Infinity;
  while (mark < marks.length || measure < measures.length || span < spans.startNs.length) {
    const measureNs = measures[measure]?.fromNs ?? later;
    const markNs = marks[mark]?.atNs ?? later;
    const spanNs = spans.startNs[span] ?? later;
    if (measureNs <= markNs && measureNs <= spanNs) {
      const { fromNs, toNs, label } = measures[measure++]!;
      yield { ...period(fromNs, toNs), lane: '', what: t('measured: {0}', label) };
    } else if (markNs <= spanNs) {
      const { atNs, lane, label, tone } = marks[mark++]!;
      const what = label.toLowerCase().includes(toneWord(tone)) ? label : `${toneWord(tone)}: ${label}`;
      yield {
        from: sayTime(atNs),
        to: '',
        length: '',
        lane: lane === undefined ? '' : model.lanes[lane]!.label,
        what,
      };
    } else {
      yield {
        ...period(spanNs, spans.endNs[span]!),
        lane: model.lanes[spans.lane[span]!]!.label,
        what: model.styles[spans.style[span]!]!.label,
      };
      span++;
    }
  }
}

const period = (fromNs: number, toNs: number): Pick<TimelineRow, 'from' | 'to' | 'length'> => ({
  from: sayTime(fromNs),
  to: sayTime(toNs),
  length: sayTime(toNs - fromNs),
});

/** Every instant at which something begins or is marked, and the end of the run: where the cursor stops. Ascending. */
export function instantsOf(model: TimelineModel): Float64Array {
  const { startNs, endNs } = model.spans;
  const marks = Float64Array.from(model.marks, (mark) => mark.atNs).toSorted();
  const instants = new Float64Array(startNs.length + marks.length + 1);
  let length = 0;
  const add = (ns: number): void => {
    if (ns < model.fromNs || ns > model.toNs) return;
    if (length === 0 || ns > instants[length - 1]!) instants[length++] = ns;
  };
  let mark = 0;
  let last = -Infinity;
  for (let i = 0; i < startNs.length; i++) {
    while (mark < marks.length && marks[mark]! <= startNs[i]!) add(marks[mark++]!);
    add(startNs[i]!);
    last = Math.max(last, endNs[i]!);
  }
  while (mark < marks.length) add(marks[mark++]!);
  if (last > -Infinity) add(last);
  return instants.slice(0, length);
}

/** What happens at an instant, as one line. */
export function sayInstant(model: TimelineModel, ns: number): string {
  const { startNs, endNs, lane, style } = model.spans;
  const parts: string[] = [];
  for (const mark of model.marks) {
    if (mark.atNs === ns)
      parts.push(mark.lane === undefined ? mark.label : `${model.lanes[mark.lane]!.label}: ${mark.label}`);
  }
  for (let i = firstAtOrAfter(startNs, ns); i < startNs.length && startNs[i] === ns; i++) {
    parts.push(
      t(
        '{0}: {1} for {2}, until {3}',
        model.lanes[lane[i]!]!.label,
        model.styles[style[i]!]!.label,
        sayTime(endNs[i]! - ns),
        sayTime(endNs[i]!),
      ),
    );
  }
  return t('At {0}. {1}.', sayTime(ns), parts.length === 0 ? t('The run ends') : parts.join('; '));
}

function firstAtOrAfter(sorted: Float64Array, ns: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! >= ns) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The picture in a few sentences: its span of time, what each lane did for how long, and what is measured. */
export function summaryOf(model: TimelineModel): string {
  const { spans } = model;
  const styles = model.styles.length;
  const times = new Int32Array(model.lanes.length * styles);
  const totals = new Float64Array(model.lanes.length * styles);
  for (let i = 0; i < spans.startNs.length; i++) {
    const at = spans.lane[i]! * styles + spans.style[i]!;
    times[at]!++;
    totals[at]! += Math.min(spans.endNs[i]!, model.toNs) - Math.max(spans.startNs[i]!, model.fromNs);
  }
  const sentences = [t('{0}: {1} to {2}.', model.title, sayTime(model.fromNs), sayTime(model.toNs))];
  for (const measure of model.measures) {
    sentences.push(
      t(
        '{0}: {1}, from {2} to {3}.',
        measure.label,
        sayTime(measure.toNs - measure.fromNs),
        sayTime(measure.fromNs),
        sayTime(measure.toNs),
      ),
    );
  }
  model.lanes.slice(0, 16).forEach((lane, l) => {
    const parts = model.styles.flatMap((style, s) => {
      const count = times[l * styles + s]!;
      return count === 0
        ? []
        : [
            count === 1
              ? t('{0} once, {1} in all', style.label, sayTime(totals[l * styles + s]!))
              : t('{0} {1} times, {2} in all', style.label, count, sayTime(totals[l * styles + s]!)),
          ];
    });
    if (parts.length > 0) sentences.push(`${lane.label}: ${parts.join('; ')}.`);
  });
  if (model.lanes.length > 16) sentences.push(t('And {0} more lanes.', model.lanes.length - 16));
  return sentences.join(' ');
}
