import type { Task } from '../../course/model.ts';
import { compareText } from '../../course/problemList.ts';
import type { SubmissionProblem } from './classReport.ts';
import { walk, type FolderTree, type SubmittedFile, type TreeEntry } from './folderTree.ts';
import { parseGradescopeMetadata, type GradescopeSubmitter } from './gradescopeMetadata.ts';
import { hasWork, isOtherArchive, shown } from './readSubmission.ts';
import { zipTree } from './zipArchive.ts';

/** A submission that was found, and whose it may be. Nothing of it was read yet, except where its layout had to be told. */
export interface FoundSubmission {
  /** From the folder that is graded, as messages show it. */
  readonly place: string;
  /** Under which names the learner may stand in the class list, the surest first. */
  readonly names: readonly string[];
  /** Ends of its name, such as `ann` of `lab1-ann`: whose it is when nobody's own name is on it. */
  readonly ends: readonly string[];
  /** What the platform says of the learner. */
  readonly said: { readonly id?: string; readonly name?: string; readonly email?: string };
  /** Of several submissions of one learner, the one with the greater order is the later, where the platform says so. */
  readonly order: number;
  /** Whether only its own settings could tell whose it is. */
  readonly single: boolean;
  open(): Promise<OpenedSubmission>;
}

export interface OpenedSubmission {
  readonly tree: FolderTree;
  close(): Promise<void>;
}

export interface Finding {
  readonly submissions: readonly FoundSubmission[];
  readonly problems: readonly SubmissionProblem[];
}

const nothingToClose = (): Promise<void> => Promise.resolve();
const inTree = (tree: FolderTree) => (): Promise<OpenedSubmission> =>
  Promise.resolve({ tree, close: nothingToClose });

/**
 * The submissions in a folder, whichever of these it is: one work folder; a folder, zip archive or git checkout per learner;
 * a Gradescope download (`submission_…` folders beside `submission_metadata.yml`); a Canvas download
 * (`name_[LATE_]user_submission_file`, without names `[LATE_]anon_id_submission_file`); or a single archive of one of these.
 */
export async function findSubmissions(root: FolderTree, tasks: readonly Task[]): Promise<Finding> {
  const entries = await withoutReports(await root.entries(), tasks);
  if (await isOneSubmission(entries, tasks)) {
    const single = { place: '.', names: [], ends: [], said: {}, order: 0, single: true, open: inTree(root) };
    return { submissions: [single], problems: notReadBeside(entries) };
  }
  const wrapped = await wholeClassIn(entries, tasks);
  if (wrapped !== undefined) return findSubmissions(wrapped, tasks);

  const problems: SubmissionProblem[] = [];
  const metadata = await gradescopeMetadata(entries, problems);
  const submissions: FoundSubmission[] = [];
  const canvas = new Map<string, CanvasFile[]>();
  for (const entry of entries) {
    const { name } = entry;
    if (!isShown(entry) || name === metadataFile) continue;
    if (entry.kind === 'refused') {
      problems.push({
        where: shown(name),
        what: `was left out: ${entry.why}.`,
        next: 'Put what it leads to in its place.',
      });
      continue;
    }
    const submitters = metadata.get(name) ?? [];
    if (entry.kind === 'folder') {
      const open = inTree(entry.tree);
      if (submitters.length > 0)
        submissions.push(...submitters.map((each) => ofGradescope(name, each, open)));
      else
        submissions.push({
          place: shown(name),
          ...namesIn(name),
          said: {},
          order: 0,
          single: false,
          open,
        });
      continue;
    }
    const onCanvas = canvasName(name);
    if (onCanvas !== undefined) {
      const list = canvas.get(onCanvas.user) ?? [];
      list.push({ ...onCanvas, entry });
      canvas.set(onCanvas.user, list);
    } else if (isZip(name)) submissions.push(ofArchive(name, entry.file));
    else problems.push(...leftOut(name, tasks));
  }
  for (const files of canvas.values()) submissions.push(ofCanvas(files));
  if (submissions.length === 0) {
    problems.push({
      where: 'The folder',
      what: 'holds no submission.',
      next: 'Name the folder that has one folder or zip archive for each learner.',
    });
  }
  return { submissions: submissions.toSorted((a, b) => compareText(a.place, b.place)), problems };
}

/** A folder that is known to be one submission of this learner. */
export const submissionOf = (learner: string, tree: FolderTree): FoundSubmission => ({
  place: '.',
  names: [learner],
  ends: [],
  said: { id: learner },
  order: 0,
  single: true,
  open: inTree(tree),
});

