export interface LessonHtmlOptions {
  readonly title: string;
  /** What `webview.cspSource` says. */
  readonly cspSource: string;
  readonly nonce: string;
  readonly scriptUri: string;
  readonly styleUri: string;
  /** Fetched by the page and started as a `blob:` worker, the only kind that a webview may start. */
  readonly figureWorkerUri: string;
}

/** The document of a lesson's webview. Everything that it shows comes later, by message. */
export function lessonHtml(options: LessonHtmlOptions): string {
  const { cspSource, nonce } = options;
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
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta http-equiv="Content-Security-Policy" content="${escapeAttribute(policy)}" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>${escapeText(options.title)}</title>
    <link rel="stylesheet" href="${escapeAttribute(options.styleUri)}" />
  </head>
  <body>
    <div id="lesson" data-figure-worker="${escapeAttribute(options.figureWorkerUri)}"></div>
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
