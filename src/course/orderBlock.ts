import type { OrderItem, OrderMisconception, OrderQuestion } from './model.ts';
import { isWholeOrder } from './ordering.ts';
import type { ReferenceReader } from './references.ts';
import { unitName } from './quantities.ts';
import { unitOfAnswer } from './runExpression.ts';
import type { QuestionInput } from './schemas.ts';
import type { YamlPath } from './yamlSource.ts';

type OrderQuestionInput = Extract<QuestionInput, { kind: 'order' }>;
type OrderInput = Pick<
  OrderQuestionInput,
  'items' | 'first' | 'scenario' | 'set' | 'vary' | 'answer' | 'unit' | 'misconceptions'
>;
type OrderFields = Pick<
  OrderQuestion,
  'form' | 'items' | 'scenario' | 'set' | 'vary' | 'first' | 'unit' | 'misconceptions'
>;

/** What questions and predictions of kind `order` have in common; undefined when the scenario does not exist. */
export function readOrder(references: ReferenceReader, data: OrderInput): OrderFields | undefined {
  const { problems, source } = references;
  const misconceptions = readMisconceptions(references, data);
  const texts = data.items.map((item) => item.text.trim());
  texts.forEach((text, index) => {
    if (texts.indexOf(text) < index)
      problems.error(source.positionOf(['items', index, 'text']), `There are two items "${text}".`);
  });
  if (data.scenario === undefined) {
    const needs = [
      ...(['answer', 'set', 'vary', 'first', 'unit'] as const)
        .filter((key) => data[key] !== undefined)
        .map((key): YamlPath => [key]),
      ...data.items.flatMap((item, index) =>
        (['set', 'value'] as const)
          .filter((key) => item[key] !== undefined)
          .map((key): YamlPath => ['items', index, key]),
      ),
    ];
    for (const path of needs)
      problems.error(
        source.positionOfKey(path),
        `"${String(path.at(-1))}" needs a scenario.`,
        'Add "scenario: …", or leave it out: then the order of the items is the right one.',
      );
    const items = data.items.map(({ text }): OrderItem => ({ text, set: {} }));
    return { form: 'order', items, set: {}, vary: {}, first: 'lowest', unit: '', misconceptions };
  }
  const scenario = references.scenario(['scenario'], data.scenario);
  if (scenario === undefined) return undefined;
  const set = data.set ?? {};
  references.values(['set'], set, scenario.params, 'parameter');
  const every =
    data.answer === undefined ? undefined : references.expression(['answer'], data.answer, scenario);
  const items = data.items.flatMap((item, index): readonly OrderItem[] => {
    const path: YamlPath = ['items', index];
    references.values([...path, 'set'], item.set ?? {}, scenario.params, 'parameter');
    const value =
      item.value === undefined ? every : references.expression([...path, 'value'], item.value, scenario);
    if (value !== undefined) return [{ text: item.text, set: item.set ?? {}, value }];
    problems.error(
      source.positionOf(path),
      'This item has nothing that it is ranked by.',
      'Add "value: …" to it, or "answer: …" for all.',
    );
    return [];
  });
  return {
    form: 'order',
    items,
    scenario: data.scenario,
    set,
    vary: references.vary(['vary'], data.vary ?? {}, set, scenario.params),
    first: data.first ?? 'lowest',
    unit:
      data.unit === undefined
        ? unitOfAnswer(
            items.map(({ value }) => value!.text),
            scenario,
          )
        : unitName(data.unit),
    misconceptions,
  };
}

/** Authors count items from 1. */
function readMisconceptions(
  { problems, source }: ReferenceReader,
  data: OrderInput,
): readonly OrderMisconception[] {
  return (data.misconceptions ?? []).flatMap(({ order, say }, index): readonly OrderMisconception[] => {
    const items = order.map((number) => number - 1);
    const at = source.positionOf(['misconceptions', index, 'order']);
    const count = data.items.length;
    if (!isWholeOrder(items, count)) {
      problems.error(
        at,
        `[${order.join(', ')}] is no order of the ${count} items.`,
        `Write each number from 1 to ${count} once.`,
      );
      return [];
    }
    if (data.scenario === undefined && items.every((item, place) => item === place)) {
      problems.error(at, 'This is the right order, the one in which the items stand.');
      return [];
    }
    return [{ order: items, say }];
  });
}
