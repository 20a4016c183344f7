import { Uri, type ExtensionContext } from 'vscode';
import { spawnNodeWorker } from '../grading/nodeWorker.ts';
import { activate as activateOn, type TrapframeApi } from './activate.ts';
import type { CourseHost } from './platform.ts';

/** The entry in a node extension host: desktop, and remote machines. */
export function activate(context: ExtensionContext): TrapframeApi {
  return activateOn(context, {
    // A file beside this one, not part of this bundle: parsing it would cost more than the whole activation may.
    loadCourseHost: () => Promise.resolve(require('./courseHost.cjs') as CourseHost),
    spawnGradingWorker: () =>
      Promise.resolve(
        spawnNodeWorker(Uri.joinPath(context.extensionUri, 'dist', 'gradingWorker.mjs').fsPath),
      ),
  });
}
