import { scenarioOf, type ScenarioTable } from '../course/variants.ts';
import type { Scenario } from '../engine/kernel/scenario.ts';
import { literal, plainText } from './snippetText.ts';

/** A block of a lesson that loads as it stands, with tab stops at what is the author's. */
export interface BlockSnippet {
  readonly label: string;
  readonly detail: string;
  /** Markdown. */
  readonly doc: string;
  readonly snippet: string;
}

/** @param scenario the one that the blocks are about, unless the author chooses another */
export function blockSnippets(
  scenarios: ScenarioTable,
  scenario: string | undefined,
): readonly BlockSnippet[] {
  const named = scenario === undefined ? undefined : scenarioOf(scenarios, scenario);
  const over = named ?? Object.values(scenarios)[0];
  if (over === undefined) return [];
  const metric = Object.keys(over.metrics)[0] ?? 'metric';
  return [
    block('figure', 'figure', 'A live simulation', figure(over)),
    block('question', 'question: number', 'A number that the engine computes', [
      'id: ${1:my-question}',
      'kind: number',
      'ask: "${2:Word it so that only one model fits.}"',
      `scenario: \${3:${over.id}}`,
      `answer: metrics.\${4:${metric}}`,
      'misconceptions:',
      '  - value: ${5:0}',
      '    say: "${6:What this answer forgets.}"',
      'hints:',
      '  - "${7:A first step.}"',
      'explain: "${8:How to get to {answer\\}.}"',
    ]),
    block('question', 'question: one', 'One option is right', choice('one')),
    block('question', 'question: several', 'Exactly the right options', choice('several')),
    block('question', 'question: order', 'Items to be ranked', [
      'id: ${1:my-order}',
      'kind: order',
      'ask: "${2:Which comes first?}"',
      'items:',
      '  - { text: "${3:First.}" \\}',
      '  - { text: "${4:Second.}" \\}',
      '  - { text: "${5:Third.}" \\}',
      'misconceptions:',
      '  - { order: [3, 2, 1], say: "${6:Why not the other way round.}" \\}',
      'hints:',
      '  - "${7:A first step.}"',
      'explain: "${8:Why in this order.}"',
    ]),
    block('prediction', 'prediction', 'A guess before the run may be seen', [
      'id: ${1:my-prediction}',
      'ask: "${2:What will the run show?}"',
      `scenario: \${3:${over.id}}`,
      `answer: metrics.\${4:${metric}}`,
      'tolerance: ${5:1}',
      'explain: "${6:What the run shows, and why: {answer\\}.}"',
    ]),
    block('critique', 'critique', "What is wrong with a classmate's answer?", [
      'id: ${1:my-critique}',
      'claim: "${2:The classmate\'s words.}"',
      ...options,
      'explain: "${7:What is right.}"',
    ]),
    block('task', 'task', 'Opens a code task', ['id: $1']),
  ];
}

const figure = (scenario: Scenario): readonly string[] => {
  const names = (schema: object): string => literal(Object.keys(schema).slice(0, 3).join(', '));
  return [
    `scenario: \${1:${scenario.id}}`,
    `title: "\${2:${literal(scenario.title)}}"`,
    'caption: "${3:What it shows, also for people who cannot see it.}"',
    `controls: [\${4:${names(scenario.params)}}]`,
    `metrics: [\${5:${names(scenario.metrics)}}]`,
  ];
};

const options: readonly string[] = [
  'options:',
  '  - text: "${3:The right statement.}"',
  '    right: true',
  '    say: "${4:Why it is right.}"',
  '  - text: "${5:A wrong statement.}"',
  '    say: "${6:What is wrong with it.}"',
];

const choice = (kind: 'one' | 'several'): readonly string[] => [
  'id: ${1:my-question}',
  `kind: ${kind}`,
  `ask: "\${2:${kind === 'one' ? 'Which is right?' : 'Which are right?'}}"`,
  ...options,
  'hints:',
  '  - "${7:A first step.}"',
  'explain: "${8:Why.}"',
];

function block(kind: string, label: string, detail: string, yaml: readonly string[]): BlockSnippet {
  const snippet = ['```' + kind, ...yaml, '```', '$0'].join('\n');
  return { label, detail, doc: ['````yaml', ...yaml.map(plainText), '````'].join('\n'), snippet };
}
