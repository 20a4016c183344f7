export interface WebviewHtmlOptions {
  readonly title: string;
  /** Of the element that the page is drawn into. */
  readonly rootId: string;
  /** Its `data-` attributes, by their names without the prefix: addresses that the script needs. */
  readonly data: Readonly<Record<string, string>>;
  /** What `webview.cspSource` says. */
  readonly cspSource: string;
  readonly nonce: string;
  readonly scriptUri: string;
  readonly styleUri: string;
  /** Of the page's own words, as `lang` has it: `de`. What is in another language says so itself. */
  readonly language: string;
  /** Texts of the page in the editor's language, by their English ones, as `l10n.bundle` has them; absent where they are English. */
  readonly messages?: Readonly<Record<string, unknown>> | undefined;
}

/**
 * The document of a webview. Everything that it shows comes later, by message. Workers may be started from `blob:`
 * alone, the only kind that a webview may start.
 */
export function webviewHtml(options: WebviewHtmlOptions): string {
  const { cspSource, nonce } = options;
  const { messages } = options;
  const handed =
    messages === undefined ? options.data : { ...options.data, messages: JSON.stringify(messages) };
  const data = Object.entries(handed).map(([name, value]) => ` data-${name}="${escapeAttribute(value)}"`);
  const policy = [
    `default-src 'none'`,
    `img-src ${cspSource} data:`,
    `font-src ${cspSource}`,
    `style-src ${cspSource}`,
    `script-src 'nonce-${nonce}'`,
    `worker-src blob:`,
    `connect-src ${cspSource}`,
  ].join('; ');
  return `<!doctype html>
<html lang="${escapeAttribute(options.language)}">
  <head>
    <meta charset="utf-8" />
    <meta http-equiv="Content-Security-Policy" content="${escapeAttribute(policy)}" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>${escapeText(options.title)}</title>
    <link rel="stylesheet" href="${escapeAttribute(options.styleUri)}" />
  </head>
  <body>
    <div id="${options.rootId}"${data.join('')}></div>
    <script nonce="${nonce}" src="${escapeAttribute(options.scriptUri)}"></script>
  </body>
</html>
`;
}

const escapeText = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
const escapeAttribute = (text: string): string => escapeText(text).replaceAll('"', '&quot;');

/** 128 bits from the platform's cryptographic source, for one document. */
export function freshNonce(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
