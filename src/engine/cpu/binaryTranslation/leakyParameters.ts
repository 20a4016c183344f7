import { count } from '../../kernel/parameters.ts';
import { processRound } from '../guests/leakyGuest.ts';
import { vmmParameters } from '../vmm/vmmParameters.ts';

const { quantumTicks, seed, timerBound } = vmmParameters;

/** Parameters of every scenario that runs the guest kernel of the leaky processor. */
export const leakyParameters = {
  pages: count({
    label: 'Pages mapped',
    doc: 'Pages that the kernel maps one by one, after paging is on: so many stores to a page table in use.',
    min: 1,
    max: 256,
    default: 32,
    say: (pages) => `${pages} pages mapped`,
  }),
  patches: count({
    label: 'Patches',
    doc: 'How often the kernel patches a routine of its own. It calls the routine ten times after each.',
    min: 1,
    max: 20,
    default: 3,
    say: (patches) => `${patches} patches`,
  }),
  quantumTicks,
  rounds: {
    ...vmmParameters.rounds,
    label: 'Work of the process',
    doc: `Rounds of the loop of the guest’s process; each takes ${processRound} instructions.`,
  },
  seed,
  timerBound,
};
