import type { ClientPolicy } from 'trapframe';

export const client: ClientPolicy = {
  failed({ attempt }) {
    return attempt < 4 ? 50 * 2 ** (attempt - 1) * Math.random() : undefined;
  },
};
