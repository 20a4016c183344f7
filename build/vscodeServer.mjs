// VS Code's own server on 127.0.0.1, with the workbench for a browser. See hostPackages.mjs for where it comes from.
import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { hostPackages } from './hostPackages.mjs';
import { HumanError } from './humanError.mjs';

/** Keeps the workbench quiet: no AI panes, no network, no tips. A caller's settings win. */
const SETTINGS = {
  'chat.disableAIFeatures': true,
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': 'off',
  'extensions.ignoreRecommendations': true,
  'security.workspace.trust.startupPrompt': 'never',
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'window.commandCenter': false,
  'window.newWindowProfile': 'Default',
  'workbench.enableExperiments': false,
  'workbench.layoutControl.enabled': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
};

/**
 * @typedef {object} ServerOptions
 * @property {string} [dataDir] user settings, extensions and their storage; a fresh temporary folder by default, removed on stop.
 *   Keep it short: VS Code fails on socket paths over 103 characters. Its port is kept too, if it is still free
 * @property {boolean} [trust] whether every folder is trusted (the default); otherwise windows open in restricted mode
 * @property {string} [token] asked of every browser as `?tkn=`; none by default, which suits tests only
 * @property {Record<string, unknown>} [settings] user settings, written when the data folder has none yet
 * @property {string} [installed] folder of an extension that is installed from source. Without it the server runs with VS Code's
 *   test driver, which takes extensions from the page's address and shows no notification toasts
 */

/**
 * @typedef {object} VscodeServer
 * @property {string} authority host and port
 * @property {string} dataDir
 * @property {() => Promise<void>} stop ends the server with every process it started
 */

/**
 * Starts a server and waits until it answers.
 * @param {ServerOptions} [options]
 * @returns {Promise<VscodeServer>}
 */
