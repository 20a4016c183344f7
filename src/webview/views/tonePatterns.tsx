import type { JSX } from 'preact';
import type { Tone } from '../../engine/kernel/view.ts';
import type { Palette } from '../timeline/palette.ts';

/** The textures of `toneTexture` for SVG: lines in a tone's ink, laid over its fill. */
const textures: Partial<Record<Tone, { readonly path: string; readonly opacity: number }>> = {
  overhead: { path: 'M-1 1L1 -1M0 6L6 0M5 7L7 5', opacity: 0.45 },
  io: { path: 'M-1 5L1 7M0 0L6 6M5 -1L7 1', opacity: 0.45 },
  waiting: { path: 'M0.75 0v1.5M3.75 3v1.5', opacity: 0.3 },
  idle: { path: 'M0 3H6', opacity: 0.25 },
  failed: { path: 'M0 3H6M3 0V6', opacity: 0.45 },
};

/** Whether a tone has a texture, so that what is written on it needs a plain ground. */
export const isTextured = (tone: Tone): boolean => textures[tone] !== undefined;

/** A tone's texture as a paint, by the id that {@link TonePatterns} was given. */
export const textureOf = (id: string, tone: Tone): string => `url(#${id}-${tone})`;

/** Definitions of all textures, once per picture. */
export function TonePatterns({
  id,
  palette,
}: {
  readonly id: string;
  readonly palette: Palette;
}): JSX.Element {
  return (
    <svg class="paints" aria-hidden="true">
      <defs>
        {Object.entries(textures).map(([tone, { path, opacity }]) => (
          <pattern key={tone} id={`${id}-${tone}`} width="6" height="6" patternUnits="userSpaceOnUse">
            <path
              d={path}
              stroke={palette.inks[tone as Tone]}
              stroke-opacity={opacity}
              stroke-width={tone === 'waiting' ? 1.5 : 1}
              fill="none"
            />
          </pattern>
        ))}
        <pattern id={`${id}-forbidden`} width="8" height="8" patternUnits="userSpaceOnUse">
          <path d="M-2 2L2 -2M0 8L8 0M6 10L10 6" stroke={palette.text} stroke-opacity={0.22} fill="none" />
        </pattern>
      </defs>
    </svg>
  );
}
