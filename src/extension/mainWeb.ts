import { Uri, workspace, type ExtensionContext } from 'vscode';
import type { FromGradingWorker } from '../grading/workerMessages.ts';
import { activate as activateOn, type TrapframeApi } from './activate.ts';
import type { CourseHost } from './platform.ts';

/** The entry in the web worker extension host, where `require` knows `vscode` alone. */
export function activate(context: ExtensionContext): TrapframeApi {
  const text = async (name: string): Promise<string> => {
    const bytes = await workspace.fs.readFile(Uri.joinPath(context.extensionUri, 'dist', name));
    return new TextDecoder().decode(bytes);
  };
  return activateOn(context, {
    async loadCourseHost() {
      const module: { exports: unknown } = { exports: {} };
      // The same that VS Code does to load this very file; the text is the extension's own.
      // oxlint-disable-next-line typescript/no-implied-eval
      const load = new Function('module', 'exports', await text('courseHost.cjs')) as (
        ...args: unknown[]
      ) => void;
      load(module, module.exports);
      return module.exports as CourseHost;
    },
    async spawnGradingWorker() {
      // A worker may only be started from a blob here.
      const address = URL.createObjectURL(
        new Blob([await text('gradingWorker.web.cjs')], { type: 'text/javascript' }),
      );
      const worker = new Worker(address);
      return {
        post: (message) => worker.postMessage(message),
        onMessage: (listen) => {
          worker.onmessage = ({ data }: MessageEvent<FromGradingWorker>) => listen(data);
        },
        onError: (listen) => {
          worker.onerror = ({ message }) => listen(message);
        },
        terminate: () => {
          worker.terminate();
          URL.revokeObjectURL(address);
        },
      };
    },
  });
}
