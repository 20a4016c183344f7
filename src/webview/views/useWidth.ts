import { useLayoutEffect, useState } from 'preact/hooks';

/** The width of an element in CSS pixels, as it is now; 0 before the first drawing. */
export function useWidth(host: { readonly current: Element | null }): number {
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const element = host.current!;
    const measure = (): void => setWidth(element.clientWidth);
    measure();
    // In the next frame: what is drawn for the new width may change the height, which is observed as well.
    let frame = 0;
    const watched = new ResizeObserver(() => {
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(measure);
    });
    watched.observe(element);
    return () => {
      watched.disconnect();
      cancelAnimationFrame(frame);
    };
  }, []);
  return width;
}
