import { checksOf } from '../course/checks.ts';
import type { Pack } from '../course/model.ts';
import { expressionFunctions } from '../course/expression.ts';
import type { ScenarioTable } from '../course/variants.ts';
import type { Parameter, ParameterSchema } from '../engine/kernel/parameters.ts';
import type { Scenario } from '../engine/kernel/scenario.ts';
import { viewsOf } from '../engine/kernel/views.ts';
import { authorFileAt } from './authorFile.ts';
import { checkAt, meaningOf, nameOfValue, scenarioAt, scenariosOfTask } from './meaning.ts';
import { completeProse } from './proseCompletion.ts';
import {
  checkText,
  metricText,
  parameterText,
  policyText,
  rangeText,
  scenarioText,
} from './referenceText.ts';
import { docOf, isRequired, kindsOf, schemaAt, schemaOf, wordsOf } from './schemaShape.ts';
import { keySnippet, literal } from './snippetText.ts';
import { dataAt, keysAt, spotTyped, type Spot } from './spot.ts';
import type { TextRange } from './textRange.ts';

/** Something that an author may want to write at a place. */
export interface Completion {
  readonly label: string;
  readonly kind: 'key' | 'value' | 'name' | 'file' | 'snippet';
  /** Beside the label: a title, a range. */
  readonly detail?: string;
  /** Markdown. */
  readonly doc?: string;
  /** A snippet: see `snippetText.ts`. */
  readonly insert: string;
  /** What it replaces. */
  readonly range: TextRange;
  /** Whether there is something to choose next, right away. */
  readonly more?: true;
}

/** What completion may have to look at. */
export interface CompletionContext {
  readonly pack: Pack;
  readonly scenarios: ScenarioTable;
  /** Every file of the pack. */
  readonly paths: readonly string[];
}

type Offer = Omit<Completion, 'range'>;

/** What fits at the cursor, in the order in which it is best shown. */
export function complete(
  path: string,
  text: string,
  offset: number,
  context: CompletionContext,
): readonly Completion[] {
  const spot = spotTyped(path, text, offset);
  if (spot === undefined)
    return authorFileAt(path)?.kind === 'lesson' ? completeProse(path, text, offset, context) : [];
  return spot.role === 'key' ? completeKey(spot, context) : completeValue(path, spot, offset, context);
}

function completeKey(spot: Spot, { scenarios }: CompletionContext): readonly Completion[] {
  const scenario = scenarioAt(spot, scenarios);
  const { range, siblings, hasColon, inFlow } = spot;
  const free = <T>(names: Readonly<Record<string, T>>): readonly (readonly [string, T])[] =>
    Object.entries(names).filter(([name]) => !siblings.includes(name));
  const keyed = (name: string, snippet: string): string => (hasColon ? literal(name) : snippet);
  switch (meaningOf(spot)) {
    case 'parameter': {
      const isVary = spot.path.at(-1) === 'vary';
      return free(scenario?.params ?? {}).map(([name, parameter]) => ({
        ...parameterOffer(name, parameter, scenario!.params),
        kind: 'key',
        insert: keyed(name, isVary ? varySnippet(name, parameter) : setSnippet(name, parameter)),
        range,
      }));
    }
    case 'argument': {
      const args = scenario === undefined ? {} : (checkAt(spot, scenario)?.check.args ?? {});
      return free(args).map(([name, parameter]) => ({
        ...parameterOffer(name, parameter, args),
        kind: 'key',
        insert: keyed(name, setSnippet(name, parameter)),
        range,
      }));
    }
    default: {
      const keys = Object.fromEntries(keysAt(spot) ?? []);
      return free(keys).map(([name, schema]) => ({
        label: name,
        kind: 'key',
        ...(isRequired(schema) ? { detail: 'required' } : {}),
        doc: docOf(schema) ?? '',
        insert: keyed(name, keySnippet(name, schema, inFlow)),
        range,
        ...(hasColon || !hasChoices(name) ? {} : { more: true }),
      }));
    }
  }
}

/** Keys after which something can be chosen. */
const hasChoices = (key: string): boolean =>
  [
    'scenario',
    'kind',
    'use',
    'view',
    'module',
    'policy',
    'document',
    'controls',
    'metrics',
    'answer',
  ].includes(key);

const setSnippet = (name: string, parameter: Parameter): string =>
  typeof parameter.default === 'function'
    ? `${name}: $1`
    : `${name}: \${1:${literal(String(parameter.default))}}`;

