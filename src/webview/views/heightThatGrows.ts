import { useLayoutEffect, useRef } from 'preact/hooks';
import { useWidth } from './useWidth.ts';

/** Keeps the greatest height that the element had at its width, so that stepping moves nothing below it. */
export function useHeightThatGrows(host: { readonly current: HTMLElement | null }): void {
  // Drawn again at a new width, it forgets the height of the old one.
  useWidth(host);
  const greatest = useRef({ width: 0, height: 0 });
  useLayoutEffect(() => {
    const element = host.current!;
    if (element.clientWidth !== greatest.current.width) {
      greatest.current = { width: element.clientWidth, height: 0 };
      element.style.minHeight = '';
    }
    if (element.offsetHeight <= greatest.current.height) return;
    greatest.current.height = element.offsetHeight;
    element.style.minHeight = `${element.offsetHeight}px`;
  });
}
