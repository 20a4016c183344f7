import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium, type BrowserContext, type ElementHandle, type Frame, type Page } from 'playwright-core';
import { chromiumLaunchOptions } from '../../build/chromium.mjs';
import { startVscodeServer, workbenchUrl, type VscodeServer } from '../../build/vscodeServer.mjs';

export const themes = [
  'Default Dark Modern',
  'Default Light Modern',
  'Default High Contrast',
  'Default High Contrast Light',
] as const;
export type Theme = (typeof themes)[number];

export interface WorkbenchOptions {
  /** The folder to open; by default a new, empty one that is removed on close. */
  readonly folder?: string;
  /** Keeps settings and storage: give it again to reopen VS Code as it was. By default a new one that is removed on close. Keep the path short. */
  readonly profile?: string;
  /** The extension's folder; by default this repository. */
  readonly extension?: string;
  /** A bundle whose `run()` the extension host calls. */
  readonly tests?: string;
  /** `false` opens the folder in restricted mode. */
  readonly trusted?: boolean;
  /** `web` runs the manifest's `browser` entry in a web worker, as vscode.dev does. */
  readonly extensionHost?: 'node' | 'web';
  readonly theme?: Theme;
  /** The display language, such as `de`: what the extension says is in it. VS Code itself stays English, whose language packs are not there. */
  readonly language?: string;
  /** User settings of a new profile. */
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly size?: { readonly width: number; readonly height: number };
}

const repository = join(import.meta.dirname, '..', '..');

/** Opens a real VS Code in Chromium, with the extension loaded from its folder. Close it in `finally` or `after`. */
export async function openWorkbench(options: WorkbenchOptions = {}): Promise<Workbench> {
  const temporary = await mkdtemp('/tmp/tf-');
  const profile = options.profile ?? join(temporary, 'p');
  const folder = options.folder ?? join(temporary, 'work');
  await Promise.all([mkdir(profile, { recursive: true }), mkdir(folder, { recursive: true })]);
  const settings = {
    // In a browser VS Code saves after a second; what a test edits stays unsaved, on a busy machine too.
    ...(options.tests && { 'files.autoSave': 'off' }),
    ...(options.theme && { 'workbench.colorTheme': options.theme }),
    ...options.settings,
  };
  const server = await startVscodeServer({
    dataDir: join(profile, 's'),
    trust: options.trusted ?? true,
    settings,
  });
  let context: BrowserContext | undefined;
  try {
    context = await chromium.launchPersistentContext(join(profile, 'b'), {
      ...(await chromiumLaunchOptions()),
      viewport: options.size ?? { width: 1280, height: 800 },
      ...(options.theme?.includes('High Contrast') && { forcedColors: 'none', contrast: 'more' }),
    });
    const extension = options.extension ?? repository;
    const tests = options.tests;
    // The workbench takes its language from what its translated messages would have set before it starts.
    if (options.language !== undefined)
      await context.addInitScript((language) => {
        Object.assign(globalThis, { _VSCODE_NLS_LANGUAGE: language });
      }, options.language);
    if (options.extensionHost === 'web') await serveWebExtension(context, server, extension, tests);
    const url = workbenchUrl(server, {
      folder,
      ...(options.extensionHost !== 'web' && { extension, ...(tests && { tests }) }),
    });
    const page = context.pages()[0] ?? (await context.newPage());
    let closed: Promise<void> | undefined;
    const workbench = new Workbench(
      page,
      folder,
      extension,
      () => (closed ??= end(context, server, temporary)),
      titlesIn(extension, options.language),
    );
    await page.goto(url);
    await page.locator('.monaco-workbench .part.editor').waitFor({ timeout: 60_000 });
    return workbench;
  } catch (error) {
    await end(context, server, temporary);
    throw error;
  }
}

async function end(
  context: BrowserContext | undefined,
  server: VscodeServer,
  temporary: string,
): Promise<void> {
  await context?.close();
  await server.stop();
  await rm(temporary, { recursive: true, force: true, maxRetries: 5 });
}

/** A VS Code window that tests drive from outside. For anything that is missing here, use its Playwright `page`. */
export class Workbench {
  readonly page: Page;
  /** The opened folder. */
  readonly folder: string;
  /** Errors that webviews or the extension wrote to the console, and exceptions of pages, since the start. */
  readonly consoleErrors: string[] = [];
  /** Ends VS Code at once and removes what this window alone used. */
  readonly close: () => Promise<void>;

