import type { ToExtension } from '../protocol/lessonPanel.ts';
import type { ClusterTerminals } from './clusterTerminal.ts';
import type { TracePanel } from './tracePanel.ts';

type Asked<T extends ToExtension['type']> = Extract<ToExtension, { readonly type: T }>;

/** Figures run with the seed that a run has by default. */
const figureSeed = 1;

/** What a figure opens beside the page, in a lesson and in the preview of one. */
export class FigureActions {
  readonly #trace: TracePanel;
  readonly #terminals: ClusterTerminals;

  constructor(trace: TracePanel, terminals: ClusterTerminals) {
    this.#trace = trace;
    this.#terminals = terminals;
  }

  stepThrough({ title, language, scenario, params }: Asked<'stepThroughFigure'>): Promise<void> {
    return this.#trace.show({ title, language, scenario, params, seed: figureSeed, runs: [] });
  }

  openConsole({ type: _, ...asked }: Asked<'openConsole'>): Promise<void> {
    return this.#terminals.openOver({ ...asked, seed: figureSeed });
  }
}
