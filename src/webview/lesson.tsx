/**
 * The lesson page of the webview. The HTML shell that it runs in, `<main>` and both data attributes included, is the
 * extension's:
 *
 *     <!DOCTYPE html>
 *     <html lang="en">
 *       <head>
 *         <meta charset="utf-8">
 *         <meta name="viewport" content="width=device-width, initial-scale=1">
 *         <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src ${cspSource};
 *           script-src 'nonce-…'; worker-src blob:; connect-src ${cspSource}; img-src ${cspSource} data:">
 *         <title>…</title>
 *         <link rel="stylesheet" href="…/dist/webview/lesson.css">
 *       </head>
 *       <body>
 *         <main id="lesson" data-figure-worker="…/dist/webview/figureWorker.js"></main>
 *         <script nonce="…" src="…/dist/webview/lesson.js"></script>
 *       </body>
 *     </html>
 *
 * It says `ready` once its listener stands. What it keeps with `setState` is a `SavedState`; a panel serializer finds
 * the lesson to restore in its `lessonId`.
 */
import './lesson.css';
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
