import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { build } from 'esbuild';
import { chromium, type Browser, type Page } from 'playwright-core';
import { chromiumLaunchOptions } from '../../build/chromium.mjs';
import { webviewHtml } from '../../src/extension/webviewHtml.ts';
import type { ToExtension, ToWebview } from '../../src/protocol/lessonPanel.ts';
import type { FromTracePanel, ToTracePanel } from '../../src/protocol/tracePanel.ts';
import { webviewStyles, webviewThemes, type WebviewTheme } from './vscodeThemes.ts';

/**
 * The built pages in Chromium as in VS Code's webviews: the extension's own document and content security policy,
 * VS Code's default styles and theme variables, and a stand-in for `acquireVsCodeApi` that records what a page sends.
 */

/** What each page takes and sends. */
interface Pages {
  readonly lesson: { readonly takes: ToWebview; readonly sends: ToExtension };
  readonly trace: { readonly takes: ToTracePanel; readonly sends: FromTracePanel };
}
type PageName = keyof Pages;

export type ThemeName = keyof typeof webviewThemes;
export const themeNames = Object.keys(webviewThemes) as ThemeName[];

const root = join(import.meta.dirname, '../..');

/** What VS Code hands to an extension where the editor's language is German. */
export const german = JSON.parse(readFileSync(join(root, 'l10n/bundle.l10n.de.json'), 'utf8')) as Readonly<
  Record<string, string>
>;

export interface OpenOptions {
  readonly theme?: ThemeName;
  readonly width?: number;
  readonly height?: number;
  /** What `getState` returns at first. */
  readonly state?: unknown;
  /** Device pixels per CSS pixel; also what zooming in does. Default 1. */
  readonly ratio?: number;
  /** The page knows {@link trapScenario} too, which is not part of the course. Default false. */
  readonly testScenario?: boolean;
  /** The editor's language is German. Default false. */
  readonly german?: boolean;
}

/** The bundles that run scenarios, with one more in the list. */
async function withTestScenario(): Promise<readonly (readonly [name: string, text: Buffer])[]> {
  const built = await build({
    absWorkingDir: root,
    entryPoints: ['src/webview/runs.ts'],
    bundle: true,
    write: false,
    outdir: 'out',
    target: 'es2022',
    format: 'iife',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    plugins: [
      {
        name: 'test scenario',
        setup(bundle) {
          bundle.onResolve({ filter: /engine\/scenarios\.ts$/ }, ({ importer }) =>
            importer.endsWith('testScenarios.ts')
              ? undefined
              : { path: join(root, 'test/webview/testScenarios.ts') },
          );
        },
      },
    ],
  });
  return built.outputFiles.map((file) => [basename(file.path), Buffer.from(file.contents)] as const);
}

export class WebviewHarness {
  readonly #browser: Browser;
  readonly #server: Server;
  readonly #origin: string;

  private constructor(browser: Browser, server: Server) {
    this.#browser = browser;
    this.#server = server;
    this.#origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  static async start(): Promise<WebviewHarness> {
    const nonce = 'test-nonce';
    // Read once: a build that runs meanwhile does not change what is tested.
    const files = new Map<string, Buffer>(
      await Promise.all(
        ['lesson.js', 'lesson.css', 'runs.js', 'runs.css'].map(
          async (name) =>
            [`/dist/webview/${name}`, await readFile(join(root, 'dist/webview', name))] as const,
        ),
      ),
    );
    for (const [name, text] of await withTestScenario()) files.set(`/dist/test/${name}`, text);
    const server = createServer((request, response) => {
      const { pathname, searchParams } = new URL(request.url!, 'http://127.0.0.1');
      const scripts = searchParams.has('test') ? 'dist/test' : 'dist/webview';
      const origin = `http://${request.headers.host}`;
      const page = pathname.slice(1);
      if (page === 'lesson' || page === 'trace') {
        const bundle = page === 'trace' ? 'runs' : page;
        response.setHeader('content-type', 'text/html; charset=utf-8');
        response.end(
          webviewHtml({
            language: searchParams.has('german') ? 'de' : 'en',
            title: page,
            cspSource: origin,
            nonce,
            scriptUri: `${origin}/${page === 'trace' ? scripts : 'dist/webview'}/${bundle}.js`,
            styleUri: `${origin}/dist/webview/${bundle}.css`,
            rootId: page,
            data: page === 'lesson' ? { 'figure-worker': `${origin}/${scripts}/runs.js` } : {},
            messages: searchParams.has('german') ? german : undefined,
          }),
        );
        return;
      }
      const file = files.get(pathname);
      response.statusCode = file === undefined ? 404 : 200;
      response.setHeader('content-type', pathname.endsWith('.css') ? 'text/css' : 'text/javascript');
      response.end(file ?? '');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new WebviewHarness(await chromium.launch(await chromiumLaunchOptions()), server);
  }

  async close(): Promise<void> {
    await this.#browser.close();
    this.#server.close();
  }

  async open<P extends PageName>(name: P, options: OpenOptions = {}): Promise<WebviewTab<P>> {
    const context = await this.#browser.newContext({
      viewport: { width: options.width ?? 900, height: options.height ?? 800 },
      deviceScaleFactor: options.ratio ?? 1,
      reducedMotion: 'reduce',
    });
    const page = await context.newPage();
    const tab = new WebviewTab<P>(page);
    await page.addInitScript(prepare, {
      theme: webviewThemes[options.theme ?? 'dark'],
      defaultStyles: webviewStyles,
      state: options.state,
    });
    const asked = [options.testScenario === true ? 'test' : '', options.german === true ? 'german' : ''];
    await page.goto(`${this.#origin}/${name}?${asked.filter(Boolean).join('&')}`);
    await tab.sent('ready');
    return tab;
  }
}

