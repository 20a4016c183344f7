import type { ClientPolicy } from 'trapframe';

/** Retries saved: every request that is sent adds a tenth, every retry takes one. */
let saved = 10;
/** Failed attempts since the last success. */
let failuresInRow = 0;
/** Until when nothing is sent; then one request tries. */
let openUntilMs: number | undefined;
let trying = false;

export const client: ClientPolicy = {
  send({ nowMs }) {
    if (openUntilMs !== undefined) {
      if (nowMs < openUntilMs || trying) return false;
      trying = true;
    }
    saved = Math.min(10, saved + 0.1);
    return true;
  },

  failed({ nowMs, attempt }) {
    failuresInRow++;
    if (trying || failuresInRow >= 10) {
      openUntilMs = nowMs + 1000;
      trying = false;
      return undefined;
    }
    if (attempt >= 4 || saved < 1) return undefined;
    saved -= 1;
    return 50 * Math.random();
  },

  succeeded() {
    failuresInRow = 0;
    openUntilMs = undefined;
    trying = false;
  },
};
