import { t } from './messages.ts';
import type {
  ChoiceOption,
  CritiquePart,
  FigurePart,
  LessonPart,
  PredictionPart,
  QuestionPart,
  SourcePosition,
} from './model.ts';
import type { Scenario } from '../engine/kernel/scenario.ts';
import { followsEvents, viewsOf, type ViewKind } from '../engine/kernel/views.ts';
import type { ProblemList } from './problemList.ts';
import { readOrder } from './orderBlock.ts';
import { isTimeUnit, unitName } from './quantities.ts';
import { unitOfAnswer } from './runExpression.ts';
import { ReferenceReader } from './references.ts';
import { readWith } from './schemaReader.ts';
import {
  critiqueSchema,
  figureSchema,
  predictionSchema,
  questionSchema,
  type CritiqueInput,
  type PredictionInput,
  type QuestionInput,
} from './schemas.ts';
import { scenarioOf, type ScenarioTable } from './variants.ts';
import type { YamlPath, YamlSource } from './yamlSource.ts';

/** Readers of the blocks that stand in the lesson itself. Each reports problems and then returns undefined. */
export interface BlockInput {
  readonly source: YamlSource;
  /** The opening fence. */
  readonly at: SourcePosition;
  readonly problems: ProblemList;
  readonly scenarios: ScenarioTable;
}

export function readFigure(input: BlockInput, ordinal: number): FigurePart | undefined {
  const data = readWith(figureSchema, input.source, input.problems);
  if (data === undefined) return undefined;
  const references = new ReferenceReader(input.source, input.problems, input.scenarios);
  const scenario = references.scenario(['scenario'], data.scenario);
  if (scenario !== undefined) {
    references.names(['controls'], data.controls ?? [], Object.keys(scenario.params), 'parameter');
    references.names(['metrics'], data.metrics ?? [], Object.keys(scenario.metrics), 'metric');
    references.values(['set'], data.set ?? {}, scenario.params, 'parameter');
    references.values(['compare'], data.compare ?? {}, scenario.params, 'parameter');
    checkView(input, data.view, scenario);
    if (data.start !== undefined) checkStart(input, data.view, scenario);
  }
  return {
    kind: 'figure',
    id: data.id ?? `figure-${ordinal}`,
    scenario: data.scenario,
    ...(data.title === undefined ? {} : { title: data.title }),
    ...(data.caption === undefined ? {} : { caption: data.caption }),
    ...(data.view === undefined ? {} : { view: data.view }),
    ...(data.compare === undefined ? {} : { compare: data.compare }),
    controls: data.controls ?? [],
    set: data.set ?? {},
    metrics: data.metrics ?? [],
    ...(data.start === undefined ? {} : { start: data.start }),
    at: input.at,
  };
}

const titled = ({ title }: { readonly title?: string | undefined }): { readonly title?: string } =>
  title === undefined ? {} : { title };

type QuestionCommon = Pick<
  QuestionPart,
  'kind' | 'id' | 'title' | 'ask' | 'explain' | 'hints' | 'points' | 'at'
>;

/** A scenario has some kinds of views. */
function checkView({ source, problems }: BlockInput, view: ViewKind | undefined, scenario: Scenario): void {
  const known = viewsOf(scenario);
  if (view === undefined || known.includes(view)) return;
  problems.error(
    source.positionOf(['view']),
    `${scenario.id} has no view "${view}".`,
    known.length === 0 ? 'It has none at all: leave "view" out.' : `It has: ${known.join(', ')}.`,
  );
}

/** Only what is stepped through starts somewhere. */
function checkStart({ source, problems }: BlockInput, given: ViewKind | undefined, scenario: Scenario): void {
  const view = given ?? viewsOf(scenario)[0];
  if (view !== undefined && followsEvents(view)) return;
  problems.error(
    source.positionOf(['start']),
    view === undefined
      ? `${scenario.id} has no view that could start somewhere.`
      : `The view "${view}" shows the whole run at once, so there is nothing to start at.`,
    'Leave "start" out, or choose a view that is stepped through: graph, listing or state.',
  );
}

function checkViewOf(input: BlockInput, view: ViewKind | undefined, id: string): void {
  const scenario = scenarioOf(input.scenarios, id);
  if (scenario !== undefined) checkView(input, view, scenario);
}

