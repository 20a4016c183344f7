import { compareText } from '../../course/problemList.ts';
import type { Learner } from './classList.ts';
import { whereIn, type SubmissionProblem } from './classReport.ts';
import { oneLine } from './csv.ts';
import type { FoundSubmission } from './findSubmissions.ts';
import { shown } from './readSubmission.ts';

/** A learner of the class and the submission that counts. */
export interface ClassMember {
  readonly learner: Learner;
  readonly listed: boolean;
  readonly submission?: FoundSubmission;
  readonly problems: readonly SubmissionProblem[];
}

/** What a submission's own settings call its learner; undefined where it has none that can be read. */
export type NameInside = (submission: FoundSubmission) => Promise<string | undefined>;

/**
 * Who handed in what: everybody of the class list and everybody who handed in, in the order of their ids.
 * @param list undefined without a class list
 */
export async function classMembers(
  list: readonly Learner[] | undefined,
  submissions: readonly FoundSubmission[],
  nameInside: NameInside,
): Promise<readonly ClassMember[]> {
  const byName = namesOf(list ?? []);
  const learners = new Map((list ?? []).map((learner) => [learner.id, learner]));
  const handedIn = new Map<string, { readonly learner: Learner; readonly all: FoundSubmission[] }>();
  const named = new Map(submissions.map((each) => [each, firstListed(byName, each.names)]));
  const claimed = new Set(named.values());
  for (const submission of submissions) {
    const learner =
      named.get(submission) ??
      (await guessedLearner(byName, claimed, submission, nameInside)) ??
      (await ownName(submission, nameInside));
    const there = handedIn.get(learner.id) ?? { learner, all: [] };
    there.all.push(submission);
    handedIn.set(learner.id, there);
  }
  const ids = new Set([...learners.keys(), ...handedIn.keys()]);
  return [...ids].toSorted(compareText).map((id) => {
    const listed = list === undefined || learners.has(id);
    const { learner = learners.get(id)!, all = [] } = handedIn.get(id) ?? {};
    return member(learner, listed, all);
  });
}

/** Learners by every name under which their work may come. A name that two have tells neither. */
function namesOf(list: readonly Learner[]): ReadonlyMap<string, Learner | undefined> {
  const names = new Map<string, Learner | undefined>();
  const add = (name: string | undefined, learner: Learner): void => {
    if (name === undefined || name === '') return;
    const known = names.get(key(name));
    names.set(key(name), names.has(key(name)) && known !== learner ? undefined : learner);
  };
  for (const learner of list) {
    for (const alias of [learner.name, learner.canvas?.student, ...learner.aliases]) add(alias, learner);
    for (const name of [learner.name, learner.canvas?.student]) add(canvasWord(name), learner);
  }
  // An id is the learner's, whoever else has it for an alias.
  for (const learner of list) names.set(key(learner.id), learner);
  return names;
}

/** `Doe, Jane` and `Jane Doe` as Canvas begins the name of a file: `doejane`. */
function canvasWord(name: string | undefined): string | undefined {
  if (name === undefined) return undefined;
  const parts = name.includes(',')
    ? name.split(',')
    : [name.split(/\s+/).at(-1)!, ...name.split(/\s+/).slice(0, -1)];
  return parts.join('').replaceAll(/[^\p{L}\p{N}]/gu, '');
}

const key = (name: string): string => name.trim().normalize('NFC').toLowerCase();

function firstListed(
  byName: ReadonlyMap<string, Learner | undefined>,
  names: readonly string[],
): Learner | undefined {
  for (const name of names) {
    const learner = byName.get(key(name));
    if (learner !== undefined) return learner;
  }
  return undefined;
}

/**
 * Whose a submission is that has nobody's own name: `lab1-ann`, or what its settings say, which anybody can write. Whoever
 * handed in under their own name keeps that, so that `mary-ann` never takes the place of `ann`.
 */
async function guessedLearner(
  byName: ReadonlyMap<string, Learner | undefined>,
  claimed: ReadonlySet<Learner | undefined>,
  submission: FoundSubmission,
  nameInside: NameInside,
): Promise<Learner | undefined> {
  if (byName.size === 0) return undefined;
  const inside = async (): Promise<Learner | undefined> =>
    firstListed(byName, [(await nameInside(submission)) ?? '']);
  const learner = firstListed(byName, submission.ends) ?? (await inside());
  return claimed.has(learner) ? undefined : learner;
}

/** The learner of a submission that no class list names. */
async function ownName(submission: FoundSubmission, nameInside: NameInside): Promise<Learner> {
  const { said, names, single, place } = submission;
  const id = said.id ?? names[0] ?? (single ? await nameInside(submission) : undefined) ?? place;
  return {
    id,
    ...(said.name === undefined ? {} : { name: said.name }),
    ...(said.email === undefined ? {} : { email: said.email }),
    aliases: [],
  };
}

function member(learner: Learner, listed: boolean, all: readonly FoundSubmission[]): ClassMember {
  const problems: SubmissionProblem[] = [];
  const [submission, ...others] = all.toSorted((a, b) => b.order - a.order || compareText(b.place, a.place));
  if (!listed && submission !== undefined) {
    problems.push({
      where: whereIn(submission.place),
      what: `is of nobody on the class list; it was graded as ${shown(learner.id)}.`,
      next: 'Add a row to the class list, or name the folder after an id in it.',
    });
  }
  if (others.length > 0) {
    problems.push({
      where: whereIn(submission!.place),
      what: `was graded, and is one of ${all.length} submissions of ${oneLine(learner.id)}; not ${others.map(({ place }) => place).join(', ')}.`,
      next: 'Keep the one that counts, and grade again: only this learner is graded anew.',
    });
  }
  return { learner, listed, ...(submission === undefined ? {} : { submission }), problems };
}
