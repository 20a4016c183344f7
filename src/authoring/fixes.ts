import { t } from '../course/messages.ts';
import type { Fix, Pack, Problem } from '../course/model.ts';
import { normalText } from '../course/contentHash.ts';
import { scenarioOf, type ScenarioTable } from '../course/variants.ts';
import type { PolicyTable } from '../engine/kernel/policy.ts';
import { addKey } from './addKey.ts';
import { authorFileAt } from './authorFile.ts';
import { findWord, type Diagnosis } from './diagnosis.ts';
import { addLesson } from './scaffold/addLesson.ts';
import { blockAtEnd } from './scaffold/blockAtEnd.ts';
import { lessonText } from './scaffold/lessonText.ts';
import { scenarioShown } from './scaffold/newTask.ts';
import { firstModule } from './scaffold/packText.ts';
import { policyModule } from './scaffold/policyModule.ts';
import { taskFiles } from './scaffold/taskFiles.ts';
import type { TextEdit, TextRange } from './textRange.ts';
import { regionAround, yamlRegions } from './yamlRegion.ts';

/** A change of files of a pack that mends a problem. */
export interface FixAction {
  readonly title: string;
  /** Whether it is what was most likely meant, so that it may be applied without choosing. */
  readonly preferred: boolean;
  readonly changes: readonly FileChange[];
}

export type FileChange =
  | {
      readonly kind: 'edit';
      readonly path: string;
      readonly edit: TextEdit;
      /** The text has tab stops: see `snippetText.ts`. */
      readonly snippet: boolean;
    }
  | { readonly kind: 'create'; readonly path: string; readonly text: string };

/** What a fix may have to look at. */
export interface FixContext {
  readonly pack: Pack;
  readonly scenarios: ScenarioTable;
  /** The text of a file of the pack as it is now; undefined where there is none. */
  readonly textOf: (path: string) => Promise<string | undefined>;
}

/** Quick fixes of one problem, the likeliest first. */
export async function fixesOf(
  path: string,
  text: string,
  diagnosis: Diagnosis,
  context: FixContext,
): Promise<readonly FixAction[]> {
  const { fixes = [] } = diagnosis.problem;
  const found = fixes.map((fix) => actionsOf(fix, path, text, diagnosis, context));
  return (await Promise.all(found)).flat();
}

async function actionsOf(
  fix: Fix,
  path: string,
  text: string,
  diagnosis: Diagnosis,
  context: FixContext,
): Promise<readonly FixAction[]> {
  switch (fix.kind) {
    case 'replace': {
      // The underlined text is what was seen, or else the place was not found again.
      const range = findWord(text, fix.seen, diagnosis.start, diagnosis.end);
      if (range === undefined) return [];
      return [
        {
          title: t('Change to {0}', shown(fix.by)),
          preferred: true,
          changes: [{ kind: 'edit', path, edit: { range, text: fix.by }, snippet: false }],
        },
      ];
    }
    case 'addKey': {
      const region = regionAround(yamlRegions(path, text), diagnosis.start);
      const edit = region === undefined ? undefined : addKey(text, region, fix.path, fix.key);
      if (edit === undefined) return [];
      return [
        {
          title: t('Add “{0}”', fix.key),
          preferred: true,
          changes: [{ kind: 'edit', path, edit, snippet: true }],
        },
      ];
    }
    case 'createFile':
      return createFile(fix.file, diagnosis.problem, context);
    case 'listLesson': {
      const head = await context.textOf('pack.yaml');
      const added = head === undefined ? undefined : addLesson(head, fix.folder);
      if (head === undefined || added === undefined) return [];
      return [
        {
          title: t('Add “{0}” to the lessons', fix.folder),
          preferred: true,
          changes: [{ kind: 'edit', path: 'pack.yaml', edit: difference(head, added), snippet: false }],
        },
      ];
    }
    case 'openTask': {
      const lesson = await context.textOf(fix.lesson);
      if (lesson === undefined) return [];
      const opened = blockAtEnd(lesson, 'task', `id: ${fix.task}`);
      return [
        {
          title: t('Open the task “{0}” at the end of the lesson', fix.task),
          preferred: true,
          changes: [{ kind: 'edit', path: fix.lesson, edit: difference(lesson, opened), snippet: false }],
        },
      ];
    }
  }
}

