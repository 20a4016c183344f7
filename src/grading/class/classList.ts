import { oneLine, parseCsv } from './csv.ts';

/** A learner as a class list names them. */
export interface Learner {
  /** Root of the learner's seed: `learnerSeed(course seed, id)`. Unique in a class. */
  readonly id: string;
  readonly name?: string;
  readonly email?: string;
  readonly section?: string;
  /** Other names under which a submission may come: a GitHub login, a Canvas id. */
  readonly aliases: readonly string[];
  /** The row of a Canvas gradebook, which its import matches. */
  readonly canvas?: CanvasStudent;
}

/** The columns by which Canvas recognizes a student. */
export interface CanvasStudent {
  readonly student: string;
  readonly id: string;
  readonly sisUserId: string;
  readonly sisLoginId: string;
  readonly section: string;
}

export interface ClassList {
  readonly learners: readonly Learner[];
  /** What is wrong with a row, with its place: `row 3: …`. The others stand. */
  readonly problems: readonly string[];
}

export type ClassListRead =
  | { readonly ok: true; readonly value: ClassList }
  /** A sentence that follows the file's name, with a next step. */
  | { readonly ok: false; readonly problem: string };

/** What a column is, by its header in lower case without anything but letters and digits. */
const columns: Readonly<Record<string, readonly string[]>> = {
  id: ['id', 'learner', 'learnerid', 'studentid', 'sid', 'identifier', 'username', 'login', 'netid'],
  name: ['name', 'fullname', 'student'],
  firstName: ['firstname', 'first'],
  lastName: ['lastname', 'last', 'surname'],
  email: ['email', 'emailaddress', 'mail'],
  section: ['section', 'sections', 'group'],
  github: ['github', 'githubusername', 'githublogin'],
  canvasId: ['canvasid', 'canvas'],
  sisUserId: ['sisuserid'],
  sisLoginId: ['sisloginid'],
};

/**
 * Reads a class list: a CSV file with a header. It may be written by hand (`id`, and if wanted `name`, `email`, `section`,
 * `github`), or be the export of a Canvas gradebook, a Gradescope roster, or a GitHub Classroom roster.
 */
export function parseClassList(text: string): ClassListRead {
  const [header, ...rows] = parseCsv(text);
  if (header === undefined)
    return { ok: false, problem: 'is empty. Its first row names the columns: id,name' };
  const words = header.map((cell) => cell.toLowerCase().replaceAll(/[^a-z0-9]/g, ''));
  const isCanvas = words[0] === 'student' && words[1] === 'id';
  const place = (name: string): number => words.findIndex((word) => columns[name]!.includes(word));
  const places = Object.fromEntries(Object.keys(columns).map((name) => [name, place(name)]));
  if (!isCanvas && places['id'] === -1 && places['email'] === -1) {
    return {
      ok: false,
      problem: `has no column "id"; its first row is ${JSON.stringify(header.join(','))}. Name one column id: what a learner is called wherever work is handed in.`,
    };
  }
  const learners = new Map<string, Learner>();
  const problems: string[] = [];
  for (const [index, row] of rows.entries()) {
    const cell = (name: string): string => row[places[name]!]?.trim() ?? '';
    // Canvas writes a row of maximum points, and one for the policy of posting, before the students.
    if (
      isCanvas &&
      /points possible|manual posting|muted/i.test(row.slice(0, 8).join(' ')) &&
      cell('id') === ''
    )
      continue;
    const learner = isCanvas ? canvasLearner(row[0]?.trim() ?? '', cell) : plainLearner(cell);
    const where = `row ${index + 2}`;
    if (learner.id === '')
      problems.push(`${where}: has no id, and was left out. Write the learner's id in it.`);
    else if (learners.has(learner.id))
      problems.push(
        `${where}: ${oneLine(learner.id)} is in the list twice, and the first row counts. Delete one of them.`,
      );
    else learners.set(learner.id, learner);
  }
  return { ok: true, value: { learners: [...learners.values()], problems } };
}

function plainLearner(cell: (name: string) => string): Learner {
  const whole = cell('name');
  const name = whole === '' ? [cell('firstName'), cell('lastName')].join(' ').trim() : whole;
  const id = cell('id') === '' ? cell('email') : cell('id');
  return made(id, name, cell, [cell('github'), cell('canvasId'), cell('sisUserId'), cell('sisLoginId')]);
}

function canvasLearner(student: string, cell: (name: string) => string): Learner {
  const [id, sisUserId, sisLoginId, section] = [
    cell('id'),
    cell('sisUserId'),
    cell('sisLoginId'),
    cell('section'),
  ];
  const canvas = { student, id, sisUserId, sisLoginId, section };
  const chosen = [sisLoginId, sisUserId, id].find((each) => each !== '') ?? '';
  return { ...made(chosen, student, cell, [sisUserId, sisLoginId, id]), canvas };
}

function made(id: string, name: string, cell: (name: string) => string, also: readonly string[]): Learner {
  const email = cell('email');
  const section = cell('section');
  return {
    id,
    ...(name === '' ? {} : { name }),
    ...(email === '' ? {} : { email }),
    ...(section === '' ? {} : { section }),
    aliases: [...new Set([...also, email].filter((alias) => alias !== '' && alias !== id))],
  };
}