interface FakeVsCode {
  readonly sent: { readonly type: string }[];
  state: unknown;
  readonly violations: string[];
}

declare global {
  interface Window {
    fakeVsCode: FakeVsCode;
    acquireVsCodeApi: unknown;
  }
}

/**
 * Runs in the page before anything else, as VS Code's own preload does. It is sent there as text, so it names no function
 * inside: tsx would call a helper that the page does not have.
 */
function prepare(given: {
  readonly theme: WebviewTheme;
  readonly defaultStyles: string;
  readonly state: unknown;
}): void {
  const fake: FakeVsCode = { sent: [], state: given.state, violations: [] };
  window.fakeVsCode = fake;
  window.acquireVsCodeApi = () => ({
    postMessage(message: { readonly type: string }) {
      fake.sent.push(message);
    },
    getState() {
      return fake.state;
    },
    // As VS Code does: only JSON survives.
    setState(state: unknown) {
      fake.state = JSON.parse(JSON.stringify(state));
    },
  });
  document.addEventListener('securitypolicyviolation', (event) => {
    fake.violations.push(`${event.violatedDirective}: ${event.blockedURI} ${event.sample}`);
  });
  const watch = new MutationObserver(() => {
    if (document.documentElement !== null && document.adoptedStyleSheets.length === 0) {
      for (const [name, value] of Object.entries(given.theme.variables)) {
        document.documentElement.style.setProperty(name, value);
      }
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(given.defaultStyles);
      document.adoptedStyleSheets = [sheet];
    }
    if (document.body === null) return;
    document.body.className = given.theme.bodyClass;
    document.body.setAttribute('role', 'document');
    watch.disconnect();
  });
  watch.observe(document, { childList: true, subtree: true });
}

export type LessonTab = WebviewTab<'lesson'>;
export type TraceTab = WebviewTab<'trace'>;

/** One open page. */
export class WebviewTab<P extends PageName = PageName> {
  readonly page: Page;
  readonly #complaints: string[] = [];
  readonly #forgiven: RegExp[] = [];

