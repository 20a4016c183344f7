import type { TimelineMark, Tone } from '../../engine/kernel/view.ts';

/** The theme's colours as a canvas takes them, read from the custom properties of `lesson.css`. */
export interface Palette {
  readonly text: string;
  readonly muted: string;
  /** What the timeline lies on. */
  readonly surface: string;
  readonly line: string;
  readonly lane: string;
  readonly cursor: string;
  readonly fills: Readonly<Record<Tone, string>>;
  /** Text and pattern on top of each fill: black or white, whichever stands out more. */
  readonly inks: Readonly<Record<Tone, string>>;
  readonly marks: Readonly<Record<TimelineMark['tone'], string>>;
  readonly guess: string;
  readonly actual: string;
  /** The outline of every bar in high contrast. */
  readonly border: string | undefined;
  readonly fontFamily: string;
  /** Text size in CSS pixels. */
  readonly fontSize: number;
}

const tones: readonly Tone[] = ['focus', 'busy', 'overhead', 'waiting', 'io', 'idle', 'failed'];

/** Reads the palette that applies at `host`. Read it again when the class of the body changes. */
export function readPalette(host: HTMLElement): Palette {
  const probe = document.createElement('span');
  probe.hidden = true;
  host.append(probe);
  const pixel = document.createElement('canvas').getContext('2d', { willReadFrequently: true })!;
  const rgba = (property: string): readonly [number, number, number, number] => {
    probe.style.color = `var(${property})`;
    pixel.clearRect(0, 0, 1, 1);
    pixel.fillStyle = getComputedStyle(probe).color;
    pixel.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = pixel.getImageData(0, 0, 1, 1).data;
    return [r!, g!, b!, a! / 255];
  };
  const colour = (property: string): string => `rgba(${rgba(property).join(', ')})`;
  const style = getComputedStyle(host);
  const highContrast = document.body.classList.contains('vscode-high-contrast');
  const palette: Palette = {
    text: colour('--tf-text'),
    muted: colour('--tf-muted'),
    surface: colour('--tf-surface'),
    line: colour('--tf-line'),
    lane: colour('--tf-lane'),
    cursor: colour('--tf-cursor'),
    fills: byTone((tone) => colour(`--tf-tone-${tone}`)),
    inks: byTone((tone) => inkOn(rgba(`--tf-tone-${tone}`))),
    marks: {
      arrival: colour('--tf-mark-arrival'),
      start: colour('--tf-mark-start'),
      finish: colour('--tf-mark-finish'),
      decision: colour('--tf-mark-decision'),
    },
    guess: colour('--tf-guess'),
    actual: colour('--tf-actual'),
    border: highContrast ? colour('--tf-text') : undefined,
    fontFamily: style.fontFamily,
    fontSize: Math.max(11, Number.parseFloat(style.fontSize) * 0.92),
  };
  probe.remove();
  return palette;
}

const byTone = (of: (tone: Tone) => string): Readonly<Record<Tone, string>> =>
  Object.fromEntries(tones.map((tone) => [tone, of(tone)])) as Record<Tone, string>;

/** WCAG's relative luminance decides: 0.179 is where black and white stand out equally. */
function inkOn([r, g, b]: readonly [number, number, number, number]): string {
  const linear = (c: number): number =>
    c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4;
  return 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b) > 0.179 ? '#000' : '#fff';
}

/** How strong a bar's border in high contrast is: who runs is the figure, who waits is the ground that it stands on. */
export const borderAlpha = (tone: Tone): number => (tone === 'waiting' || tone === 'idle' ? 0.3 : 1);

/**
 * The texture of a tone, drawn in its ink over its fill: none for focus and busy, stripes for overhead, counter-stripes
 * for io, dots for waiting, a line for idle, a grid for failed.
 */
export function toneTexture(
  context: CanvasRenderingContext2D,
  tone: Tone,
  ink: string,
  ratio: number,
): CanvasPattern | undefined {
  const size = Math.round(6 * ratio);
  const tile = document.createElement('canvas');
  tile.width = size;
  tile.height = size;
  const pen = tile.getContext('2d')!;
  pen.strokeStyle = ink;
  pen.fillStyle = ink;
  pen.globalAlpha = 0.45;
  pen.lineWidth = ratio;
  const stroke = (lines: readonly (readonly [number, number, number, number])[]): void => {
    pen.beginPath();
    for (const [x0, y0, x1, y1] of lines) {
      pen.moveTo(x0, y0);
      pen.lineTo(x1, y1);
    }
    pen.stroke();
  };
  switch (tone) {
    case 'focus':
    case 'busy':
      return undefined;
    case 'overhead':
      stroke([
        [-1, 1, 1, -1],
        [0, size, size, 0],
        [size - 1, size + 1, size + 1, size - 1],
      ]);
      break;
    case 'io':
      stroke([
        [-1, size - 1, 1, size + 1],
        [0, 0, size, size],
        [size - 1, -1, size + 1, 1],
      ]);
      break;
    case 'waiting':
      pen.globalAlpha = 0.2;
      pen.fillRect(0, 0, 1.5 * ratio, 1.5 * ratio);
      pen.fillRect(size / 2, size / 2, 1.5 * ratio, 1.5 * ratio);
      break;
    case 'idle':
      pen.globalAlpha = 0.25;
      stroke([[0, size / 2, size, size / 2]]);
      break;
    case 'failed':
      stroke([
        [0, size / 2, size, size / 2],
        [size / 2, 0, size / 2, size],
      ]);
      break;
  }
  return context.createPattern(tile, 'repeat') ?? undefined;
}
