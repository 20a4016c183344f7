import {
  ProgressLocation,
  Range,
  Selection,
  WorkspaceEdit,
  window,
  workspace,
  type QuickPickItem,
  type Uri,
} from 'vscode';
import { t } from '../course/messages.ts';
import type { Lesson, Task } from '../course/model.ts';
import type { MisconceptionReview, Suggestion } from '../grading/verify/suggestMisconceptions.ts';
import type { AuthorPack, AuthorPacks, FileOfPack } from './authorPacks.ts';
import type { CourseLibrary } from './courseLibrary.ts';
import type { GradingService } from './gradingService.ts';
import { HumanError } from './humanError.ts';

interface LessonTask {
  readonly lesson: Lesson;
  readonly task: Task;
}

/** *Suggest Misconceptions*: what mutants of a task's reference show, and a draft of the known-wrong solution that is chosen. */
export class MisconceptionSuggestions {
  readonly #library: CourseLibrary;
  readonly #packs: AuthorPacks;
  readonly #grading: GradingService;

  constructor(library: CourseLibrary, packs: AuthorPacks, grading: GradingService) {
    this.#library = library;
    this.#packs = packs;
    this.#grading = grading;
  }

  /** @param uri of a `task.yaml`, or of a lesson that opens tasks */
  async run(uri: Uri | undefined = window.activeTextEditor?.document.uri): Promise<void> {
    const file = uri === undefined ? undefined : await this.#packs.of({ uri });
    if (file === undefined)
      throw new HumanError(
        t('This file belongs to no lesson pack. Open the task.yaml of a task in this window.'),
      );
    const found = await chosenTask(file);
    if (found === undefined) return;
    const review = await this.#review(found);
    if (review === undefined) return;
    if (review.suggestions.length === 0) {
      void window.showInformationMessage(
        t(
          '{0}: the checks reject each of {1} mutants with words of their own, or it does what the reference does.',
          found.task.title,
          review.tried,
        ),
      );
      return;
    }
    const suggestion = await this.#chosen(review);
    if (suggestion !== undefined) await this.#draft(file, found.task, suggestion);
  }

  /** Undefined when it was stopped. */
  async #review({ lesson, task }: LessonTask): Promise<MisconceptionReview | undefined> {
    const [host, prover] = await Promise.all([this.#library.host(), this.#grading.newProver()]);
    const progress = {
      location: ProgressLocation.Notification,
      title: t('Running mutants of the reference of {0}…', task.title),
      cancellable: true,
    };
    try {
      return await window.withProgress(progress, async (bar, token) => {
        token.onCancellationRequested(() => prover.dispose());
        const review = await host.suggestMisconceptions(lesson, task, prover, (done, total) =>
          bar.report({ message: t('{0} of {1}', done, total), increment: 100 / total }),
        );
        if (token.isCancellationRequested) return undefined;
        if (review === undefined) throw new HumanError(t('The mutants could not be made. Try it again.'));
        return review;
      });
    } finally {
      prover.dispose();
    }
  }

  async #chosen(review: MisconceptionReview): Promise<Suggestion | undefined> {
    const host = await this.#library.host();
    const rows = review.suggestions.map((suggestion): QuickPickItem & { suggestion: Suggestion } => ({
      label: host.briefChange(suggestion.diff),
      description: t('line {0}', suggestion.mutant.line),
      detail: capitalized(host.suggestionText(suggestion, review)),
      suggestion,
    }));
    const chosen = await window.showQuickPick(rows, {
      title: t('{0} mistakes that have no words of their own, of {1} mutants', rows.length, review.tried),
      placeHolder: t('Choose one to draft it as a known-wrong solution'),
      matchOnDetail: true,
      ignoreFocusOut: true,
    });
    return chosen?.suggestion;
  }

  /** A new file in `wrong/`, and its entry in `task.yaml`, unsaved, with the cursor where the feedback belongs. */
  async #draft({ files }: AuthorPack, task: Task, { mutant, verdict }: Suggestion): Promise<void> {
    const host = await this.#library.host();
    files.reload();
    const prefix = `${task.path}/`;
    const taken = (await files.list()).filter((path) => path.startsWith(prefix));
    const ending = task.file.slice(task.file.lastIndexOf('.'));
    const name = host.freeName(mutant.kind, ending, new Set(taken.map((path) => path.slice(prefix.length))));
    const document = await workspace.openTextDocument(files.uriOf(`${prefix}task.yaml`));
    const fails = verdict.kind === 'unnamed' ? verdict.fails : [];
    const { edit, feedbackAt } = host.addKnownWrong(document.getText(), { file: name, fails });
    const change = new WorkspaceEdit();
    change.createFile(files.uriOf(prefix + name), { contents: new TextEncoder().encode(mutant.text) });
    const at = document.positionAt(edit.range.start);
    change.insert(document.uri, at, edit.text);
    if (!(await workspace.applyEdit(change)))
      throw new HumanError(
        t('{0} could not be made. Look whether its folder may be written to.', prefix + name),
      );
    const editor = await window.showTextDocument(document);
    const place = document.positionAt(feedbackAt);
    editor.selection = new Selection(place, place);
    editor.revealRange(new Range(place, place));
  }
}

const capitalized = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** The task of a `task.yaml`; of a lesson, the one that is chosen. */
async function chosenTask({ authoring, path }: FileOfPack): Promise<LessonTask | undefined> {
  const { lessons } = (await authoring.lint()).value;
  const all = lessons.flatMap((lesson) =>
    lesson.parts.flatMap((part) => (part.kind === 'task' ? [{ lesson, task: part.task }] : [])),
  );
  const folder = path.slice(0, path.lastIndexOf('/'));
  const own = all.filter(({ task }) => task.path === folder || task.path.startsWith(`${folder}/`));
  if (own.length === 0)
    throw new HumanError(t('{0} opens no task that can be loaded. Look at the problems in its files.', path));
  if (own.length === 1) return own[0];
  const rows = own.map((each) => ({ label: each.task.title, description: each.task.id, each }));
  return (await window.showQuickPick(rows, { title: t('Of which task?') }))?.each;
}
