import type { TimelineMark, TimelineStyle } from '../../engine/kernel/view.ts';
import { ticksBetween } from './axis.ts';
import { laneColumns } from './laneColumns.ts';
import type { LaneIndex } from './laneIndex.ts';
import {
  markLabelRoom,
  markLabelSide,
  marksCrowd,
  measureText,
  measureTextMiddle,
  type DrawnTimeline,
  type Layout,
} from './layout.ts';
import { borderAlpha, toneTexture, type Palette } from './palette.ts';
import type { TimeWindow } from './timeWindow.ts';

/** What is drawn, and how. */
export interface Scene {
  readonly model: DrawnTimeline;
  readonly lanes: readonly LaneIndex[];
  readonly layout: Layout;
  readonly palette: Palette;
  readonly window: TimeWindow;
  /** The instant that the keyboard or a click chose. */
  readonly cursorNs: number | undefined;
  /** The instant under the pointer. */
  readonly hoverNs: number | undefined;
}

/** Draws timelines on one canvas. Keeps its buffers and textures, so that a frame allocates next to nothing. */
export class Painter {
  readonly #context: CanvasRenderingContext2D;
  readonly #textures = new Map<string, CanvasPattern | undefined>();
  readonly #bars = new Bars();
  readonly #slivers = new Bars();
  #palette: Palette | undefined;
  #ratio = 1;

  constructor(canvas: HTMLCanvasElement) {
    this.#context = canvas.getContext('2d')!;
  }

  /** @param ratio device pixels per CSS pixel. */
  paint(scene: Scene, ratio: number): void {
    if (scene.palette !== this.#palette || ratio !== this.#ratio) this.#textures.clear();
    this.#palette = scene.palette;
    this.#ratio = ratio;
    const context = this.#context;
    const { layout, palette } = scene;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, context.canvas.width, context.canvas.height);
    scene.lanes.forEach((lane, index) => this.#paintLane(scene, lane, index));

    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.font = `${palette.fontSize}px ${palette.fontFamily}`;
    context.textBaseline = 'middle';
    if (!layout.labelsAbove) this.#paintLaneLabels(scene);
    this.#paintAxis(scene);
    this.#paintMarks(scene);
    context.save();
    context.beginPath();
    context.rect(layout.plotX - 6, 0, layout.plotWidth + 12, layout.height);
    context.clip();
    this.#paintMeasures(scene);
    this.#paintCursor(scene);
    context.restore();
    if (layout.labelsAbove) this.#paintLaneLabels(scene);
  }

  /** In device pixels, so that edges are sharp and a column is a column. */
  #paintLane(scene: Scene, lane: LaneIndex, index: number): void {
    const { layout, palette, window, model } = scene;
    const context = this.#context;
    const ratio = this.#ratio;
    const left = Math.round(layout.plotX * ratio);
    const width = Math.round(layout.plotWidth * ratio);
    const top = Math.round(layout.lanes[index]!.y * ratio);
    const height = Math.round(layout.lanes[index]!.height * ratio);
    context.fillStyle = palette.lane;
    context.fillRect(left, top, width, height);

    const bars = this.#bars;
    const slivers = this.#slivers;
    bars.clear();
    slivers.clear();
    laneColumns(lane, window.fromNs, window.toNs, width, model.styles.length, {
      bar: (span, x0, x1) => bars.push(lane.style[span]!, left + x0, top, x1 - x0, height),
      mixed: (x, shares) => {
        let y = top;
        for (let style = 0; style < shares.length; style++) {
          if (shares[style]! <= 0) continue;
          const part = Math.max(ratio, shares[style]! * height);
          slivers.push(style, left + x, y, 1, Math.min(part, top + height - y));
          y += part;
        }
      },
    });
    model.styles.forEach((style, s) => {
      context.fillStyle = palette.fills[style.tone];
      slivers.each(s, (x, y, w, h) => context.fillRect(x, y, w, h));
      bars.each(s, (x, y, w, h) => context.fillRect(x, y, w, h));
      const texture = this.#texture(style.tone, palette);
      if (texture !== undefined) {
        context.fillStyle = texture;
        bars.each(s, (x, y, w, h) => {
          if (w >= 3 * ratio) context.fillRect(x, y, w, h);
        });
      }
      this.#edge(bars, s, style.tone, palette);
      this.#letter(bars, s, style, palette);
    });
  }

