import { parentPort } from 'node:worker_threads';

/** Makes a Node worker look like a browser's, so that one bundle of the grading worker serves both. */
const port = parentPort!;
const scope = globalThis as unknown as {
  postMessage: (message: unknown) => void;
  onmessage: ((event: { readonly data: unknown }) => void) | null;
};
scope.postMessage = (message) => port.postMessage(message);
// A port keeps messages until somebody listens, so none is lost while the bundle loads.
const bundle = './gradingWorker.web.cjs';
await import(bundle);
port.on('message', (data: unknown) => scope.onmessage?.({ data }));