export function readQuestion(input: BlockInput): QuestionPart | undefined {
  const data = readWith(questionSchema, input.source, input.problems);
  if (data === undefined) return undefined;
  const common = {
    kind: 'question',
    id: data.id,
    ...titled(data),
    ask: data.ask,
    explain: data.explain ?? '',
    hints: data.hints ?? [],
    points: data.points ?? 1,
    at: input.at,
  } as const;
  if (data.kind === 'number') return readNumberQuestion(input, data, common);
  if (data.kind === 'order') return readOrderQuestion(input, data, common);
  checkRightOptions(input, data.options, data.kind === 'one');
  warnOfUnfilled(input, data);
  return { ...common, form: 'choice', pick: data.kind, options: data.options.map(readOption) };
}

function readNumberQuestion(
  input: BlockInput,
  data: Extract<QuestionInput, { kind: 'number' }>,
  common: QuestionCommon,
): QuestionPart | undefined {
  const references = new ReferenceReader(input.source, input.problems, input.scenarios);
  const run = readRun(references, data);
  if (run === undefined) return undefined;
  const { scenario, values } = run;
  references.text(['ask'], data.ask, values);
  references.text(['explain'], data.explain, [...values, 'answer']);
  data.hints?.forEach((hint, index) => references.text(['hints', index], hint, values));
  return {
    ...common,
    form: 'number',
    ...run.fields,
    ...(data.closedForm === undefined
      ? {}
      : { closedForm: references.expression(['closedForm'], data.closedForm, scenario) }),
    misconceptions: (data.misconceptions ?? []).map((misconception, index) => {
      const path: YamlPath = ['misconceptions', index];
      references.text([...path, 'say'], misconception.say, values);
      return {
        value: references.expression([...path, 'value'], misconception.value, scenario),
        say: misconception.say,
      };
    }),
  };
}

function readOrderQuestion(
  input: BlockInput,
  data: Extract<QuestionInput, { kind: 'order' }>,
  common: QuestionCommon,
): QuestionPart | undefined {
  const references = new ReferenceReader(input.source, input.problems, input.scenarios);
  const fields = readOrder(references, data);
  if (fields === undefined) return undefined;
  const values = valuesOf(input, fields.scenario);
  references.text(['ask'], data.ask, values);
  references.text(['explain'], data.explain, values);
  data.hints?.forEach((hint, index) => references.text(['hints', index], hint, values));
  data.misconceptions?.forEach(({ say }, index) =>
    references.text(['misconceptions', index, 'say'], say, values),
  );
  return { ...common, ...fields };
}

/** What `{name}` may stand for in texts of an exercise. */
function valuesOf({ scenarios }: BlockInput, scenario: string | undefined): readonly string[] {
  const found = scenario === undefined ? undefined : scenarioOf(scenarios, scenario);
  return found === undefined ? [] : Object.keys(found.params);
}

export function readPrediction(input: BlockInput): PredictionPart | undefined {
  const data = readWith(predictionSchema, input.source, input.problems);
  if (data === undefined) return undefined;
  const references = new ReferenceReader(input.source, input.problems, input.scenarios);
  const common = {
    kind: 'prediction',
    id: data.id,
    ...titled(data),
    ask: data.ask,
    ...(data.view === undefined ? {} : { view: data.view }),
    explain: data.explain ?? '',
    points: data.points ?? 1,
    at: input.at,
  } as const;
  misplacedKeys(input, data);
  if (data.kind === 'order') {
    if (data.items === undefined) {
      input.problems.error(input.at, 'An order needs "items".', 'Add what is to be ranked.');
      return undefined;
    }
    const fields = readOrder(references, { ...data, items: data.items });
    if (fields?.scenario === undefined) return undefined;
    const values = valuesOf(input, fields.scenario);
    references.text(['ask'], data.ask, values);
    references.text(['explain'], data.explain, values);
    checkViewOf(input, data.view, fields.scenario);
    return { ...common, ...fields, scenario: fields.scenario };
  }
  if (data.answer === undefined) {
    input.problems.error(input.at, 'The prediction has no answer.', 'Add "answer: metrics.…".');
    return undefined;
  }
  const run = readRun(references, { ...data, answer: data.answer });
  if (run === undefined) return undefined;
  references.text(['ask'], data.ask, run.values);
  references.text(['explain'], data.explain, [...run.values, 'answer']);
  if (data.axis !== undefined) checkAxis(input, data.axis, run.fields.unit);
  checkView(input, data.view, run.scenario);
  return {
    ...common,
    form: 'number',
    ...run.fields,
    ...(data.axis === undefined ? {} : { axis: data.axis }),
  };
}

const numberKeys = ['tolerance', 'axis'] as const;
const orderKeys = ['items', 'first'] as const;

