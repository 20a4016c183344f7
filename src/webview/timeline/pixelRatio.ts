/**
 * Tells when the device pixels per CSS pixel change: a zoom, or a window moved to another screen. Neither has to change
 * the size of anything in CSS pixels.
 */
export function watchPixelRatio(changed: () => void): { disconnect(): void } {
  let query: MediaQueryList;
  const onChange = (): void => {
    watch();
    changed();
  };
  const watch = (): void => {
    query = matchMedia(`(resolution: ${window.devicePixelRatio}dppx)`);
    query.addEventListener('change', onChange, { once: true });
  };
  watch();
  return { disconnect: () => query.removeEventListener('change', onChange) };
}
