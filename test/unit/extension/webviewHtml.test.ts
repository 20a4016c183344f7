import assert from 'node:assert/strict';
import { freshNonce, webviewHtml } from '../../../src/extension/webviewHtml.ts';

const html = webviewHtml({
  title: 'Traps & "rings" <script>',
  cspSource: 'https://*.vscode-cdn.net',
  nonce: 'abc',
  scriptUri: 'https://x/lesson.js?a=1&b="2"',
  styleUri: 'https://x/lesson.css',
  rootId: 'lesson',
  language: 'de',
  data: { 'figure-worker': 'https://x/runs.js?a&"b"' },
});

describe('the document of a webview', () => {
  it('allows one script, no inline style, no evaluation, and only blob workers', () => {
    const [, policy] = /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(html)!;
    assert.deepEqual(policy!.split('; '), [
      `default-src 'none'`,
      'img-src https://*.vscode-cdn.net data:',
      'font-src https://*.vscode-cdn.net',
      'style-src https://*.vscode-cdn.net',
      `script-src 'nonce-abc'`,
      'worker-src blob:',
      'connect-src https://*.vscode-cdn.net',
    ]);
    assert.equal(html.match(/<script/g)?.length, 1);
  });

  it('says which language its words are in', () => {
    assert.match(html, /<html lang="de">/);
  });

  it('escapes what it is given', () => {
    assert.match(html, /<title>Traps &amp; "rings" &lt;script><\/title>/);
    assert.match(
      html,
      /<div id="lesson" data-figure-worker="https:\/\/x\/runs\.js\?a&amp;&quot;b&quot;"><\/div>/,
    );
    assert.match(html, /src="https:\/\/x\/lesson\.js\?a=1&amp;b=&quot;2&quot;"/);
  });

  it('is allowed by a nonce that nobody can guess', () => {
    const nonces = new Set(Array.from({ length: 100 }, freshNonce));
    assert.equal(nonces.size, 100);
    for (const nonce of nonces) assert.match(nonce, /^[0-9a-f]{32}$/);
  });
});
