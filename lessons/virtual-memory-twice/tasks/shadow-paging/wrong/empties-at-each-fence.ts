import type { Fault, PagerPolicy, PagerPolicyCalls } from 'trapframe';

const V = 1;
const R = 2;
const W = 4;
const X = 8;
const U = 16;
const A = 64;
const D = 128;

export const pager: PagerPolicy = {
  onFault(fault, calls) {
    const { guest, address, memory, table } = fault;
    const found = walk(fault, calls);
    if (found === undefined) return { action: 'page-fault' };
    const { physical, entry } = found;
    const within = physical - memory.base;
    if (within < 0 || within >= memory.sizeBytes) return { action: 'outside', physical };
    calls.map({
      guest,
      table,
      page: address - (address % 4096),
      frame: memory.host + within - (within % 4096),
      read: (entry & R) !== 0,
      write: (entry & W) !== 0 && (entry & D) !== 0,
      execute: (entry & X) !== 0,
      user: (entry & U) !== 0,
    });
    return { action: 'retry' };
  },

  onAddressSpace({ guest, table }, calls) {
    calls.clear({ guest, table });
    return table;
  },
};

/** Walks the guest's own page table as its processor would. */
function walk(
  fault: Fault,
  calls: PagerPolicyCalls,
): { physical: number; entry: number } | undefined {
  const { guest, satp, address, access, mode, sum } = fault;
  if (satp < 2 ** 31) return { physical: address, entry: R | W | X | A | D };
  let holds = (satp % 2 ** 22) * 4096;
  for (const size of [2 ** 22, 4096]) {
    const at = holds + 4 * (Math.floor(address / size) % 1024);
    const entry = calls.readGuest({ guest, physical: at });
    if ((entry & V) === 0) return undefined;
    const leads = Math.floor(entry / 1024) * 4096;
    if ((entry & (R | X)) === 0) {
      holds = leads;
      continue;
    }
    const needed = access === 'read' ? R : access === 'write' ? W : X;
    if ((entry & needed) === 0) return undefined;
    const isProcess = (entry & U) !== 0;
    if (mode === 'user' && !isProcess) return undefined;
    if (mode === 'supervisor' && isProcess && (access === 'fetch' || !sum)) return undefined;
    const updated = entry | A | (access === 'write' ? D : 0);
    if (updated !== entry) calls.writeGuest({ guest, physical: at, value: updated, sizeBytes: 4 });
    return { physical: leads + (address % size), entry: updated };
  }
  return undefined;
}
