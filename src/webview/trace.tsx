/**
 * The trace panel's page: it steps through a run. It runs in a document with `<div id="trace">` in its body,
 * `dist/webview/trace.css` and `dist/webview/trace.js`, under a policy that allows those two and nothing else. What it
 * keeps with `setState` is a `SavedPlace`.
 */
import './lesson.css';
import './views/views.css';
import './replay/replay.css';
import { render } from 'preact';
import { scenarios } from '../engine/scenarios.ts';
import type { FromTracePanel, ToTracePanel } from '../protocol/tracePanel.ts';
import { ReplayPanel } from './replay/replayPanel.tsx';
import { savedEvent } from './replay/savedPlace.ts';

declare function acquireVsCodeApi(): {
  postMessage(message: FromTracePanel): void;
  getState(): unknown;
  setState(state: unknown): void;
};

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
