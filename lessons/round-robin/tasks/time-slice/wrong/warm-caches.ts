import type { SlicePolicy } from 'trapframe';

export const slice: SlicePolicy = {
  chooseSlice({ vms, serviceMs, switchCostUs, withinMs, lossPercent }) {
    const lostMs = switchCostUs / 1000;
    const sliceMs = Math.max(serviceMs + lostMs, (lostMs * 100) / lossPercent);
    const responseMs = (vms - 1) * sliceMs + lostMs + serviceMs;
    return responseMs <= withinMs ? { sliceMs } : undefined;
  },
};
