import { useLayoutEffect, useState } from 'preact/hooks';
import { readPalette, type Palette } from '../timeline/palette.ts';

/** The theme's colours at an element, read again when the theme changes. Undefined before the first drawing. */
export function usePalette(host: { readonly current: HTMLElement | null }): Palette | undefined {
  const [palette, setPalette] = useState<Palette>();
  useLayoutEffect(() => {
    const read = (): void => setPalette(readPalette(host.current!));
    read();
    const themed = new MutationObserver(read);
    themed.observe(document.body, { attributes: true, attributeFilter: ['class'] });
    return () => themed.disconnect();
  }, []);
  return palette;
}
