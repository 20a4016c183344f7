// npm start [-- <folder>]: a real VS Code with Trapframe, on a work folder. See --help.
import { downloadAndUnzipVSCode } from '@vscode/test-electron';
import { spawn, spawnSync } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { bundledCourseSeed, learnerSeed } from '../src/course/seeds.ts';
import { serializeWorkSettings, workSettingsFile } from '../src/course/workSettings.ts';
import { HumanError, exitWith } from './humanError.mjs';
import { startVscodeServer, workbenchUrl } from './vscodeServer.mjs';

const USAGE = `Opens a real VS Code with Trapframe loaded.

  npm start                        on ~/trapframe-work, created if there is none
  npm start -- <folder>            on that folder
  npm start -- --in browser        in the browser, even where a desktop VS Code is installed
  npm start -- --in desktop        in a desktop VS Code, downloaded if none is installed`;

/** Longer than this nobody waits for a download of VS Code that may not be possible at all. */
const DOWNLOAD_START_MS = 4000;

const root = join(import.meta.dirname, '..');
const parent = process.ppid;

try {
  await main();
} catch (error) {
  exitWith(error);
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { in: { type: 'string' }, help: { type: 'boolean' } },
  });
  if (values.help) {
    console.log(USAGE);
    return;
  }
  const place = values.in;
  if (place !== undefined && place !== 'browser' && place !== 'desktop') {
    throw new HumanError({
      seen: `--in ${place}`,
      expected: '--in browser or --in desktop.',
      next: 'Next: npm start -- --help',
    });
  }
  const folder = await workFolder(positionals[0]);
  console.log(`Work folder: ${folder}`);
  bundle();
  const desktop = place === 'browser' ? undefined : await desktopVscode(place === 'desktop');
  if (desktop) openDesktop(desktop, folder);
  else await serve(folder);
}

/** The chosen folder, or ~/trapframe-work, made a work folder if it is none yet. Nothing that is there is touched. */
async function workFolder(chosen: string | undefined): Promise<string> {
  const folder = chosen === undefined ? join(homedir(), 'trapframe-work') : resolve(chosen);
  const found = await stat(folder).catch(() => undefined);
  if (found && !found.isDirectory()) {
    throw new HumanError({
      seen: `${folder} is a file.`,
      expected: 'A folder for your work, which may be new.',
      next: 'Next: npm start -- <folder>',
    });
  }
  await mkdir(folder, { recursive: true });
  const learner = randomUUID().slice(0, 8);
  const settings = {
    format: 1,
    pack: 'trapframe',
    learner,
    seed: learnerSeed(bundledCourseSeed, learner),
  } as const;
  try {
    await writeFile(join(folder, workSettingsFile), serializeWorkSettings(settings), { flag: 'wx' });
  } catch (error) {
    // It is a work folder already; or it is read-only, and then the extension says so when something is to be written.
    if (!existsSync(folder)) throw error;
  }
  return folder;
}

function bundle(): void {
  const { status } = spawnSync(process.execPath, [join(root, 'build', 'bundle.mjs')], { stdio: 'inherit' });
  if (status === 0) return;
  throw new HumanError({
    seen: 'Trapframe could not be bundled; the errors are above.',
    expected: 'Sources that bundle.',
    next: 'Next: npm ci, then npm start again.',
  });
}

/**
 * The `code` command, or else a downloaded VS Code where there is a screen and the download starts soon.
 * @param required whether to wait for the download however long it takes, and to fail without it
 */
async function desktopVscode(required: boolean): Promise<string | undefined> {
  if (!required && !hasScreen()) return undefined;
  const command = process.platform === 'win32' ? 'code.cmd' : 'code';
  if (
    spawnSync(command, ['--version'], { shell: process.platform === 'win32', stdio: 'ignore' }).status === 0
  )
    return command;
  try {
    if (!required)
      await fetch('https://update.code.visualstudio.com/', {
        signal: AbortSignal.timeout(DOWNLOAD_START_MS),
      });
    console.log('Downloading VS Code into .vscode-test (once) …');
    return await downloadAndUnzipVSCode({ cachePath: join(root, '.vscode-test') });
  } catch (cause) {
    if (!required) return undefined;
    throw new HumanError({
      seen: `VS Code is not installed and could not be downloaded: ${cause instanceof Error ? cause.message : 'no reason given'}`,
      expected: 'The `code` command, or a connection to update.code.visualstudio.com.',
      next: 'Next: npm start -- --in browser',
      cause,
    });
  }
}

function openDesktop(executable: string, folder: string): void {
  spawn(executable, [folder, `--extensionDevelopmentPath=${root}`], {
    shell: process.platform === 'win32',
    stdio: 'ignore',
    detached: true,
  }).unref();
  console.log('VS Code is opening. The first lesson is in the Trapframe view of the activity bar.');
}

async function serve(folder: string): Promise<void> {
  console.log('Starting VS Code for the browser …');
  // Whoever knows the address can run programs as you, so it is not one that can be guessed.
  const token = randomBytes(16).toString('hex');
  const server = await startVscodeServer({
    dataDir: join(homedir(), '.trapframe-vscode'),
    installed: root,
    token,
  });
  const url = workbenchUrl(server, { folder, token });
  const opened = await openBrowser(url);
  console.log(
    `\n${opened ? 'VS Code is opening in your browser. Its address' : 'Open this address in a browser'}:\n\n  ${url}\n`,
  );
  if (process.env['SSH_CONNECTION']) {
    const port = new URL(url).port;
    console.log(`From another machine, first: ssh -L ${port}:127.0.0.1:${port} <this machine>\n`);
  }
  console.log('Ctrl-C ends it. Your work stays in the folder.');
  // An npm that is killed leaves its script behind, and a server that nobody sees would stay for ever.
  setInterval(() => process.ppid !== parent && process.exit(0), 2000).unref();
}

function hasScreen(): boolean {
  if (process.env['CI'] || process.env['SSH_CONNECTION']) return false;
  return process.platform !== 'linux' || Boolean(process.env['DISPLAY'] || process.env['WAYLAND_DISPLAY']);
}

/** Whether a browser was found and started. */
function openBrowser(url: string): Promise<boolean> {
  const browser = ['/usr/bin/xdg-open', '/usr/bin/wslview'].find((path) => existsSync(path));
  if (!hasScreen() || !browser) return Promise.resolve(false);
  return new Promise((resolve) => {
    const child = spawn(browser, [url], { stdio: 'ignore', detached: true });
    child.once('error', () => resolve(false));
    child.once('spawn', () => resolve(true));
    child.unref();
  });
}
