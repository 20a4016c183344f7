import type { SlicePolicy } from 'trapframe';

export const slice: SlicePolicy = {
  chooseSlice({ vms, serviceMs, switchCostUs, coldStartUs, withinMs, lossPercent }) {
    const lostMs = (switchCostUs + coldStartUs) / 1000;
    // Long enough for the whole request after the switch, and long enough to lose no more than is allowed.
    const sliceMs = Math.max(serviceMs + lostMs, (lostMs * 100) / lossPercent);
    const responseMs = (vms - 1) * sliceMs + lostMs + serviceMs;
    return responseMs <= withinMs ? { sliceMs } : undefined;
  },
};
