/** Names of types, literals and roots of CEL (cel-spec, “Standard definitions” and “Syntax”) that a variable cannot have. */
const celNames =
  'bool int uint double string bytes list map null_type type dyn true false null in cel google optional'.split(
    ' ',
  );
/** Words that CEL keeps for host languages (cel-spec, “Syntax”). */
const reservedWords =
  'as break const continue else for function if import let loop package namespace return var void while'.split(
    ' ',
  );
/** What lessons' expressions mean by these names. */
const lessonNames = ['metrics', 'ceil', 'floor', 'round', 'abs', 'min', 'max'];

const taken: ReadonlyMap<string, string> = new Map([
  ...celNames.map((name) => [name, "CEL, the language of lessons' expressions, has it"] as const),
  ...reservedWords.map((name) => [name, "CEL, the language of lessons' expressions, reserves it"] as const),
  ...lessonNames.map((name) => [name, "it has a meaning of its own in lessons' expressions"] as const),
]);

/**
 * Why a scenario's parameter cannot have a name, in a sentence with a next step; undefined when it can. Parameters are variables of
 * the expressions in lessons, so a name must be free there.
 */
export function problemOfParameterName(name: string): string | undefined {
  if (!/^[a-z][A-Za-z0-9]*$/.test(name))
    return `A parameter cannot be named ${JSON.stringify(name)}: a name is letters and digits and begins with a small letter, as in sliceMs.`;
  const why = taken.get(name);
  return why === undefined
    ? undefined
    : `A parameter cannot be named ${name}: ${why}. Say what it counts, as in sizeBytes.`;
}
