import { commands, Uri, ViewColumn, window, workspace } from 'vscode';
import { t } from '../course/messages.ts';
import { isClassView, isStudentReport, withCommandLinks } from './classViewFile.ts';
import type { CommandId } from './contributions.ts';
import { HumanError } from './humanError.ts';
import { exists, readText } from './workspaceFiles.ts';

const studentCommand: CommandId = 'trapframe.openStudentReport';

/** Class views that `trapframe grade` wrote, in the colours of the theme. They have no scripts, and get none. */
export class ClassReports {
  /** Folders of the views that were opened: a page can lead to no other. */
  readonly #folders = new Set<string>();

  /** @param uri of a `class.html`; without one a person chooses */
  async open(uri?: Uri): Promise<void> {
    const file = uri ?? (await chosenReport());
    if (file === undefined) return;
    const text = await readText(file);
    if (text === undefined || !isClassView(text)) {
      throw new HumanError(
        t(
          '{0} is no class view of trapframe grade. Choose the class.html in the folder that was named with --out.',
          workspace.asRelativePath(file),
        ),
        { title: t('Open Class Report…'), command: 'trapframe.openClassReport' },
      );
    }
    const title = /<title>([^<]*)<\/title>/.exec(text)?.[1] ?? t('Class Report');
    const panel = window.createWebviewPanel('trapframe.classReport', title, ViewColumn.Active, {
      enableScripts: false,
      enableCommandUris: [studentCommand],
      enableFindWidget: true,
      localResourceRoots: [],
    });
    const folder = Uri.joinPath(file, '..').toString();
    this.#folders.add(folder);
    panel.webview.html = withCommandLinks(text, studentCommand, folder);
  }

  /** Shows the report of a learner, which lies beside an open class view. Arguments of anything else are passed over. */
  async openStudent(folder: string | undefined, file: string | undefined): Promise<void> {
    if (folder === undefined || !this.#folders.has(folder)) return;
    if (file === undefined || !isStudentReport(file)) return;
    const report = Uri.joinPath(Uri.parse(folder), 'students', file);
    if (!(await exists(report))) {
      throw new HumanError(
        t(
          '{0} is not there. Keep the folder students beside class.html, or grade again.',
          workspace.asRelativePath(report),
        ),
      );
    }
    await commands.executeCommand('markdown.showPreview', report);
  }
}

async function chosenReport(): Promise<Uri | undefined> {
  const found = await workspace.findFiles('**/class.html', '**/{node_modules,.git}/**', 50);
  if (found.length === 1) return found[0];
  if (found.length > 1) {
    const choices = found
      .map((uri) => ({ label: workspace.asRelativePath(uri, true), uri }))
      .toSorted((a, b) => (a.label < b.label ? -1 : 1));
    return (await window.showQuickPick(choices, { title: t('Open which class report?') }))?.uri;
  }
  const [uri] =
    (await window.showOpenDialog({
      title: t('Open a class report'),
      openLabel: t('Open'),
      filters: { [t('Class report')]: ['html'] },
    })) ?? [];
  return uri;
}
