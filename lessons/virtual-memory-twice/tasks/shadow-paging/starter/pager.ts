import type { PagerPolicy } from 'trapframe';

// Bits of a page-table entry: valid, read, write, execute, user, accessed, dirty.
const V = 1;
const R = 2;
const W = 4;
const X = 8;
const U = 16;
const A = 64;
const D = 128;

export const pager: PagerPolicy = {
  onFault(fault, calls) {
    const { guest, address, memory, satp, table } = fault;
    if (satp < 2 ** 31) {
      // The guest has not turned paging on: its virtual addresses are guest-physical ones.
      const within = address - memory.base;
      if (within < 0 || within >= memory.sizeBytes) return { action: 'outside', physical: address };
      calls.map({
        guest,
        table,
        page: address - (address % 4096),
        frame: memory.host + within - (within % 4096),
        read: true,
        write: true,
        execute: true,
        user: false,
      });
      return { action: 'retry' };
    }
    // Now walk the guest's own page table with calls.readGuest: what does it say of this access?
    return { action: 'page-fault' };
  },

  onAddressSpace({ table }) {
    // Which shadow table fits the guest's page table? What of it is stale?
    return table;
  },
};
