import type { MarkdownIt } from 'markdown-it';
import { l10n, Uri, window, type ExtensionContext, type TestItem } from 'vscode';
import { ClassReports } from './classReportPanel.ts';
import { ActiveTask } from './activeTask.ts';
import { AnswersFile } from './answersFile.ts';
import { registerCommand } from './commandRegistry.ts';
import { AuthorCommands, type NewOptions } from './authorCommands.ts';
import { AuthorCompletion } from './authorCompletion.ts';
import { AuthorLanguage } from './authorLanguage.ts';
import { AuthorDiagnostics } from './authorDiagnostics.ts';
import { AuthorPacks } from './authorPacks.ts';
import { AuthorQuickFixes } from './authorQuickFixes.ts';
import { ClusterTerminals } from './clusterTerminal.ts';
import type { CommandId } from './contributions.ts';
import { CourseCommands } from './courseCommands.ts';
import { CourseLibrary } from './courseLibrary.ts';
import { CourseTree } from './courseTree.ts';
import { DisposableStore } from './disposableStore.ts';
import { ErrorMessages } from './errorMessages.ts';
import { Exercises } from './exercises.ts';
import { FigureActions } from './figureActions.ts';
import { FirstStart } from './firstStart.ts';
import { GradingService } from './gradingService.ts';
import { Learner } from './learner.ts';
import { LessonPanel } from './lessonPanel.ts';
import { LessonPreview } from './lessonPreview.ts';
import { MarkdownPreview } from './markdownPreview.ts';
import { MisconceptionSuggestions } from './misconceptionSuggestions.ts';
import { PackTests } from './packTests.ts';
import type { Platform } from './platform.ts';
import { ProgressFiles } from './progressFiles.ts';
import { ReferenceDocuments } from './referenceDocuments.ts';
import { ReviewTree } from './reviewTree.ts';
import { SubmissionExport } from './submissionExport.ts';
import { TaskChecker } from './taskChecker.ts';
import { TaskDocuments } from './taskDocuments.ts';
import { TaskDiagnostics } from './taskDiagnostics.ts';
import { TaskFiles } from './taskFiles.ts';
import { TaskFlow } from './taskFlow.ts';
import { TaskHovers } from './taskHovers.ts';
import { TaskInlayHints } from './taskInlayHints.ts';
import { TaskLenses } from './taskLenses.ts';
import { TaskQuickFixes } from './taskQuickFixes.ts';
import { TaskStatusBar } from './taskStatusBar.ts';
import { TaskTests } from './taskTests.ts';
import { TracePanel } from './tracePanel.ts';
import { speakBy } from '../course/messages.ts';
import { WorkFolders } from './workFolders.ts';

/** For VS Code's Markdown preview and for the tests inside VS Code. Nothing else should need it yet. */
export interface TrapframeApi {
  readonly version: 1;
  /** Shows the blocks of lessons in VS Code's own Markdown preview. */
  readonly extendMarkdownIt: (md: MarkdownIt) => MarkdownIt;
  /** What was said in error messages since the start; tests cannot see notifications. */
  readonly saidErrors: () => readonly string[];
}

