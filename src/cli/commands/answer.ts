import { withoutEmphasis } from '../../course/plainText.ts';
import {
  judge,
  textValues,
  type Answerable,
  type Response,
  type TextValues,
} from '../../course/answering.ts';
import { presentedOrder } from '../../course/ordering.ts';
import { numberText } from '../../course/quantities.ts';
import { withValues } from '../../course/textValues.ts';
import { scenarios } from '../../engine/scenarios.ts';
import { exitCode, formatOption, seedOption, textOption, UsageError, type Command } from '../command.ts';
import { exerciseNamed, localeNamed, localeOption, packAround, packAroundOption } from '../packArgument.ts';
import { sameOptions } from '../sameOptions.ts';
import { nearestWorkSettings } from '../workFolder.ts';

export const answer: Command = {
  name: 'answer',
  usage: '<question> [value] [--seed N] [--format text|json] [--locale de] [--pack folder]',
  summary: 'Show a question, or judge one answer: a number, or letters of options such as a or b,d.',
  operands: 2,
  options: {
    seed: {
      doc: "The learner's seed. Default: that of the nearest trapframe.json, else the homework's own values.",
    },
    format: { doc: 'text (default) or json.' },
    locale: localeOption,
    pack: packAroundOption,
  },
  async run(args, terminal) {
    const format = formatOption(args, ['text', 'json']);
    const [id, value] = args.operands;
    const { pack } = await packAround(textOption(args, 'pack'), terminal, false, localeNamed(args));
    const { exercise } = exerciseNamed(pack, id, ['question', 'prediction', 'critique'], 'question');
    const seed = seedOption(args) ?? (await nearestWorkSettings(terminal.cwd))?.seed;
    const again = (example: string): string =>
      `trapframe answer ${exercise.id} ${example}${sameOptions(args, ['seed', 'locale', 'pack'])}`;
    if (value === undefined) {
      const question = asked(exercise, seed, format);
      terminal.out(
        format === 'json'
          ? question
          : `${withoutEmphasis(question)}\n\nAnswer it with: ${again(exampleOf(exercise))}`,
      );
      return exitCode.holds;
    }
    const judgement = judge(exercise, responseFrom(exercise, value, seed, again), seed, scenarios);
    if (judgement.kind !== 'judged') throw new UsageError(judgement.message);
    const say = (text: string): string => withValues(text, (name) => sayValue(judgement.values, name));
    if (format === 'json') {
      const { right, points } = judgement;
      const feedback = say(judgement.feedback);
      terminal.out(JSON.stringify({ question: exercise.id, right, points, feedback }, undefined, 2));
    } else {
      terminal.out(judgement.right ? 'right' : 'not right');
      if (judgement.feedback !== '') terminal.out(withoutEmphasis(say(judgement.feedback)));
      for (const option of judgement.optionFeedback ?? []) terminal.out(withoutEmphasis(say(option.say)));
      if (judgement.explain !== undefined) terminal.out(withoutEmphasis(say(judgement.explain)));
    }
    return judgement.right ? exitCode.holds : exitCode.doesNotHold;
  },
};

/** The question with the learner's own numbers. */
function asked(exercise: Answerable, seed: number | undefined, format: 'text' | 'json'): string {
  const values = textValues(exercise, seed, scenarios);
  const say = (text: string): string => withValues(text, (name) => sayValue(values, name));
  const options = optionsOf(exercise, seed).map(({ text }) => say(text));
  const ask = say(exercise.ask);
  if (format === 'json') return JSON.stringify({ question: exercise.id, ask, options }, undefined, 2);
  return [
    ...(exercise.kind === 'critique' ? [`“${say(exercise.claim).trim()}”`, ''] : []),
    ask.trim(),
    ...options.map((text, index) => `  ${String.fromCharCode(97 + index)}) ${text.trim()}`),
  ].join('\n');
}

function sayValue(values: TextValues, name: string): string | undefined {
  if (!Object.hasOwn(values, name)) return undefined;
  const value = values[name]!;
  return typeof value === 'number' ? numberText(value) : String(value);
}

/** What letters stand for, in the order in which they are shown. */
function optionsOf(
  exercise: Answerable,
  seed: number | undefined,
): readonly { readonly index: number; readonly text: string }[] {
  if ('options' in exercise) return exercise.options.map(({ text }, index) => ({ index, text }));
  if (exercise.form !== 'order') return [];
  return presentedOrder(exercise, seed).map((index) => ({ index, text: exercise.items[index]!.text }));
}

function exampleOf(exercise: Answerable): string {
  const options = optionsOf(exercise, undefined).length;
  if (options === 0) return '<number>';
  const letters = Array.from({ length: options }, (_, index) => String.fromCharCode(97 + index));
  if (!('options' in exercise)) return letters.toReversed().join(',');
  return 'pick' in exercise && exercise.pick === 'several' && options > 2 ? 'a,c' : 'a';
}

/** @param again the command line that answers with an example */
function responseFrom(
  exercise: Answerable,
  value: string,
  seed: number | undefined,
  again: (example: string) => string,
): Response {
  const options = optionsOf(exercise, seed);
  if (options.length === 0) {
    return exercise.kind === 'prediction'
      ? { form: 'prediction', text: value, confidence: 50 }
      : { form: 'number', text: value };
  }
  const letters = value.toLowerCase().split(/[\s,]+/);
  const chosen = letters.map((letter) => (/^[a-z]$/.test(letter) ? letter.charCodeAt(0) - 97 : -1));
  if (chosen.some((index) => index < 0 || index >= options.length)) {
    const last = String.fromCharCode(96 + options.length);
    throw new UsageError(
      `"${value}" names no options. Write letters from a to ${last}, as in: ${again(exampleOf(exercise))}`,
    );
  }
  const indexes = chosen.map((place) => options[place]!.index);
  return 'options' in exercise ? { form: 'choice', chosen: indexes } : { form: 'order', order: indexes };
}