  #texture(tone: TimelineStyle['tone'], palette: Palette): CanvasPattern | undefined {
    if (!this.#textures.has(tone)) {
      this.#textures.set(tone, toneTexture(this.#context, tone, palette.inks[tone], this.#ratio));
    }
    return this.#textures.get(tone);
  }

  /** A hairline at the end of each bar keeps equal neighbours apart; in high contrast a border all around. */
  #edge(bars: Bars, style: number, tone: TimelineStyle['tone'], palette: Palette): void {
    const context = this.#context;
    const line = Math.max(1, Math.round(this.#ratio));
    if (palette.border !== undefined) {
      context.strokeStyle = palette.border;
      context.lineWidth = line;
      context.globalAlpha = borderAlpha(tone);
      bars.each(style, (x, y, w, h) => {
        if (w >= 4 * line) context.strokeRect(x + line / 2, y + line / 2, w - line, h - line);
      });
      context.globalAlpha = 1;
    } else {
      context.fillStyle = palette.surface;
      bars.each(style, (x, y, w, h) => {
        if (w >= 6 * line) context.fillRect(x + w - line, y, line, h);
      });
    }
  }

  #letter(bars: Bars, index: number, style: TimelineStyle, palette: Palette): void {
    if (style.letter === '') return;
    const context = this.#context;
    context.font = `600 ${palette.fontSize * this.#ratio}px ${palette.fontFamily}`;
    context.textBaseline = 'middle';
    context.textAlign = 'center';
    const room = context.measureText(style.letter).width + 8 * this.#ratio;
    const textured = this.#texture(style.tone, palette) !== undefined;
    bars.each(index, (x, y, w, h) => {
      if (w < room) return;
      if (textured) {
        context.fillStyle = palette.fills[style.tone];
        context.fillRect(
          x + w / 2 - room / 2 + 2,
          y + h / 2 - palette.fontSize * 0.6 * this.#ratio,
          room - 4,
          palette.fontSize * 1.2 * this.#ratio,
        );
      }
      context.fillStyle = palette.inks[style.tone];
      context.fillText(style.letter, x + w / 2, y + h / 2 + this.#ratio / 2);
    });
  }

  #paintLaneLabels({ model, layout, palette }: Scene): void {
    const context = this.#context;
    context.fillStyle = palette.text;
    context.textAlign = layout.labelsAbove ? 'left' : 'right';
    model.lanes.forEach((lane, index) => {
      const { y, height } = layout.lanes[index]!;
      if (layout.labelsAbove) {
        const text = this.#cut(lane.label, layout.plotWidth);
        // Marks of lanes below pass here.
        context.fillStyle = palette.surface;
        context.fillRect(
          layout.plotX,
          y - layout.rowHeight + 3,
          context.measureText(text).width + 6,
          layout.rowHeight - 6,
        );
        context.fillStyle = palette.text;
        context.fillText(text, layout.plotX, y - layout.rowHeight / 2);
      } else context.fillText(this.#cut(lane.label, layout.plotX - 12), layout.plotX - 8, y + height / 2);
    });
  }

  /** The text, shortened with an ellipsis until it fits. */
  #cut(text: string, room: number): string {
    const context = this.#context;
    if (context.measureText(text).width <= room) return text;
    let length = text.length - 1;
    while (length > 1 && context.measureText(`${text.slice(0, length)}…`).width > room) length--;
    return `${text.slice(0, length)}…`;
  }

  #paintAxis({ layout, palette, window }: Scene): void {
    const context = this.#context;
    const { plotX, plotWidth, axisY } = layout;
    const most = Math.max(2, Math.floor(plotWidth / 72));
    const { unit, ticks } = ticksBetween(window.fromNs, window.toNs, most);
    const bottom = axisY;
    context.fillStyle = palette.line;
    context.fillRect(plotX, bottom, plotWidth, 1);
    context.textAlign = 'center';
    let lastRight = -Infinity;
    ticks.forEach((tick, index) => {
      const x = plotX + ((tick.ns - window.fromNs) / (window.toNs - window.fromNs)) * plotWidth;
      context.fillStyle = palette.line;
      context.fillRect(Math.round(x), bottom, 1, 4);
      const text = index === 0 || index === ticks.length - 1 ? `${tick.label} ${unit}` : tick.label;
      const half = context.measureText(text).width / 2;
      const middle = Math.min(Math.max(x, half), layout.width - half);
      if (middle - half < lastRight + 6) return;
      context.fillStyle = palette.muted;
      context.fillText(text, middle, bottom + 5 + palette.fontSize * 0.7);
      lastRight = middle + half;
    });
  }

  #paintMeasures(scene: Scene): void {
    const { model, layout, palette } = scene;
    const context = this.#context;
    model.measures.forEach((measure, index) => {
      const x0 = this.#x(scene, measure.fromNs);
      const x1 = this.#x(scene, measure.toNs);
      const left = layout.plotX;
      const right = layout.plotX + layout.plotWidth;
      if (x1 < left || x0 > right) return;
      const y = layout.measuresY + (layout.measureRow[index]! + 0.5) * layout.rowHeight;
      const colour =
        measure.role === 'guess' ? palette.guess : measure.role === 'actual' ? palette.actual : palette.text;
      context.strokeStyle = colour;
      context.fillStyle = colour;
      context.lineWidth = measure.role === undefined ? 1 : 2;
      context.setLineDash(measure.role === 'guess' ? [5, 3] : []);
      line(context, x0, y, x1, y);
      context.setLineDash([]);
      for (const x of [x0, x1]) line(context, x, y - 5, x, y + 5);
      const text = measureText(measure);
      context.font = `${measure.role === undefined ? '' : '600 '}${palette.fontSize}px ${palette.fontFamily}`;
      const half = context.measureText(text).width / 2;
      const middle = measureTextMiddle(x0, x1, half, left, right);
      context.fillStyle = palette.surface;
      context.fillRect(middle - half - 5, y - layout.rowHeight / 2 + 1, half * 2 + 10, layout.rowHeight - 2);
      context.textAlign = 'center';
      context.fillStyle = palette.text;
      context.fillText(text, middle, y);
    });
    context.font = `${palette.fontSize}px ${palette.fontFamily}`;
  }

  #paintMarks(scene: Scene): void {
    const { model, layout, palette, window } = scene;
    const context = this.#context;
    const crowded = marksCrowd(model, layout, window);
    let lastX = Number.NaN;
    model.marks.forEach((mark, index) => {
      if (mark.atNs < window.fromNs || mark.atNs > window.toNs) return;
      const x = Math.round(this.#x(scene, mark.atNs));
      if (x === lastX && index > 200) return;
      lastX = x;
      const lane = mark.lane === undefined ? undefined : layout.lanes[mark.lane];
      const row = layout.markRow[index];
      const top =
        row === undefined ? ((lane ?? layout.lanes[0])?.y ?? 0) - 6 : (row + 0.5) * layout.rowHeight;
      const bottom = lane === undefined ? layout.axisY : lane.y + lane.height;
      context.strokeStyle = palette.marks[mark.tone];
      context.fillStyle = palette.marks[mark.tone];
      if (crowded && row === undefined && mark.tone !== 'decision') {
        context.fillRect(x, top - 4, 1, 8);
        return;
      }
      context.lineWidth = mark.tone === 'decision' ? 2 : 1.5;
      context.setLineDash(mark.tone === 'decision' ? [] : [4, 3]);
      line(context, x, top, x, bottom);
      context.setLineDash([]);
      glyph(context, mark.tone, x, top);
      if (row === undefined) return;
      const whole = context.measureText(mark.label).width;
      const { flips, room } = markLabelSide(x, whole + markLabelRoom, layout.width);
      const text = this.#cut(mark.label, room - markLabelRoom);
      const width = Math.min(whole, room - markLabelRoom);
      context.textAlign = flips ? 'right' : 'left';
      const textX = flips ? x - 9 : x + 9;
      context.fillStyle = palette.surface;
      context.fillRect(
        flips ? textX - width - 2 : textX - 2,
        top - palette.fontSize * 0.65,
        width + 4,
        palette.fontSize * 1.3,
      );
      context.fillStyle = palette.text;
      context.fillText(text, textX, top);
    });
  }

  #paintCursor(scene: Scene): void {
    const { layout, palette } = scene;
    const context = this.#context;
    const top = (layout.lanes[0]?.y ?? 0) - 4;
    if (scene.hoverNs !== undefined) {
      context.fillStyle = palette.muted;
      context.fillRect(Math.round(this.#x(scene, scene.hoverNs)), top, 1, layout.axisY - top);
    }
    if (scene.cursorNs !== undefined) {
      const x = Math.round(this.#x(scene, scene.cursorNs));
      // A rim keeps it apart from bars of its own colour.
      context.fillStyle = palette.surface;
      context.fillRect(x - 2, top, 4, layout.axisY - top);
      context.fillStyle = palette.cursor;
      context.fillRect(x - 1, top, 2, layout.axisY - top);
      context.beginPath();
      context.moveTo(x - 5, layout.axisY + 6);
      context.lineTo(x + 5, layout.axisY + 6);
      context.lineTo(x, layout.axisY);
      context.fill();
    }
  }

  #x({ layout, window }: Scene, ns: number): number {
    return layout.plotX + ((ns - window.fromNs) / (window.toNs - window.fromNs)) * layout.plotWidth;
  }
}

