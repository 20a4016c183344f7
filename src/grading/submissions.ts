import type { Task, TaskCheck } from '../course/model.ts';
import { scenarioOf, type ScenarioTable } from '../course/variants.ts';
import { readDocument, type DocumentDefinition, type DocumentReading } from '../engine/kernel/document.ts';
import type { PolicyFaultDetail, PolicyTable } from '../engine/kernel/policy.ts';
import type { Scenario } from '../engine/kernel/scenario.ts';
import { sameEntries } from './sameEntries.ts';
import type {
  LearnerSource,
  LoadOutcome,
  LocatingSubmission,
  Sandbox,
  SandboxedSubmission,
} from './sandbox/policySandbox.ts';

/** What a learner's file becomes: policies that run in the sandbox, or a document that a scenario reads. */
export type Work =
  | { readonly kind: 'policies'; readonly policies: PolicyTable }
  | { readonly kind: 'document'; readonly name: string; readonly definition: DocumentDefinition };

/** The scenario that a check runs. Loading a task has made sure that there is one. */
export function scenarioFor(check: TaskCheck, scenarios: ScenarioTable): Scenario {
  const scenario = scenarioOf(scenarios, check.scenario);
  if (scenario === undefined) throw new Error(`There is no scenario ${check.scenario}; lint finds this.`);
  return scenario;
}

/** What a task's file becomes, as its scenarios declare it. */
export function workOf(task: Task, scenarios: ScenarioTable): Work {
  const used = task.checks.map((check) => scenarioFor(check, scenarios));
  if (task.work.kind === 'document') {
    const name = task.work.document;
    return { kind: 'document', name, definition: used[0]!.documents[name]! };
  }
  const declared: PolicyTable = Object.fromEntries(used.flatMap(({ policies }) => Object.entries(policies)));
  return {
    kind: 'policies',
    policies: Object.fromEntries(task.work.policies.map((name) => [name, declared[name]!])),
  };
}

/** Two subjects may each have a policy of one name, so the declarations themselves are compared. */
export function sameWork(a: Work, b: Work): boolean {
  if (a.kind === 'document') return b.kind === 'document' && a.definition === b.definition;
  return b.kind === 'policies' && sameEntries(a.policies, b.policies);
}

/** Policies are loaded in the sandbox. A document is data that trusted code reads: nothing of it is run. */
export function loadSubmission(
  source: LearnerSource,
  work: Work,
  sandbox: Sandbox,
): Promise<LoadOutcome<SandboxedSubmission>> {
  return work.kind === 'policies'
    ? sandbox.load(source, work.policies)
    : Promise.resolve(documentSubmission(work.name, source, readDocument(work.definition, source.text)));
}

/**
 * Loads the same with instrumented returns when it is first asked for, and once; undefined where there are none, or it does
 * not load with them.
 */
export function locating(
  source: LearnerSource,
  work: Work,
  sandbox: Sandbox,
): () => Promise<LocatingSubmission | undefined> {
  if (work.kind === 'document') return () => Promise.resolve(undefined);
  const load = async (): Promise<LocatingSubmission | undefined> => {
    const outcome = await sandbox.loadToLocate(source, work.policies);
    return outcome.ok ? outcome.submission : undefined;
  };
  let loaded: Promise<LocatingSubmission | undefined> | undefined;
  return () => (loaded ??= load());
}

function documentSubmission(
  name: string,
  { text }: LearnerSource,
  reading: DocumentReading,
): LoadOutcome<SandboxedSubmission> {
  if (!reading.ok) return { ok: false, fault: documentFault(reading) };
  const { notes } = reading.value;
  return {
    ok: true,
    submission: {
      start: () => ({}),
      documents: { [name]: reading.value },
      release: () => {},
      keptBytes: text.length,
      output: () => [],
      ...(notes === undefined || notes.length === 0 ? {} : { notes }),
    },
  };
}

function documentFault({ malformed, problems }: Extract<DocumentReading, { ok: false }>): PolicyFaultDetail {
  const [first, ...others] = problems.map(({ message, suggestion, ...place }) => ({
    ...place,
    message: suggestion === undefined ? message : `${message} ${suggestion}`,
  }));
  return {
    kind: malformed ? 'syntax' : 'load',
    ...first!,
    ...(others.length === 0 ? {} : { others }),
  };
}
