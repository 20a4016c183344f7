import type { Scenario } from '../../engine/kernel/scenario.ts';
import type { FigureReply, FigureRequest } from './figureProtocol.ts';
import { RecentRuns, runFigure } from './runFigure.ts';

/** The part of a dedicated worker's global scope that is used here; the DOM's types do not have it. */
interface WorkerScope {
  addEventListener(type: 'message', listener: (event: MessageEvent<FigureRequest>) => void): void;
  postMessage(message: FigureReply, transfer: readonly ArrayBuffer[]): void;
}

/** Answers the page's requests, one after the other. An exception becomes a `failed` answer; the worker lives on. */
export function serveFigures(scenarios: Readonly<Record<string, Scenario>>): void {
  const scope = globalThis as unknown as WorkerScope;
  const recent = new RecentRuns();
  scope.addEventListener('message', ({ data }) => {
    const result = attempt(scenarios, data, recent);
    scope.postMessage({ request: data.request, result }, columnsOf(result));
  });
}

/** What moves to the page instead of being copied: a timeline is made anew for every answer. */
function columnsOf(result: FigureReply['result']): ArrayBuffer[] {
  if (result.kind !== 'ran' || result.picture?.kind !== 'timeline') return [];
  const { lane, style, startNs, endNs, event } = result.picture.spans;
  return [...new Set([lane, style, startNs, endNs, event].map((column) => column.buffer as ArrayBuffer))];
}

function attempt(
  scenarios: Readonly<Record<string, Scenario>>,
  asked: FigureRequest,
  recent: RecentRuns,
): FigureReply['result'] {
  try {
    return runFigure(scenarios, asked, recent);
  } catch (thrown) {
    return {
      kind: 'failed',
      message: `The simulation stopped with an error: ${thrown instanceof Error ? thrown.message : String(thrown)}`,
    };
  }
}
