import { indexLanes, type LaneIndex } from './laneIndex.ts';
import { layOut, type DrawnTimeline, type Layout } from './layout.ts';
import { Painter } from './painter.ts';
import { readPalette, type Palette } from './palette.ts';
import { watchPixelRatio } from './pixelRatio.ts';
import type { TimeWindow } from './timeWindow.ts';

/** A span under the pointer: its row in the model. */
export interface Hit {
  readonly ns: number;
  readonly lane: number | undefined;
  readonly row: number | undefined;
}

/**
 * A timeline on a canvas: sized to its host element, repainted at most once per frame, in the theme's colours.
 * Pointers and keys are the component's matter; this knows where things are.
 */
export class TimelineCanvas {
  readonly #host: HTMLElement;
  readonly #canvas: HTMLCanvasElement;
  readonly #painter: Painter;
  readonly #measurer: CanvasRenderingContext2D;
  readonly #observers: { disconnect(): void }[] = [];
  #model: DrawnTimeline;
  #lanes: readonly LaneIndex[];
  #window: TimeWindow;
  #unsubscribe: () => void;
  #palette: Palette;
  #layout: Layout;
  #cursorNs: number | undefined;
  #hoverNs: number | undefined;
  #frame = 0;

  constructor(host: HTMLElement, canvas: HTMLCanvasElement, model: DrawnTimeline, window: TimeWindow) {
    this.#host = host;
    this.#canvas = canvas;
    this.#painter = new Painter(canvas);
    this.#measurer = document.createElement('canvas').getContext('2d')!;
    this.#model = model;
    this.#lanes = indexLanes(model);
    this.#window = window;
    this.#unsubscribe = window.subscribe(() => this.#schedule());
    this.#palette = readPalette(host);
    this.#layout = this.#place();
    // In a frame of its own: a change of height within the observer's turn would be reported to it as an error.
    const resized = new ResizeObserver(() => {
      if (host.clientWidth !== this.#layout.width) requestAnimationFrame(() => this.#resize());
    });
    resized.observe(host);
    const themed = new MutationObserver(() => this.#retheme());
    themed.observe(document.body, { attributes: true, attributeFilter: ['class'] });
    themed.observe(document.documentElement, { attributes: true, attributeFilter: ['style'] });
    this.#observers.push(
      resized,
      themed,
      watchPixelRatio(() => this.#resize()),
    );
    this.#resize();
  }

  get layout(): Layout {
    return this.#layout;
  }

  show(model: DrawnTimeline, window: TimeWindow): void {
    this.#unsubscribe();
    if (model.spans !== this.#model.spans) this.#lanes = indexLanes(model);
    this.#model = model;
    this.#window = window;
    this.#unsubscribe = window.subscribe(() => this.#schedule());
    this.#resize();
  }

  set cursorNs(ns: number | undefined) {
    this.#cursorNs = ns;
    this.#schedule();
  }

  set hoverNs(ns: number | undefined) {
    this.#hoverNs = ns;
    this.#schedule();
  }

  /** The instant at a place, in CSS pixels from the canvas's left edge. */
  instantAt(x: number): number {
    const share = (x - this.#layout.plotX) / this.#layout.plotWidth;
    return this.#window.fromNs + Math.min(1, Math.max(0, share)) * (this.#window.toNs - this.#window.fromNs);
  }

  hit(x: number, y: number): Hit {
    const ns = this.instantAt(x);
    const lane = this.#layout.lanes.findIndex((place) => y >= place.y && y < place.y + place.height);
    const index = this.#lanes[lane];
    const span = index?.at(ns);
    return { ns, lane: lane < 0 ? undefined : lane, row: span === undefined ? undefined : index!.row[span] };
  }

  close(): void {
    this.#unsubscribe();
    for (const observer of this.#observers) observer.disconnect();
    cancelAnimationFrame(this.#frame);
  }

  #place(): Layout {
    this.#measurer.font = `${this.#palette.fontSize}px ${this.#palette.fontFamily}`;
    return layOut(
      this.#model,
      Math.max(120, this.#host.clientWidth),
      this.#palette.fontSize,
      (text) => this.#measurer.measureText(text).width,
    );
  }

  #retheme(): void {
    this.#palette = readPalette(this.#host);
    this.#resize();
  }

  #resize(): void {
    this.#layout = this.#place();
    const ratio = window.devicePixelRatio;
    const { width, height } = this.#layout;
    this.#canvas.style.width = `${width}px`;
    this.#canvas.style.height = `${height}px`;
    this.#canvas.width = Math.round(width * ratio);
    this.#canvas.height = Math.round(height * ratio);
    // Setting a canvas's size clears it: painting now avoids an empty frame.
    this.#paint();
  }

  #schedule(): void {
    if (this.#frame !== 0) return;
    this.#frame = requestAnimationFrame(() => this.#paint());
  }

  #paint(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    this.#painter.paint(
      {
        model: this.#model,
        lanes: this.#lanes,
        layout: this.#layout,
        palette: this.#palette,
        window: this.#window,
        cursorNs: this.#cursorNs,
        hoverNs: this.#hoverNs,
      },
      this.#canvas.width / this.#layout.width,
    );
  }
}
