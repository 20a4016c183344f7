import type { SlicePolicy } from 'trapframe';

export const slice: SlicePolicy = {
  chooseSlice() {
    return { sliceMs: 30 };
  },
};
