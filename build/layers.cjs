// dependency-cruiser's rules: which layer and which subject may import which.

/** Layers of src/ and the layers that each may import. */
const layers = {
  engine: [],
  course: ['engine'],
  authoring: ['engine', 'course'],
  grading: ['engine', 'course'],
  protocol: ['engine', 'course', 'grading'],
  extension: ['engine', 'course', 'authoring', 'grading', 'protocol'],
  cli: ['engine', 'course', 'authoring', 'grading'],
  webview: ['engine', 'course', 'protocol'],
};

/** Subjects of src/engine/ and the subjects that each may import. */
const subjects = {
  kernel: [],
  cpu: ['kernel'],
  scheduling: ['kernel'],
  io: ['kernel', 'scheduling'],
  container: ['kernel'],
  gvisor: ['kernel', 'container'],
  cluster: ['kernel'],
};

/** Parts of subjects that are a machine or a system of their own: they know nothing of the experiments around them. */
const foundations = ['cpu/machine', 'container/linux'];

/** Packages that the pure layers may import: none of them needs Node or a page. */
const purePackages = {
  engine: ['@noble/hashes', 'jsonc-parser', 'yaml'],
  course: ['@marcbachmann/cel-js', '@noble/hashes', 'markdown-it', 'yaml', 'zod'],
  authoring: ['jsonc-parser', 'yaml', 'zod'],
};

/** Layers that run where there is no VS Code, and those that run where there is no Node. */
const withoutVscode = ['engine', 'course', 'authoring', 'grading', 'protocol', 'cli', 'webview'];
const withoutNode = ['engine', 'course', 'authoring', 'protocol', 'webview'];

/**
 * One rule per folder: nothing beside it may be imported, except what the table allows.
 * @param {string} parent
 * @param {Record<string, string[]>} table
 */
function siblingRules(parent, table) {
  const known = Object.keys(table).join('|');
  return Object.entries(table).map(([folder, allowed]) => ({
    name: `${folder}-imports`,
    severity: 'error',
    comment: `${parent}/${folder} may import ${allowed.join(', ') || 'no other folder'}: see the tables in build/layers.cjs.`,
    from: { path: `^${parent}/${folder}/` },
    to: { path: `^${parent}/(${known})/`, pathNot: `^${parent}/(${[folder, ...allowed].join('|')})/` },
  }));
}

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    ...siblingRules('src', layers),
    ...siblingRules('src/engine', subjects),
    ...foundations.map((part) => ({
      name: `${part.replace('/', '-')}-alone`,
      severity: 'error',
      comment: `src/engine/${part} is what the rest of its subject stands on: it imports nothing of it.`,
      from: { path: `^src/engine/${part}/` },
      to: { path: `^src/engine/${part.split('/')[0]}/`, pathNot: `^src/engine/${part}/` },
    })),
    {
      name: 'unknown-folder',
      severity: 'error',
      comment: 'A new layer or subject needs its line in the tables of build/layers.cjs.',
      from: { path: '^src/[^/]+/', pathNot: `^src/(${Object.keys(layers).join('|')})/` },
      to: {},
    },
    {
      name: 'unknown-subject',
      severity: 'error',
      comment: 'A new layer or subject needs its line in the tables of build/layers.cjs.',
      from: { path: '^src/engine/[^/]+/', pathNot: `^src/engine/(${Object.keys(subjects).join('|')})/` },
      to: {},
    },
    {
      name: 'protocol-types-only',
      severity: 'error',
      comment: 'The protocol describes messages; code that it imported would be bundled into every webview.',
      from: { path: '^src/protocol/' },
      to: { path: '^src/(?!protocol/)', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'no-vscode',
      severity: 'error',
      comment: 'Only src/extension runs inside VS Code.',
      from: { path: `^src/(${withoutVscode.join('|')})/` },
      to: { path: '^vscode$' },
    },
    {
      name: 'no-node',
      severity: 'error',
      comment: 'This layer runs in browsers too.',
      from: { path: `^src/(${withoutNode.join('|')})/` },
      to: { dependencyTypes: ['core'] },
    },
    ...Object.entries(purePackages).map(([layer, packages]) => ({
      name: `${layer}-packages`,
      severity: 'error',
      comment: `${layer} is pure: it may import ${packages.join(', ')}.`,
      from: { path: `^src/${layer}/` },
      to: { path: '^node_modules/', pathNot: `^node_modules/(${packages.join('|')})/` },
    })),
    {
      name: 'no-cycle',
      severity: 'error',
      comment:
        'Two modules that run each other are one module, or a third is missing between them. Types may refer to each other.',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: {
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      exportsFields: ['exports'],
    },
  },
};
