import { env, l10n } from 'vscode';
import type { WebviewHtmlOptions } from './webviewHtml.ts';

/** What a webview needs to speak the editor's language; English where there is no translation. */
export const readersLanguage = (): Pick<WebviewHtmlOptions, 'language' | 'messages'> =>
  l10n.bundle === undefined ? { language: 'en' } : { language: env.language, messages: l10n.bundle };
