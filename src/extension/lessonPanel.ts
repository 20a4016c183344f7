import {
  EventEmitter,
  Uri,
  ViewColumn,
  commands,
  window,
  type Event,
  type ExtensionContext,
  type LogOutputChannel,
  type Webview,
  type WebviewPanel,
  type WebviewPanelSerializer,
} from 'vscode';
import type { ToExtension, ToWebview } from '../protocol/lessonPanel.ts';
import { lessonPanelType, type CommandId } from './contributions.ts';
import type { CourseLibrary } from './courseLibrary.ts';
import { DisposableStore } from './disposableStore.ts';
import type { Exercises } from './exercises.ts';
import type { FigureActions } from './figureActions.ts';
import { HumanError } from './humanError.ts';
import { readersLanguage } from './readersLanguage.ts';
import { freshNonce, webviewHtml } from './webviewHtml.ts';
import { t } from '../course/messages.ts';

/** What a lesson does with a task beyond the commands. */
export interface LessonTaskActions {
  goToDecision(id: string, checkId: string): Promise<void>;
  stepThrough(id: string, checkId: string): Promise<void>;
}

/** The part of the page's own saved state that says which lesson it shows. */
interface PageState {
  readonly lessonId?: string;
}

/** Where the id of the open lesson is kept too: a page that was closed before it had loaded saved nothing. */
const openLessonKey = 'openLesson';

/** One panel for all lessons. It holds nothing that the record does not hold, so it need not be kept when hidden. */
export class LessonPanel implements WebviewPanelSerializer<PageState> {
  readonly #context: ExtensionContext;
  readonly #course: CourseLibrary;
  readonly #exercises: Exercises;
  readonly #tasks: LessonTaskActions;
  readonly #figures: FigureActions;
  readonly #log: LogOutputChannel;
  readonly #onError: (error: unknown) => void;
  readonly #disposables = new DisposableStore();
  readonly #shown = this.#disposables.add(new EventEmitter<string>());
  /** A lesson's page was sent; the id. */
  readonly onDidShow: Event<string> = this.#shown.event;
  #open: OpenPanel | undefined;
  #sending = Promise.resolve();

