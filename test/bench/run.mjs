// Runs every test/bench/*.bench.ts in a process of its own and prints what it measured.
// `npm run bench -- kernel` runs only the files whose name begins with `kernel`, `npm run bench -- grading/boost` of one only the
// rows that name `boost`.
import { build } from 'esbuild';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const root = join(import.meta.dirname, '../..');
const outdir = join(root, '.cache/bench');

if (process.send === undefined) await runAll();
else await runOne(/** @type {string} */ (process.argv[2]), process.argv[3] ?? '');

async function runAll() {
  const wanted = process.argv.slice(2).map((argument) => {
    const [start = '', ...part] = argument.split('/');
    return { start, part: part.join('/') };
  });
  const names = readdirSync(import.meta.dirname)
    .filter((file) => file.endsWith('.bench.ts'))
    .map((file) => file.slice(0, -'.bench.ts'.length))
    .filter((name) => wanted.length === 0 || wanted.some(({ start }) => name.startsWith(start)));
  if (names.length === 0) {
    console.error(
      `No benchmark is called ${wanted.map(({ start }) => start).join(' or ')}. Look in test/bench for *.bench.ts.`,
    );
    process.exit(2);
  }
  // Bundled as the product is: run through a loader, the same code is measurably slower.
  await build({
    absWorkingDir: root,
    entryPoints: [...names.map((name) => `test/bench/${name}.bench.ts`), 'test/bench/peers/kernel.ts'],
    outbase: 'test/bench',
    outdir,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20',
    sourcemap: 'inline',
    logLevel: 'warning',
  });
  let missed = 0;
  let broken = 0;
  for (const name of names) {
    const part = wanted.find(({ start }) => name.startsWith(start))?.part ?? '';
    const child = fork(import.meta.filename, [join(outdir, `${name}.bench.mjs`), part], {
      cwd: root,
      execArgv: ['--expose-gc'],
    });
    child.on('message', (message) => {
      const { title, row } = /** @type {{ title?: string, row?: import('./bench.ts').BenchRow }} */ (message);
      if (title !== undefined) console.log(`\n${title}`);
      if (row !== undefined && print(row) === 'missed') missed++;
    });
    await once(child, 'exit');
    if (child.exitCode !== 0) broken++;
  }
  if (missed > 0) console.log(`\n${missed} missed. The machine was perhaps busy: run it again alone.`);
  if (broken > 0) {
    console.log(`\n${broken} of ${names.length} benchmarks broke, as told above.`);
    process.exitCode = 1;
  } else if (missed === 0) console.log('\nNo target missed.');
}

/**
 * @param {string} file
 * @param {string} part
 */
async function runOne(file, part) {
  const { bench } = /** @type {{ bench: import('./bench.ts').Bench }} */ (
    await import(pathToFileURL(file).href)
  );
  process.send?.({ title: bench.name });
  for await (const row of bench.run(part)) if (row.what.includes(part)) process.send?.({ row });
  process.disconnect();
}

/** @param {import('./bench.ts').BenchRow} row */
function print({ what, value, unit, atLeast, atMost, note }) {
  const number =
    value === undefined ? 'not measured' : `${Number(value.toPrecision(3)).toLocaleString('en')} ${unit}`;
  const line = `  ${what.padEnd(58)} ${number.padStart(28)}`;
  if (value === undefined || (atLeast === undefined && atMost === undefined)) {
    console.log(note === undefined ? line : `${line}   ${note}`);
    return undefined;
  }
  const holds = value >= (atLeast ?? -Infinity) && value <= (atMost ?? Infinity);
  const target = atLeast === undefined ? `at most ${atMost}` : `at least ${atLeast}`;
  const verdict = holds ? 'met' : 'missed';
  console.log(`${line}   ${verdict}: ${target}${note === undefined ? '' : `; ${note}`}`);
  return verdict;
}
