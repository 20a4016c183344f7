import {
  ProgressLocation,
  Range,
  Selection,
  Uri,
  WorkspaceEdit,
  commands,
  window,
  workspace,
  type QuickPickItem,
} from 'vscode';
import type { AuthoringPack } from '../authoring/authoringPack.ts';
import type { NewTask } from '../authoring/scaffold/newTask.ts';
import type { Plan, Planned } from '../authoring/scaffold/plan.ts';
import { t } from '../course/messages.ts';
import { checksNotPassed } from '../grading/checksNotPassed.ts';
import type { AuthorPack, AuthorPacks } from './authorPacks.ts';
import type { CourseLibrary } from './courseLibrary.ts';
import type { GradingService } from './gradingService.ts';
import { HumanError } from './humanError.ts';
import type { CourseHost } from './platform.ts';
import { exists, isRefused, readText, writeText } from './workspaceFiles.ts';

/** What a caller may know already; the rest is asked. */
export interface NewOptions {
  /** The pack's folder; of a new pack, the folder that it is made in. */
  readonly in?: Uri;
  /** Id of the lesson that gets a task. */
  readonly lesson?: string;
  readonly name?: string;
  readonly scenario?: string;
}

/** *New Pack*, *New Lesson* and *New Task*: what `trapframe new` makes, with its questions as input boxes. */
export class AuthorCommands {
  readonly #library: CourseLibrary;
  readonly #packs: AuthorPacks;
  readonly #grading: GradingService;

  constructor(library: CourseLibrary, packs: AuthorPacks, grading: GradingService) {
    this.#library = library;
    this.#packs = packs;
    this.#grading = grading;
  }

  async newPack(options: NewOptions = {}): Promise<void> {
    const host = await this.#library.host();
    const parent = options.in ?? (await chosenParent());
    if (parent === undefined) return;
    const taken = await namesIn(parent);
    const name = await chosenName(t('New pack'), 'my-course', options.name, host, (typed) =>
      taken.has(typed) ? isThere(typed) : undefined,
    );
    if (name === undefined) return;
    const scenario = await chosenScenario(host, options.scenario, t('What is its first lesson about?'));
    if (scenario === undefined) return;
    const root = Uri.joinPath(parent, name);
    await carryOut(root, host.newPack(name, scenario));
    if (workspace.getWorkspaceFolder(root) !== undefined) return;
    const open = t('Open Folder');
    const said = t(
      'The pack is in {0}. Its files are checked while you type once its folder is open.',
      root.fsPath,
    );
    if ((await window.showInformationMessage(said, open)) === open)
      await commands.executeCommand('vscode.openFolder', root);
  }

  async newLesson(options: NewOptions = {}): Promise<void> {
    const host = await this.#library.host();
    const pack = await this.#chosenPack(options.in, t('Which pack gets the lesson?'));
    if (pack === undefined) return;
    const { value } = await pack.authoring.lint();
    const taken = await namesIn(pack.files.root);
    const name = await chosenName(t('New lesson'), 'run-queues', options.name, host, (typed) => {
      const other = value.lessons.find(({ id }) => id === typed);
      if (other !== undefined) return t('{0} has this id already.', other.path);
      return taken.has(typed) ? isThere(typed) : undefined;
    });
    if (name === undefined) return;
    const scenario = await chosenScenario(host, options.scenario, t('What is the lesson about?'));
    if (scenario === undefined) return;
    await carryOut(pack.files.root, planOf(await pack.authoring.newLesson(name, scenario)));
  }

  async newTask(options: NewOptions = {}): Promise<void> {
    const host = await this.#library.host();
    const pack = await this.#chosenPack(options.in, t('Which pack gets the task?'));
    if (pack === undefined) return;
    const lesson = await this.#chosenLesson(pack, options.lesson);
    if (lesson === undefined) return;
    const used = await pack.authoring.usedIds();
    const name = await chosenName(t('New task'), 'fair-share', options.name, host, (typed) =>
      used.get(typed),
    );
    if (name === undefined) return;
    const scenario = await chosenScenario(
      host,
      options.scenario,
      t('Which experiment runs what learners write?'),
      await pack.authoring.scenariosForTask(lesson),
    );
    if (scenario === undefined) return;
    const planned = await window.withProgress(
      { location: ProgressLocation.Notification, title: t('Looking for a solution that fits…') },
      () => this.#planTask(pack.authoring, lesson, name, scenario),
    );
    const plan = planOf(planned);
    await carryOut(pack.files.root, plan);
    void window.showInformationMessage(plan.remarks.join(' '));
  }