/** Puts everything together. Registers and returns: the course, the engine and the grader are loaded at first use. */
export function activate(context: ExtensionContext, platform: Platform): TrapframeApi {
  speakBy((text, ...values) => l10n.t(text, ...values), l10n.bundle);
  const store = new DisposableStore();
  context.subscriptions.push(store);
  const log = store.add(window.createOutputChannel('Trapframe', { log: true }));
  const errors = new ErrorMessages(log);
  const onError = errors.show;

  const library = store.add(new CourseLibrary(platform, context.extensionUri, log));
  const folders = store.add(new WorkFolders(context.globalState, log));
  const learner = store.add(new Learner(context.globalStorageUri, folders));
  const { progress } = store.add(new ProgressFiles(context.globalStorageUri, onError));
  const exercises = store.add(new Exercises(library, progress, learner));
  const tree = store.add(new CourseTree(library, progress, onError));
  store.add(new AnswersFile(folders, progress, onError));

  const files = new TaskFiles(library, folders, learner);
  const grading = store.add(new GradingService(platform, library, context.extensionUri));
  const checker = store.add(
    new TaskChecker(library, () => grading.grader(), files, exercises, progress, learner),
  );
  const active = store.add(new ActiveTask(files, log));
  const diagnostics = store.add(new TaskDiagnostics(checker));
  const references = store.add(new ReferenceDocuments(library));
  const tests = store.add(new TaskTests(library, files, checker, progress, onError));
  const lenses = store.add(new TaskLenses(files, checker));
  store.add(new TaskHovers(diagnostics));
  store.add(new TaskDocuments(library, files, onError));
  store.add(new TaskInlayHints(diagnostics));
  store.add(new TaskQuickFixes(diagnostics));
  store.add(new TaskStatusBar(active, checker));
  const trace = store.add(new TracePanel(context, log));
  const clusters = new ClusterTerminals(library);
  const figures = new FigureActions(trace, clusters);
  const tasks = store.add(
    new TaskFlow({
      library,
      files,
      checker,
      exercises,
      progress,
      active,
      diagnostics,
      references,
      tests,
      trace,
      showLesson: (lesson, part) => panel.show(lesson, part),
      onError,
    }),
  );
  const panel: LessonPanel = store.add(
    new LessonPanel(context, library, exercises, tasks, figures, log, onError),
  );
  const showLesson = (lesson: string, part: string) => panel.show(lesson, part);
  const reviews = store.add(new ReviewTree(library, progress, exercises, showLesson, onError));
  store.add(exercises.onDidAskAnew((lesson) => lesson === panel.lesson && void panel.refresh()));
  const submission = new SubmissionExport({ library, folders, files, checker, progress });
  const packs = store.add(new AuthorPacks(library));
  store.add(new AuthorDiagnostics(packs, onError));
  store.add(new AuthorQuickFixes(packs));
  store.add(new AuthorCompletion(packs));
  store.add(new AuthorLanguage(packs, library));
  const proofs = store.add(new PackTests(library, packs, grading, onError));
  const suggestions = new MisconceptionSuggestions(library, packs, grading);
  const classReports = new ClassReports();
  const author = new AuthorCommands(library, packs, grading);
  const preview = store.add(
    new LessonPreview({ context, library, packs, grading, trace, figures, log, onError }),
  );
  const markdown = store.add(new MarkdownPreview(library, packs, onError));
  const course = new CourseCommands({ context, library, panel, progress, folders, learner, log });

  /** Over the latest failing case of the task, where that has a cluster; else over an experiment of one's choice. */
  const openCluster = (id: string | undefined) =>
    clusters.open(tasks.failingRuns(id ?? active.current?.part.id));

  const run: Readonly<Record<CommandId, (...args: unknown[]) => unknown>> = {
    'trapframe.openFirstLesson': () => course.openFirstLesson(),
    'trapframe.openLesson': (lesson, part) => course.openLesson(text(lesson), text(part)),
    'trapframe.chooseWorkFolder': (uri) => course.chooseWorkFolder(uri instanceof Uri ? uri : undefined),
    'trapframe.openTask': (id) => tasks.openTask(text(id)),
    'trapframe.checkTask': (id) => tasks.checkTask(text(id)),
    'trapframe.showHint': (id) => tasks.showHint(text(id)),
    'trapframe.resetTask': (id) => tasks.resetTask(text(id)),
    'trapframe.compareWithReference': (id) => tasks.compareWithReference(text(id)),
    'trapframe.stepThrough': (id, check) => tasks.stepThrough(...(failureIn(id) ?? [text(id), text(check)])),
    'trapframe.openClusterTerminal': (id) => openCluster(text(id)),
    'trapframe.review': (lesson, exercise) => reviews.review(text(lesson), text(exercise)),
    'trapframe.saveFailingCase': (id, check) =>
      tasks.saveFailingCase(...(failureIn(id) ?? [text(id), text(check)])),
    'trapframe.showLesson': (id) => tasks.showLesson(text(id)),
    'trapframe.exportSubmission': () => submission.run(),
    'trapframe.exportProgress': () => course.exportProgress(),
    'trapframe.resetProgress': () => course.resetProgress(),
    'trapframe.openWalkthrough': () => course.openWalkthrough(),
    'trapframe.previewLesson': (uri) => preview.show(uri instanceof Uri ? uri : undefined),
    'trapframe.verify': (uri) => proofs.verify(uri instanceof Uri ? uri : undefined),
    'trapframe.suggestMisconceptions': (uri) => suggestions.run(uri instanceof Uri ? uri : undefined),
    'trapframe.openClassReport': (uri) => classReports.open(uri instanceof Uri ? uri : undefined),
    'trapframe.openStudentReport': (folder, file) => classReports.openStudent(text(folder), text(file)),
    'trapframe.newPack': (options) => author.newPack(newOptions(options)),
    'trapframe.newLesson': (options) => author.newLesson(newOptions(options)),
    'trapframe.newTask': (options) => author.newTask(newOptions(options)),
    'trapframe.showLog': () => log.show(),
    'trapframe.reportIssue': () => course.reportIssue(),
  };
  for (const [id, command] of Object.entries(run))
    store.add(registerCommand(id as CommandId, onError, command));

  store.add(progress.onDidChange(() => tree.refresh()));
  store.add(
    library.onDidChange(() => {
      tree.refresh();
      void panel.refresh();
    }),
  );
  store.add(panel.onDidShow((lesson) => void tree.reveal(lesson).catch(onError)));
  store.add(
    learner.onDidChange(() => {
      void panel.refresh();
      void active.refresh();
      lenses.refresh();
    }),
  );
  void active.refresh();
  const sayWhatIsBroken = (): void => void folders.current().catch(onError);
  store.add(folders.onDidChange(sayWhatIsBroken));
  sayWhatIsBroken();
  store.add(new FirstStart({ context, course, folders, tree: tree.view, onError }));
  return {
    version: 1,
    extendMarkdownIt: (md) => markdown.extendMarkdownIt(md),
    saidErrors: () => errors.said,
  };
}

/** Commands can be called by anybody with anything; menus and tree rows pass objects. */
const text = (argument: unknown): string | undefined => (typeof argument === 'string' ? argument : undefined);

/** A menu passes the file that it was opened on. */
const newOptions = (argument: unknown): NewOptions | undefined =>
  typeof argument === 'object' && argument !== null && !(argument instanceof Uri) ? argument : undefined;

/** Task and check of the message in the Testing view that a button was pressed in. */
function failureIn(argument: unknown): readonly [task: string, check: string] | undefined {
  if (typeof argument !== 'object' || argument === null || !('test' in argument)) return undefined;
  const check = argument.test as Partial<TestItem> | undefined;
  const task = check?.parent?.id;
  return check?.id === undefined || task === undefined ? undefined : [task, check.id];
}
