/** Bits of a page-table entry (section 4.3.1). */
export const pte = { v: 1, r: 2, w: 4, x: 8, u: 16, g: 32, a: 64, d: 128 } as const;
export const pageBytes = 4096;
/** `satp.MODE` of Sv32. */
export const satpSv32 = 0x8000_0000;

export type Access = 'read' | 'write' | 'fetch';

/** The right of a page-table entry that an access needs. */
export const neededPte = { read: pte.r, write: pte.w, fetch: pte.x } as const;