  constructor(
    context: ExtensionContext,
    course: CourseLibrary,
    exercises: Exercises,
    tasks: LessonTaskActions,
    figures: FigureActions,
    log: LogOutputChannel,
    onError: (error: unknown) => void,
  ) {
    this.#context = context;
    this.#course = course;
    this.#exercises = exercises;
    this.#tasks = tasks;
    this.#figures = figures;
    this.#log = log;
    this.#onError = onError;
    this.#disposables.add(window.registerWebviewPanelSerializer(lessonPanelType, this));
    this.#disposables.add(
      exercises.onDidChange(({ lesson, exercise, state }) => {
        if (lesson !== this.#open?.lesson) return;
        void this.#send(async () => {
          const current = state ?? (await exercises.state(await course.lesson(lesson), exercise));
          if (current !== undefined) await this.#post({ type: 'exercise', id: exercise, state: current });
        });
      }),
    );
  }

  /** The lesson that is open, if any. */
  get lesson(): string | undefined {
    return this.#open?.lesson;
  }

  /** Shows a lesson, and one of its parts where `partId` is given. Fails only where there is no such lesson. */
  async show(lessonId: string, partId?: string): Promise<void> {
    const lesson = await this.#course.lesson(lessonId);
    await this.#context.workspaceState.update(openLessonKey, lessonId);
    const known = this.#open;
    if (known === undefined) {
      const panel = window.createWebviewPanel(
        lessonPanelType,
        lesson.title,
        ViewColumn.One,
        this.#webviewOptions(),
      );
      this.#adopt(panel, lessonId, partId);
      return;
    }
    known.panel.reveal(undefined, false);
    known.reveal = partId;
    const changed = known.lesson !== lessonId;
    known.lesson = lessonId;
    known.panel.title = lesson.title;
    if (!known.ready) return; // `ready` will ask for the lesson
    await this.#send(() => (changed ? this.#sendLesson() : this.#sendReveal()));
  }

  /** Sends the whole lesson again: the learner, and with it every variant, changed. */
  async refresh(): Promise<void> {
    if (this.#open?.ready === true) await this.#send(() => this.#sendLesson());
  }

  async deserializeWebviewPanel(panel: WebviewPanel, state: PageState | undefined): Promise<void> {
    // The course says where pictures lie. Without one, the page says what is wrong.
    await this.#course.get().catch(() => undefined);
    panel.webview.options = this.#webviewOptions();
    this.#adopt(panel, state?.lessonId ?? this.#context.workspaceState.get<string>(openLessonKey), undefined);
  }

  dispose(): void {
    this.#open?.panel.dispose();
    this.#disposables.dispose();
  }

  #webviewOptions() {
    const root = this.#context.extensionUri;
    return {
      enableScripts: true,
      enableCommandUris: false,
      localResourceRoots: [
        ...['dist', 'media', 'lessons'].map((folder) => Uri.joinPath(root, folder)),
        // Pictures of packs beside the bundled one.
        ...this.#course.roots,
      ],
    };
  }

  #adopt(panel: WebviewPanel, lesson: string | undefined, reveal: string | undefined): void {
    // A second panel can only come from a reload that restores one while another was just opened.
    this.#open?.panel.dispose();
    const open: OpenPanel = { panel, lesson, reveal, ready: false };
    this.#open = open;
    const icon = (name: string): Uri => Uri.joinPath(this.#context.extensionUri, 'media', name);
    panel.iconPath = { light: icon('lessonLight.svg'), dark: icon('lessonDark.svg') };
    const listeners = new DisposableStore();
    listeners.add(
      panel.webview.onDidReceiveMessage(
        (message: ToExtension) => void this.#guard(() => this.#receive(open, message)),
      ),
    );
    // Hidden, the document is destroyed, and messages to it are lost until it says `ready` again.
    listeners.add(panel.onDidChangeViewState(() => (open.ready &&= panel.visible)));
    panel.onDidDispose(() => {
      listeners.dispose();
      if (this.#open === open) this.#open = undefined;
    });
    panel.webview.html = this.#html(panel.webview, panel.title);
  }

  #html(webview: Webview, title: string): string {
    const inDist = (name: string): string =>
      webview.asWebviewUri(Uri.joinPath(this.#context.extensionUri, 'dist', 'webview', name)).toString();
    return webviewHtml({
      title,
      cspSource: webview.cspSource,
      nonce: freshNonce(),
      ...readersLanguage(),
      scriptUri: inDist('lesson.js'),
      styleUri: inDist('lesson.css'),
      rootId: 'lesson',
      data: { 'figure-worker': inDist('runs.js') },
    });
  }

  async #receive(open: OpenPanel, message: ToExtension): Promise<void> {
    if (message.type === 'ready') {
      open.ready = true;
      return this.#send(() => this.#sendLesson());
    }
    if (message.type === 'failed') {
      this.#log.error(`The lesson page failed: ${message.message}`);
      return;
    }
    if (message.type === 'openLesson') return this.show(message.id);
    if (open.lesson === undefined) return;
    const lesson = await this.#course.lesson(open.lesson);
    switch (message.type) {
      case 'answer':
        return this.#exercises.answer(lesson, message.id, message.response);
      case 'retry':
        return this.#exercises.retry(lesson, message.id);
      case 'hint':
        await this.#exercises.hint(lesson, message.id);
        return;
      case 'openTask':
        return run('trapframe.openTask', message.id);
      case 'checkTask':
        return run('trapframe.checkTask', message.id);
      case 'resetTask':
        return run('trapframe.resetTask', message.id);
      case 'goToDecision':
        return this.#tasks.goToDecision(message.id, message.checkId);
      case 'pinCase':
        return this.#exercises.pin(lesson, message.id, message.checkId);
      case 'unpinCase':
        return this.#exercises.unpin(lesson, message.id, message.key);
      case 'stepThrough':
        return this.#tasks.stepThrough(message.id, message.checkId);
      case 'chooseVariant':
      case 'goToSource':
      case 'goToProblem':
      case 'gradeFile':
        return; // of previews alone
      case 'stepThroughFigure':
        return this.#figures.stepThrough(message);
      case 'openConsole':
        return this.#figures.openConsole(message);
    }
  }

  async #sendLesson(): Promise<void> {
    try {
      await this.#sendWhatIsThere();
    } catch (error) {
      const message =
        error instanceof HumanError
          ? error.message
          : t('The log says what failed. Reload the window to try again.');
      await this.#post({ type: 'broken', title: t('The lesson cannot be shown'), message });
      throw error;
    }
  }

  async #sendWhatIsThere(): Promise<void> {
    const id = this.#open?.lesson;
    if (id === undefined) {
      await this.#post({
        type: 'broken',
        title: t('No lesson'),
        message: t('The lesson that was open here is not known any more. Open one from the course view.'),
      });
      return;
    }
    const course = await this.#course.get();
    const lesson = course.lesson(id);
    if (lesson === undefined) {
      const message = t(
        'The lesson "{0}" is not in this version of the course. Open another from the course view.',
        id,
      );
      await this.#post({ type: 'broken', title: t('No such lesson'), message });
      return;
    }
    const problems = course.problemsIn(lesson);
    if (problems.length > 0) {
      const lines = problems.map(({ at, message, suggestion }) =>
        [
          `${at.file}:${at.line}:${at.column} ${message}`,
          ...(suggestion === undefined ? [] : [suggestion]),
        ].join(' '),
      );
      await this.#post({ type: 'broken', title: lesson.title, message: lines.join('\n') });
      return;
    }
    const webview = this.#open!.panel.webview;
    const folder = Uri.joinPath(course.uriOf(lesson.path), '..');
    const [page, exercises] = await Promise.all([
      this.#exercises.page(lesson, (path) => webview.asWebviewUri(Uri.joinPath(folder, path)).toString()),
      this.#exercises.states(lesson),
    ]);
    await this.#post({ type: 'lesson', page, exercises });
    await this.#sendReveal();
    this.#shown.fire(id);
    await this.#exercises.opened(lesson);
  }

  async #sendReveal(): Promise<void> {
    const partId = this.#open?.reveal;
    if (partId === undefined) return;
    this.#open!.reveal = undefined;
    await this.#post({ type: 'reveal', partId });
  }

  async #post(message: ToWebview): Promise<void> {
    if (this.#open?.ready === true) await this.#open.panel.webview.postMessage(message);
  }

  /** One after the other, so that an older snapshot never overtakes a newer part. */
  #send(run: () => Promise<void>): Promise<void> {
    this.#sending = this.#sending.then(() => this.#guard(run));
    return this.#sending;
  }

  async #guard(run: () => Promise<void>): Promise<void> {
    try {
      await run();
    } catch (error) {
      this.#onError(error);
    }
  }
}

/** As commands, so that VS Code sees that they were used: steps of the walkthrough wait for that. */
async function run(command: CommandId, task: string): Promise<void> {
  await commands.executeCommand(command, task);
}

interface OpenPanel {
  readonly panel: WebviewPanel;
  lesson: string | undefined;
  /** The part to bring into view once the lesson is there. */
  reveal: string | undefined;
  /** The page listens. */
  ready: boolean;
}
