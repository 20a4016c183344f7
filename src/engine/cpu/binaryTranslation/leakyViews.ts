import type { Trace } from '../../kernel/trace.ts';
import type { BarsModel, StateGroup } from '../../kernel/view.ts';
import { leaks } from './leaks.ts';
import type { VmmEvents } from '../vmm/vmmEvents.ts';

interface ComparedTechnique {
  readonly name: string;
  readonly exits: number;
  readonly cycles: number;
  readonly isRight: boolean;
  readonly directPercent: number;
  readonly translatedPercent: number;
}

function compared(trace: Trace<VmmEvents>): readonly ComparedTechnique[] {
  const found: ComparedTechnique[] = [];
  for (let row = 0; row < trace.length; row++) {
    if (trace.kind(row) !== 'technique') continue;
    found.push({
      name: trace.textsOf(row)['name']!,
      exits: trace.field(row, 1),
      cycles: trace.field(row, 2),
      isRight: trace.field(row, 3) === 1,
      // Its shares follow at once.
      directPercent: trace.field(row + 1, 1),
      translatedPercent: trace.field(row + 1, 2),
    });
  }
  return found;
}

/** Whether the run itself is over, and other techniques are compared with it. */
export const isComparing = (trace: Trace<VmmEvents>, event: number): boolean =>
  event >= 0 && ['technique', 'share'].includes(trace.kind(event));

/** Cycles under each technique, as far as the guest got. */
export function techniqueBars(trace: Trace<VmmEvents>, bareCycles: number): BarsModel {
  return {
    kind: 'bars',
    title: 'The same guest under each technique',
    axis: { label: 'cycles', unit: '' },
    parts: [
      { label: 'the guest itself', letter: 'g', tone: 'busy' },
      { label: 'virtualization', letter: 'v', tone: 'overhead' },
      { label: 'spent until it went wrong', letter: 'x', tone: 'failed' },
    ],
    rows: [
      { label: 'bare metal', values: [bareCycles, 0, 0] },
      ...compared(trace).map(({ name, cycles, isRight }) => ({
        label: name,
        values: isRight ? [bareCycles, Math.max(0, cycles - bareCycles), 0] : [0, 0, cycles],
      })),
    ],
  };
}

/** The techniques as a table. */
export const techniqueGroup = (trace: Trace<VmmEvents>, bareCycles: number): StateGroup => ({
  title: 'The same guest under each technique',
  columns: [
    'technique',
    'as on bare metal',
    'exits',
    'directly executed',
    'translated',
    'cycles',
    'slowdown',
  ],
  rows: compared(trace).map(({ name, exits, cycles, isRight, directPercent, translatedPercent }) => [
    name,
    isRight ? 'yes' : 'no: it goes wrong',
    String(exits),
    isRight ? `${directPercent.toFixed(1)} %` : '',
    isRight ? `${translatedPercent.toFixed(1)} %` : '',
    String(cycles),
    isRight ? `${(cycles / bareCycles).toFixed(1)}×` : 'does not end',
  ]),
  whenEmpty: 'The run did not come to its end.',
});

/** What leaks, and which instructions of the x86 it stands for. */
export const leakGroup = (): StateGroup => ({
  title: 'What does not trap in user mode',
  columns: ['instruction', 'as on the x86', 'what it does', 'what goes wrong'],
  rows: leaks.map(({ instruction, x86, effect, harm }) => [instruction, x86.join(', '), effect, harm]),
  whenEmpty: '',
});
