import type { SlicePolicy } from 'trapframe';

export const slice: SlicePolicy = {
  chooseSlice({ vms, serviceMs, switchCostUs, coldStartUs, withinMs, lossPercent }) {
    const lostMs = (switchCostUs + coldStartUs) / 1000;
    const sliceMs = Math.max(serviceMs, (lostMs * 100) / lossPercent);
    return (vms - 1) * sliceMs + serviceMs <= withinMs ? { sliceMs } : undefined;
  },
};
