import type { SlicePolicy } from 'trapframe';

export const slice: SlicePolicy = {
  chooseSlice({ serviceMs, switchCostUs, coldStartUs, lossPercent }) {
    const lostMs = (switchCostUs + coldStartUs) / 1000;
    return { sliceMs: Math.max(serviceMs + lostMs, (lostMs * 100) / lossPercent) };
  },
};
