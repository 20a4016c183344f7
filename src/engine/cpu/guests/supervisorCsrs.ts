import { sstatusMask } from '../machine/hart.ts';
import type { GuestCsr } from './guestState.ts';

/** The supervisor's interrupts: software, timer, external. */
export const sieMask = 0x222;
/** MODE and the number of the root's page; there are no address space identifiers. */
const satpMask = 0x803f_ffff;

/** What a CSR of a guest holds after a write: its fields keep to their legal values. */
export function legalValue(csr: GuestCsr, value: number): number {
  switch (csr) {
    case 'sstatus':
      return value & sstatusMask;
    case 'sie':
      return value & sieMask;
    case 'satp':
      return value & satpMask;
    case 'stvec':
      return (value & 2) === 0 ? value | 0 : value & ~3;
    case 'sepc':
      return value & ~3;
    case 'scounteren':
      return value & 7;
    case 'sscratch':
    case 'scause':
    case 'stval':
      return value | 0;
  }
}
