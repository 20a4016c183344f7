import { format, resolveConfig } from 'prettier';
import type { Codec, RecordCodec } from '../src/engine/kernel/codec.ts';
import type { DocumentDefinition } from '../src/engine/kernel/document.ts';
import { allowedText, defaultsOf } from '../src/engine/kernel/parameterText.ts';
import {
  unitSymbol,
  type Parameter,
  type ParameterSchema,
  type ParameterValue,
} from '../src/engine/kernel/parameters.ts';
import type { PolicyDefinition } from '../src/engine/kernel/policy.ts';
import type { Scenario } from '../src/engine/kernel/scenario.ts';
import { viewsOf } from '../src/engine/kernel/views.ts';

/** The reference page of all scenarios and their policies, as Markdown in the repository's own format. */
export async function referencePage(scenarios: readonly Scenario[], path: string): Promise<string> {
  const policies = new Map<string, PolicyDefinition>();
  for (const scenario of scenarios) {
    for (const policy of Object.values(scenario.policies)) policies.set(policy.id, policy);
  }
  const text = [
    '# Scenarios',
    '<!-- Generated from the scenarios by `npm run docs`. -->',
    'A scenario is a simulated experiment: parameters in, metrics and a trace out. Figures, questions and tasks of lessons use ' +
      'it, and so does the command line:',
    '```sh\nnpx trapframe simulate scheduling.round-robin --set vms=8 --set sliceMs=10ms\n```',
    'The unit of a number stands in its name (`sliceMs`, `switchCostUs`). On the command line a time may have a unit of its own: `10ms`, `0.01s`.',
    list([
      ...scenarios.map(({ id, title }) => `[\`${id}\`](#${anchor(id)}): ${title}`),
      ...[...policies.values()].map(
        ({ id, doc }) => `[policy \`${id}\`](#${anchor(`policy ${id}`)}): ${doc}`,
      ),
    ]),
    ...scenarios.flatMap(scenarioSection),
    ...[...policies.values()].flatMap(policySection),
  ].join('\n\n');
  return format(text, { ...(await resolveConfig(path)), filepath: path });
}

function scenarioSection(scenario: Scenario): string[] {
  return [
    `## ${scenario.id}`,
    `**${scenario.title}.** ${scenario.doc}`,
    '### Parameters',
    parameterTable(scenario.params),
    ...Object.entries(scenario.params).flatMap(([name, parameter]) => meanings(name, parameter)),
    '### Metrics',
    table(
      ['Metric', 'Better', 'Meaning'],
      Object.entries(scenario.metrics).map(([name, { better, doc }]) => [code(name), better, doc]),
    ),
    '### Views',
    viewTable(scenario),
    '### Checks',
    checkTable(scenario),
    '### Events of the trace',
    table(
      ['Event', 'Values', 'Meaning'],
      Object.entries(scenario.events).map(([name, { fields, texts, doc }]) => [
        code(name),
        fields.map((field) => `${code(field)}${texts?.includes(field) === true ? ' (text)' : ''}`).join(', '),
        doc,
      ]),
    ),
    '### Submissions and truth',
    `${submissionList(scenario)} A run takes at most ${grouped(scenario.stepBudget)} steps.`,
    `Checked against: ${scenario.oracle}`,
  ];
}

function viewTable(scenario: Scenario): string {
  const rows = viewsOf(scenario).map((kind) => [code(kind), scenario.views[kind]!.doc]);
  return rows.length === 0 ? 'None.' : table(['View', 'Shows'], rows);
}

function checkTable({ checks }: Scenario): string {
  if (Object.keys(checks).length === 0) return 'None.';
  const rows = Object.entries(checks).map(([name, { args, doc }]) => {
    const defaults = defaultsOf(args);
    const given = Object.entries(args).map(
      ([argument, parameter]) =>
        `${code(argument)}: ${allowedText(parameter)}, default ${withUnit(defaults[argument]!, parameter)}`,
    );
    return [code(name), given.join('; '), doc];
  });
  return table(['Check', 'Arguments', 'Holds when'], rows);
}

/** What a document asks of the parameters. */
function besideParameters({ readWith = {}, inPlaceOf = [] }: DocumentDefinition): string[] {
  const replaced = inPlaceOf === 'all' ? 'all parameters' : inPlaceOf.map(code).join(', ');
  return [
    ...Object.entries(readWith).map(([parameter, value]) => `read with ${code(`${parameter}=${value}`)}`),
    ...(replaced === '' ? [] : [`in place of ${replaced}`]),
  ];
}