const shown = (text: string): string => (/^["{]/.test(text) ? text : `“${text}”`);

async function createFile(
  file: string,
  problem: Problem,
  context: FixContext,
): Promise<readonly FixAction[]> {
  const texts = await newTexts(file, problem, context);
  if (texts === undefined) return [];
  return [
    {
      title: t('Create {0}', file),
      preferred: false,
      changes: [...texts].map(([path, text]) => ({ kind: 'create', path, text })),
    },
  ];
}

/** The texts that a missing file, and what it needs beside it, start with. */
async function newTexts(
  file: string,
  problem: Problem,
  { pack, scenarios, textOf }: FixContext,
): Promise<ReadonlyMap<string, string> | undefined> {
  const named = authorFileAt(file);
  const first = Object.values(scenarios)[0];
  if (named?.kind === 'lesson') {
    const module = pack.modules[0]?.id ?? firstModule;
    return first === undefined ? undefined : new Map([[file, lessonText(named.folder, module, first)]]);
  }
  if (named?.kind === 'task') {
    const lesson = pack.lessons.find(({ path }) => path === `${named.lesson}/lesson.md`);
    const scenario = lesson === undefined ? undefined : scenarioShown(lesson, scenarios);
    if (scenario === undefined) return undefined;
    const folder = file.slice(0, -'task.yaml'.length);
    const files = [...taskFiles(named.task, scenario)];
    return new Map(files.map(([name, text]) => [`${folder}${name}`, text]));
  }
  // A file of a task, named in its task.yaml: what the task's learners write, or what they start from.
  const task = problem.at.file;
  const taskText = await textOf(task);
  if (authorFileAt(task)?.kind !== 'task' || taskText === undefined) return undefined;
  const folder = task.slice(0, -'task.yaml'.length);
  const starter = /^starter:\s*(\S+)/m.exec(taskText)?.[1];
  const name = /^file:\s*(\S+)/m.exec(taskText)?.[1] ?? '';
  const existing = await textOf(`${folder}${starter ?? `starter/${name}`}`);
  if (existing !== undefined) return new Map([[file, normalText(existing)]]);
  const policies = policiesNamed(taskText, scenarios);
  return new Map([[file, policies === undefined ? '' : policyModule(policies, [])]]);
}

/** The policies that a task's text names, wherever a scenario has them. */
function policiesNamed(taskText: string, scenarios: ScenarioTable): PolicyTable | undefined {
  const used = [...taskText.matchAll(/\bscenario:\s*([\w.-]+)/g)].map(([, id]) => scenarioOf(scenarios, id!));
  const policy = /^policy:\s*(\w+)/m.exec(taskText)?.[1];
  const names = policy === undefined ? undefined : [policy];
  const scenario = used.find((each) => each !== undefined && Object.keys(each.policies).length > 0);
  if (scenario === undefined) return undefined;
  if (names === undefined) return scenario.policies;
  const entries = Object.entries(scenario.policies).filter(([name]) => names.includes(name));
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

/** One text as an edit of another: what stands between what both start and end with. */
function difference(before: string, after: string): TextEdit {
  let start = 0;
  while (start < before.length && before[start] === after[start]) start++;
  let tail = 0;
  while (
    tail < Math.min(before.length, after.length) - start &&
    before[before.length - 1 - tail] === after[after.length - 1 - tail]
  )
    tail++;
  const range: TextRange = { start, end: before.length - tail };
  return { range, text: after.slice(start, after.length - tail) };
}