/** The folder of an archive with everything in it. */
export async function archiveTree(file: SubmittedFile): Promise<OpenedSubmission> {
  const close = async (): Promise<void> => file.close?.();
  try {
    return { tree: await zipTree(file, maxArchiveBytes), close };
  } catch (error) {
    await close();
    throw error;
  }
}
/** For an archive in memory: one that lies in another. */
const maxArchiveBytes = 200_000_000;

/** Whether files of the work lie directly in a folder: at its top, or in folders of the tasks' names. */
async function isWorkFolder(entries: readonly TreeEntry[], tasks: readonly Task[]): Promise<boolean> {
  const files = entries.filter(({ kind }) => kind === 'file').map(({ name }) => ({ path: name }));
  if (hasWork(files, tasks)) return true;
  for (const entry of entries) {
    if (entry.kind !== 'folder') continue;
    const own = tasks.filter(({ id }) => id === entry.name);
    if (own.length > 0 && hasWork((await walk(entry.tree)).files, own)) return true;
  }
  return false;
}

/**
 * Whether a folder is one learner's work. Work that lies loose in the folder of a class, such as the instructor's own, does not
 * make the class one submission.
 */
async function isOneSubmission(entries: readonly TreeEntry[], tasks: readonly Task[]): Promise<boolean> {
  if (!(await isWorkFolder(entries, tasks))) return false;
  let others = 0;
  for (const entry of entries) {
    if (entry.kind !== 'folder' || !isShown(entry)) continue;
    const { files } = await walk(entry.tree);
    if (tasks.some(({ id }) => id === entry.name)) {
      if (hasWork(files, tasks)) return true;
    } else if (hasWork(files, tasks)) others++;
  }
  return others < 2;
}

/** Archives beside the work of one learner may be those of a class. */
function notReadBeside(entries: readonly TreeEntry[]): readonly SubmissionProblem[] {
  const archives = entries.filter((entry) => entry.kind === 'file' && isZip(entry.name));
  if (archives.length < 2) return [];
  return [
    {
      where: 'The folder',
      what: `was graded as the work of one learner, because files of it lie there; ${archives.length} archives beside them were not read.`,
      next: 'If they are a class, put them into a folder of their own.',
    },
  ];
}

/** The reports of an earlier run may lie in the folder that is graded. They are no learner. */
async function withoutReports(
  entries: readonly TreeEntry[],
  tasks: readonly Task[],
): Promise<readonly TreeEntry[]> {
  const kept: TreeEntry[] = [];
  for (const entry of entries) if (!(await isReports(entry, tasks))) kept.push(entry);
  return kept;
}

async function isReports(entry: TreeEntry, tasks: readonly Task[]): Promise<boolean> {
  if (entry.kind !== 'folder') return false;
  const inside = await entry.tree.entries().catch(() => []);
  return (
    inside.some(({ kind, name }) => kind === 'file' && /^journal(?:-\d+-of-\d+)?\.ndjson$/.test(name)) &&
    !hasWork((await walk(entry.tree)).files, tasks)
  );
}

const isZip = (name: string): boolean => /\.zip$/i.test(name);

/** A file in the folder of a class that may be somebody's work, and is not read. */
function leftOut(name: string, tasks: readonly Task[]): readonly SubmissionProblem[] {
  const ending = /\.[^.]+$/.exec(name)?.[0].toLowerCase() ?? '';
  if (isOtherArchive(name)) {
    return [
      {
        where: shown(name),
        what: 'is an archive, but no zip archive, and was not graded.',
        next: "Ask for a zip archive, or unpack it into a folder with the learner's name.",
      },
    ];
  }
  if (!tasks.some(({ file }) => file.toLowerCase().endsWith(ending)) || ending === '') return [];
  return [
    {
      where: shown(name),
      what: 'lies in no folder of a learner, and was not graded.',
      next: "If it is somebody's work, put it into a folder with their name.",
    },
  ];
}

/** What an archive program makes of the archive of a class: one folder with everything in it. */
async function wholeClassIn(
  entries: readonly TreeEntry[],
  tasks: readonly Task[],
): Promise<FolderTree | undefined> {
  const [only, ...others] = entries.filter(isShown);
  if (only?.kind !== 'folder' || others.length > 0) return undefined;
  const inside = (await only.tree.entries().catch(() => [])).filter(isShown);
  return inside.length < 2 || (await isOneSubmission(inside, tasks)) ? undefined : only.tree;
}