function varySnippet(name: string, parameter: Parameter): string {
  if (parameter.kind === 'choice')
    return `${name}: { choose: [${literal(Object.keys(parameter.values).join(', '))}] \\}`;
  if (parameter.kind === 'flag') return `${name}: { choose: [true, false] \\}`;
  const usual = typeof parameter.default === 'number' ? parameter.default : parameter.min;
  const from = Math.max(parameter.min, usual / 2);
  const to = Math.min(parameter.max, usual * 2);
  return parameter.kind === 'count'
    ? `${name}: { int: [\${1:${Math.ceil(from)}}, \${2:${Math.floor(to)}}] \\}`
    : `${name}: { choose: [\${1:${from}, ${usual}, ${to}}] \\}`;
}

const parameterOffer = (
  name: string,
  parameter: Parameter,
  schema: ParameterSchema,
): Omit<Offer, 'insert'> => ({
  label: name,
  kind: 'name',
  detail: rangeText(parameter, schema),
  doc: parameterText(name, parameter, schema),
});

function completeValue(
  path: string,
  spot: Spot,
  offset: number,
  context: CompletionContext,
): readonly Completion[] {
  const { scenarios, pack, paths } = context;
  const scenario = scenarioAt(spot, scenarios);
  const here = (offers: readonly Offer[]): readonly Completion[] =>
    offers.map((offer) => ({ ...offer, range: spot.range }));
  switch (meaningOf(spot)) {
    case 'scenario':
      return here(Object.values(scenarios).map(scenarioOffer));
    case 'parameter':
      return here(parameterNames(unlisted(scenario?.params ?? {}, spot)));
    case 'metric':
      return here(metricNames(unlisted(scenario?.metrics ?? {}, spot)));
    case 'parameter value':
      return here(valuesOf(scenario?.params[nameOfValue(spot) ?? '']));
    case 'argument value': {
      const check = scenario === undefined ? undefined : checkAt(spot, scenario)?.check;
      const argument = check?.args[nameOfValue(spot) ?? ''];
      const values = valuesOf(argument);
      return values.length > 0 || scenario === undefined
        ? here(values)
        : expressionNames(spot, offset, { params: scenario.params, metrics: {} });
    }
    case 'view':
      return here((scenario === undefined ? [] : viewsOf(scenario)).map(plain));
    case 'check':
      return here(
        Object.entries(scenario === undefined ? {} : checksOf(scenario)).map(([name, check]) => ({
          label: name,
          kind: 'value',
          detail: check.title,
          doc: checkText(name, check),
          insert: literal(name),
        })),
      );
    case 'check id': {
      const checks = dataAt(spot.data, ['checks']);
      const ids = (Array.isArray(checks) ? checks : []).map((check: unknown) => dataAt(check, ['id']));
      const earlier = spot.path.includes('after') ? ids.slice(0, Number(spot.path[1])) : ids;
      return here(earlier.filter((id): id is string => typeof id === 'string').map(plain));
    }
    case 'policy':
      return here(
        unique(
          scenariosOfTask(spot.data, scenarios).flatMap(({ policies }) => Object.values(policies)),
          'id',
        ).map((policy) => ({ ...plain(policy.id), detail: policy.typeName, doc: policyText(policy) })),
      );
    case 'document':
      return here(
        scenariosOfTask(spot.data, scenarios).flatMap(({ documents }) =>
          Object.entries(documents).map(([name, { file, doc }]) => ({ ...plain(name), detail: file, doc })),
        ),
      );
    case 'expression':
      return scenario === undefined ? [] : expressionNames(spot, offset, scenario);
    case 'text':
      return scenario === undefined ? [] : textNames(spot, offset, scenario.params);
    case 'task id':
      return here(tasksToOpen(path, context).map(plain));
    case 'module':
      return here(pack.modules.map(({ id, title }) => ({ ...plain(id), detail: title })));
    case 'lesson folder': {
      const listed = dataAt(spot.data, ['lessons']);
      const folders = paths.flatMap((file) => /^([^/]+)\/lesson\.md$/.exec(file)?.[1] ?? []);
      return here(folders.filter((folder) => !(Array.isArray(listed) && listed.includes(folder))).map(plain));
    }
    case 'file': {
      const folder = path.slice(0, -'task.yaml'.length);
      const names = paths.flatMap((file) => (file.startsWith(folder) ? [file.slice(folder.length)] : []));
      return here(
        names.filter((name) => name !== 'task.yaml').map((name) => ({ ...plain(name), kind: 'file' })),
      );
    }
    case 'argument':
      return [];
    case 'word': {
      const schema = schemaAt(schemaOf(spot.region.kind), spot.path, spot.data);
      const kinds = new Map(spot.path.join() === 'kind' ? kindsOf(schemaOf(spot.region.kind)) : []);
      if (kinds.size > 0) return here([...kinds].map(([name, doc]) => ({ ...plain(name), doc })));
      return here((schema === undefined ? [] : wordsOf(schema)).map(plain));
    }
  }
}