  /** Titles of the extension's commands and views in the display language, by the English ones. */
  readonly #titles: ReadonlyMap<string, string>;

  constructor(
    page: Page,
    folder: string,
    extension: string,
    close: () => Promise<void>,
    titles: ReadonlyMap<string, string>,
  ) {
    this.#titles = titles;
    this.page = page;
    this.folder = folder;
    this.close = close;
    page.on('console', (message) => {
      if (message.type() !== 'error') return;
      const text = message.text();
      const fromWebview = /\/webview\/browser\/pre\/|vscode-resource|^blob:/.test(message.location().url);
      if (
        fromWebview ||
        [extension, '/extension/dist/', 'trapframe.trapframe'].some((part) => text.includes(part))
      )
        this.consoleErrors.push(text);
    });
    page.on('pageerror', (error) => this.consoleErrors.push(error.stack ?? error.message));
  }

  /**
   * Runs a command by its English title in the command palette, such as `Trapframe: Open Lesson…`.
   * @throws when the palette does not offer it within 20 s; extensions register their commands a while after the start
   */
  async command(named: string): Promise<void> {
    const [category, own] = named.split(': ') as [string, string | undefined];
    const title = own === undefined ? named : `${category}: ${this.#titles.get(own) ?? own}`;
    const input = this.page.locator('.quick-input-widget input[type="text"]');
    const row = this.page
      .getByRole('option', { name: title })
      .filter({ hasText: new RegExp(`^${escaped(title)}`) });
    for (let tries = 0; tries < 10; tries++) {
      await this.page.keyboard.press('F1');
      // The palette closes when something else takes the focus, such as a view that an earlier command opens.
      const ran = await input
        .waitFor({ timeout: 10_000 })
        .then(() => input.fill(`>${title}`, { timeout: 3000 }))
        .then(() => row.first().click({ timeout: 3000 }))
        .then(
          () => true,
          () => false,
        );
      if (ran) return;
      await this.page.keyboard.press('Escape');
    }
    throw new Error(`The command palette does not offer “${title}”.`);
  }

  /** Opens a file of the folder by its path, as *Go to File* does. */
  async openFile(path: string): Promise<void> {
    const name = path.slice(path.lastIndexOf('/') + 1);
    await this.page.keyboard.press('Control+P');
    await this.page.locator('.quick-input-widget input[type="text"]').fill(path);
    await this.choose(name);
    await this.page.locator('.tab.active', { hasText: name }).waitFor();
  }

  /** Picks the first entry of a list that asks for a choice, by a part of its text. */
  async choose(text: string): Promise<void> {
    const row = this.page.locator('.quick-input-list .monaco-list-row', { hasText: text }).first();
    // Of a long list only what is on screen is in the page; typing brings the rest there.
    await this.page.locator('.quick-input-list .monaco-list-row').first().waitFor({ timeout: 30_000 });
    if (!(await row.isVisible()))
      await this.page.locator('.quick-input-widget input[type="text"]').fill(text);
    await row.click({ timeout: 30_000 });
  }

  /**
   * Runs a command that asks for a choice, and picks an entry by a part of its text.
   * @param asks what the list is headed with
   */
  async commandAndChoose(title: string, asks: string, text: string): Promise<void> {
    const list = this.page.locator('.quick-input-widget', { hasText: asks });
    for (let tries = 1; ; tries++) {
      await this.command(title);
      try {
        // A long list shows only what fits.
        await list.locator('input[type="text"]').fill(text, { timeout: 10_000 });
        await list.locator('.monaco-list-row', { hasText: text }).first().click({ timeout: 10_000 });
        return;
      } catch (error) {
        // As the palette, it closes when something else takes the focus.
        if (tries === 3) throw error;
        await this.page.keyboard.press('Escape');
      }
    }
  }

  /** Shows a view container of the activity bar by its title, such as `Trapframe`. */
  async openView(title: string): Promise<void> {
    const tab = this.page.locator('.activitybar').getByRole('tab', { name: title });
    await tab.waitFor({ timeout: 20_000 });
    if ((await tab.getAttribute('aria-expanded')) !== 'true') await tab.click();
  }

