import { resolve } from 'node:path';
import { caseFileEnding, parseCaseFile } from '../course/caseFile.ts';
import { resolveParameters } from '../engine/kernel/parameters.ts';
import type { Scenario } from '../engine/kernel/scenario.ts';
import type { Case } from '../grading/drawnCases.ts';
import { UsageError } from './command.ts';
import { readNamedFile } from './namedFile.ts';
import { scenarioNamed } from './scenarioArgument.ts';

/** The scenario and the run that a case file asks for; its parameters are allowed. */
export interface NamedCase {
  readonly scenario: Scenario;
  readonly case: Case;
}

/** `--case <file>`. @throws UsageError that starts with the file's name */
export async function caseAt(file: string, cwd: string): Promise<NamedCase> {
  const text = await readNamedFile(
    resolve(cwd, file),
    file,
    `Name a case file: \`trapframe check … --save-case\` writes one, called …${caseFileEnding}.`,
  );
  const read = parseCaseFile(text);
  if (!read.ok) throw new UsageError(`${file} ${read.problem}`);
  const { params, seed, ties } = read.value;
  const scenario = scenarioIn(file, read.value.scenario);
  const resolved = resolveParameters(scenario.params, params);
  if (!resolved.ok) {
    throw new UsageError(resolved.problems.map(({ message }) => `${file}: ${message}`).join('\n'));
  }
  return { scenario, case: { params, seed, ...(ties === undefined ? {} : { ties }) } };
}

function scenarioIn(file: string, id: string): Scenario {
  try {
    return scenarioNamed(id);
  } catch (thrown) {
    throw thrown instanceof UsageError ? new UsageError(`${file}: ${thrown.message}`) : thrown;
  }
}
