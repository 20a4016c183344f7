import type { Answerable } from '../../course/answering.ts';
import { proveExercise } from '../../course/exerciseProof.ts';
import { proveFigure } from '../../course/figureProof.ts';
import type { FigurePart, Problem } from '../../course/model.ts';
import type { ScenarioTable } from '../../course/variants.ts';

export interface PartProof {
  readonly problems: readonly Problem[];
  /** How many variants, or settings of a figure, were tried. */
  readonly runs: number;
}

/** Proves what an exercise or a figure promises: everything in a lesson but tasks. */
export function provePart(
  part: Answerable | FigurePart,
  scenarios: ScenarioTable,
  learners: number,
): PartProof {
  if (part.kind === 'figure') return proveFigure(part, scenarios);
  const runs = 'scenario' in part ? learners + 1 : 0;
  return { problems: proveExercise(part, scenarios, learners), runs };
}
