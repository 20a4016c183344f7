import { contradictions, type DocumentDefinition } from '../engine/kernel/document.ts';
import { nearest, resolveParameters, type ParameterValue } from '../engine/kernel/parameters.ts';
import type { Scenario } from '../engine/kernel/scenario.ts';
import { checksOf } from './checks.ts';
import type {
  Advice,
  CheckArguments,
  KnownWrong,
  Problem,
  PropertyFeedback,
  Task,
  TaskCheck,
  TaskFile,
  TaskWork,
} from './model.ts';
import { translationPath } from './locales.ts';
import { addingKey, orCreate, ProblemList, replacing, suggest } from './problemList.ts';
import { ReferenceReader } from './references.ts';
import { readWith } from './schemaReader.ts';
import { taskSchema, type CheckInput, type TaskInput } from './schemas.ts';
import type { ScenarioTable } from './variants.ts';
import { checkedState, translatedYaml } from './translatedYaml.ts';
import { readYaml, type YamlPath, type YamlSource } from './yamlSource.ts';

/** A folder `tasks/<id>`: what it says, or nothing and the problems that prevent it. */
export interface LoadedTask {
  readonly task: Task | undefined;
  readonly problems: readonly Problem[];
}

/** Cases of a check whose parameters vary, unless it says otherwise; one when nothing varies. */
const defaultCases = 20;

/**
 * @param folder inside the pack: `round-robin/tasks/round-robin`
 * @param files of the whole pack, path to text
 */
export function loadTask(
  folder: string,
  files: ReadonlyMap<string, string>,
  scenarios: ScenarioTable,
): LoadedTask {
  const path = `${folder}/task.yaml`;
  return readTask(folder, readYaml(path, files.get(path) ?? ''), files, scenarios);
}

/**
 * The same task with the texts of its translation, or in its own language where that cannot be read.
 * @param into the language: `de`
 */
export function translateTask(
  { task, problems }: LoadedTask,
  files: ReadonlyMap<string, string>,
  scenarios: ScenarioTable,
  into: string,
): LoadedTask {
  if (task === undefined) return { task, problems };
  const path = `${task.path}/task.yaml`;
  const text = files.get(path) ?? '';
  const translation = translationPath(path, into);
  const found = new ProblemList();
  const source = checkedState(text, readYaml(translation, files.get(translation) ?? ''), found);
  const translated = readTask(
    task.path,
    translatedYaml(readYaml(path, text), source, found),
    files,
    scenarios,
  );
  return {
    task: translated.task ?? task,
    problems: [...problems, ...found.problems, ...translated.problems],
  };
}

function readTask(
  folder: string,
  source: YamlSource,
  files: ReadonlyMap<string, string>,
  scenarios: ScenarioTable,
): LoadedTask {
  const problems = new ProblemList();
  const data = readWith(taskSchema, source, problems);
  if (data === undefined) return { task: undefined, problems: problems.problems };
  const references = new ReferenceReader(source, problems, scenarios);

  const folderName = folder.split('/').at(-1)!;
  if (data.id !== folderName) {
    problems.error(
      source.positionOf(['id']),
      `The task is called ${data.id}, but its folder ${folderName}.`,
      replacing(data.id, folderName, 'Give both the same name.'),
    );
  }

  /** @param isNamed whether the author wrote the name, and may have misspelt it */
  const file = (key: YamlPath, name: string, isNamed = true): TaskFile => {
    const filePath = `${folder}/${name}`;
    const text = files.get(filePath);
    if (text === undefined) {
      const inFolder = [...files.keys()].flatMap((known) =>
        known.startsWith(`${folder}/`) ? [known.slice(folder.length + 1)] : [],
      );
      problems.error(
        source.positionOf(key),
        `There is no file ${filePath}.`,
        orCreate(filePath, meant(name, nearest(name, inFolder), data.file, isNamed)),
      );
    }
    return { path: filePath, text: text ?? '' };
  };
  const { checks, used } = readChecks(data, references);
  warnOfUnfilled(data, used, references);
  const wrong = (data.wrong ?? []).map((given, index): KnownWrong => {
    const at: YamlPath = ['wrong', index];
    references.names(
      [...at, 'fails'],
      given.fails ?? [],
      data.checks.map((check) => check.id),
      'check',
    );
    return {
      file: file([...at, 'file'], given.file),
      say: given.say,
      fails: given.fails ?? [],
      at: source.positionOf(at),
    };
  });
  const task: Task = {
    id: data.id,
    title: data.title,
    brief: data.brief ?? '',
    path: folder,
    work: readWork(data, used, references),
    file: data.file,
    deterministic: data.deterministic ?? false,
    checks,
    hints: data.hints ?? [],
    wrong,
    starter: file(
      data.starter === undefined ? ['file'] : ['starter'],
      data.starter ?? `starter/${data.file}`,
      data.starter !== undefined,
    ),
    solution: file(
      data.solution === undefined ? ['file'] : ['solution'],
      data.solution ?? `solution/${data.file}`,
      data.solution !== undefined,
    ),
    at: source.positionOf([]),
  };
  return { task: problems.errorCount > 0 ? undefined : task, problems: problems.problems };
}

