import { type Hart, ramBase } from './hart.ts';
import { type Access, neededPte, pageBytes, pte } from './sv32.ts';

/**
 * Translates a guest-physical address by the second stage, Sv32x4 (section 8.5.1): two levels, of which the first has four
 * times as many entries, for addresses of 34 bits. Every access counts as one of user mode: entries need U. A and D are set as
 * hardware may. When there is no page, or not the right to it, {@link Hart.exitGuestPhysical} keeps the address.
 * @param root where the table's 16 KiB lie in RAM
 * @returns an offset in RAM, or -1
 */
export function secondStage(hart: Hart, root: number, physical: number, access: Access): number {
  const page = Math.floor(physical / pageBytes);
  let table = root;
  for (let level = 1; level >= 0; level--) {
    const index = level === 1 ? page >>> 10 : page & 0x3ff;
    const offset = table + 4 * index;
    hart.walkReads++;
    hart.onWalkRead?.(offset, true);
    const entry = hart.ram32[offset >>> 2] ?? 0;
    if ((entry & pte.v) === 0) break;
    const leads = (entry >>> 10) & 0x3f_ffff;
    if ((entry & (pte.r | pte.x)) === 0) {
      table = leads * pageBytes - ramBase;
      continue;
    }
    if ((entry & pte.u) === 0 || (entry & neededPte[access]) === 0) break;
    hart.ram32[offset >>> 2] = entry | pte.a | (access === 'write' ? pte.d : 0);
    const within = level === 1 ? physical % (1024 * pageBytes) : physical % pageBytes;
    return leads * pageBytes + within - ramBase;
  }
  hart.exitGuestPhysical = physical;
  return -1;
}
