import {
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
} from 'vscode';
import { authorFileAt } from '../authoring/authorFile.ts';
import { translationOf } from '../course/locales.ts';
import { t } from '../course/messages.ts';
import type { ToExtension, ToWebview } from '../protocol/lessonPanel.ts';
import type { AuthorPacks, FileOfPack } from './authorPacks.ts';
import { lessonPreviewType } from './contributions.ts';
import { exercisesOf } from './course.ts';
import type { CourseLibrary } from './courseLibrary.ts';
import { DisposableStore } from './disposableStore.ts';
import type { FigureActions } from './figureActions.ts';
import type { GradingService } from './gradingService.ts';
import { HumanError } from './humanError.ts';
import { goTo, isOf, placeOf, type OpenPreview } from './openPreview.ts';
import { PreviewTasks } from './previewTasks.ts';
import type { TracePanel } from './tracePanel.ts';
import { readersLanguage } from './readersLanguage.ts';
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
  readonly #tasks: PreviewTasks;
  readonly #disposables = new DisposableStore();
  #open: OpenPreview | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Counts updates, so that the sheets of one are not finished after the next has begun. */
  #updates = 0;

  constructor(parts: LessonPreviewParts) {
    this.#parts = parts;
    this.#tasks = new PreviewTasks(parts.grading, parts.trace);
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
      ...readersLanguage(),
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
        return this.#tasks.openStarter(open, message.id);
      case 'checkTask':
        return this.#tasks.grade(open, message.id, undefined, () => this.#sendState(message.id));
      case 'gradeFile':
        return this.#tasks.grade(open, message.id, message.path, () => this.#sendState(message.id));
      case 'goToDecision':
        return this.#tasks.goToDecision(open, message.id, message.checkId);
      case 'stepThrough':
        return this.#tasks.stepThrough(open, message.id, message.checkId);
      case 'stepThroughFigure':
        return this.#parts.figures.stepThrough(message);
      case 'openConsole':
        return this.#parts.figures.openConsole(message);
      case 'goToSource': {
        const part = session.lesson?.parts[message.part];
        return part === undefined ? undefined : goTo(open, part.at);
      }
      case 'goToProblem': {
        const problem = open.problems[message.problem];
        return problem === undefined ? undefined : goTo(open, problem.at);
      }
      case 'openLesson': {
        const pack = await open.file.authoring.packAround(open.file.path);
        const lesson = pack.lessons.find(({ id }) => id === message.id);
        if (lesson !== undefined) await goTo(open, { file: lesson.path, line: 1, column: 1 });
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

  async #post(message: ToWebview): Promise<void> {
    if (this.#open?.ready === true) await this.#open.panel.webview.postMessage(message);
  }
}
