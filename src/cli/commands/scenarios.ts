import { allowedText, defaultsOf } from '../../engine/kernel/parameterText.ts';
import type { Parameter, ParameterSchema } from '../../engine/kernel/parameters.ts';
import type { Scenario } from '../../engine/kernel/scenario.ts';
import { viewsOf } from '../../engine/kernel/views.ts';
import { scenarios as allScenarios } from '../../engine/scenarios.ts';
import { exitCode, formatOption, type Command } from '../command.ts';
import { scenarioNamed } from '../scenarioArgument.ts';
import { wrap } from '../../authoring/wrap.ts';
import { textTable } from '../textTable.ts';

const width = 100;

export const scenarios: Command = {
  name: 'scenarios',
  usage: '[<scenario>] [--format table|json]',
  summary: 'List the scenarios, or show one with its parameters, units, metrics, policies and checks.',
  operands: 1,
  options: {
    format: { doc: 'table (default) or json.' },
  },
  async run(args, terminal) {
    const format = formatOption(args, ['table', 'json']);
    const [id] = args.operands;
    const shown = id === undefined ? Object.values(allScenarios) : [scenarioNamed(id)];
    if (format === 'json') {
      const described = shown.map(describe);
      terminal.out(JSON.stringify(id === undefined ? described : described[0], undefined, 2));
    } else if (id === undefined) {
      terminal.out(textTable(shown.map((scenario) => [scenario.id, scenario.title])));
      terminal.err('`trapframe scenarios <scenario>` shows one with its parameters.');
    } else terminal.out(page(shown[0]!));
    return exitCode.holds;
  },
};

const describe = (scenario: Scenario) => ({
  id: scenario.id,
  title: scenario.title,
  doc: scenario.doc,
  params: Object.entries(defaultsOf(scenario.params)).map(([name, value]) => {
    const parameter = scenario.params[name]!;
    return {
      name,
      unit: parameter.unit,
      default: value,
      allowed: allowedText(parameter),
      doc: parameter.doc,
      ...(parameter.kind === 'choice' ? { values: parameter.values } : {}),
    };
  }),
  metrics: Object.entries(scenario.metrics).map(([name, { doc, better }]) => ({ name, doc, better })),
  views: viewsOf(scenario).map((kind) => ({ kind, doc: scenario.views[kind]!.doc })),
  policies: Object.keys(scenario.policies),
  checks: Object.entries(scenario.checks).map(([name, { doc, args }]) => ({
    name,
    doc,
    args: Object.entries(defaultsOf(args)).map(([argument, value]) => ({
      name: argument,
      default: value,
      allowed: allowedText(args[argument]!),
    })),
  })),
  oracle: scenario.oracle,
});

function page(scenario: Scenario): string {
  const sections: string[] = [`${scenario.title} (${scenario.id})`, wrap(scenario.doc, width)];
  const section = (
    title: string,
    entries: readonly (readonly [head: string, ...docs: readonly string[]])[],
  ): void => {
    if (entries.length === 0) return;
    sections.push(
      [
        title,
        ...entries.map(([head, ...docs]) =>
          [wrap(head, width, '  '), ...docs.map((doc) => wrap(doc, width, '      '))].join('\n'),
        ),
      ].join('\n'),
    );
  };
  section(
    'Parameters',
    Object.entries(defaultsOf(scenario.params)).map(([name, value]) => {
      const parameter = scenario.params[name]!;
      return [`${name} = ${value}   (${allowedText(parameter)})`, parameter.doc, ...meanings(parameter)];
    }),
  );
  section(
    'Metrics',
    Object.entries(scenario.metrics).map(([name, metric]) => [name, metric.doc]),
  );
  section(
    'Views',
    viewsOf(scenario).map((kind) => [kind, scenario.views[kind]!.doc]),
  );
  section(
    'Policies that a task may fill',
    Object.values(scenario.policies).map((each) => [each.id, each.doc]),
  );
  section(
    'Checks',
    Object.entries(scenario.checks).map(([name, { args, doc }]) => [name, doc, ...argumentsOf(args)]),
  );
  sections.push(`Checked against\n${wrap(scenario.oracle, width, '  ')}`);
  return sections.join('\n\n');
}

const argumentsOf = (schema: ParameterSchema): readonly string[] =>
  Object.entries(defaultsOf(schema)).map(
    ([name, value]) => `${name} = ${value} (${allowedText(schema[name]!)}), given in \`with\``,
  );

/** What each value of a choice means. */
const meanings = (parameter: Parameter): readonly string[] =>
  parameter.kind === 'choice'
    ? Object.entries(parameter.values).map(([value, meaning]) => `${value}: ${meaning}`)
    : [];
