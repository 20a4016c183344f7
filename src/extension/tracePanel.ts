import {
  Uri,
  ViewColumn,
  window,
  type ExtensionContext,
  type LogOutputChannel,
  type WebviewPanel,
} from 'vscode';
import type { FromTracePanel, Replay, ToTracePanel } from '../protocol/tracePanel.ts';
import { tracePanelType } from './contributions.ts';
import { DisposableStore } from './disposableStore.ts';
import { readersLanguage } from './readersLanguage.ts';
import { freshNonce, webviewHtml } from './webviewHtml.ts';
import { t } from '../course/messages.ts';

/** The panel that steps through a run. There is one; another run takes the place of the one before. */
export class TracePanel {
  readonly #context: ExtensionContext;
  readonly #log: LogOutputChannel;
  #panel: WebviewPanel | undefined;
  #replay: Replay | undefined;

  constructor(context: ExtensionContext, log: LogOutputChannel) {
    this.#context = context;
    this.#log = log;
  }

  async show(replay: Replay): Promise<void> {
    this.#replay = replay;
    if (this.#panel === undefined) this.#open();
    else {
      this.#panel.reveal(undefined, false);
      await this.#send();
    }
  }

  dispose(): void {
    this.#panel?.dispose();
  }

  #open(): void {
    const root = this.#context.extensionUri;
    const panel = window.createWebviewPanel(tracePanelType, t('Step Through a Run'), ViewColumn.Active, {
      enableScripts: true,
      enableCommandUris: false,
      localResourceRoots: [Uri.joinPath(root, 'dist'), Uri.joinPath(root, 'media')],
    });
    this.#panel = panel;
    const icon = (name: string): Uri => Uri.joinPath(root, 'media', name);
    panel.iconPath = { light: icon('lessonLight.svg'), dark: icon('lessonDark.svg') };
    const listeners = new DisposableStore();
    listeners.add(
      panel.webview.onDidReceiveMessage((message: FromTracePanel) => {
        if (message.type === 'ready') void this.#send();
        else this.#log.error(`The trace panel failed: ${message.message}`);
      }),
    );
    panel.onDidDispose(() => {
      listeners.dispose();
      this.#panel = undefined;
    });
    const inDist = (name: string): string =>
      panel.webview.asWebviewUri(Uri.joinPath(root, 'dist', 'webview', name)).toString();
    panel.webview.html = webviewHtml({
      title: panel.title,
      cspSource: panel.webview.cspSource,
      nonce: freshNonce(),
      ...readersLanguage(),
      scriptUri: inDist('runs.js'),
      styleUri: inDist('runs.css'),
      rootId: 'trace',
      data: {},
    });
  }

  /** Hidden, the document is destroyed; when it is back it says `ready` and is sent the same run again. */
  async #send(): Promise<void> {
    const message: ToTracePanel = { type: 'replay', replay: this.#replay! };
    await this.#panel?.webview.postMessage(message);
  }
}