  constructor(page: Page) {
    this.page = page;
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') this.#complaints.push(message.text());
    });
    page.on('pageerror', (error) => this.#complaints.push(error.stack ?? String(error)));
  }

  /** Sends a message as the extension does. Typed arrays survive, as they do in VS Code. */
  async post(message: Pages[P]['takes']): Promise<void> {
    const columns: number[][] = [];
    const kinds: string[] = [];
    const plain = JSON.stringify(message, (_key, value: unknown) => {
      if (!ArrayBuffer.isView(value)) return value;
      kinds.push(value.constructor.name);
      return { $column: columns.push(Array.from(value as Float64Array)) - 1 };
    });
    await this.page.evaluate(
      ({ text, data, names }) => {
        const message: unknown = JSON.parse(text, (_key, value: unknown) => {
          const column = (value as { $column?: number } | null)?.$column;
          if (typeof column !== 'number') return value;
          const kind = (globalThis as unknown as Record<string, { from(values: number[]): unknown }>)[
            names[column]!
          ]!;
          return kind.from(data[column]!);
        });
        window.postMessage(message, '*');
        return new Promise((resolve) => setTimeout(resolve, 0));
      },
      { text: plain, data: columns, names: kinds },
    );
  }

  /** Everything that the page has sent so far. */
  async sentMessages(): Promise<readonly Pages[P]['sends'][]> {
    return this.page.evaluate(() => window.fakeVsCode.sent) as Promise<readonly Pages[P]['sends'][]>;
  }

  /** Waits until a message of this type was sent and returns the latest one. */
  async sent(type: Pages[P]['sends']['type']): Promise<Pages[P]['sends']> {
    await this.page.waitForFunction(
      (wanted) => window.fakeVsCode.sent.some((message) => message.type === wanted),
      type,
    );
    return (await this.sentMessages()).findLast((message) => message.type === type)!;
  }

  /** What `setState` kept last. */
  async state(): Promise<unknown> {
    return this.page.evaluate(() => window.fakeVsCode.state);
  }

  /** Waits until every figure shows its run. */
  async settled(): Promise<void> {
    await this.page.waitForFunction(
      () =>
        document.querySelector('.figure-empty, [aria-busy="true"]') === null &&
        document.fonts.status === 'loaded',
    );
    await this.page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => resolve(undefined))));
  }

  /** Complaints that a test brings about on purpose: those that match are not counted. */
  forgive(pattern: RegExp): void {
    this.#forgiven.push(pattern);
  }

  /** Console errors and warnings, uncaught errors, policy violations and reported failures. A test ends with none. */
  async complaints(): Promise<readonly string[]> {
    const { violations, failures } = await this.page.evaluate(() => ({
      violations: window.fakeVsCode.violations,
      failures: window.fakeVsCode.sent.flatMap((message) =>
        message.type === 'failed' ? [(message as { readonly message: string } & typeof message).message] : [],
      ),
    }));
    return [...this.#complaints, ...violations, ...failures].filter(
      (text) => !this.#forgiven.some((pattern) => pattern.test(text)),
    );
  }

  /** Whether the page is wider than its window. */
  async scrollsSideways(): Promise<boolean> {
    return this.page.evaluate(
      () => document.documentElement.scrollWidth > document.documentElement.clientWidth,
    );
  }

  /** Accessible name and role of what has the focus, as `role: name`. */
  async focused(): Promise<string> {
    return this.page.evaluate(() => {
      const element = document.activeElement as HTMLElement | null;
      if (element === null || element === document.body) return 'nothing';
      const labels = (element as HTMLInputElement).labels;
      const name =
        element.getAttribute('aria-label') ??
        (labels?.length ? labels[0]!.textContent : element.textContent) ??
        '';
      const kind =
        element.getAttribute('role') ?? (element as HTMLInputElement).type ?? element.tagName.toLowerCase();
      return `${kind || element.tagName.toLowerCase()}: ${name.replaceAll(/\s+/g, ' ').trim()}`;
    });
  }

  async close(): Promise<void> {
    await this.page.context().close();
  }
}

/**
 * For a `describe`: starts Chromium before its tests, closes what each test opened, and fails a test whose page wrote an
 * error to the console or broke the content security policy.
 */
function tabsOf<P extends PageName>(name: P): (options?: OpenOptions) => Promise<WebviewTab<P>> {
  let harness: WebviewHarness;
  let tabs: WebviewTab<P>[] = [];
  before(async () => {
    harness = await WebviewHarness.start();
  });
  afterEach(async () => {
    const opened = tabs;
    tabs = [];
    const complaints = (await Promise.all(opened.map((tab) => tab.complaints()))).flat();
    await Promise.all(opened.map((tab) => tab.close()));
    assert.deepEqual(complaints, []);
  });
  after(async () => harness.close());
  return async (options) => {
    const tab = await harness.open(name, options);
    tabs.push(tab);
    return tab;
  };
}

export const lessonTabs = (): ((options?: OpenOptions) => Promise<LessonTab>) => tabsOf('lesson');
export const traceTabs = (): ((options?: OpenOptions) => Promise<TraceTab>) => tabsOf('trace');
