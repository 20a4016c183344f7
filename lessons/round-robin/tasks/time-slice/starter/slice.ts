import type { SlicePolicy } from 'trapframe';

export const slice: SlicePolicy = {
  chooseSlice() {
    // One slice for all hosts, as Xen has. Which one does this host need, and is there any?
    return { sliceMs: 30 };
  },
};