/** What a task says is the same for every case, so that nothing is filled into it. */
function warnOfUnfilled(data: TaskInput, scenarios: readonly Scenario[], references: ReferenceReader): void {
  const parameters = scenarios.flatMap(({ params }) => Object.keys(params));
  const text = (path: YamlPath, given: string | undefined): void =>
    references.unfilled(path, given, parameters);
  text(['brief'], data.brief);
  data.hints?.forEach((hint, index) => text(['hints', index], hint));
  data.checks.forEach(({ title, say, feedback }, index) => {
    const path: YamlPath = ['checks', index];
    text([...path, 'title'], title);
    text([...path, 'say'], say);
    feedback?.forEach((kind, which) => text([...path, 'feedback', which, 'say'], kind.say));
  });
  data.wrong?.forEach(({ say }, index) => text(['wrong', index, 'say'], say));
}

/** The file that was probably meant. Where only the name of the learner's file is written, that is what to change. */
function meant(path: string, near: string | undefined, name: string, isNamed: boolean): Advice | undefined {
  const advice = suggest(path, near, []);
  if (advice === undefined || isNamed || near === undefined) return advice;
  const folder = path.slice(0, -name.length);
  const text = `Did you mean "${near}"?`;
  return near.startsWith(folder) ? replacing(name, near.slice(folder.length), text) : text;
}

function readWork(data: TaskInput, scenarios: readonly Scenario[], references: ReferenceReader): TaskWork {
  const { source, problems } = references;
  const named = [data.policy, data.policies, data.document].filter((name) => name !== undefined);
  if (named.length !== 1) {
    problems.error(
      source.positionOf([]),
      'A task names what the learner writes, once.',
      'Write "policy: …", "policies: […]" for several, or "document: …".',
    );
    return { kind: 'policies', policies: [] };
  }
  if (data.document !== undefined) {
    for (const scenario of scenarios)
      references.name(['document'], data.document, Object.keys(scenario.documents), 'document');
    return { kind: 'document', document: data.document };
  }
  const policies = data.policies ?? [data.policy!];
  for (const scenario of scenarios) {
    const known = Object.keys(scenario.policies);
    if (data.policy === undefined) references.names(['policies'], policies, known, 'policy');
    else references.name(['policy'], data.policy, known, 'policy');
  }
  return { kind: 'policies', policies };
}

function refuseTies(
  path: YamlPath,
  { deterministic }: TaskInput,
  scenario: Scenario,
  { source, problems }: ReferenceReader,
): void {
  if (scenario.shufflesTies !== true) {
    problems.error(
      source.positionOf(path),
      `${scenario.id} has one order of simultaneous events only.`,
      'Leave out "ties".',
    );
  } else if (deterministic === true) {
    problems.error(
      source.positionOf(path),
      'A deterministic task has one right behaviour, in which the order of simultaneous events counts.',
      'Leave out "ties" or "deterministic".',
    );
  }
}