function submissionList({ policies, documents }: Scenario): string {
  const links = Object.values(policies).map(({ id }) => `[\`${id}\`](#${anchor(`policy ${id}`)})`);
  const files = Object.entries(documents).map(
    ([name, definition]) =>
      `${code(name)} (${[languageNames[definition.language], ...besideParameters(definition)].join(', ')}): ${definition.doc}`,
  );
  if (links.length + files.length === 0)
    return 'It takes no policies and no documents: figures and questions can use it, tasks cannot.';
  return [
    ...(links.length === 0 ? [] : [`Policies that a task may fill: ${links.join(', ')}.`]),
    ...(files.length === 0 ? [] : [`Documents that a task may ask for: ${files.join(' ')}`]),
  ].join(' ');
}

const languageNames = { json: 'JSON', yaml: 'YAML', asm: 'assembly', text: 'text' } as const;

const withUnit = (value: ParameterValue, { unit }: Parameter): string =>
  `${value} ${unitSymbol(unit)}`.trimEnd();

function parameterTable(schema: ParameterSchema): string {
  const defaults = defaultsOf(schema);
  return table(
    ['Parameter', 'Default', 'Allowed', 'Meaning'],
    Object.entries(schema).map(([name, parameter]) => [
      code(name),
      withUnit(defaults[name]!, parameter),
      allowedText(parameter),
      parameter.doc,
    ]),
  );
}

/** What each value of a choice means. */
function meanings(name: string, parameter: Parameter): string[] {
  if (parameter.kind !== 'choice') return [];
  const values = Object.entries(parameter.values).map(([value, meaning]) => `${code(value)}: ${meaning}`);
  return [`Values of ${code(name)}:`, list(values)];
}

function policySection(policy: PolicyDefinition): string[] {
  const calls = Object.entries(policy.calls);
  return [
    `## Policy ${policy.id}`,
    `${policy.doc} A module exports it as ${code(`export const ${policy.id}: ${policy.typeName} = { … }`)}.`,
    ...Object.entries(policy.decisions).flatMap(([name, { doc, mayBeAbsent, input, output }]) => [
      `### ${code(`${policy.id}.${name}`)}${mayBeAbsent === true ? ' (optional)' : ''}`,
      doc,
      exchange(input, output, 'is given', 'returns'),
    ]),
    ...calls.flatMap(([name, { doc, input, output, errors }]) => [
      `### Call ${code(name)}`,
      `${doc}${errors.length === 0 ? '' : ` Fails with ${errors.map(code).join(', ')}.`}`,
      exchange(input, output, 'takes', 'returns'),
    ]),
  ];
}

function exchange(input: RecordCodec, output: Codec, given: string, returned: string): string {
  const rows = [
    ...valuesOf('', input).map(([name, ...rest]) => [given, name, ...rest]),
    ...valuesOf('', output).map(([name, ...rest]) => [returned, name, ...rest]),
  ];
  return table(['', 'Value', 'Allowed', 'Meaning'], rows);
}

/** A row for each value inside: where it stands, what it may be, what it means. */
function valuesOf(at: string, codec: Codec): [place: string, allowed: string, doc: string][] {
  const here: [string, string, string] = [at === '' ? '' : code(at), allowed(codec), codec.doc];
  switch (codec.kind) {
    case 'record': {
      const inside = Object.entries(codec.fields).flatMap(([name, field]) =>
        valuesOf(at === '' ? name : `${at}.${name}`, field),
      );
      return at === '' ? inside : [here, ...inside];
    }
    case 'list':
      return [here, ...valuesOf(`${at}[i]`, codec.of)];
    case 'optional':
      return [here, ...valuesOf(at, codec.of).filter(([place]) => place !== here[0])];
    default:
      return [here];
  }
}

function allowed(codec: Codec): string {
  switch (codec.kind) {
    case 'int':
      return `whole number, ${grouped(codec.min)} to ${grouped(codec.max)}`;
    case 'float':
      return `number, ${grouped(codec.min)} to ${grouped(codec.max)}`;
    case 'flag':
      return 'true or false';
    case 'oneOf':
      return codec.values.map(code).join(', ');
    case 'id':
      return `number of a ${codec.of}, 0 to ${codec.max}`;
    case 'text':
      return `text, at most ${codec.maxBytes} bytes of UTF-8`;
    case 'bytes':
      return `at most ${codec.maxBytes} bytes`;
    case 'optional':
      return `${allowed(codec.of)}, or ${code('undefined')}`;
    case 'list':
      return `list of at most ${codec.max}`;
    case 'record':
      return code(codec.name);
    case 'nothing':
      return 'nothing';
  }
}

const grouped = (value: number): string => value.toLocaleString('en', { maximumFractionDigits: 9 });
const code = (text: string): string => `\`${text}\``;
const list = (items: readonly string[]): string => items.map((item) => `- ${item}`).join('\n');
/** As GitHub and VS Code make anchors of headings. */
const anchor = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^a-z0-9 _-]/g, '')
    .replaceAll(' ', '-');

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const row = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [row(heads), row(heads.map(() => '---')), ...rows.map(row)].join('\n');
}
