import type { Response } from '../../course/answering.ts';

/** What `answers.json` of a submission says of one exercise. Learners can write anything into it. */
export interface SubmittedAnswer {
  readonly response: Response;
  /** What the file claims. */
  readonly right?: boolean;
  readonly attempts?: number;
}

export interface SubmittedAnswers {
  readonly answers: ReadonlyMap<string, SubmittedAnswer>;
  /** How many hints were taken, by exercise. */
  readonly hints: ReadonlyMap<string, number>;
  /** Ids whose answer cannot be understood. */
  readonly unreadable: readonly string[];
}

export type AnswersRead =
  { readonly ok: true; readonly value: SubmittedAnswers } | { readonly ok: false; readonly problem: string };

const longestResponse = 1000;
const mostChosen = 100;

/** Reads `answers.json`, keeping nothing that has not the form of an answer. */
export function parseAnswers(text: string): AnswersRead {
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    return { ok: false, problem: `is not JSON: ${(error as Error).message}` };
  }
  if (!isObject(value) || !isObject(value['answers']))
    return { ok: false, problem: 'has no member "answers"' };
  if (value['format'] !== 1)
    return { ok: false, problem: `has the format ${JSON.stringify(value['format'])}, but must have 1` };
  const answers = new Map<string, SubmittedAnswer>();
  const unreadable: string[] = [];
  for (const [id, recorded] of Object.entries(value['answers'])) {
    const answer = isObject(recorded) ? answerOf(recorded) : undefined;
    if (answer === undefined) unreadable.push(id);
    else answers.set(id, answer);
  }
  const hints = new Map<string, number>();
  if (isObject(value['hints'])) {
    for (const [id, count] of Object.entries(value['hints'])) if (isCount(count)) hints.set(id, count);
  }
  return { ok: true, value: { answers, hints, unreadable } };
}

function answerOf(recorded: Readonly<Record<string, unknown>>): SubmittedAnswer | undefined {
  const response = isObject(recorded['response']) ? responseOf(recorded['response']) : undefined;
  if (response === undefined) return undefined;
  const { right, attempts } = recorded;
  return {
    response,
    ...(typeof right === 'boolean' ? { right } : {}),
    ...(isCount(attempts) ? { attempts } : {}),
  };
}

function responseOf(given: Readonly<Record<string, unknown>>): Response | undefined {
  const { form, text, chosen, order, confidence } = given;
  const hasText = typeof text === 'string' && text.length <= longestResponse;
  if (form === 'number' && hasText) return { form, text };
  const sure = confidence === 50 || confidence === 70 || confidence === 90;
  if (form === 'prediction' && hasText && sure) return { form, text, confidence };
  if (form === 'order' && isIndexes(order)) return { form, order, ...(sure ? { confidence } : {}) };
  if (form === 'choice' && isIndexes(chosen)) return { form, chosen };
  return undefined;
}

const isIndexes = (value: unknown): value is readonly number[] =>
  Array.isArray(value) && value.length <= mostChosen && value.every((each) => isCount(each));

const isCount = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && value <= 1_000_000;

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
