import type { ClientPolicy } from 'trapframe';

let openUntilMs = 0;

export const client: ClientPolicy = {
  send({ nowMs }) {
    return nowMs >= openUntilMs;
  },
  failed({ nowMs }) {
    openUntilMs = nowMs + 1000;
    return undefined;
  },
};
