import type { Lesson, Pack, Task, TaskPart } from '../../course/model.ts';
import { loadPack } from '../../course/packLoader.ts';
import { exerciseId } from '../../course/blocks.ts';
import { idleModule } from '../../course/idleModule.ts';
import { loadTask } from '../../course/taskLoader.ts';
import { scenarioOf, type ScenarioTable } from '../../course/variants.ts';
import type { PolicyTable } from '../../engine/kernel/policy.ts';
import type { Scenario } from '../../engine/kernel/scenario.ts';
import { blockAtEnd } from './blockAtEnd.ts';
import type { OpenPack } from './openPack.ts';
import { overlaid } from './overlaidFiles.ts';
import type { Planned } from './plan.ts';
import { taskFiles, type KnownSolution } from './taskFiles.ts';

export interface NewTask {
  readonly open: OpenPack;
  readonly lesson: Lesson;
  /** Id and folder of the task. */
  readonly id: string;
  /** The scenario that was asked for; without it, the one that the lesson shows. */
  readonly wanted: Scenario | undefined;
  readonly scenarios: ScenarioTable;
  /** Solutions of its tasks may solve the new one. */
  readonly course: Pack;
  /** For each text as a submission of the task, the ids of the checks that it does not pass. */
  readonly notPassed: (task: Task, texts: readonly string[]) => Promise<readonly (readonly string[])[]>;
}

/** A task in a lesson, and a block at the end of the lesson that opens it. */
export async function newTask(input: NewTask): Promise<Planned> {
  const { open, lesson, id, scenarios, course, notPassed } = input;
  const used = usedAlready(open.pack, id);
  if (used !== undefined) return { ok: false, error: used };
  const scenario = input.wanted ?? scenarioShown(lesson, scenarios);
  const fit = scenariosWithPolicies(scenarios);
  if (scenario === undefined || !fit.includes(scenario)) {
    return {
      ok: false,
      error: `${scenario?.id ?? 'No scenario'} asks no policy, so a task would have nothing to write. Scenarios with policies: ${fit.map((each) => each.id).join(', ')}.`,
    };
  }
  const folder = taskFolder(lesson, id);
  const inFolder = (files: ReadonlyMap<string, string>): ReadonlyMap<string, string> =>
    new Map([...files].map(([name, text]) => [`${folder}/${name}`, text]));
  const bare = inFolder(taskFiles(id, scenario));
  const task = loadedTask(folder, bare, scenarios);
  const known = solutionsFor(scenario.policies, course);
  const [starterFails = [], idleFails = [], ...others] = await notPassed(task, [
    task.starter.text,
    idleModule(Object.keys(scenario.policies)),
    ...known.map(({ text }) => text),
  ]);
  const solution = known[others.findIndex((failed) => failed.length === 0)];
  const made = inFolder(taskFiles(id, scenario, { solution, starterFails, idleFails }));

  const opened = await lessonThatOpens(id, lesson, open, made, scenarios);
  return {
    ok: true,
    value: {
      made,
      changed:
        opened === undefined
          ? []
          : [{ path: lesson.path, text: opened, how: 'its last block opens the task' }],
      remarks: [
        remarkOn(solution, scenario),
        ...(starterFails.length === 0
          ? ['The starter passes every check as it stands: choose checks that it fails.']
          : []),
        ...(opened === undefined ? [`Add a block "task" with "id: ${id}" to ${lesson.path}.`] : []),
      ],
    },
  };
}

/** Scenarios that ask a policy, so that a task over them has something to write. */
export const scenariosWithPolicies = (scenarios: ScenarioTable): readonly Scenario[] =>
  Object.values(scenarios).filter(({ policies }) => Object.keys(policies).length > 0);

/** The folder of a task, in the pack. */
export const taskFolder = (lesson: Lesson, id: string): string =>
  `${lesson.path.replace(/\/lesson\.md$/, '')}/tasks/${id}`;

/** Why no exercise can get the id; undefined when it is free. */
export function usedAlready(pack: Pack, id: string): string | undefined {
  for (const lesson of pack.lessons) {
    const part = lesson.parts.find((each) => exerciseId(each) === id);
    if (part !== undefined)
      return `The id ${id} is already used in ${part.at.file}, line ${part.at.line}. Choose another name.`;
  }
  return undefined;
}

/** The first scenario with policies that the lesson shows, else the first that there is. */
export function scenarioShown(lesson: Lesson, scenarios: ScenarioTable): Scenario | undefined {
  const named = lesson.parts.flatMap((part) => ('scenario' in part ? [part.scenario ?? ''] : []));
  return [...named, ...Object.keys(scenarios)]
    .map((id) => scenarioOf(scenarios, id))
    .find((scenario) => scenario !== undefined && Object.keys(scenario.policies).length > 0);
}

/** Solutions of a course's tasks over exactly these policies. */
const solutionsFor = (policies: PolicyTable, course: Pack): readonly KnownSolution[] => {
  const wanted = Object.keys(policies).toSorted().join();
  return course.lessons
    .flatMap((lesson) => lesson.parts.filter((part): part is TaskPart => part.kind === 'task'))
    .filter(({ task }) => task.work.kind === 'policies' && task.work.policies.toSorted().join() === wanted)
    .map(({ task }) => ({ task: task.id, text: task.solution.text }));
};

function loadedTask(folder: string, files: ReadonlyMap<string, string>, scenarios: ScenarioTable): Task {
  const { task, problems } = loadTask(folder, files, scenarios);
  if (task === undefined) throw new Error(`${folder}: ${problems.map(({ message }) => message).join(' ')}`);
  return task;
}

/** The lesson with a block that opens the task at its end; undefined where no block can stand there. */
async function lessonThatOpens(
  id: string,
  lesson: Lesson,
  { files }: OpenPack,
  made: ReadonlyMap<string, string>,
  scenarios: ScenarioTable,
): Promise<string | undefined> {
  const opened = blockAtEnd(await files.read(lesson.path), 'task', `id: ${id}`);
  const { value: pack } = await loadPack(
    overlaid(files, new Map([...made, [lesson.path, opened]])),
    scenarios,
  );
  const parts = pack.lessons.find((each) => each.path === lesson.path)?.parts ?? [];
  return parts.some((part) => part.kind === 'task' && part.id === id) ? opened : undefined;
}

const remarkOn = (solution: KnownSolution | undefined, scenario: Scenario): string =>
  solution === undefined
    ? `No bundled solution for ${scenario.id} passes these checks: the reference is yours to write, and nobody can pass before.`
    : `The solution is that of the bundled task "${solution.task}", which passes these checks.`;