/** Runs whose parameters say otherwise than the document that the learner writes would not read it. */
function refuseAgainst(
  document: DocumentDefinition,
  path: YamlPath,
  { scenario, set, vary }: Pick<TaskCheck, 'set' | 'vary'> & { readonly scenario: Scenario },
  { source, problems }: ReferenceReader,
): void {
  const resolved = resolveParameters(scenario.params, set);
  // What they are refused for has been said.
  if (!resolved.ok) return;
  const values: Record<string, ParameterValue> = { ...set };
  for (const name of Object.keys(document.readWith ?? {})) values[name] = resolved.value[name]!;
  for (const name of Object.keys(vary)) values[name] = 'varied';
  for (const { parameter, readWith: value } of contradictions(document, values)) {
    if (value === undefined)
      problems.error(
        source.positionOf(path),
        `The document that the learner writes stands in place of the parameter ${parameter}.`,
        `Leave out "${parameter}".`,
      );
    else
      problems.error(
        source.positionOf(path),
        `The document that the learner writes is read only with ${parameter}=${value}; here it is ${values[parameter]}.`,
        `Write "${parameter}: ${value}" under "set".`,
      );
  }
}

function readChecks(
  data: TaskInput,
  references: ReferenceReader,
): { checks: readonly TaskCheck[]; used: readonly Scenario[] } {
  const { source, problems } = references;
  const used = new Set<Scenario>();
  const checks: TaskCheck[] = [];
  for (const [index, given] of data.checks.entries()) {
    const path: YamlPath = ['checks', index];
    const before = checks.at(-1);
    const scenarioId = given.scenario ?? before?.scenario;
    if (scenarioId === undefined) {
      // The checks after it would take its scenario: one mistake, one message.
      if (index > 0) continue;
      problems.error(
        source.positionOf(path),
        'The first check must name its scenario.',
        addingKey('scenario', undefined, path),
      );
      continue;
    }
    const scenario = references.scenario([...path, 'scenario'], scenarioId);
    if (scenario === undefined) continue;
    used.add(scenario);
    const inherited = given.scenario === undefined ? before : undefined;
    if (given.set !== undefined) references.values([...path, 'set'], given.set, scenario.params, 'parameter');
    const set = given.set ?? inherited?.set ?? {};
    const vary =
      given.vary === undefined
        ? (inherited?.vary ?? {})
        : references.vary([...path, 'vary'], given.vary, set, scenario.params);
    const over = JSON.stringify([scenarioId, set, vary]);
    const sameCases = checks.find(
      (check) => JSON.stringify([check.scenario, check.set, check.vary]) === over,
    );
    const document = data.document === undefined ? undefined : scenario.documents[data.document];
    if (document !== undefined && sameCases === undefined) {
      refuseAgainst(document, path, { scenario, set, vary }, references);
    }
    const known = checksOf(scenario);
    const readArguments = (at: YamlPath, use: string, input: CheckInput['with']): CheckArguments =>
      references.name([...at, 'use'], use, Object.keys(known), 'check')
        ? references.checkArguments([...at, 'with'], input ?? {}, known[use]!.args, scenario)
        : {};
    const feedback = (given.feedback ?? []).map(({ use, with: input, say }, which): PropertyFeedback => ({
      use,
      with: readArguments([...path, 'feedback', which], use, input),
      say,
    }));
    if (given.ties === 'any') refuseTies([...path, 'ties'], data, scenario, references);
    const earlier = checks.map((check) => check.id);
    if (earlier.includes(given.id)) {
      problems.error(
        source.positionOf([...path, 'id']),
        `There are two checks ${given.id}.`,
        'Give each an id of its own.',
      );
    }
    references.names([...path, 'after'], given.after ?? [], earlier, 'earlier check');
    checks.push({
      id: given.id,
      title: given.title ?? known[given.use]?.title ?? given.use,
      use: given.use,
      with: readArguments(path, given.use, given.with),
      scenario: scenarioId,
      set,
      vary,
      drawnAs: sameCases?.drawnAs ?? given.id,
      cases: given.cases ?? (Object.keys(vary).length > 0 ? defaultCases : 1),
      anyTies: given.ties === 'any',
      points: given.points ?? 1,
      after: given.after ?? [],
      ...(given.say === undefined ? {} : { say: given.say }),
      feedback,
      at: source.positionOf(path),
    });
  }
  return { checks, used: [...used] };
}