const isShown = ({ name }: TreeEntry): boolean => !name.startsWith('.') && name !== '__MACOSX';

/** Moodle's `Jane Doe_12345_assignsubmission_file_`, `assignment-jane` of a GitHub classroom, `submission-jane` of an export. */
function namesIn(name: string): Pick<FoundSubmission, 'names' | 'ends'> {
  const moodle = /^(.+?)_(\d+)_assignsubmission_/.exec(name);
  if (moodle !== null) return { names: [moodle[1]!, moodle[2]!], ends: [] };
  const exported = /^submission-(.+)$/.exec(name);
  const ends = [...name.matchAll(/[-_]/g)]
    .map(({ index }) => name.slice(index + 1))
    .filter((end) => end !== '');
  return { names: [...(exported === null ? [] : [exported[1]!]), name], ends };
}

function ofArchive(name: string, file: SubmittedFile): FoundSubmission {
  const names = namesIn(name.replace(/\.zip$/i, ''));
  return { place: shown(name), ...names, said: {}, order: 0, single: false, open: () => archiveTree(file) };
}

const metadataFile = 'submission_metadata.yml';
const maxMetadataBytes = 64_000_000;

async function gradescopeMetadata(
  entries: readonly TreeEntry[],
  problems: SubmissionProblem[],
): Promise<ReadonlyMap<string, readonly GradescopeSubmitter[]>> {
  const entry = entries.find(({ name }) => name === metadataFile);
  if (entry?.kind !== 'file') return new Map();
  try {
    return parseGradescopeMetadata(new TextDecoder().decode(await entry.file.read(maxMetadataBytes)));
  } catch (error) {
    problems.push({
      where: metadataFile,
      what: `cannot be read: ${error instanceof Error ? error.message.split('\n')[0]! : String(error)}`,
      next: 'Folders are graded under their own names. Download the submissions again.',
    });
    return new Map();
  }
}

function ofGradescope(
  name: string,
  { sid, email, name: said }: GradescopeSubmitter,
  open: FoundSubmission['open'],
): FoundSubmission {
  const names = [sid, email, said].filter((each) => each !== undefined);
  const id = sid ?? email ?? said;
  return {
    place: shown(name),
    names,
    ends: [],
    said: {
      ...(id === undefined ? {} : { id }),
      ...(said === undefined ? {} : { name: said }),
      ...(email === undefined ? {} : { email }),
    },
    order: Number(/\d+$/.exec(name)?.[0] ?? 0),
    single: false,
    open,
  };
}

interface CanvasName {
  /** Absent where Canvas keeps names from graders. */
  readonly student?: string;
  /** Number of a user, or what stands for one where names are kept: `anon_Ab3dE`. */
  readonly user: string;
  readonly submission: number;
  readonly file: string;
}
interface CanvasFile extends CanvasName {
  readonly entry: Extract<TreeEntry, { kind: 'file' }>;
}

/**
 * `doejane_LATE_12345_67890_scheduler.ts` or `anon_Ab3dE_67890_scheduler.ts`, as Canvas's *Download Submissions* names a file.
 * Source: `get_filename` and `add_upload_submission` of `lib/content_zipper.rb` in instructure/canvas-lms.
 */
function canvasName(name: string): CanvasName | undefined {
  const anonymous = /^(?:LATE_)?(anon_[0-9A-Za-z]+)_(\d+)_(.+)$/s.exec(name);
  if (anonymous !== null)
    return { user: anonymous[1]!, submission: Number(anonymous[2]), file: anonymous[3]! };
  const match = /^(.+?)_(?:LATE_)?(\d+)_(\d+)_(.+)$/s.exec(name);
  if (match === null) return undefined;
  return { student: match[1]!, user: match[2]!, submission: Number(match[3]), file: match[4]! };
}

/** All files of one student as a folder. */
function ofCanvas(files: readonly CanvasFile[]): FoundSubmission {
  const [first] = files;
  const { student, user } = first!;
  const named = student === undefined ? {} : { name: student };
  const id = student === undefined ? user : `${student}_${user}`;
  const entries = files.map(({ file, entry }): TreeEntry => ({ ...entry, name: file }));
  const tree: FolderTree = { entries: () => Promise.resolve(entries) };
  return {
    place: shown(id),
    names: [user, ...Object.values(named)],
    ends: [],
    said: { id, ...named },
    order: Math.max(...files.map(({ submission }) => submission)),
    single: false,
    open: inTree(tree),
  };
}
