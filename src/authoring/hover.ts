import { checksOf } from '../course/checks.ts';
import type { Pack } from '../course/model.ts';
import { scenarioOf, type ScenarioTable } from '../course/variants.ts';
import type { Scenario } from '../engine/kernel/scenario.ts';
import { linkAt } from './links.ts';
import { checkAt, meaningOf, nameOfValue, scenarioAt, scenariosOfTask } from './meaning.ts';
import {
  checkText,
  lessonText,
  metricText,
  parameterText,
  policyText,
  regionText,
  scenarioText,
} from './referenceText.ts';
import { docOf, kindsOf, schemaAt, schemaOf } from './schemaShape.ts';
import { dataAt, keysAt, spotPointedAt, type Spot } from './spot.ts';
import type { TextRange } from './textRange.ts';
import { wordAround } from './wordAround.ts';
import { yamlRegions } from './yamlRegion.ts';

export interface HoverContext {
  readonly pack: Pack;
  readonly scenarios: ScenarioTable;
}

export interface HoverText {
  readonly range: TextRange;
  /** Markdown. */
  readonly text: string;
}

/** What there is to say of the thing at a place of a file. */
export function hover(
  path: string,
  text: string,
  offset: number,
  context: HoverContext,
): HoverText | undefined {
  const fence = yamlRegions(path, text).find(
    ({ word }) => word !== undefined && offset >= word.start && offset <= word.end,
  );
  if (fence !== undefined) return { range: fence.word!, text: regionText(fence.kind) };
  const spot = spotPointedAt(path, text, offset);
  if (spot === undefined) return hoverLink(path, text, offset, context);
  const said = spot.role === 'key' ? sayKey(spot, context) : undefined;
  if (said !== undefined) return { range: spot.range, text: said };
  return spot.role === 'value' ? hoverValue(path, text, offset, spot, context) : undefined;
}

function hoverLink(
  path: string,
  text: string,
  offset: number,
  { pack }: HoverContext,
): HoverText | undefined {
  const link = linkAt(path, text, offset);
  const lesson = link?.lesson === undefined ? undefined : pack.lessons.find(({ id }) => id === link.lesson);
  return link === undefined || lesson === undefined
    ? undefined
    : { range: link.range, text: lessonText(lesson) };
}

function sayKey(spot: Spot, { scenarios }: HoverContext): string | undefined {
  const scenario = scenarioAt(spot, scenarios);
  const { written } = spot;
  switch (meaningOf(spot)) {
    case 'parameter':
      return ofParameter(scenario, written);
    case 'argument': {
      const args = scenario === undefined ? undefined : checkAt(spot, scenario)?.check.args;
      return args === undefined || !Object.hasOwn(args, written)
        ? undefined
        : parameterText(written, args[written]!, args);
    }
    default: {
      const schema = keysAt(spot)?.get(written);
      const doc = schema === undefined ? undefined : docOf(schema);
      return doc === undefined ? undefined : `\`${written}\`: ${doc}`;
    }
  }
}

const ofParameter = (scenario: Scenario | undefined, name: string): string | undefined =>
  scenario === undefined || !Object.hasOwn(scenario.params, name)
    ? undefined
    : parameterText(name, scenario.params[name]!, scenario.params);

function hoverValue(
  path: string,
  text: string,
  offset: number,
  spot: Spot,
  { pack, scenarios }: HoverContext,
): HoverText | undefined {
  const scenario = scenarioAt(spot, scenarios);
  const { written, range } = spot;
  const say = (said: string | undefined): HoverText | undefined =>
    said === undefined ? undefined : { range, text: said };
  const meaning = meaningOf(spot);
  switch (meaning) {
    case 'scenario': {
      const named = scenarioOf(scenarios, written);
      return say(named === undefined ? undefined : scenarioText(named));
    }
    case 'parameter':
      return say(ofParameter(scenario, written));
    case 'metric':
      return say(ofMetric(scenario, written));
    case 'parameter value':
      return say(ofParameter(scenario, nameOfValue(spot) ?? ''));
    case 'check': {
      const checks = scenario === undefined ? {} : checksOf(scenario);
      return say(Object.hasOwn(checks, written) ? checkText(written, checks[written]!) : undefined);
    }
    case 'policy': {
      const policy = scenariosOfTask(spot.data, scenarios).map(({ policies }) => policies[written])[0];
      return say(policy === undefined ? undefined : policyText(policy));
    }
    case 'document': {
      const document = scenariosOfTask(spot.data, scenarios).map(({ documents }) => documents[written])[0];
      return say(document === undefined ? undefined : `\`${document.file}\`\n\n${document.doc}`);
    }
    case 'argument value':
    case 'expression':
    case 'text': {
      const word = wordAround(text, offset, range);
      if (word === undefined) return undefined;
      const name = text.slice(word.start, word.end);
      const isMetric = text.slice(range.start, word.start).endsWith('metrics.');
      if (meaning === 'text' && text[word.start - 1] !== '{') return undefined;
      const said = isMetric ? ofMetric(scenario, name) : ofParameter(scenario, name);
      return said === undefined ? undefined : { range: word, text: said };
    }
    case 'check id': {
      const checks = dataAt(spot.data, ['checks']);
      const found = (Array.isArray(checks) ? checks : []).find(
        (check) => dataAt(check, ['id']) === written,
      ) as unknown;
      const use = dataAt(found, ['use']);
      return say(typeof use === 'string' ? `The check \`${written}\`, which uses \`${use}\`.` : undefined);
    }
    case 'task id': {
      const lesson = pack.lessons.find((each) => each.path === path);
      const part = lesson?.parts.find((each) => each.kind === 'task' && each.id === written);
      return say(part?.kind === 'task' ? `**${part.task.title}**\n\n${part.task.brief}` : undefined);
    }
    case 'module': {
      const module = pack.modules.find(({ id }) => id === written);
      return say(module === undefined ? undefined : `**${module.title}**`);
    }
    case 'lesson folder': {
      const lesson = pack.lessons.find((each) => each.path === `${written}/lesson.md`);
      return say(lesson === undefined ? undefined : lessonText(lesson));
    }
    case 'word': {
      const kinds = new Map(spot.path.join() === 'kind' ? kindsOf(schemaOf(spot.region.kind)) : []);
      const schema = schemaAt(schemaOf(spot.region.kind), spot.path, spot.data);
      return say(kinds.get(written) ?? (schema === undefined ? undefined : docOf(schema)));
    }
    case 'view':
    case 'file':
    case 'argument':
      return undefined;
  }
}

const ofMetric = (scenario: Scenario | undefined, name: string): string | undefined =>
  scenario === undefined || !Object.hasOwn(scenario.metrics, name)
    ? undefined
    : metricText(name, scenario.metrics[name]!);
