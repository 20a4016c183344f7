// Compiles the JSON Schemas of documents into validators: plain functions, because a webview forbids compiling at run time.
import { Ajv } from 'ajv';
import standaloneModule from 'ajv/dist/standalone/index.js';
import { build } from 'esbuild';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

// A CommonJS module: the function is its export's default in Node, and the export itself for TypeScript.
const standaloneCode =
  (standaloneModule as unknown as { default?: typeof standaloneModule }).default ?? standaloneModule;
const root = join(import.meta.dirname, '..');

/** Every `src/engine/<subject>/…/<name>.schema.json`, by path from the root, sorted. */
export function documentSchemas(): readonly string[] {
  const engine = join(root, 'src', 'engine');
  return (readdirSync(engine, { recursive: true }) as string[])
    .map((name) => `src/engine/${name.replaceAll('\\', '/')}`)
    .filter((name) => name.endsWith('.schema.json'))
    .toSorted();
}

/** The files that stand for a schema: path from the root to text. The same schema gives the same bytes. */
export async function validatorFiles(schemaPath: string): Promise<ReadonlyMap<string, string>> {
  const schema = JSON.parse(readFileSync(join(root, schemaPath), 'utf8')) as Record<string, unknown>;
  const ajv = new Ajv({
    allErrors: true,
    verbose: true,
    strict: false,
    validateFormats: false,
    // A definition that is used often is one function, not as many copies: the bundles carry this code.
    inlineRefs: false,
    code: { source: true, esm: true },
  });
  const code = standaloneCode(ajv, ajv.compile(withoutDialect(schema)));
  const bundled = await build({
    stdin: { contents: code, resolveDir: root },
    bundle: true,
    format: 'esm',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    minifyWhitespace: true,
    minifySyntax: true,
    write: false,
    logLevel: 'silent',
  });
  // Where the packages lie on this machine says nothing.
  const text = bundled.outputFiles[0]!.text.replaceAll(/"[^"]*node_modules\//g, '"node_modules/');
  const path = schemaPath.replace(/\.schema\.json$/, '.validator');
  const depth = schemaPath.split('/').length - 'src/engine'.split('/').length - 1;
  return new Map([
    [`${path}.js`, `// Made from ${schemaPath.split('/').at(-1)} by npm run docs.\n${text}`],
    [
      `${path}.d.ts`,
      `import type { Validator } from '${'../'.repeat(depth)}kernel/structuredDocument.ts';\n\nexport declare const validate: Validator;\n`,
    ],
  ]);
}

/** Ajv knows draft 7 by heart and asks for the others; what schemas here use of them is the same. */
function withoutDialect({ $schema: _dialect, ...schema }: Record<string, unknown>): Record<string, unknown> {
  return schema;
}
