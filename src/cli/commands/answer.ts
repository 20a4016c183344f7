import {
  judge,
  textValues,
  type Answerable,
  type Response,
  type TextValues,
} from '../../course/answering.ts';
import { numberText } from '../../course/quantities.ts';
import { withValues } from '../../course/textValues.ts';
import { scenarios } from '../../engine/scenarios.ts';
import { exitCode, formatOption, seedOption, textOption, UsageError, type Command } from '../command.ts';
import { exerciseNamed, packAt, packOption } from '../packArgument.ts';
import { nearestWorkSettings } from '../workFolder.ts';

export const answer: Command = {
  name: 'answer',
  usage: '<question> [value] [--seed N] [--format text|json] [--pack folder]',
  summary: 'Show a question, or judge one answer: a number, or the letters of options such as a or b,d.',
  operands: 2,
  options: {
    seed: {
      doc: "The learner's seed. Default: that of the nearest trapframe.json, else the homework's own values.",
    },
    format: { doc: 'text (default) or json.' },
    pack: packOption,
  },
  async run(args, terminal) {
    const format = formatOption(args, ['text', 'json']);
    const [id, value] = args.operands;
    const { pack } = await packAt(textOption(args, 'pack'), terminal.cwd, false);
    const { exercise } = exerciseNamed(pack, id, ['question', 'prediction', 'critique'], 'question');
    const seed = seedOption(args) ?? (await nearestWorkSettings(terminal.cwd))?.seed;
    if (value === undefined) {
      terminal.out(asked(exercise, seed, format));
      return exitCode.holds;
    }
    const judgement = judge(exercise, responseFrom(exercise, value), seed, scenarios);
    if (judgement.kind !== 'judged') throw new UsageError(judgement.message);
    const say = (text: string): string => withValues(text, (name) => sayValue(judgement.values, name));
    if (format === 'json') {
      const { right, points } = judgement;
      const feedback = say(judgement.feedback);
      terminal.out(JSON.stringify({ question: exercise.id, right, points, feedback }, undefined, 2));
    } else {
      terminal.out(judgement.right ? 'right' : 'not right');
      if (judgement.feedback !== '') terminal.out(say(judgement.feedback));
      for (const option of judgement.optionFeedback ?? []) terminal.out(say(option.say));
      if (judgement.explain !== undefined) terminal.out(say(judgement.explain));
    }
    return judgement.right ? exitCode.holds : exitCode.doesNotHold;
  },
};

/** The question with the learner's own numbers. */
function asked(exercise: Answerable, seed: number | undefined, format: 'text' | 'json'): string {
  const values = textValues(exercise, seed, scenarios);
  const say = (text: string): string => withValues(text, (name) => sayValue(values, name));
  const options = 'options' in exercise ? exercise.options.map(({ text }) => say(text)) : [];
  const ask = say(exercise.ask);
  if (format === 'json') return JSON.stringify({ question: exercise.id, ask, options }, undefined, 2);
  const example = options.length === 0 ? '<number>' : options.length > 2 ? 'a,c' : 'a';
  return [
    ...(exercise.kind === 'critique' ? [`“${say(exercise.claim).trim()}”`, ''] : []),
    ask.trim(),
    ...options.map((text, index) => `  ${String.fromCharCode(97 + index)}) ${text.trim()}`),
    '',
    `Answer it with: trapframe answer ${exercise.id} ${example}`,
  ].join('\n');
}

function sayValue(values: TextValues, name: string): string | undefined {
  if (!Object.hasOwn(values, name)) return undefined;
  const value = values[name]!;
  return typeof value === 'number' ? numberText(value) : String(value);
}

function responseFrom(exercise: Answerable, value: string): Response {
  if (exercise.kind === 'prediction') return { form: 'prediction', text: value, confidence: 50 };
  if (exercise.kind === 'question' && exercise.form === 'number') return { form: 'number', text: value };
  const letters = value.toLowerCase().split(/[\s,]+/);
  const chosen = letters.map((letter) => (/^[a-z]$/.test(letter) ? letter.charCodeAt(0) - 97 : -1));
  if (chosen.some((index) => index < 0 || index >= exercise.options.length)) {
    const last = String.fromCharCode(96 + exercise.options.length);
    throw new UsageError(
      `"${value}" names no options. Write letters from a to ${last}, as in: trapframe answer ${exercise.id} a,c`,
    );
  }
  return { form: 'choice', chosen };
}
