import {
  Position,
  Range,
  Selection,
  Uri,
  ViewColumn,
  window,
  workspace,
  type ExtensionContext,
  type LogOutputChannel,
  type TextDocument,
  type TextEditor,
  type WebviewPanel,
  type WebviewPanelSerializer,
  l10n,
} from 'vscode';
import { authorFileAt } from '../authoring/authorFile.ts';
import { translationOf } from '../course/locales.ts';
import { t } from '../course/messages.ts';
import type { Lesson, Problem } from '../course/model.ts';
import type { ToExtension, ToWebview } from '../protocol/lessonPanel.ts';
import type { AuthorPacks, FileOfPack } from './authorPacks.ts';
import { lessonPreviewType } from './contributions.ts';
import { exercisesOf } from './course.ts';
import type { CourseLibrary } from './courseLibrary.ts';
import { DisposableStore } from './disposableStore.ts';
import type { FigureActions } from './figureActions.ts';
import type { GradingService } from './gradingService.ts';
import { HumanError } from './humanError.ts';
import type { PreviewSession } from './previewSession.ts';
import type { TracePanel } from './tracePanel.ts';
import { freshNonce, webviewHtml } from './webviewHtml.ts';

export interface LessonPreviewParts {
  readonly context: ExtensionContext;
  readonly library: CourseLibrary;
  readonly packs: AuthorPacks;
  readonly grading: GradingService;
  readonly trace: TracePanel;
  readonly figures: FigureActions;
  readonly log: LogOutputChannel;
  readonly onError: (error: unknown) => void;
}

/** Typing pauses at least this long between words; a page is made anew in less. */
const settleMs = 120;
/** The learner who is played at first. */
const firstSeed = 1;
/** Where the address of the previewed file is kept, so that a reload finds it. */
const previewedKey = 'previewedLesson';

/**
 * The lesson in the active editor as a learner sees it, saved or not, beside it. There is one preview; it follows the cursor,
 * and the editor to another lesson.
 */
export class LessonPreview implements WebviewPanelSerializer {
  readonly #parts: LessonPreviewParts;
  readonly #disposables = new DisposableStore();
  #open: OpenPreview | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Counts updates, so that the sheets of one are not finished after the next has begun. */
  #updates = 0;

  constructor(parts: LessonPreviewParts) {
    this.#parts = parts;
    const { packs, onError } = parts;
    this.#disposables.add(window.registerWebviewPanelSerializer(lessonPreviewType, this));
    this.#disposables.add(
      packs.onDidChange(({ files }) => {
        if (files === this.#open?.file.files) this.#updateSoon();
      }),
    );
    this.#disposables.add(
      window.onDidChangeActiveTextEditor((editor) => void this.#follow(editor).catch(onError)),
    );
    this.#disposables.add(
      window.onDidChangeTextEditorSelection(({ textEditor }) => this.#followCursor(textEditor)),
    );
  }

  /** Shows the preview of a lesson's file; by default of the active editor's. */
  async show(uri = window.activeTextEditor?.document.uri): Promise<void> {
    const file = uri === undefined ? undefined : await this.#lessonFile({ uri });
    if (file === undefined) {
      throw new HumanError(
        t(
          'Only the lesson.md of a pack has a preview: a file in a folder beside pack.yaml. Open one, or make a pack.',
        ),
        { title: t('New Pack…'), command: 'trapframe.newPack' },
      );
    }
    if (this.#open === undefined) {
      const place = { viewColumn: ViewColumn.Beside, preserveFocus: true };
      const panel = window.createWebviewPanel(lessonPreviewType, t('Preview'), place, this.#webviewOptions());
      await this.#adopt(panel, file);
    } else {
      this.#open.panel.reveal(undefined, true);
      await this.#turnTo(file);
    }
  }

  async deserializeWebviewPanel(panel: WebviewPanel): Promise<void> {
    const address = this.#parts.context.workspaceState.get<string>(previewedKey);
    const file =
      address === undefined ? undefined : await this.#lessonFile({ uri: Uri.parse(address, true) });
    if (file === undefined) {
      panel.dispose(); // the file is gone, and there is nothing to preview
      return;
    }
    panel.webview.options = this.#webviewOptions();
    await this.#adopt(panel, file);
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#open?.panel.dispose();
    this.#disposables.dispose();
  }

  async #lessonFile(document: Pick<TextDocument, 'uri'>): Promise<FileOfPack | undefined> {
    const file = await this.#parts.packs.of(document);
    return file !== undefined && authorFileAt(file.path)?.kind === 'lesson' ? file : undefined;
  }

