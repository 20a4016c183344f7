import { authorMark } from '../../course/authorNotes.ts';
import type { Scenario } from '../../engine/kernel/scenario.ts';
import { exampleMetric, exampleVary } from './exampleRuns.ts';
import { inline, quoted, titleOf } from './yamlText.ts';

/** How many of a scenario's parameters and metrics a first figure shows. */
const shown = 3;

/** `lesson.md` with a figure and a question over a scenario, which load and can be answered as they stand. */
export const lessonText = (id: string, module: string, scenario: Scenario): string => `---
id: ${id}
title: ${quoted(titleOf(id))}
module: ${module}
summary: ${quoted(`${authorMark} what a learner can do afterwards, in one sentence.`)}
format: 1
---
${authorMark} say what this lesson is about, and why anybody should care.

## The model

${authorMark} say what is simulated, and what is left out.

${block('figure', [
  `scenario: ${scenario.id}`,
  `title: ${quoted(scenario.title)}`,
  `caption: ${quoted(`${authorMark} what the figure shows, also for people who cannot see it.`)}`,
  `controls: ${inline(Object.keys(scenario.params).slice(0, shown))}`,
  `metrics: ${inline(Object.keys(scenario.metrics).slice(0, shown))}`,
])}

${numberQuestion(id, scenario)}
`;

function numberQuestion(id: string, scenario: Scenario): string {
  const vary = exampleVary(scenario, 1);
  const metric = exampleMetric(scenario, vary);
  const [varied] = Object.keys(vary);
  const given = varied === undefined ? 'its defaults' : `${varied} = {${varied}}`;
  return block('question', [
    `id: ${id}-number`,
    'kind: number',
    `ask: ${quoted(`${authorMark} word it so that only one model fits. The experiment above runs with ${given}. What is ${metric}?`)}`,
    `scenario: ${scenario.id}`,
    ...(varied === undefined ? [] : [`vary: ${inline(vary)}`]),
    `answer: metrics.${metric}`,
    `# ${authorMark} add "closedForm: …", the same by hand, so that the key can be proved.`,
    'misconceptions:',
    `  # ${authorMark} the wrong number that learners give most, as a formula over the parameters.`,
    '  - value: 0',
    '    say: Nothing happens at once here. Run the figure with the same numbers.',
    'hints:',
    '  - Run the figure with the same numbers, and see what changes.',
    `explain: ${quoted(`${authorMark} how to get to {answer}.`)}`,
  ]);
}

const block = (kind: string, lines: readonly string[]): string => ['```' + kind, ...lines, '```'].join('\n');