/** Keys of the other kind of prediction. */
function misplacedKeys({ source, problems }: BlockInput, data: PredictionInput): void {
  const [others, kind] = data.kind === 'order' ? [numberKeys, 'number'] : [orderKeys, 'order'];
  for (const key of others) {
    if (data[key] === undefined) continue;
    problems.error(
      source.positionOfKey([key]),
      `"${key}" belongs to a prediction of kind ${kind}.`,
      `Write "kind: ${kind}", or leave it out.`,
    );
  }
}

function checkAxis(
  { source, problems }: BlockInput,
  [from, to]: readonly [number, number],
  unit: string,
): void {
  const at = source.positionOf(['axis']);
  if (from >= to)
    problems.error(at, `The axis goes from ${from} to ${to}.`, 'Write a start, and an end that is later.');
  if (!isTimeUnit(unit)) {
    problems.error(
      at,
      unit === ''
        ? 'Only a time can be marked on a time axis, and this prediction has no unit.'
        : `Only a time can be marked on a time axis, and this prediction is in ${unit}.`,
      'Leave "axis" out, or give a unit of time: ns, µs, ms or s.',
    );
  }
}

export function readCritique(input: BlockInput): CritiquePart | undefined {
  const data = readWith(critiqueSchema, input.source, input.problems);
  if (data === undefined) return undefined;
  checkRightOptions(input, data.options, true);
  warnOfUnfilled(input, data);
  return {
    kind: 'critique',
    id: data.id,
    ...titled(data),
    claim: data.claim,
    ask: data.ask ?? t('What is wrong with this answer?'),
    options: data.options.map(readOption),
    explain: data.explain ?? '',
    points: data.points ?? 1,
    at: input.at,
  };
}

type RunInput = Pick<
  Extract<QuestionInput, { kind: 'number' }>,
  'scenario' | 'set' | 'vary' | 'answer' | 'unit' | 'tolerance'
>;

/** What questions and predictions over a run have in common. */
function readRun(references: ReferenceReader, data: RunInput) {
  const scenario = references.scenario(['scenario'], data.scenario);
  if (scenario === undefined) return undefined;
  const set = data.set ?? {};
  references.values(['set'], set, scenario.params, 'parameter');
  const answer = references.expression(['answer'], data.answer, scenario);
  const fields = {
    scenario: data.scenario,
    set,
    vary: references.vary(['vary'], data.vary ?? {}, set, scenario.params),
    answer,
    unit: data.unit === undefined ? unitOfAnswer([answer.text], scenario) : unitName(data.unit),
    tolerance: data.tolerance ?? 0,
  };
  return { scenario, values: Object.keys(scenario.params), fields };
}

const readOption = (option: { text: string; right?: boolean | undefined; say: string }): ChoiceOption => ({
  text: option.text,
  right: option.right ?? false,
  say: option.say,
});

/** An exercise without a run has no values that could be filled in. */
function warnOfUnfilled(
  input: BlockInput,
  data: CritiqueInput | Extract<QuestionInput, { kind: 'one' | 'several' }>,
): void {
  const { ask, explain, options } = data;
  const references = new ReferenceReader(input.source, input.problems, input.scenarios);
  references.unfilled(['ask'], ask);
  references.unfilled(['explain'], explain);
  if ('claim' in data) references.unfilled(['claim'], data.claim);
  else data.hints?.forEach((hint, index) => references.unfilled(['hints', index], hint));
  options.forEach(({ text, say }, index) => {
    references.unfilled(['options', index, 'text'], text);
    references.unfilled(['options', index, 'say'], say);
  });
}

function checkRightOptions(
  input: BlockInput,
  options: readonly { right?: boolean | undefined }[],
  pickOne: boolean,
): void {
  const right = options.flatMap((option, index) => (option.right === true ? [index] : []));
  const { problems, source } = input;
  if (right.length === 0) {
    problems.error(
      source.positionOf(['options']),
      'No option is right.',
      'Add "right: true" to the right one.',
    );
  } else if (pickOne && right.length > 1) {
    const at = source.positionOfKey(['options', right[1]!, 'right']);
    problems.error(
      at,
      `${right.length} options are right, but only one can be chosen.`,
      'Keep one, or write a question of "kind: several".',
    );
  }
}

/** Exercises have ids; figures and prose are not answered. */
export const exerciseId = (part: LessonPart): string | undefined =>
  part.kind === 'prose' || part.kind === 'figure' ? undefined : part.id;
