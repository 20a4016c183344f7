/**
 * The lesson page of the webview. It runs in a document with
 *
 * - `<div id="lesson" data-figure-worker="<address of dist/webview/runs.js>">` in its body,
 * - `dist/webview/lesson.css` and, after the body's element, `dist/webview/lesson.js`,
 * - a content security policy that allows those two, `worker-src blob:` and `connect-src` for the worker's address.
 *
 * It says `ready` once its listener stands. What it keeps with `setState` is a `SavedState`; a panel serializer finds
 * the lesson to restore in its `lessonId`.
 */
import './lesson.css';
import './views/views.css';
import './preview/preview.css';
import { render } from 'preact';
import type { ToExtension, ToWebview } from '../protocol/lessonPanel.ts';
import { FigureRunner } from './figure/figureRunner.ts';
import { LessonPanel } from './page/lessonPanel.tsx';

declare function acquireVsCodeApi(): {
  postMessage(message: ToExtension): void;
  getState(): unknown;
  setState(state: unknown): void;
};

const root = document.getElementById('lesson')!;
const vscode = acquireVsCodeApi();
const send = (message: ToExtension): void => vscode.postMessage(message);
const fail = (message: string): void => send({ type: 'failed', message });

window.addEventListener('error', (event) => fail(`${event.message} (${event.filename}:${event.lineno})`));
window.addEventListener('unhandledrejection', (event) =>
  fail(`Unhandled rejection: ${String(event.reason)}`),
);

render(
  <LessonPanel
    send={send}
    runner={new FigureRunner(root.dataset['figureWorker']!, fail)}
    stored={() => vscode.getState()}
    store={(state) => vscode.setState(state)}
    listen={(listener) =>
      window.addEventListener('message', ({ data }: MessageEvent<ToWebview>) => listener(data))
    }
  />,
  root,
);