  /**
   * The inner document of a webview that is on screen; Playwright's `Frame`, with locators and `evaluate`.
   * @param selector an element that tells this webview from others, waited for; any webview by default
   * @throws when no webview shows such an element in time
   */
  async webview(selector = 'body', timeoutMs = 60_000): Promise<Frame> {
    const deadline = Date.now() + timeoutMs;
    while (Date.now() < deadline) {
      for (const outer of await this.page.$$('iframe.webview.ready')) {
        const inner = await innerFrame(outer);
        if (inner && (await outer.isVisible()) && (await inner.$(selector))) return inner;
      }
      await this.page.waitForTimeout(100);
    }
    throw new Error(`No webview showed ${selector} within ${timeoutMs} ms.`);
  }

  /** Reloads the window as *Developer: Reload Window* does, which saves its state first, and waits until it is back. */
  async reload(): Promise<void> {
    await this.#saveAndNavigate();
    await this.page.locator('.monaco-workbench .part.editor').waitFor({ timeout: 60_000 });
  }

  /** Saves the window's state and ends VS Code, as a person does. `close` alone ends it like a power failure. */
  async quit(): Promise<void> {
    await this.#saveAndNavigate();
    await this.close();
  }

  /** A browser's tab is never asked to save and waited for, except when VS Code itself reloads it. */
  async #saveAndNavigate(): Promise<void> {
    const navigated = this.page.waitForEvent('framenavigated', (frame) => frame === this.page.mainFrame());
    await this.command('Developer: Reload Window');
    await navigated;
  }

  /** Writes a PNG of the window, once fonts are loaded and transitions have ended. */
  async screenshot(path: string): Promise<void> {
    await this.page.evaluate(() => document.fonts.ready);
    await this.page.waitForTimeout(500);
    await this.page.screenshot({ path, animations: 'disabled' });
  }
}

/** What a manifest's texts are in another language, by the English ones. */
function titlesIn(extension: string, language: string | undefined): ReadonlyMap<string, string> {
  if (language === undefined) return new Map();
  const read = (name: string) =>
    JSON.parse(readFileSync(join(extension, name), 'utf8')) as Readonly<Record<string, string>>;
  const translated = read(`package.nls.${language}.json`);
  return new Map(
    Object.entries(read('package.nls.json')).map(([key, text]) => [text, translated[key] ?? text]),
  );
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

async function innerFrame(outer: ElementHandle): Promise<Frame | null> {
  try {
    const inner = await (await outer.contentFrame())?.$('#active-frame');
    return (await inner?.contentFrame()) ?? null;
  } catch {
    return null; // replaced while it was looked at: a webview's document loads twice
  }
}

/** Makes the workbench load the extension's `browser` entry, served from the same origin as the workbench itself. */
async function serveWebExtension(
  context: BrowserContext,
  server: VscodeServer,
  extension: string,
  tests: string | undefined,
): Promise<void> {
  const origin = `http://${server.authority}`;
  const uri = (path: string) => ({ scheme: 'http', authority: server.authority, path });
  const developmentOptions = {
    extensions: [uri('/extension')],
    ...(tests && { extensionTestsPath: uri(tests.replace(extension, '/extension')) }),
  };
  await context.route(`${origin}/extension/**`, async (route) => {
    const path = join(
      extension,
      decodeURIComponent(new URL(route.request().url()).pathname).slice('/extension/'.length),
    );
    const body = await readFile(path).catch(() => undefined);
    await (body ? route.fulfill({ body, contentType: contentType(path) }) : route.fulfill({ status: 404 }));
  });
  await context.addInitScript((added: unknown) => {
    // The page holds the workbench's configuration in a meta element, which the workbench looks up once.
    const getElementById = document.getElementById;
    document.getElementById = (id: string) => {
      const element = getElementById.call(document, id);
      const json = id === 'vscode-workbench-web-configuration' && element?.getAttribute('data-settings');
      if (element && json) {
        const configuration = { ...(JSON.parse(json) as object), developmentOptions: added };
        element.setAttribute('data-settings', JSON.stringify(configuration));
      }
      return element;
    };
  }, developmentOptions);
}

function contentType(path: string): string {
  if (/\.[cm]?js$/.test(path)) return 'text/javascript';
  if (path.endsWith('.json')) return 'application/json';
  if (path.endsWith('.wasm')) return 'application/wasm';
  if (path.endsWith('.svg')) return 'image/svg+xml';
  if (path.endsWith('.css')) return 'text/css';
  return 'application/octet-stream';
}