  async #planTask(
    authoring: AuthoringPack,
    lesson: string,
    name: string,
    scenario: string,
  ): Promise<Planned> {
    const [course, grader] = await Promise.all([this.#library.get(), this.#grading.grader()]);
    const notPassed: NewTask['notPassed'] = (task, texts) => checksNotPassed(grader, task, texts);
    return authoring.newTask(lesson, name, scenario, { course: course.pack, notPassed });
  }

  async #chosenPack(given: Uri | undefined, title: string): Promise<AuthorPack | undefined> {
    const active = window.activeTextEditor?.document;
    const here = given === undefined && active !== undefined ? await this.#packs.of(active) : undefined;
    if (here !== undefined) return this.#fresh(here.files.root);
    const roots = given === undefined ? await this.#packs.find() : [given];
    if (roots.length === 0) {
      throw new HumanError(
        t('No folder of this window holds a lesson pack: none has a pack.yaml. Make one first.'),
        { title: t('New Pack…'), command: 'trapframe.newPack' },
      );
    }
    const rows = roots.map((uri) => ({
      label: uri.path.slice(uri.path.lastIndexOf('/') + 1),
      description: workspace.asRelativePath(uri, true),
      uri,
    }));
    const chosen = rows.length === 1 ? rows[0] : await window.showQuickPick(rows, { title });
    return chosen === undefined ? undefined : this.#fresh(chosen.uri);
  }

  async #fresh(root: Uri): Promise<AuthorPack | undefined> {
    const pack = await this.#packs.at(root);
    pack?.files.reload();
    return pack;
  }

  /** The id of a lesson; that of the active editor comes first. */
  async #chosenLesson(pack: AuthorPack, given: string | undefined): Promise<string | undefined> {
    const { lessons } = (await pack.authoring.lint()).value;
    if (lessons.length === 0) {
      throw new HumanError(t('The pack has no lesson that could open a task. Make one first.'), {
        title: t('New Lesson…'),
        command: 'trapframe.newLesson',
      });
    }
    if (given !== undefined && lessons.every(({ id }) => id !== given)) {
      throw new HumanError(
        t('The pack has no lesson {0}. There are: {1}.', given, lessons.map(({ id }) => id).join(', ')),
      );
    }
    if (given !== undefined || lessons.length === 1) return given ?? lessons[0]!.id;
    const active = window.activeTextEditor?.document.uri;
    const path = active === undefined ? undefined : pack.files.pathOf(active);
    const folder = path?.split('/')[0];
    const rows = lessons
      .map(({ id, title, path: file }) => ({ label: title, description: file, id }))
      .toSorted((a, b) => Number(isIn(b.description, folder)) - Number(isIn(a.description, folder)));
    return (await window.showQuickPick(rows, { title: t('Which lesson opens the task?') }))?.id;
  }
}

/** A name of lower-case words; undefined when none was given. @param refusal why a good name cannot be taken */
async function chosenName(
  title: string,
  example: string,
  given: string | undefined,
  host: CourseHost,
  refusal: (name: string) => string | undefined,
): Promise<string | undefined> {
  const problem = (typed: string): string | undefined => host.nameProblem(typed) ?? refusal(typed);
  if (given !== undefined) {
    const wrong = problem(given);
    if (wrong !== undefined) throw new HumanError(wrong);
    return given;
  }
  return window
    .showInputBox({
      title,
      prompt: t('Its id and the name of its folder: lower-case words joined by hyphens.'),
      placeHolder: example,
      ignoreFocusOut: true,
      validateInput: (typed) => (typed === '' ? undefined : problem(typed)),
    })
    .then((typed) => (typed === '' ? undefined : typed));
}

