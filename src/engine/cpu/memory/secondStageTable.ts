import type { Hart } from '../machine/hart.ts';
import { entryOf, leadsTo, type HostPages } from './hostPages.ts';
import { pageBytes, pte } from '../machine/sv32.ts';

/**
 * Makes the second-stage table (Sv32x4) of a guest: its guest-physical memory leads to a window of the host's, and nothing else
 * leads anywhere. @returns the offset of its root
 */
export function secondStageTable(
  hart: Hart,
  pages: HostPages,
  memory: { readonly guestBase: number; readonly base: number; readonly size: number },
): number {
  const root = pages.takeFour();
  for (let at = 0; at < memory.size; at += pageBytes) {
    const physical = memory.guestBase + at;
    const upper = (root >>> 2) + (physical >>> 22);
    if ((hart.ram32[upper]! & pte.v) === 0) hart.ram32[upper] = entryOf(pages.take()!, 0);
    const leaf = leadsTo(hart.ram32[upper]!);
    hart.ram32[(leaf >>> 2) + ((physical >>> 12) & 0x3ff)] = entryOf(
      memory.base + at,
      pte.r | pte.w | pte.x | pte.u,
    );
  }
  return root;
}
