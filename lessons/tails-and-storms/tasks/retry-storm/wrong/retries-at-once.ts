import type { ClientPolicy } from 'trapframe';

export const client: ClientPolicy = {
  failed({ attempt }) {
    return attempt <= 3 ? 0 : undefined;
  },
};
