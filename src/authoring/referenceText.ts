import { checksOf } from '../course/checks.ts';
import type { Pack } from '../course/model.ts';
import {
  resolveParameters,
  unitSymbol,
  type Parameter,
  type ParameterSchema,
} from '../engine/kernel/parameters.ts';
import type { Check, Metric, Scenario } from '../engine/kernel/scenario.ts';
import type { PolicyDefinition } from '../engine/kernel/policy.ts';
import { viewsOf } from '../engine/kernel/views.ts';
import { scenarioOf, type ScenarioTable } from '../course/variants.ts';
import { docOf, isRequired, keysOf, kindsOf, schemaOf } from './schemaShape.ts';
import type { RegionKind } from './yamlRegion.ts';

/** What hovers and the pages behind *Go to Definition* say, as Markdown. */

/** `2 to 64, default 4` with the unit. */
export function rangeText(parameter: Parameter, schema: ParameterSchema): string {
  const unit = parameter.unit === 'none' ? '' : ` ${unitSymbol(parameter.unit)}`;
  const usual = defaultText(parameter, schema);
  switch (parameter.kind) {
    case 'count':
    case 'quantity':
      return `${numberText(parameter.min)} to ${numberText(parameter.max)}${unit}, default ${usual}`;
    case 'choice':
      return `${Object.keys(parameter.values).join(' | ')}, default ${usual}`;
    case 'flag':
      return `true or false, default ${usual}`;
  }
}

const numberText = (value: number): string => (Number.isFinite(value) ? String(value) : 'any');

/** The default as it is written; in words where it follows from other parameters. */
export function defaultText(parameter: Parameter, schema: ParameterSchema): string {
  if (typeof parameter.default !== 'function') return String(parameter.default);
  const name = Object.keys(schema).find((each) => schema[each] === parameter);
  const usual = resolveParameters(schema, {});
  return usual.ok && name !== undefined
    ? `from other parameters (${String(usual.value[name])} with their defaults)`
    : 'from other parameters';
}

export function parameterText(name: string, parameter: Parameter, schema: ParameterSchema): string {
  const values =
    parameter.kind === 'choice'
      ? Object.entries<string>(parameter.values).map(([value, doc]) => `- \`${value}\`: ${doc}`)
      : [];
  return [`\`${name}\`: ${rangeText(parameter, schema)}`, parameter.doc, values.join('\n')]
    .filter((part) => part !== '')
    .join('\n\n');
}

export const metricText = (name: string, { label, doc, better }: Metric): string =>
  `\`metrics.${name}\`: ${label}${better === 'neither' ? '' : `, ${better} is better`}\n\n${doc}`;

export function checkText(name: string, { title, doc, args }: Check): string {
  const given = Object.entries(args).map(
    ([arg, parameter]) => `- \`${arg}\`: ${rangeText(parameter, args)}. ${parameter.doc}`,
  );
  return [
    `\`${name}\`: ${title}`,
    doc,
    ...(given.length === 0 ? [] : [`Arguments, in \`with\`:\n\n${given.join('\n')}`]),
  ].join('\n\n');
}

export const policyText = ({ id, typeName, doc, decisions }: PolicyDefinition): string =>
  [
    `\`${id}\`: ${typeName}`,
    doc,
    ...Object.entries(decisions).map(([name, decision]) => `- \`${name}\`: ${decision.doc}`),
  ].join('\n\n');

export const scenarioText = ({ id, title, doc }: Scenario): string => `**${title}** (\`${id}\`)\n\n${doc}`;

export const lessonText = ({ title, summary }: Pack['lessons'][number]): string =>
  `**${title}**\n\n${summary}`;

const blockDocs: Readonly<Record<RegionKind, string>> = {
  pack: 'What the pack contains, in order.',
  'task.yaml': 'A code task: its checks, known-wrong solutions and hints.',
  'front matter': 'What the lesson is called and where it stands in the course.',
  figure: 'A live simulation with controls.',
  question: 'A question whose right answer is a number, one or several statements, or an order.',
  prediction: 'A guess that the learner commits to before the run may be seen.',
  critique: "A classmate's wrong or half-right answer: the learner says what is wrong with it.",
  task: 'A place from which a code task is opened.',
};

/** A block, or the whole file: what it is and which keys it has. */
export function regionText(kind: RegionKind): string {
  const schema = schemaOf(kind);
  const kinds = kindsOf(schema).map(([name, doc]) => `- \`kind: ${name}\`: ${doc}`);
  const keys = [...(keysOf(schema, undefined) ?? [])].map(
    ([key, value]) => `- \`${key}\`${isRequired(value) ? ' (required)' : ''}: ${docOf(value) ?? ''}`,
  );
  return [blockDocs[kind], ...(kinds.length === 0 ? [] : [kinds.join('\n')]), keys.join('\n')].join('\n\n');
}

/** The page of a scenario or of a block; an empty one where there is no such thing. */
export function referencePage(page: string, scenarios: ScenarioTable): string {
  const scenario = scenarioOf(scenarios, page);
  if (scenario !== undefined) return scenarioPage(scenario);
  return Object.hasOwn(blockDocs, page) ? `# ${page}\n\n${regionText(page as RegionKind)}\n` : '';
}

/** Everything that a lesson or a task may name of a scenario. */
function scenarioPage(scenario: Scenario): string {
  const checks = checksOf(scenario);
  const section = (title: string, entries: readonly string[]): readonly string[] =>
    entries.length === 0 ? [] : [`## ${title}`, ...entries];
  return `${[
    `# ${scenario.title}`,
    `\`${scenario.id}\``,
    scenario.doc,
    ...section(
      'Parameters',
      Object.entries(scenario.params).map(([name, each]) => parameterText(name, each, scenario.params)),
    ),
    ...section(
      'Metrics',
      Object.entries(scenario.metrics).map(([name, metric]) => metricText(name, metric)),
    ),
    ...section(
      'Checks',
      Object.entries(checks).map(([name, check]) => checkText(name, check)),
    ),
    ...section('Policies', Object.values(scenario.policies).map(policyText)),
    ...section(
      'Documents',
      Object.entries(scenario.documents).map(([name, { file, doc }]) => `\`${name}\`: ${file}\n\n${doc}`),
    ),
    ...section(
      'Views',
      viewsOf(scenario).map((view) => `\`${view}\``),
    ),
  ].join('\n\n')}\n`;
}
