import { contradictions } from '../engine/kernel/document.ts';
import type { ParameterInput } from '../engine/kernel/parameters.ts';
import type { Scenario } from '../engine/kernel/scenario.ts';
import { UsageError } from './command.ts';

/** The document that `--set-file` gives: `config=file`, or the file alone where the scenario takes one document. */
export function documentNamed(
  scenario: Scenario,
  given: string,
): { readonly name: string; readonly path: string } {
  const names = Object.keys(scenario.documents);
  if (names.length === 0) {
    throw new UsageError(`${scenario.id} takes no document. Leave out --set-file.`);
  }
  const equals = given.indexOf('=');
  const name = equals < 0 ? undefined : given.slice(0, equals);
  if (name !== undefined && names.includes(name)) return { name, path: given.slice(equals + 1) };
  if (names.length === 1) return { name: names[0]!, path: given };
  throw new UsageError(
    `${scenario.id} takes the documents ${names.join(', ')}. Say which one ${given} is: --set-file ${names[0]}=${given}`,
  );
}

/**
 * What `--set` says, and the parameters with which alone a run reads the document.
 * @param text of the document
 * @throws UsageError where `--set` and the document say two things
 */
export function parametersBeside(
  scenario: Scenario,
  document: string,
  text: string,
  set: ParameterInput,
): ParameterInput {
  const definition = scenario.documents[document]!;
  if (definition.isNone?.(text) === true) return set;
  const [against] = contradictions(definition, set);
  if (against === undefined) return { ...set, ...definition.readWith };
  const { parameter, readWith } = against;
  const given = `--set ${parameter}=${set[parameter]}`;
  throw new UsageError(
    readWith === undefined
      ? `${scenario.id} takes ${parameter} from the document ${document}, also where that does not say it. Say it there in place of ${given}, or leave out --set-file.`
      : `${scenario.id} reads the document ${document} only with ${parameter}=${readWith}. Leave out ${given}, or --set-file.`,
  );
}
