import { partElementId } from '../exercise/exerciseCard.tsx';
import type { SavedState } from './savedState.ts';

/** Where the reader is, told by part rather than by pixels of the page: figures may have another height next time. */

export function readingPlace(): SavedState['reading'] {
  const parts = document.querySelectorAll<HTMLElement>('[data-part]');
  let reading: SavedState['reading'];
  for (const part of parts) {
    const { top } = part.getBoundingClientRect();
    if (top > 0) break;
    reading = { part: Number(part.dataset['part']), pastPx: Math.round(-top) };
  }
  return reading ?? { part: 0, pastPx: Math.round(-(parts[0]?.getBoundingClientRect().top ?? 0)) };
}

/** What a reader does who goes somewhere else. */
const moves = ['wheel', 'touchstart', 'pointerdown', 'keydown'] as const;

/**
 * Brings the place back at once, and again whenever the page's height changes: a figure that is still to be drawn is shorter
 * than it was, and the place may lie in it. Ends when all figures are drawn, or as soon as the reader moves.
 * @returns ends it earlier
 */
export function restoreReadingPlace({ part, pastPx }: NonNullable<SavedState['reading']>): () => void {
  const element = document.querySelector<HTMLElement>(`[data-part="${part}"]`);
  if (element === null) return () => undefined;
  const go = (): void => {
    window.scrollTo(0, window.scrollY + element.getBoundingClientRect().top + pastPx);
    if (document.querySelector('.figure-empty') === null) end();
  };
  const observer = new ResizeObserver(go);
  const end = (): void => {
    observer.disconnect();
    for (const move of moves) window.removeEventListener(move, end);
  };
  observer.observe(document.body);
  for (const move of moves) window.addEventListener(move, end, { passive: true });
  go();
  return end;
}

/** Brings a part into view and moves the focus to its heading. False when the page has no such part. */
export function revealPart(partId: string): boolean {
  const element = document.getElementById(partElementId(partId));
  if (element === null) return false;
  element.scrollIntoView({ block: 'start' });
  (element.querySelector<HTMLElement>('h2, h3, h4, h5, h6') ?? element).focus({ preventScroll: true });
  return true;
}
