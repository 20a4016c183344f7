// Bundles into dist/. Flags: --watch, --production (minified, no source maps), --tests (the suites for a real VS Code).
import { context } from 'esbuild';
import { readdirSync } from 'node:fs';
import { chmod, cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');
const flags = new Set(process.argv.slice(2));

/** @type {import('esbuild').BuildOptions} */
const common = {
  absWorkingDir: ROOT,
  bundle: true,
  target: 'es2022',
  logLevel: 'warning',
  minify: flags.has('--production'),
  sourcemap: flags.has('--production') ? false : 'linked',
  sourcesContent: false,
  legalComments: 'none',
};
/** @type {import('esbuild').BuildOptions} */
const node = {
  ...common,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  // The UMD build of jsonc-parser requires its parts in a way that no bundler sees.
  mainFields: ['module', 'main'],
};
/** @type {import('esbuild').BuildOptions} */
const browser = { ...common, platform: 'browser', format: 'iife' };

/** @typedef {Omit<import('esbuild').BuildOptions, 'entryPoints'> & { entryPoints: string[] }} Bundle */

/** @type {Bundle[]} */
const bundles = [
  ...[
    { platform: node, entry: 'main', outfile: 'dist/extension.cjs' },
    { platform: browser, entry: 'mainWeb', outfile: 'dist/extension.web.cjs' },
    // VS Code's web host asks for an entry that does not end in .js with .js after it.
    { platform: browser, entry: 'mainWeb', outfile: 'dist/extension.web.cjs.js' },
    // One for both hosts: it knows neither VS Code nor Node.
    { platform: browser, entry: 'courseHost', outfile: 'dist/courseHost.cjs' },
  ].map(({ platform, entry, outfile }) => ({
    ...platform,
    format: /** @type {const} */ ('cjs'),
    entryPoints: [`src/extension/${entry}.ts`],
    external: ['vscode', './courseHost.cjs'],
    outfile,
  })),
  // One bundle grades everywhere; Node's worker only makes itself look like a browser's and then loads it.
  {
    ...browser,
    entryPoints: ['src/grading/gradingWorker.ts'],
    outfile: 'dist/gradingWorker.web.cjs',
    // TypeScript's parser looks for Node's file system where there is a process, and a worker has no use for one.
    define: { 'process.browser': 'true' },
    plugins: [{ name: 'parser only', setup: leaveOutAllButParser }],
  },
  {
    ...node,
    entryPoints: ['src/grading/nodeWorkerScope.ts'],
    format: 'esm',
    outfile: 'dist/gradingWorker.mjs',
  },
  {
    ...node,
    entryPoints: ['src/cli/main.ts'],
    format: 'esm',
    outfile: 'dist/cli.mjs',
    // Bundled CommonJS packages call require, which an ES module does not have. A package may import createRequire by its name.
    banner: {
      js: "#!/usr/bin/env node\nimport { createRequire as requireFrom } from 'node:module';\nconst require = requireFrom(import.meta.url);",
    },
  },
  {
    ...browser,
    entryPoints: filesIn('src/webview', /^[^/]+\.tsx?$/),
    jsx: 'automatic',
    jsxImportSource: 'preact',
    outdir: 'dist/webview',
  },
  // Not shipped: a pure layer that imports node:, vscode or a package for one platform does not bundle as neutral.
  ...['engine', 'course', 'authoring'].map((layer) => ({
    ...common,
    entryPoints: filesIn(`src/${layer}`, /\.ts$/),
    platform: /** @type {const} */ ('neutral'),
    mainFields: ['module', 'main'],
    outdir: `.cache/neutral/${layer}`,
    write: false,
  })),
  ...(flags.has('--tests') ? hostSuites() : []),
];

/**
 * Files under a folder, sorted, as paths from the root.
 * @param {string} folder
 * @param {RegExp} pattern matched against the path from that folder
 */
function filesIn(folder, pattern) {
  const names = /** @type {string[]} */ (readdirSync(join(ROOT, folder), { recursive: true }));
  return names
    .map((name) => name.replaceAll('\\', '/'))
    .filter((name) => pattern.test(name))
    .toSorted()
    .map((name) => `${folder}/${name}`);
}

/** What TypeScript is large by and a parser never calls: functions of its one file, which no bundler can take apart. */
const notForParsing = [
  'createTypeChecker',
  'createPrinter',
  'createProgram',
  'createLanguageService',
  'getCompletionData',
  'transformClassFields',
  'transformDeclarations',
  'transformES2015',
  'transformESDecorators',
  'transformTypeScript',
];

/**
 * The worker parses what learners write. It never checks types, and prints no code.
 * @param {import('esbuild').PluginBuild} build
 */
function leaveOutAllButParser(build) {
  build.onLoad({ filter: /[\\/]typescript[\\/]lib[\\/]typescript\.js$/ }, async ({ path }) => {
    let contents = await readFile(path, 'utf8');
    for (const name of notForParsing) {
      const start = contents.indexOf(`\nfunction ${name}(`);
      const end = contents.indexOf('\n}\n', start);
      if (start < 0) throw new Error(`${path} has no function ${name} any more. Mend build/bundle.mjs.`);
      const stub = `\nfunction ${name}() {\n  throw new Error("There is only a parser here.");`;
      contents = contents.slice(0, start) + stub + contents.slice(end);
    }
    return { contents, loader: 'js' };
  });
}

/**
 * One bundle for each folder of test/host/suite: mocha's setup, the folder's test files, and the `run` that VS Code calls.
 * @returns {Bundle[]}
 */
function hostSuites() {
  const phases = new Set(
    filesIn('test/host/suite', /^[^/]+\/.*\.test\.ts$/).map((file) => file.split('/')[3]),
  );
  return [...phases].map((phase) => ({
    ...common,
    platform: /** @type {import('esbuild').Platform} */ (phase === 'web' ? 'browser' : 'node'),
    format: /** @type {const} */ ('cjs'),
    sourcemap: 'inline',
    external: ['vscode'],
    // Mocha's browser build would take the bundle's exports for its own.
    define: { module: 'undefined', define: 'undefined' },
    entryPoints: [`suite:${phase}`],
    entryNames: `${phase}`,
    outdir: 'dist/test/host',
    outExtension: { '.js': '.cjs' },
    plugins: [
      {
        name: 'suite',
        setup(build) {
          build.onResolve({ filter: /^suite:/ }, ({ path }) => ({ path, namespace: 'suite' }));
          build.onLoad({ filter: /.*/, namespace: 'suite' }, () => ({
            resolveDir: ROOT,
            contents: [
              `export { run } from './test/host/suite/index.ts';`,
              ...filesIn(`test/host/suite/${phase}`, /\.test\.ts$/).map((file) => `import './${file}';`),
            ].join('\n'),
          }));
        },
      },
    ],
  }));
}

/** The bundled course as one file: see src/extension/lessonIndex.ts. */
async function lessonIndex() {
  const paths = filesIn('lessons', /\.[^/]+$/);
  const texts = await Promise.all(paths.map((path) => readFile(join(ROOT, path), 'utf8')));
  return JSON.stringify({
    files: Object.fromEntries(paths.map((path, i) => [path.slice('lessons/'.length), texts[i]])),
  });
}

if (flags.has('--production')) await rm(join(ROOT, 'dist'), { recursive: true, force: true });
await mkdir(join(ROOT, 'dist'), { recursive: true });
const contexts = await Promise.all(bundles.map((options) => context(options)));
if (flags.has('--watch')) {
  await Promise.all(contexts.map((bundle) => bundle.watch()));
  console.error('bundle: watching');
} else {
  // esbuild has printed each error with its place by the time a build is rejected.
  const results = await Promise.allSettled(contexts.map((bundle) => bundle.rebuild()));
  await Promise.all(contexts.map((bundle) => bundle.dispose()));
  if (results.some(({ status }) => status === 'rejected')) process.exitCode = 1;
}
await writeFile(join(ROOT, 'dist/lessons.json'), await lessonIndex());
// npm makes a command executable only when it first links it, and a new bundle is a new file.
await chmod(join(ROOT, 'dist/cli.mjs'), 0o755);
await cp(join(ROOT, 'node_modules/quickjs-wasi/quickjs.wasm'), join(ROOT, 'dist/quickjs.wasm'));
