import { authorMark } from '../../course/authorNotes.ts';
import { inKebabCase } from '../../course/schemaReader.ts';
import { finishesCheck } from '../../course/model.ts';
import type { Scenario } from '../../engine/kernel/scenario.ts';
import { exampleChecks, exampleVary } from './exampleRuns.ts';
import { policyModule } from './policyModule.ts';
import { inline, quoted, titleOf } from './yamlText.ts';

/** A solution that is known to fit, and where it comes from. */
export interface KnownSolution {
  readonly text: string;
  /** Id of the bundled task. */
  readonly task: string;
}

/** What is known of a task that was graded as it stands. */
export interface Graded {
  readonly solution: KnownSolution | undefined;
  /** Ids of the checks that the starter does not pass. */
  readonly starterFails: readonly string[];
  /** Ids of the checks that functions which do nothing do not pass. */
  readonly idleFails: readonly string[];
}

/**
 * The files of a task over a scenario with policies, by their path in the task's folder. It loads and can be graded as it
 * stands; three known-wrong solutions are the starter until their author writes them.
 * @param graded what grading says of the same files without it: the checks that the wrong ones fail are those, and a solution
 */
export function taskFiles(
  id: string,
  scenario: Scenario,
  graded: Graded = { solution: undefined, starterFails: [], idleFails: [] },
): ReadonlyMap<string, string> {
  const { solution } = graded;
  const file = `${Object.keys(scenario.policies)[0]!}.ts`;
  const skeleton = (remark: string): string => policyModule(scenario.policies, [`${authorMark} ${remark}`]);
  return new Map([
    ['task.yaml', taskYaml(id, file, scenario, graded)],
    [
      `starter/${file}`,
      skeleton('what a learner starts from. Leave in it what is not the point of the task.'),
    ],
    [
      `solution/${file}`,
      solution === undefined
        ? skeleton('write the reference. Until then nobody can pass this task.')
        : `// ${authorMark} write your own reference. This is that of the bundled task "${solution.task}".\n${solution.text}`,
    ],
    ...mistakes.map(
      (mistake) =>
        [
          `wrong/${mistake}.ts`,
          skeleton('make a mistake that learners make, and name this file after it.'),
        ] as const,
    ),
  ]);
}

const mistakes = ['mistake-1', 'mistake-2', 'mistake-3'] as const;

function taskYaml(id: string, file: string, scenario: Scenario, { starterFails, idleFails }: Graded): string {
  const policies = Object.keys(scenario.policies);
  const vary = exampleVary(scenario, 2);
  const checks = exampleChecks(scenario, vary, 3);
  const [first = finishesCheck, ...more] = checks;
  // Functions that do nothing may not earn half of the points.
  const telling = checks.map(inKebabCase).find((check) => idleFails.includes(check));
  const points = (check: string): number =>
    inKebabCase(check) === telling ? checks.length - idleFails.length + 1 : 1;
  const fails = starterFails.length === 0 ? [inKebabCase(first)] : starterFails;
  return [
    `id: ${id}`,
    `title: ${quoted(titleOf(id))}`,
    policies.length === 1 ? `policy: ${policies[0]!}` : `policies: ${inline(policies)}`,
    `file: ${file}`,
    `# ${authorMark} write true when only one behaviour is right: failures are then explained by the first difference.`,
    'deterministic: false',
    'brief: |',
    `  ${authorMark} say what to write, in the words of the lesson.`,
    'checks:',
    `  # ${authorMark} choose what a right answer is. \`trapframe scenarios ${scenario.id}\` lists the checks.`,
    `  - id: ${inKebabCase(first)}`,
    `    use: ${first}`,
    `    scenario: ${scenario.id}`,
    ...(Object.keys(vary).length === 0 ? [] : [`    vary: ${inline(vary)}`, '    cases: 10']),
    `    points: ${points(first)}`,
    ...more.flatMap((name) => [
      `  - id: ${inKebabCase(name)}`,
      `    use: ${name}`,
      `    points: ${points(name)}`,
    ]),
    'wrong:',
    ...mistakes.flatMap((mistake) => [
      `  - file: wrong/${mistake}.ts`,
      `    say: ${quoted(`${authorMark} what this mistake does, and what to think about.`)}`,
      `    fails: ${inline(fails)}`,
    ]),
    'hints:',
    `  - ${quoted(`${authorMark} a first step.`)}`,
    '',
  ].join('\n');
}
