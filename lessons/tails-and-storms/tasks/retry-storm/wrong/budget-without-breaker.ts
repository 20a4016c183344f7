import type { ClientPolicy } from 'trapframe';

let saved = 10;

export const client: ClientPolicy = {
  send() {
    saved = Math.min(10, saved + 0.1);
    return true;
  },
  failed({ attempt }) {
    if (attempt >= 4 || saved < 1) return undefined;
    saved -= 1;
    return 50 * Math.random();
  },
};