  #webviewOptions() {
    const root = this.#parts.context.extensionUri;
    return {
      enableScripts: true,
      enableCommandUris: false,
      localResourceRoots: [
        ...['dist', 'media'].map((folder) => Uri.joinPath(root, folder)),
        // Pictures lie beside the lesson.
        ...(workspace.workspaceFolders ?? []).map(({ uri }) => uri),
      ],
    };
  }

  async #adopt(panel: WebviewPanel, file: FileOfPack): Promise<void> {
    const { context, library, log, onError } = this.#parts;
    const session = (await library.host()).newPreview(firstSeed);
    this.#open?.panel.dispose();
    const open: OpenPreview = { panel, session, file, ready: false, problems: [], place: undefined };
    this.#open = open;
    const icon = (name: string): Uri => Uri.joinPath(context.extensionUri, 'media', name);
    panel.iconPath = { light: icon('lessonLight.svg'), dark: icon('lessonDark.svg') };
    const listeners = new DisposableStore();
    listeners.add(
      panel.webview.onDidReceiveMessage((message: ToExtension) => {
        if (message.type === 'failed') log.error(`The preview failed: ${message.message}`);
        else void this.#receive(open, message).catch(onError);
      }),
    );
    listeners.add(panel.onDidChangeViewState(() => (open.ready &&= panel.visible)));
    panel.onDidDispose(() => {
      listeners.dispose();
      if (this.#open === open) this.#open = undefined;
    });
    const inDist = (name: string): string =>
      panel.webview.asWebviewUri(Uri.joinPath(context.extensionUri, 'dist', 'webview', name)).toString();
    panel.webview.html = webviewHtml({
      title: panel.title,
      cspSource: panel.webview.cspSource,
      nonce: freshNonce(),
      messages: l10n.bundle,
      scriptUri: inDist('lesson.js'),
      styleUri: inDist('lesson.css'),
      rootId: 'lesson',
      data: { 'figure-worker': inDist('runs.js') },
    });
    await this.#remember(file);
  }

  async #turnTo(file: FileOfPack): Promise<void> {
    const open = this.#open!;
    if (open.file.files === file.files && open.file.path === file.path) return;
    open.file = file;
    open.place = undefined;
    await this.#remember(file);
    await this.#update();
  }

  async #remember({ files, path }: FileOfPack): Promise<void> {
    await this.#parts.context.workspaceState.update(previewedKey, files.uriOf(path).toString());
  }

  async #follow(editor: TextEditor | undefined): Promise<void> {
    if (editor === undefined || this.#open === undefined) return;
    const file = await this.#lessonFile(editor.document);
    if (file !== undefined && this.#open !== undefined) await this.#turnTo(file);
  }

  /** The part that the cursor is in, and how far down in it. */
  #followCursor(editor: TextEditor): void {
    const open = this.#open;
    const lesson = open?.session.lesson;
    if (open === undefined || lesson === undefined || !isOf(editor.document, open.file)) return;
    const place = placeOf(lesson, editor.selection.active.line + 1, editor.document.lineCount);
    if (place === undefined) return;
    open.place = place;
    void this.#post({ type: 'follow', ...place });
  }

  #updateSoon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#update().catch(this.#parts.onError), settleMs);
  }

  async #update(): Promise<void> {
    const open = this.#open;
    if (open?.ready !== true) return; // `ready` will ask for the lesson
    const update = ++this.#updates;
    const { files, authoring, path } = open.file;
    const [{ problems }, pack] = await Promise.all([authoring.lint(), authoring.packAround(path)]);
    if (update !== this.#updates) return;
    const folder = path.slice(0, path.indexOf('/') + 1);
    const language = translationOf(path)?.locale;
    open.problems = problems.filter(
      ({ at }) => at.file.startsWith(folder) && translationOf(at.file)?.locale === language,
    );
    const lesson = pack.lessons.find((each) => each.path === path);
    if (lesson === undefined) {
      const reason = problems.find(({ at }) => at.file === path || at.file === 'pack.yaml');
      const message =
        reason === undefined
          ? t('pack.yaml does not list it.')
          : [reason.message, reason.suggestion ?? ''].join(' ').trim();
      await this.#post({ type: 'broken', title: t('No preview'), message });
      return;
    }
    const { session, panel } = open;
    session.show(pack, lesson);
    panel.title = t('Preview: {0}', lesson.title);
    const pictures = Uri.joinPath(files.uriOf(path), '..');
    const address = (picture: string): string =>
      panel.webview.asWebviewUri(Uri.joinPath(pictures, picture)).toString();
    await this.#post({
      type: 'authoring',
      authoring: {
        ...(session.seed === undefined ? {} : { seed: session.seed }),
        problems: open.problems.map(({ severity, at, message }) => ({
          severity,
          where: `${at.file.slice(folder.length)}:${at.line}`,
          message,
        })),
      },
    });
    await this.#post({ type: 'lesson', page: session.page(address), exercises: session.states() });
    if (open.place !== undefined) await this.#post({ type: 'follow', ...open.place });
    for (const { id } of exercisesOf(lesson)) {
      // Keys run simulations: whoever types goes first.
      await new Promise((resolve) => setTimeout(resolve));
      if (update !== this.#updates) return;
      const sheet = session.sheet(id);
      if (sheet !== undefined) await this.#post({ type: 'sheet', id, sheet });
    }
  }

  async #receive(open: OpenPreview, message: ToExtension): Promise<void> {
    const { session } = open;
    switch (message.type) {
      case 'ready': {
        open.ready = true;
        const editor = window.visibleTextEditors.find(({ document }) => isOf(document, open.file));
        await this.#update();
        if (editor !== undefined) this.#followCursor(editor);
        return;
      }
      case 'chooseVariant':
        session.choose(message.seed);
        return this.#update();
      case 'answer':
        session.answer(message.id, message.response);
        return this.#sendState(message.id);
      case 'retry':
        session.retry(message.id);
        return this.#sendState(message.id);
      case 'hint':
        session.hint(message.id);
        return this.#sendState(message.id);
      case 'resetTask':
        session.forget(message.id);
        return this.#sendState(message.id);
      case 'openTask':
        return this.#openStarter(open, message.id);
      case 'checkTask':
        return this.#grade(open, message.id, undefined);
      case 'gradeFile':
        return this.#grade(open, message.id, message.path);
      case 'goToDecision':
        return this.#goToDecision(open, message.id, message.checkId);
      case 'stepThrough':
        return this.#stepThrough(session, message.id, message.checkId);
      case 'stepThroughFigure':
        return this.#parts.figures.stepThrough(message);
      case 'openConsole':
        return this.#parts.figures.openConsole(message);
      case 'goToSource': {
        const part = session.lesson?.parts[message.part];
        return part === undefined ? undefined : this.#goTo(open, part.at);
      }
      case 'goToProblem': {
        const problem = open.problems[message.problem];
        return problem === undefined ? undefined : this.#goTo(open, problem.at);
      }
      case 'openLesson': {
        const pack = await open.file.authoring.packAround(open.file.path);
        const lesson = pack.lessons.find(({ id }) => id === message.id);
        if (lesson !== undefined) await this.#goTo(open, { file: lesson.path, line: 1, column: 1 });
        return;
      }
      case 'pinCase':
      case 'unpinCase':
      case 'failed':
        return;
    }
  }

  async #sendState(id: string): Promise<void> {
    const state = this.#open?.session.state(id);
    if (state !== undefined) await this.#post({ type: 'exercise', id, state });
  }

  async #openStarter(open: OpenPreview, id: string): Promise<void> {
    const exercise = open.session.exercise(id);
    if (exercise?.kind !== 'task') return;
    await this.#goTo(open, { file: exercise.task.starter.path, line: 1, column: 1 });
  }

  /** @param path the file that plays the learner's; by default the starter */
  async #grade(open: OpenPreview, id: string, path: string | undefined): Promise<void> {
    const { session, file } = open;
    const exercise = session.exercise(id);
    if (exercise?.kind !== 'task') return;
    const { task } = exercise;
    const known = [task.solution, task.starter, ...task.wrong.map((wrong) => wrong.file)];
    const graded = known.find((each) => each.path === path) ?? task.starter;
    const request = session.gradingOf(id, await file.files.read(graded.path))!;
    session.checking(id);
    await this.#sendState(id);
    const result = await (await this.#parts.grading.grader()).grade(request);
    session.graded(id, graded.path, result);
    await this.#sendState(id);
  }

  async #goToDecision(open: OpenPreview, id: string, checkId: string): Promise<void> {
    const graded = open.session.gradedFile(id);
    const failure = graded?.result.report.checks.find((check) => check.id === checkId)?.failure;
    if (graded === undefined) return;
    const line = failure?.fault?.line ?? failure?.decision?.line ?? 1;
    await this.#goTo(open, { file: graded.path, line, column: 1 });
  }

  async #stepThrough(session: PreviewSession, id: string, checkId: string): Promise<void> {
    const graded = session.gradedFile(id);
    const check = graded?.result.report.checks.find((each) => each.id === checkId);
    const recording = graded?.result.recordings[checkId];
    if (graded === undefined || check?.failure === undefined || recording === undefined) return;
    const { failure } = check;
    const { scenario, params, seed } = failure.case;
    const { actual, expected, decidingEvent } = recording;
    await this.#parts.trace.show({
      title: check.title,
      scenario,
      params,
      seed,
      runs: [
        { label: graded.path.slice(graded.path.lastIndexOf('/') + 1), ...actual },
        ...(expected === undefined ? [] : [{ label: t('The reference'), ...expected }]),
      ],
      failure: {
        decidingEvent,
        expected: failure.expected,
        actual: failure.actual,
        because: failure.because,
      },
    });
  }

  async #goTo({ file }: OpenPreview, { file: path, line, column }: Problem['at']): Promise<void> {
    const place = new Position(line - 1, column - 1);
    const document = await workspace.openTextDocument(file.files.uriOf(path));
    const shown = window.visibleTextEditors.find((editor) => editor.document === document);
    const editor = await window.showTextDocument(document, shown?.viewColumn ?? ViewColumn.One);
    editor.selection = new Selection(place, place);
    editor.revealRange(new Range(place, place));
  }

  async #post(message: ToWebview): Promise<void> {
    if (this.#open?.ready === true) await this.#open.panel.webview.postMessage(message);
  }
}

interface OpenPreview {
  readonly panel: WebviewPanel;
  readonly session: PreviewSession;
  file: FileOfPack;
  /** The page listens. */
  ready: boolean;
  /** In the files of the lesson, as they are listed on the page. */
  problems: readonly Problem[];
  /** Where the cursor was last. */
  place: Place | undefined;
}

interface Place {
  /** Index of the part. */
  readonly part: number;
  /** From 0, its first line, to 1. */
  readonly share: number;
}

const isOf = (document: TextDocument, { files, path }: FileOfPack): boolean =>
  document.uri.toString() === files.uriOf(path).toString();

/** Above the first part, in the front matter, a lesson is at its start. */
function placeOf(lesson: Lesson, line: number, lineCount: number): Place | undefined {
  if (lesson.parts.length === 0) return undefined;
  const part = Math.max(
    0,
    lesson.parts.findLastIndex(({ at }) => at.line <= line),
  );
  const start = lesson.parts[part]!.at.line;
  const end = lesson.parts[part + 1]?.at.line ?? lineCount + 1;
  return { part, share: Math.min(1, Math.max(0, (line - start) / Math.max(1, end - start))) };
}