const isThere = (name: string): string => t('{0} is there already, and nothing is ever written over.', name);

const isIn = (path: string, folder: string | undefined): boolean => path.split('/')[0] === folder;

function planOf(planned: Planned): Plan {
  if (!planned.ok) throw new HumanError(planned.error);
  return planned.value;
}

async function chosenParent(): Promise<Uri | undefined> {
  const open = workspace.workspaceFolders ?? [];
  if (open.length === 1) return open[0]!.uri;
  if (open.length > 1)
    return (await window.showWorkspaceFolderPick({ placeHolder: t('Where shall the pack be?') }))?.uri;
  const [uri] =
    (await window.showOpenDialog({
      title: t('In which folder shall the pack be?'),
      openLabel: t('Make the Pack Here'),
      canSelectFiles: false,
      canSelectFolders: true,
    })) ?? [];
  return uri;
}

const namesIn = async (folder: Uri): Promise<ReadonlySet<string>> =>
  (await exists(folder))
    ? new Set((await workspace.fs.readDirectory(folder)).map(([name]) => name))
    : new Set();

async function chosenScenario(
  host: CourseHost,
  given: string | undefined,
  title: string,
  ids: readonly string[] = host.scenarioIds(),
): Promise<string | undefined> {
  if (given !== undefined) {
    if (ids.includes(given)) return given;
    throw new HumanError(t('The scenario {0} does not fit here. These do: {1}.', given, ids.join(', ')));
  }
  const rows: readonly QuickPickItem[] = ids.map((id) => {
    const { title: label, doc } = host.scenarioSummary(id);
    return { label, description: id, detail: doc };
  });
  const chosen = await window.showQuickPick(rows, {
    title,
    placeHolder: t('Choose a scenario of the engine'),
    matchOnDescription: true,
    matchOnDetail: true,
    ignoreFocusOut: true,
  });
  return chosen?.description;
}

/** Writes the new files, changes the others in their editors, and opens the first at what is to be written. */
async function carryOut(root: Uri, { made, changed }: Plan): Promise<void> {
  const at = (path: string): Uri => Uri.joinPath(root, ...path.split('/'));
  try {
    for (const path of made.keys()) {
      if (await exists(at(path))) {
        throw new HumanError(
          t(
            '{0} exists already, and nothing is ever written over. Choose another name.',
            workspace.asRelativePath(at(path)),
          ),
        );
      }
    }
    for (const [path, text] of made) await writeText(at(path), text);
    for (const { path, text } of changed) await change(at(path), text);
  } catch (error) {
    if (!isRefused(error)) throw error;
    throw new HumanError(
      t(
        '{0} cannot be written to: {1}. Choose a folder that you may write to.',
        workspace.asRelativePath(root),
        (error as Error).message,
      ),
    );
  }
  const [first] = made.keys();
  if (first !== undefined) await openAtMark(at(first));
}

async function change(uri: Uri, text: string): Promise<void> {
  if ((await readText(uri)) === undefined) return writeText(uri, text);
  const document = await workspace.openTextDocument(uri);
  const edit = new WorkspaceEdit();
  edit.replace(uri, new Range(0, 0, document.lineCount, 0), text);
  if (!(await workspace.applyEdit(edit))) throw new Error(`The editor of ${uri.path} took no edit.`);
  await document.save();
}

async function openAtMark(uri: Uri): Promise<void> {
  const document = await workspace.openTextDocument(uri);
  const editor = await window.showTextDocument(document, { preview: false });
  const text = document.getText();
  const start = text.indexOf('TODO(author):');
  if (start < 0) return;
  const lineEnd = document.lineAt(document.positionAt(start)).range.end;
  const end = document.positionAt(
    document.offsetAt(lineEnd) - (/["']\s*$/.test(document.lineAt(lineEnd).text) ? 1 : 0),
  );
  editor.selection = new Selection(document.positionAt(start), end);
  editor.revealRange(editor.selection);
}