export async function startVscodeServer(options = {}) {
  const { node, vscode } = await hostPackages();
  const dataDir = options.dataDir ?? (await mkdtemp('/tmp/tf-'));
  await writeSettings(dataDir, options.settings);
  if (options.installed) await installFromSource(dataDir, options.installed);
  const logFile = join(dataDir, 'server.log');
  const log = openSync(logFile, 'w');
  const child = spawn(
    node,
    [
      join(vscode, 'out', 'server-main.js'),
      '--host=127.0.0.1',
      `--port=${await rememberedPort(dataDir)}`,
      options.token ? `--connection-token=${options.token}` : '--without-connection-token',
      '--accept-server-license-terms',
      // Without the driver the `payload` of the page's address is ignored.
      ...(options.installed ? [] : ['--enable-smoke-test-driver']),
      ...((options.trust ?? true) ? ['--disable-workspace-trust'] : []),
      '--disable-telemetry',
      `--server-data-dir=${dataDir}`,
    ],
    { stdio: ['ignore', log, log], detached: true },
  );
  closeSync(log);
  const release = endWithThisProcess(child);
  const stop = async () => {
    release();
    await endGroup(child);
    if (!options.dataDir) await rm(dataDir, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    const port = await announcedPort(child, logFile);
    await writeFile(join(dataDir, 'port'), String(port));
    return { authority: `127.0.0.1:${port}`, dataDir, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/**
 * The address that opens a workbench on a folder, with an extension from source and, optionally, its tests.
 * @param {VscodeServer} server
 * @param {{ folder: string, extension?: string, tests?: string, token?: string }} what absolute paths
 */
export function workbenchUrl(server, { folder, extension, tests, token }) {
  /** @param {string} path */
  const remote = (path) => `vscode-remote://${server.authority}${encodeURI(path)}`;
  const payload = [];
  if (extension) payload.push(['skipWelcome', 'true'], ['extensionDevelopmentPath', remote(extension)]);
  if (tests) payload.push(['extensionTestsPath', remote(tests)]);
  const query = new URLSearchParams({
    ...(token ? { tkn: token } : {}),
    folder,
    ...(payload.length > 0 ? { payload: JSON.stringify(payload) } : {}),
  });
  return `http://${server.authority}/?${query}`;
}

/**
 * Says in the server's list of installed extensions that one lies in a folder elsewhere.
 * @param {string} dataDir @param {string} folder
 */
async function installFromSource(dataDir, folder) {
  const manifest = /** @type {{ publisher: string, name: string, version: string }} */ (
    JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'))
  );
  const { publisher, name, version } = manifest;
  const entry = {
    identifier: { id: `${publisher}.${name}` },
    version,
    location: { $mid: 1, scheme: 'file', path: folder },
  };
  const extensions = join(dataDir, 'extensions');
  await mkdir(extensions, { recursive: true });
  await writeFile(join(extensions, 'extensions.json'), JSON.stringify([entry]));
}

/** @param {string} dataDir @param {Record<string, unknown>} [settings] */
async function writeSettings(dataDir, settings) {
  await mkdir(join(dataDir, 'data', 'User'), { recursive: true });
  const file = join(dataDir, 'data', 'User', 'settings.json');
  await writeFile(file, JSON.stringify({ ...SETTINGS, ...settings }, null, 2), { flag: 'wx' }).catch(
    (/** @type {NodeJS.ErrnoException} */ error) => {
      if (error.code !== 'EEXIST') throw error;
    },
  );
}

/**
 * Browsers keep the layout and open editors of VS Code by origin, so a window is only found again at the same port.
 * @param {string} dataDir
 * @returns {Promise<number>} 0 for any free port
 */
async function rememberedPort(dataDir) {
  const port = Number(await readFile(join(dataDir, 'port'), 'utf8').catch(() => '0'));
  return new Promise((resolve) => {
    const probe = createServer().once('error', () => resolve(0));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(port)));
  });
}

/** @param {import('node:child_process').ChildProcess} child @param {string} logFile */
async function announcedPort(child, logFile) {
  for (let waitedMs = 0; waitedMs < 60_000; waitedMs += 100) {
    const log = await readFile(logFile, 'utf8');
    const port = /Extension host agent listening on (\d+)/.exec(log)?.[1];
    if (port) return Number(port);
    if (child.exitCode !== null || child.signalCode !== null) break;
    await delay(100);
  }
  const log = (await readFile(logFile, 'utf8')).trim().split('\n').slice(-12).join('\n');
  throw new HumanError({
    seen: `The VS Code server did not start (exit code ${child.exitCode ?? 'none'}):\n${log}`,
    expected: '“Extension host agent listening on …” within a minute.',
    next: 'Next: read the lines above; if files are missing, delete ~/.cache/trapframe-test and run again.',
  });
}

/**
 * Takes the server along when this process exits or is interrupted.
 * @param {import('node:child_process').ChildProcess} child
 * @returns {() => void} call it once the server is being stopped in an orderly way
 */
function endWithThisProcess(child) {
  const kill = () => signalGroup(child, 'SIGKILL');
  const interrupted = /** @type {const} */ ({ SIGHUP: 129, SIGINT: 130, SIGTERM: 143 });
  const handlers = Object.entries(interrupted).map(([signal, code]) => {
    const handler = () => process.exit(code);
    process.once(signal, handler);
    return /** @type {const} */ ([signal, handler]);
  });
  process.once('exit', kill);
  return () => {
    process.off('exit', kill);
    for (const [signal, handler] of handlers) process.off(signal, handler);
  };
}

/** @param {import('node:child_process').ChildProcess} child @param {NodeJS.Signals} signal */
function signalGroup(child, signal) {
  try {
    if (child.pid) process.kill(-child.pid, signal);
  } catch {
    // The whole group is gone, which is what was wanted.
  }
}

/** @param {import('node:child_process').ChildProcess} child */
async function endGroup(child) {
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const running = child.exitCode === null && child.signalCode === null;
  signalGroup(child, 'SIGTERM');
  if (running) await Promise.race([ended, delay(3000, undefined, { ref: false })]);
  signalGroup(child, 'SIGKILL');
  if (running) await ended;
}
