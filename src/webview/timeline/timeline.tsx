import type { JSX } from 'preact';
import { useEffect, useId, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { Icon } from '../page/icons.tsx';
import { sayTime } from './axis.ts';
import { Legend } from './legend.tsx';
import type { DrawnTimeline } from './layout.ts';
import { instantsOf, sayInstant, summaryOf, withinRange } from './reading.ts';
import { TimelineCanvas, type Hit } from './timelineCanvas.ts';
import { TimelineTable } from './timelineTable.tsx';
import { TimeWindow } from './timeWindow.ts';
import { pageLanguage, t } from '../page/messages.ts';

export interface TimelineProps {
  readonly model: DrawnTimeline;
  /** Given where several timelines pan and zoom together. */
  readonly window?: TimeWindow;
  /** A heading above the picture, where its surroundings do not say what it is. */
  readonly caption?: string;
  /** Given where the page steps through the run itself: the picture shows that instant, and a click chooses another. */
  readonly stepped?: { readonly atNs: number; readonly choose: (ns: number) => void };
  /** Told the instant that the reader chose, or that none is. */
  readonly onCursor?: (ns: number | undefined) => void;
}

export const zoomStep = 1.6;
/** How close to an event a click means the event, in CSS pixels. */
const snapPx = 8;

/**
 * A timeline: picture, legend, cursor and table. The cursor is a slider over the run's events, so that arrow keys,
 * Home and End mean what they mean everywhere, and each step is announced.
 */
export function Timeline({
  model: given,
  window: shared,
  caption,
  stepped,
  onCursor,
}: TimelineProps): JSX.Element {
  const model = useMemo(() => withinRange(given), [given]);
  const own = useMemo(() => new TimeWindow(model.fromNs, model.toNs), [model.fromNs, model.toNs]);
  const view = shared ?? own;
  const host = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const drawn = useRef<TimelineCanvas>(null);
  const instants = useMemo(() => instantsOf(model), [model]);
  const summary = useMemo(() => summaryOf(model), [model]);
  const [cursor, setCursor] = useState<number>();
  const [hit, setHit] = useState<{ readonly hit: Hit; readonly x: number; readonly y: number }>();
  const [zoomed, setZoomed] = useState(!view.showsWhole);
  const [table, setTable] = useState(false);
  const id = useId();

  useLayoutEffect(() => {
    const opened = new TimelineCanvas(host.current!, canvas.current!, model, view);
    drawn.current = opened;
    return () => opened.close();
  }, []);
  useLayoutEffect(() => drawn.current!.show(model, view), [model, view]);
  useLayoutEffect(() => setCursor(undefined), [model]);
  useLayoutEffect(() => {
    drawn.current!.cursorNs = stepped?.atNs ?? (cursor === undefined ? undefined : instants[cursor]);
  }, [cursor, instants, stepped?.atNs]);
  useEffect(() => {
    onCursor?.(cursor === undefined ? undefined : instants[cursor]);
  }, [cursor, instants]);
  useEffect(() => {
    setZoomed(!view.showsWhole);
    return view.subscribe(() => setZoomed(!view.showsWhole));
  }, [view]);
  // Preact's wheel listener is passive, and zooming has to keep the page from scrolling.
  useEffect(() => {
    const element = host.current!;
    const onWheel = (event: WheelEvent): void => wheel(event, view, drawn.current!);
    element.addEventListener('wheel', onWheel, { passive: false });
    return () => element.removeEventListener('wheel', onWheel);
  }, [view]);

  const moveTo = (index: number): void => {
    if (instants.length === 0) return;
    const next = Math.min(instants.length - 1, Math.max(0, index));
    setCursor(next);
    view.bringIn(instants[next]!);
  };
  const middle = (): number => {
    const at = stepped?.atNs ?? (cursor === undefined ? undefined : instants[cursor]!);
    return at !== undefined && at >= view.fromNs && at <= view.toNs ? at : (view.fromNs + view.toNs) / 2;
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const moves: Readonly<Record<string, () => void>> = {
      ArrowRight: () => moveTo(cursor === undefined ? 0 : cursor + 1),
      ArrowUp: () => moveTo(cursor === undefined ? 0 : cursor + 1),
      ArrowLeft: () => moveTo(cursor === undefined ? 0 : cursor - 1),
      ArrowDown: () => moveTo(cursor === undefined ? 0 : cursor - 1),
      PageDown: () => moveTo((cursor ?? 0) + 10),
      PageUp: () => moveTo((cursor ?? 0) - 10),
      Home: () => moveTo(0),
      End: () => moveTo(instants.length - 1),
      '+': () => view.zoom(1 / zoomStep, middle()),
      '=': () => view.zoom(1 / zoomStep, middle()),
      '-': () => view.zoom(zoomStep, middle()),
      '0': () => view.fit(),
    };
    const move = moves[event.key];
    if (move === undefined) return;
    event.preventDefault();
    move();
  };

  const drag = useRef<{ readonly x: number; readonly fromNs: number; moved: boolean }>(null);
  const place = (event: PointerEvent): { readonly x: number; readonly y: number } => {
    const box = canvas.current!.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  const onPointerDown = (event: PointerEvent): void => {
    if (event.button !== 0) return;
    drag.current = { x: event.clientX, fromNs: view.fromNs, moved: false };
    host.current!.setPointerCapture(event.pointerId);
  };
  const onPointerMove = (event: PointerEvent): void => {
    const { x, y } = place(event);
    const held = drag.current;
    if (held !== null) {
      const dx = event.clientX - held.x;
      if (Math.abs(dx) > 3) held.moved = true;
      if (!held.moved) return;
      const length = view.toNs - view.fromNs;
      const from = held.fromNs - (dx / drawn.current!.layout.plotWidth) * length;
      view.show(from, from + length);
      setHit(undefined);
      drawn.current!.hoverNs = undefined;
      return;
    }
    const found = drawn.current!.hit(x, y);
    drawn.current!.hoverNs = found.ns;
    setHit({ hit: found, x, y });
  };
  const onPointerUp = (event: PointerEvent): void => {
    const held = drag.current;
    drag.current = null;
    if (held === null || held.moved) return;
    const ns = drawn.current!.instantAt(place(event).x);
    const nearest = nearestIndex(instants, ns);
    if (stepped === undefined) moveTo(nearest);
    else {
      const reachNs = (snapPx / drawn.current!.layout.plotWidth) * (view.toNs - view.fromNs);
      const near = instants[nearest];
      stepped.choose(near !== undefined && Math.abs(near - ns) <= reachNs ? near : ns);
    }
  };
  const onPointerLeave = (): void => {
    setHit(undefined);
    drawn.current!.hoverNs = undefined;
  };

  const said = cursor === undefined ? undefined : sayInstant(model, instants[cursor]!);
  return (
    <div class="timeline">
      <div class="timeline-bar">
        <p class="timeline-caption">{caption}</p>
        <div class="timeline-tools" lang={pageLanguage()}>
          <button
            type="button"
            class="tool"
            aria-label={t('Zoom in')}
            title={t('Zoom in (+)')}
            onClick={() => view.zoom(1 / zoomStep, middle())}
          >
            <Icon name="zoomIn" />
          </button>
          <button
            type="button"
            class="tool"
            aria-label={t('Zoom out')}
            title={t('Zoom out (-)')}
            aria-disabled={!zoomed}
            onClick={() => view.zoom(zoomStep, middle())}
          >
            <Icon name="zoomOut" />
          </button>
          <button
            type="button"
            class="tool"
            aria-label={t('Show the whole run')}
            title={t('Show the whole run (0)')}
            aria-disabled={!zoomed}
            onClick={() => view.fit()}
          >
            <Icon name="fit" />
          </button>
          <button
            type="button"
            class="tool worded"
            aria-expanded={table}
            aria-controls={`${id}-table`}
            onClick={() => setTable(!table)}
          >
            <Icon name="table" /> {t('Table')}
          </button>
        </div>
      </div>
      <div
        ref={host}
        class={zoomed ? 'timeline-plot zoomed' : 'timeline-plot'}
        aria-describedby={`${id}-summary`}
        {...(stepped === undefined
          ? {
              role: 'slider',
              tabIndex: 0,
              'aria-label': t('{0}: step through its events', caption ?? model.title),
              'aria-valuemin': 0,
              'aria-valuemax': Math.max(0, instants.length - 1),
              'aria-valuenow': cursor ?? 0,
              'aria-valuetext': said ?? t('No event chosen yet'),
              onKeyDown,
            }
          : { role: 'img', 'aria-label': caption ?? model.title })}
        onPointerDown={onPointerDown}
        onPointerMove={onPointerMove}
        onPointerUp={onPointerUp}
        onPointerCancel={() => (drag.current = null)}
        onPointerLeave={onPointerLeave}
      >
        <canvas ref={canvas} />
        {hit?.hit.row !== undefined && (
          <Tooltip model={model} row={hit.hit.row} x={hit.x} y={hit.y} room={drawn.current!.layout.width} />
        )}
      </div>
      {stepped === undefined && (
        <>
          <Legend models={[model]} />
          <p class="timeline-readout" lang={said === undefined ? pageLanguage() : undefined}>
            {said ?? t('Click the picture or focus it and use the arrow keys to step from event to event.')}
          </p>
        </>
      )}
      <p id={`${id}-summary`} class={table ? 'timeline-summary' : 'visually-hidden'}>
        {summary}
      </p>
      <div id={`${id}-table`}>{table && <TimelineTable model={model} />}</div>
    </div>
  );
}

/** Follows the pointer. The same facts are in the table and at the cursor, so it is hidden from screen readers. */
function Tooltip({
  model,
  row,
  x,
  y,
  room,
}: {
  readonly model: DrawnTimeline;
  readonly row: number;
  readonly x: number;
  readonly y: number;
  readonly room: number;
}): JSX.Element {
  const element = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const { offsetWidth } = element.current!;
    const left = Math.max(0, Math.min(x + 14, room - offsetWidth));
    element.current!.style.transform = `translate(${left}px, ${y + 18}px)`;
  });
  const { spans } = model;
  const from = spans.startNs[row]!;
  const to = spans.endNs[row]!;
  return (
    <div ref={element} class="timeline-tooltip" aria-hidden="true">
      <strong>
        {model.lanes[spans.lane[row]!]!.label}: {model.styles[spans.style[row]!]!.label}
      </strong>
      <span>
        {sayTime(from)} – {sayTime(to)} ({sayTime(to - from)})
      </span>
    </div>
  );
}

/** Ctrl or ⌘ and the wheel zoom; a sideways wheel pans; an ordinary wheel scrolls the page, as everywhere. */
function wheel(event: WheelEvent, view: TimeWindow, drawn: TimelineCanvas): void {
  if (event.ctrlKey || event.metaKey) {
    event.preventDefault();
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
    view.zoom(
      Math.exp(Math.max(-60, Math.min(60, event.deltaY)) * 0.008),
      drawn.instantAt(event.clientX - box.left),
    );
    return;
  }
  const sideways = event.shiftKey ? event.deltaY + event.deltaX : event.deltaX;
  if (Math.abs(sideways) <= Math.abs(event.shiftKey ? 0 : event.deltaY) || view.showsWhole) return;
  event.preventDefault();
  view.panBy((sideways / drawn.layout.plotWidth) * (view.toNs - view.fromNs));
}

function nearestIndex(sorted: Float64Array, ns: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! >= ns) high = middle;
    else low = middle + 1;
  }
  return low > 0 && (low === sorted.length || ns - sorted[low - 1]! < sorted[low]! - ns) ? low - 1 : low;
}
