import type { ClientPolicy } from 'trapframe';

export const client: ClientPolicy = {
  failed() {
    return undefined;
  },
};