function line(context: CanvasRenderingContext2D, x0: number, y0: number, x1: number, y1: number): void {
  context.beginPath();
  context.moveTo(x0, y0);
  context.lineTo(x1, y1);
  context.stroke();
}

/** Each kind of mark has a shape of its own. */
function glyph(context: CanvasRenderingContext2D, tone: TimelineMark['tone'], x: number, y: number): void {
  context.beginPath();
  switch (tone) {
    case 'arrival':
      context.moveTo(x - 5, y - 4);
      context.lineTo(x + 5, y - 4);
      context.lineTo(x, y + 5);
      break;
    case 'start':
      context.moveTo(x - 4, y - 5);
      context.lineTo(x + 5, y);
      context.lineTo(x - 4, y + 5);
      break;
    case 'finish':
      context.rect(x - 4, y - 4, 8, 8);
      break;
    case 'decision':
      context.moveTo(x, y - 6);
      context.lineTo(x + 6, y);
      context.lineTo(x, y + 6);
      context.lineTo(x - 6, y);
      break;
  }
  context.closePath();
  context.fill();
}

/** A growing list of rectangles with a style each. */
class Bars {
  #style = new Uint8Array(1024);
  #box = new Float32Array(4096);
  #length = 0;

  clear(): void {
    this.#length = 0;
  }

  push(style: number, x: number, y: number, width: number, height: number): void {
    if (this.#length === this.#style.length) {
      const styles = new Uint8Array(this.#length * 2);
      styles.set(this.#style);
      this.#style = styles;
      const boxes = new Float32Array(this.#length * 8);
      boxes.set(this.#box);
      this.#box = boxes;
    }
    this.#style[this.#length] = style;
    const at = this.#length * 4;
    this.#box[at] = x;
    this.#box[at + 1] = y;
    this.#box[at + 2] = width;
    this.#box[at + 3] = height;
    this.#length++;
  }

  each(style: number, visit: (x: number, y: number, width: number, height: number) => void): void {
    for (let i = 0; i < this.#length; i++) {
      if (this.#style[i] !== style) continue;
      const at = i * 4;
      visit(this.#box[at]!, this.#box[at + 1]!, this.#box[at + 2]!, this.#box[at + 3]!);
    }
  }
}
