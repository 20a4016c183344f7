import { ViewColumn, window, workspace, type Uri } from 'vscode';
import { t } from '../course/messages.ts';
import { isClassView } from './classViewFile.ts';
import { HumanError } from './humanError.ts';
import { readText } from './workspaceFiles.ts';

/** Opens the class view that `trapframe grade` wrote, in the colours of the theme. It has no scripts, and gets none. */
export async function openClassReport(uri?: Uri): Promise<void> {
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
    enableCommandUris: false,
    enableFindWidget: true,
    localResourceRoots: [],
  });
  panel.webview.html = text;
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
