import type { JSX } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { TimelineStyle } from '../../engine/kernel/view.ts';
import type { DrawnTimeline } from './layout.ts';
import { borderAlpha, readPalette, toneTexture } from './palette.ts';
import { watchPixelRatio } from './pixelRatio.ts';

/** What each fill, texture and letter means, for timelines with the same styles. Only the styles that occur. */
export function Legend({ models }: { readonly models: readonly DrawnTimeline[] }): JSX.Element {
  const used = useMemo(() => {
    const styles = new Set<number>();
    for (const model of models) for (const style of model.spans.style) styles.add(style);
    return styles;
  }, [models[0]?.spans, models[1]?.spans]);
  return (
    <ul class="legend">
      {models[0]?.styles.map((style, index) =>
        used.has(index) ? (
          <li key={index}>
            <Swatch style={style} />
            {style.label}
          </li>
        ) : null,
      )}
    </ul>
  );
}

export function Swatch({ style }: { readonly style: TimelineStyle }): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [looks, setLooks] = useState(0);
  useEffect(() => {
    const changed = (): void => setLooks((n) => n + 1);
    const themed = new MutationObserver(changed);
    themed.observe(document.body, { attributes: true, attributeFilter: ['class'] });
    const scaled = watchPixelRatio(changed);
    return () => {
      themed.disconnect();
      scaled.disconnect();
    };
  }, []);
  useEffect(() => {
    const ratio = window.devicePixelRatio;
    const element = canvas.current!;
    const palette = readPalette(element.parentElement!);
    element.width = Math.round(24 * ratio);
    element.height = Math.round(16 * ratio);
    const context = element.getContext('2d')!;
    context.fillStyle = palette.fills[style.tone];
    context.fillRect(0, 0, element.width, element.height);
    const ink = palette.inks[style.tone];
    const texture = toneTexture(context, style.tone, ink, ratio);
    if (texture !== undefined) {
      context.fillStyle = texture;
      context.fillRect(0, 0, element.width, element.height);
    }
    if (palette.border !== undefined) {
      context.strokeStyle = palette.border;
      context.lineWidth = ratio;
      context.globalAlpha = borderAlpha(style.tone);
      context.strokeRect(ratio / 2, ratio / 2, element.width - ratio, element.height - ratio);
      context.globalAlpha = 1;
    }
    context.font = `600 ${10 * ratio}px ${palette.fontFamily}`;
    context.textAlign = 'center';
    context.textBaseline = 'middle';
    const room = context.measureText(style.letter).width + 4 * ratio;
    if (texture !== undefined && style.letter !== '') {
      context.fillStyle = palette.fills[style.tone];
      context.fillRect((element.width - room) / 2, 2 * ratio, room, element.height - 4 * ratio);
    }
    context.fillStyle = ink;
    context.fillText(style.letter, element.width / 2, element.height / 2 + ratio / 2);
  }, [style, looks]);
  return <canvas ref={canvas} class="swatch" aria-hidden="true" />;
}
