import type { TimelineModel } from '../../src/engine/kernel/view.ts';
import { indexLanes } from '../../src/webview/timeline/laneIndex.ts';
import { layOut } from '../../src/webview/timeline/layout.ts';
import { Painter } from '../../src/webview/timeline/painter.ts';
import { readPalette } from '../../src/webview/timeline/palette.ts';
import { TimeWindow } from '../../src/webview/timeline/timeWindow.ts';

/** The browser's half of timeline.bench.ts: paints a long run and times each frame, rasterization included. */

export interface FrameTimes {
  /** Until the index of the lanes stands, once per run, in milliseconds. */
  readonly indexMs: number;
  /** The whole run in one picture, each in milliseconds. */
  readonly wholeMs: readonly number[];
  /** A tenth of the run, moved by a little every frame, each in milliseconds. */
  readonly panMs: readonly number[];
}

const laneCount = 8;

/** Slices of uneven length in rotation over eight lanes, with a switch of a fiftieth between them. */
function longRun(segments: number): TimelineModel {
  const lane = new Int32Array(segments);
  const style = new Uint8Array(segments);
  const startNs = new Float64Array(segments);
  const endNs = new Float64Array(segments);
  let at = 0;
  for (let i = 0; i < segments; i++) {
    const isSwitch = i % 2 === 1;
    lane[i] = (i >> 1) % laneCount;
    style[i] = isSwitch ? 1 : (i >> 1) % laneCount === 0 ? 0 : 2;
    startNs[i] = at;
    at += isSwitch ? 20_000 : 500_000 + ((i * 7919) % 1000) * 1_000;
    endNs[i] = at;
  }
  return {
    kind: 'timeline',
    title: 'Long run',
    fromNs: 0,
    toNs: at,
    lanes: Array.from({ length: laneCount }, (_, index) => ({ label: `VM ${index + 1}` })),
    styles: [
      { label: 'VM 1 running', tone: 'focus', letter: '1' },
      { label: 'switching', tone: 'overhead', letter: 's' },
      { label: 'running', tone: 'busy', letter: '' },
    ],
    spans: { lane, style, startNs, endNs, event: new Int32Array(segments) },
    marks: [],
    measures: [],
  };
}

async function timeFrames(segments: number, frames: number): Promise<FrameTimes> {
  const model = longRun(segments);
  const canvas = document.createElement('canvas');
  document.body.append(canvas);
  const palette = readPalette(document.body);
  const layout = layOut(model, 1200, palette.fontSize, (text) => text.length * 7);
  canvas.width = layout.width;
  canvas.height = layout.height;
  const painter = new Painter(canvas);
  const context = canvas.getContext('2d')!;
  const indexedAt = performance.now();
  const lanes = indexLanes(model);
  const indexMs = performance.now() - indexedAt;
  const view = new TimeWindow(model.fromNs, model.toNs);

  const frame = async (): Promise<number> => {
    await new Promise((resolve) => requestAnimationFrame(resolve));
    const startedAt = performance.now();
    painter.paint(
      { model, lanes, layout, palette, window: view, cursorNs: undefined, hoverNs: undefined },
      1,
    );
    // Reading a pixel waits until the picture is drawn.
    context.getImageData(0, 0, 1, 1);
    return performance.now() - startedAt;
  };
  const wholeMs: number[] = [];
  for (let i = 0; i < frames / 4; i++) wholeMs.push(await frame());
  view.zoom(0.1, 0);
  const panMs: number[] = [];
  for (let i = 0; i < frames; i++) {
    view.panBy(((view.toNs - view.fromNs) * 9) / frames);
    panMs.push(await frame());
  }
  canvas.remove();
  return { indexMs, wholeMs, panMs };
}

Object.assign(globalThis, { timeFrames });
