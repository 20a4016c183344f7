import { choice, quantity } from '../kernel/parameters.ts';

/** Parameters that every scheduling scenario shares, with one meaning. */
export const schedulingParameters = {
  sliceMs: quantity('ms', {
    label: 'Time slice',
    doc: 'How long a vCPU may run before the next one has its turn.',
    min: 0.1,
    max: 1000,
    step: 1,
    default: 30,
    say: (ms) => `${ms} ms slices`,
  }),
  switchCostUs: quantity('us', {
    label: 'Switch cost',
    doc: 'Time that a CPU takes to switch to another vCPU. Staying with the same one costs nothing.',
    min: 0,
    max: 10_000,
    step: 10,
    default: 0,
    say: (us) => (us === 0 ? 'free switches' : `${us} µs per switch`),
  }),
  switchCharge: choice({
    label: 'Switch cost comes',
    doc: 'Whether the switch lies between two slices or comes out of the slice of the vCPU that runs next.',
    values: {
      added: 'The switch lies between the slices: every vCPU still runs for a whole slice.',
      slice: 'The switch comes out of the slice of the vCPU that runs next.',
    },
    default: 'added',
  }),
  coldStartUs: quantity('us', {
    label: 'Cold start',
    doc: 'How long a vCPU gets nothing done after another has used its CPU, while cache and TLB refill. It comes out of its slice.',
    min: 0,
    max: 10_000,
    step: 10,
    default: 0,
    say: (us) => (us === 0 ? 'warm caches' : `${us} µs of cold cache`),
  }),
} as const;
