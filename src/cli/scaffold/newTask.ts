import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Lesson, Pack, Task } from '../../course/model.ts';
import { loadPack } from '../../course/packLoader.ts';
import { exerciseId } from '../../course/blocks.ts';
import { loadTask } from '../../course/taskLoader.ts';
import { scenarioOf } from '../../course/variants.ts';
import { nearest } from '../../engine/kernel/parameters.ts';
import type { Scenario } from '../../engine/kernel/scenario.ts';
import { scenarios } from '../../engine/scenarios.ts';
import { UsageError } from '../command.ts';
import { diskFiles } from '../diskFiles.ts';
import { packAt } from '../packArgument.ts';
import { solutionsFor, verdicts } from './knownSolution.ts';
import { openPack } from './openPack.ts';
import { overlaid } from './overlaidFiles.ts';
import { nameOf, placeOf, requireFree } from './packPlace.ts';
import type { Plan } from './plan.ts';
import { taskFiles, type KnownSolution } from './taskFiles.ts';

/**
 * A task in the lesson around `path`, and a block at the end of the lesson that opens it.
 * @param wanted the scenario that was asked for; without it, the one that the lesson shows
 */
export async function newTask(path: string, cwd: string, wanted: Scenario | undefined): Promise<Plan> {
  const id = nameOf(path, 'task');
  const place = await placeOf(path, cwd);
  const { root } = place;
  const { pack } = await openPack(root);
  const lesson = lessonFor(pack, place.lesson, id);
  requireUnused(pack, id);
  const scenario = withPolicies(wanted ?? scenarioShown(lesson));
  const folder = `${lesson.path.replace(/\/lesson\.md$/, '')}/tasks/${id}`;
  await requireFree(join(root, folder), join(root, folder));

  const inFolder = (files: ReadonlyMap<string, string>): ReadonlyMap<string, string> =>
    new Map([...files].map(([name, text]) => [`${folder}/${name}`, text]));
  const bare = inFolder(taskFiles(id, scenario, undefined));
  const task = loadedTask(folder, bare);
  const known = solutionsFor(scenario.policies, (await packAt(undefined, cwd, false)).pack);
  const [starter, ...others] = await verdicts(task, [task.starter.text, ...known.map(({ text }) => text)]);
  const solution = known[others.indexOf('passed')];
  const made = solution === undefined ? bare : inFolder(taskFiles(id, scenario, solution));

  const opened = await lessonThatOpens(id, lesson, root, made);
  return {
    root,
    made,
    changed:
      opened === undefined ? [] : [{ path: lesson.path, text: opened, how: 'its last block opens the task' }],
    remarks: [
      remarkOn(solution, scenario),
      ...(starter === 'passed'
        ? ['The starter passes every check as it stands: choose checks that it fails.']
        : []),
      ...(opened === undefined ? [`Add a block "task" with "id: ${id}" to ${lesson.path}.`] : []),
    ],
    next: (shown) => `trapframe check ${id} ${shown(task.solution.path)} --pack ${shown()}`,
  };
}

function lessonFor(pack: Pack, folder: string | undefined, task: string): Lesson {
  const folders = pack.lessons.map((lesson) => lesson.path.split('/')[0]!);
  if (folder === undefined) {
    if (pack.lessons.length === 1) return pack.lessons[0]!;
    throw new UsageError(
      folders.length === 0
        ? 'The pack has no lesson that a task could belong to. Make one: trapframe new lesson <name>'
        : `Which lesson does the task belong to? Write one of: ${folders.map((name) => `${name}/${task}`).join(', ')}.`,
    );
  }
  const lesson = pack.lessons[folders.indexOf(folder)];
  if (lesson !== undefined) return lesson;
  const near = nearest(folder, folders);
  throw new UsageError(
    `There is no lesson "${folder}" in pack.yaml. ${near === undefined ? `There are: ${folders.join(', ')}.` : `Did you mean ${near}?`}`,
  );
}

function requireUnused(pack: Pack, id: string): void {
  for (const lesson of pack.lessons) {
    const part = lesson.parts.find((each) => exerciseId(each) === id);
    if (part !== undefined) {
      throw new UsageError(
        `The id ${id} is already used in ${part.at.file}, line ${part.at.line}. Choose another name.`,
      );
    }
  }
}

/** The first scenario with policies that the lesson shows, else the first that there is. */
function scenarioShown(lesson: Lesson): Scenario | undefined {
  const named = lesson.parts.flatMap((part) => ('scenario' in part ? [part.scenario] : []));
  return [...named, ...Object.keys(scenarios)]
    .map((id) => scenarioOf(scenarios, id))
    .find((scenario) => scenario !== undefined && Object.keys(scenario.policies).length > 0);
}

function withPolicies(scenario: Scenario | undefined): Scenario {
  const fit = Object.values(scenarios).filter(({ policies }) => Object.keys(policies).length > 0);
  if (scenario !== undefined && fit.includes(scenario)) return scenario;
  throw new UsageError(
    `${scenario?.id ?? 'No scenario'} asks no policy, so a task would have nothing to write. Scenarios with policies: ${fit.map(({ id }) => id).join(', ')}.`,
  );
}

function loadedTask(folder: string, files: ReadonlyMap<string, string>): Task {
  const { task, problems } = loadTask(folder, files, scenarios);
  if (task === undefined) throw new Error(`${folder}: ${problems.map(({ message }) => message).join(' ')}`);
  return task;
}

/** The lesson with a block that opens the task at its end; undefined where no block can stand there. */
async function lessonThatOpens(
  id: string,
  lesson: Lesson,
  root: string,
  made: ReadonlyMap<string, string>,
): Promise<string | undefined> {
  const text = await readFile(join(root, lesson.path), 'utf8');
  const lineEnd = text.includes('\r\n') ? '\r\n' : '\n';
  const block = ['', '```task', `id: ${id}`, '```', ''].join(lineEnd);
  const opened = `${text}${text.endsWith('\n') ? '' : lineEnd}${block}`;
  const files = overlaid(diskFiles(root), new Map([...made, [lesson.path, opened]]));
  const { value: pack } = await loadPack(files, scenarios);
  const parts = pack.lessons.find((each) => each.path === lesson.path)?.parts ?? [];
  return parts.some((part) => part.kind === 'task' && part.id === id) ? opened : undefined;
}

const remarkOn = (solution: KnownSolution | undefined, scenario: Scenario): string =>
  solution === undefined
    ? `No bundled solution for ${scenario.id} passes these checks: the reference is yours to write, and nobody can pass before.`
    : `The solution is that of the bundled task "${solution.task}", which passes these checks.`;
