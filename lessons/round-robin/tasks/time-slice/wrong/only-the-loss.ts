import type { SlicePolicy } from 'trapframe';

export const slice: SlicePolicy = {
  chooseSlice({ switchCostUs, coldStartUs, lossPercent }) {
    return { sliceMs: (switchCostUs + coldStartUs) / 10 / lossPercent };
  },
};
