import type { Scenario } from '../../engine/kernel/scenario.ts';
import type { FigureReply, FigureRequest } from './figureProtocol.ts';
import { runFigure } from './runFigure.ts';

/** The part of a dedicated worker's global scope that is used here; the DOM's types do not have it. */
interface WorkerScope {
  addEventListener(type: 'message', listener: (event: MessageEvent<FigureRequest>) => void): void;
  postMessage(message: FigureReply, transfer: readonly ArrayBuffer[]): void;
}

/** Answers the page's requests, one after the other. An exception becomes a `failed` answer; the worker lives on. */
export function serveFigures(scenarios: Readonly<Record<string, Scenario>>): void {
  const scope = globalThis as unknown as WorkerScope;
  scope.addEventListener('message', ({ data }) => {
    const result = attempt(scenarios, data);
    const transfer =
      result.kind === 'ran'
        ? result.timelines.flatMap(({ spans }) =>
            [spans.lane, spans.style, spans.startNs, spans.endNs, spans.event].map(
              (column) => column.buffer as ArrayBuffer,
            ),
          )
        : [];
    scope.postMessage({ request: data.request, result }, [...new Set(transfer)]);
  });
}

function attempt(scenarios: Readonly<Record<string, Scenario>>, asked: FigureRequest): FigureReply['result'] {
  try {
    return runFigure(scenarios, asked);
  } catch (thrown) {
    return {
      kind: 'failed',
      message: `The simulation stopped with an error: ${thrown instanceof Error ? thrown.message : String(thrown)}`,
    };
  }
}
