import '../lesson.css';
import '../views/views.css';
import './replay.css';
import { render } from 'preact';
import type { Scenario } from '../../engine/kernel/scenario.ts';
import type { FromTracePanel, ToTracePanel } from '../../protocol/tracePanel.ts';
import { ReplayPanel } from './replayPanel.tsx';
import { savedEvent } from './savedPlace.ts';

declare function acquireVsCodeApi(): {
  postMessage(message: FromTracePanel): void;
  getState(): unknown;
  setState(state: unknown): void;
};

/**
 * The trace panel's page: it steps through a run. It runs in a document with `<div id="trace">` in its body,
 * `dist/webview/runs.css` and `dist/webview/runs.js`, under a policy that allows those two and nothing else. What it
 * keeps with `setState` is a `SavedPlace`.
 */
export function showTracePage(scenarios: Readonly<Record<string, Scenario>>): void {
  const root = document.getElementById('trace')!;
  const vscode = acquireVsCodeApi();
  const fail = (message: string): void => vscode.postMessage({ type: 'failed', message });
  window.addEventListener('error', (event) => fail(`${event.message} (${event.filename}:${event.lineno})`));
  window.addEventListener('unhandledrejection', (event) =>
    fail(`Unhandled rejection: ${String(event.reason)}`),
  );
  window.addEventListener('message', ({ data }: MessageEvent<ToTracePanel>) => {
    render(
      <ReplayPanel
        replay={data.replay}
        scenarios={scenarios}
        placeIn={(fingerprint) => savedEvent(vscode.getState(), fingerprint)}
        keep={(place) => vscode.setState(place)}
      />,
      root,
    );
  });
  vscode.postMessage({ type: 'ready' });
}