const plain = (name: string): Offer => ({ label: name, kind: 'value', insert: literal(name) });

const scenarioOffer = (scenario: Scenario): Offer => ({
  ...plain(scenario.id),
  detail: scenario.title,
  doc: scenarioText(scenario),
});

const parameterNames = (params: ParameterSchema): readonly Offer[] =>
  Object.entries(params).map(([name, parameter]) => ({
    ...parameterOffer(name, parameter, params),
    insert: literal(name),
  }));

const metricNames = (metrics: Scenario['metrics']): readonly Offer[] =>
  Object.entries(metrics).map(([name, metric]) => ({
    label: name,
    kind: 'name',
    detail: metric.label,
    doc: metricText(name, metric),
    insert: literal(name),
  }));

/** Names that the list around a spot does not have yet. */
function unlisted<T>(names: Readonly<Record<string, T>>, { path, data }: Spot): Readonly<Record<string, T>> {
  const list = typeof path.at(-1) === 'number' ? dataAt(data, path.slice(0, -1)) : [];
  const listed: readonly unknown[] = Array.isArray(list) ? list : [];
  return Object.fromEntries(Object.entries(names).filter(([name]) => !listed.includes(name)));
}

function valuesOf(parameter: Parameter | undefined): readonly Offer[] {
  if (parameter?.kind === 'choice')
    return Object.entries<string>(parameter.values).map(([value, doc]) => ({ ...plain(value), doc }));
  return parameter?.kind === 'flag' ? [plain('true'), plain('false')] : [];
}

/** Names of an expression; the part of it before the cursor says which. */
function expressionNames(
  { before }: Spot,
  offset: number,
  { params, metrics }: Pick<Scenario, 'params' | 'metrics'>,
): readonly Completion[] {
  const metric = /\bmetrics\.(\w*)$/.exec(before);
  const word = metric?.[1] ?? /[A-Za-z_]\w*$/.exec(before)?.[0] ?? '';
  const range = { start: offset - word.length, end: offset };
  const at = (offers: readonly Offer[]): readonly Completion[] =>
    offers.map((offer) => ({ ...offer, range }));
  if (metric !== null) return at(metricNames(metrics));
  return at([
    ...parameterNames(params),
    ...(Object.keys(metrics).length === 0
      ? []
      : [{ ...plain('metrics'), doc: 'The metrics of the run.', insert: 'metrics.', more: true as const }]),
    ...expressionFunctions.map((name) => ({ ...plain(name), insert: `${name}($1)` })),
  ]);
}

/** Names behind an open brace of a text; `{{` is a brace that stands for itself. */
function textNames(
  { before, written }: Spot,
  offset: number,
  params: ParameterSchema,
): readonly Completion[] {
  const open = /(?<!\{)\{(\w*)$/.exec(before);
  if (open === null) return [];
  const word = open[1]!;
  const close = written.startsWith('}', before.length) ? '' : '\\}';
  return [...parameterNames(params), { ...plain('answer'), doc: 'The key, in `explain`.' }].map((offer) => ({
    ...offer,
    insert: `${offer.insert}${close}`,
    range: { start: offset - word.length, end: offset },
  }));
}

/** Tasks in the lesson's folder; those that it does not open yet come first. */
function tasksToOpen(path: string, { pack, paths }: CompletionContext): readonly string[] {
  const folder = path.slice(0, -'lesson.md'.length);
  const found = paths.flatMap((file) =>
    file.startsWith(`${folder}tasks/`)
      ? (/^([^/]+)\/task\.yaml$/.exec(file.slice(`${folder}tasks/`.length))?.[1] ?? [])
      : [],
  );
  const lesson = pack.lessons.find((each) => each.path === path);
  const opened = new Set(lesson?.parts.flatMap((part) => (part.kind === 'task' ? [part.id] : [])));
  return found.toSorted((a, b) => Number(opened.has(a)) - Number(opened.has(b)));
}

function unique<T>(items: readonly T[], key: keyof T): readonly T[] {
  return [...new Map(items.map((item) => [item[key], item])).values()];
}
