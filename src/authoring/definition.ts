import type { Pack } from '../course/model.ts';
import { headingAnchor } from '../course/markdownOutline.ts';
import { authorFileAt } from './authorFile.ts';
import { linkAt, type LessonLink } from './links.ts';
import { checkAt, meaningOf, nameOfValue, scenarioAt, scenariosOfTask } from './meaning.ts';
import { placesIn, spotPointedAt, type Spot } from './spot.ts';
import type { TextRange } from './textRange.ts';
import { wordAround } from './wordAround.ts';
import { yamlRegions } from './yamlRegion.ts';
import type { ScenarioTable } from '../course/variants.ts';

/** Where something is said. */
export type Definition =
  | { readonly kind: 'file'; readonly path: string; readonly range: TextRange }
  /** A page of the reference, of a scenario or a block, and the name on it. */
  | { readonly kind: 'reference'; readonly page: string; readonly name?: string };

export interface DefinitionContext {
  readonly pack: Pack;
  readonly scenarios: ScenarioTable;
  readonly paths: readonly string[];
  readonly textOf: (path: string) => Promise<string | undefined>;
}

/** Where the thing at a place is defined, and the text that names it. */
export interface Defined {
  readonly from: TextRange;
  readonly to: Definition;
}

export async function definition(
  path: string,
  text: string,
  offset: number,
  context: DefinitionContext,
): Promise<Defined | undefined> {
  const fence = yamlRegions(path, text).find(
    ({ word }) => word !== undefined && offset >= word.start && offset <= word.end,
  );
  if (fence !== undefined) return { from: fence.word!, to: { kind: 'reference', page: fence.kind } };
  const link = linkAt(path, text, offset);
  if (link !== undefined) {
    const to = await linkTarget(path, link, context);
    return to === undefined ? undefined : { from: link.range, to };
  }
  const spot = spotPointedAt(path, text, offset);
  return spot === undefined ? undefined : ofSpot(path, text, offset, spot, context);
}

const start: TextRange = { start: 0, end: 0 };

async function linkTarget(
  path: string,
  { lesson, anchor, file }: LessonLink,
  { pack, paths, textOf }: DefinitionContext,
): Promise<Definition | undefined> {
  if (file !== undefined) {
    const found = resolved(path, file);
    return paths.includes(found) ? { kind: 'file', path: found, range: start } : undefined;
  }
  const target =
    lesson === undefined
      ? anchor === undefined
        ? undefined
        : lessonOf(path)
      : pack.lessons.find(({ id }) => id === lesson)?.path;
  if (target === undefined) return undefined;
  const text = (await textOf(target)) ?? '';
  const heading =
    anchor === undefined
      ? undefined
      : [...text.matchAll(/^#{1,6} +(.+?) *#*\r?$/gm)].find(([, words]) => headingAnchor(words!) === anchor);
  const range =
    heading === undefined
      ? start
      : { start: heading.index, end: heading.index + heading[0].trimEnd().length };
  return { kind: 'file', path: target, range };
}

/** The lesson of a file: the lesson itself, or that of a task. */
const lessonOf = (path: string): string => `${path.split('/')[0]}/lesson.md`;

function resolved(from: string, relative: string): string {
  const steps = from.split('/').slice(0, -1);
  for (const step of relative.split('/')) {
    if (step === '..') steps.pop();
    else if (step !== '.' && step !== '') steps.push(step);
  }
  return steps.join('/');
}

async function ofSpot(
  path: string,
  text: string,
  offset: number,
  spot: Spot,
  context: DefinitionContext,
): Promise<Defined | undefined> {
  const { scenarios, paths } = context;
  const { written } = spot;
  const scenario = scenarioAt(spot, scenarios);
  const at = (to: Definition | undefined, from = spot.range): Defined | undefined =>
    to === undefined ? undefined : { from, to };
  const named = (name: string | undefined): Definition | undefined =>
    scenario === undefined || name === undefined ? undefined : { kind: 'reference', page: scenario.id, name };
  const file = (target: string): Definition | undefined =>
    paths.includes(target) ? { kind: 'file', path: target, range: start } : undefined;
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  switch (meaningOf(spot)) {
    case 'scenario':
      return Object.hasOwn(scenarios, written) ? at({ kind: 'reference', page: written }) : undefined;
    case 'parameter':
    case 'metric':
    case 'check':
    case 'view':
      return at(named(written));
    case 'parameter value':
      return at(named(nameOfValue(spot)));
    case 'argument':
      return scenario === undefined ? undefined : at(named(checkAt(spot, scenario)?.name));
    case 'argument value':
    case 'expression':
    case 'text': {
      const word = wordAround(text, offset, spot.range);
      const name = word === undefined ? undefined : text.slice(word.start, word.end);
      const known =
        scenario !== undefined &&
        name !== undefined &&
        (Object.hasOwn(scenario.params, name) || Object.hasOwn(scenario.metrics, name));
      return known ? at(named(name), word) : undefined;
    }
    case 'policy':
    case 'document': {
      const owner = scenariosOfTask(spot.data, scenarios).find(
        ({ policies, documents }) => Object.hasOwn(policies, written) || Object.hasOwn(documents, written),
      );
      return at(owner === undefined ? undefined : { kind: 'reference', page: owner.id, name: written });
    }
    case 'check id':
      return at(idIn(path, text, 'checks', written));
    case 'task id': {
      const task = `${folder}tasks/${written}/task.yaml`;
      return at(file(task));
    }
    case 'module':
      return at(await moduleOf(written, context));
    case 'lesson folder':
      return at(file(`${written}/lesson.md`));
    case 'file':
      return at(file(`${folder}${written}`));
    case 'word': {
      if (authorFileAt(path)?.kind !== 'task' || spot.role !== 'value') return undefined;
      if (spot.path.join() === 'id') return at(await blockOf(written, lessonOf(path), context));
      return spot.path.join() === 'file' ? at(file(`${folder}starter/${written}`)) : undefined;
    }
  }
}

/** The entry of a list of a file whose `id` is this. */
function idIn(path: string, text: string, list: string, id: string): Definition | undefined {
  const place = yamlRegions(path, text)
    .flatMap(placesIn)
    .find(
      ({ role, path: at, written }) =>
        role === 'value' && at.length === 3 && at[0] === list && at[2] === 'id' && written === id,
    );
  return place === undefined ? undefined : { kind: 'file', path, range: place.range };
}

async function moduleOf(id: string, { textOf }: DefinitionContext): Promise<Definition | undefined> {
  const text = await textOf('pack.yaml');
  return text === undefined ? undefined : idIn('pack.yaml', text, 'modules', id);
}

/** The block of a lesson that opens a task. */
async function blockOf(
  task: string,
  lesson: string,
  { textOf }: DefinitionContext,
): Promise<Definition | undefined> {
  const text = (await textOf(lesson)) ?? '';
  const place = yamlRegions(lesson, text)
    .filter(({ kind }) => kind === 'task')
    .flatMap(placesIn)
    .find(({ role, written }) => role === 'value' && written === task);
  return place === undefined ? undefined : { kind: 'file', path: lesson, range: place.range };
}
