/** Scrolls so that what the author is writing is in view, and stays where it is when it already is. The focus is the editor's. */
export function followPlace(part: number, share: number): void {
  const element = document.querySelector<HTMLElement>(`[data-part="${part}"]`);
  if (element === null) return;
  const { top, height } = element.getBoundingClientRect();
  const place = top + height * share;
  const bar = document.querySelector('.authoring')?.getBoundingClientRect().bottom ?? 0;
  const margin = 60;
  if (place > bar + margin && place < window.innerHeight - margin) return;
  window.scrollBy({ top: place - bar - (window.innerHeight - bar) / 3, behavior: 'instant' });
}
