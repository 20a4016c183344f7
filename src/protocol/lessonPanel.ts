import type { ParameterValue } from '../engine/kernel/parameters.ts';
import type { Nanoseconds } from '../engine/kernel/time.ts';
import type { ViewModel } from '../engine/kernel/view.ts';
import type { ViewKind } from '../engine/kernel/views.ts';
import type { TaskReport } from '../grading/report.ts';

/**
 * Messages between the extension and a lesson's webview. The webview says `ready`; the extension answers with one
 * whole `lesson` snapshot; every later message replaces one part and may be repeated without harm.
 *
 * All `html` was rendered by the course's Markdown renderer (`html: false`), so it is safe to insert.
 */

export type ToWebview =
  | {
      readonly type: 'lesson';
      readonly page: LessonPage;
      readonly exercises: Readonly<Record<string, ExerciseState>>;
    }
  | { readonly type: 'exercise'; readonly id: string; readonly state: ExerciseState }
  /** Brings a part into view and focuses it: after a click in the course tree or in the Testing view. */
  | { readonly type: 'reveal'; readonly partId: string }
  /** In a preview alone, before its lesson: what its author chose, and what is wrong. */
  | { readonly type: 'authoring'; readonly authoring: Authoring }
  /** In a preview alone: what its author knows of an exercise. */
  | { readonly type: 'sheet'; readonly id: string; readonly sheet: AnswerSheet }
  /** In a preview alone: the author's cursor moved to this share of a part. */
  | { readonly type: 'follow'; readonly part: number; readonly share: number }
  /** The lesson cannot be shown: what, where, and what to do next. */
  | { readonly type: 'broken'; readonly title: string; readonly message: string };

export type ToExtension =
  | { readonly type: 'ready' }
  | { readonly type: 'answer'; readonly id: string; readonly response: ExerciseResponse }
  /** Try a question again, keeping the record of the earlier answer. */
  | { readonly type: 'retry'; readonly id: string }
  | { readonly type: 'hint'; readonly id: string }
  | { readonly type: 'openTask'; readonly id: string }
  | { readonly type: 'checkTask'; readonly id: string }
  | { readonly type: 'resetTask'; readonly id: string }
  /** Opens the learner's file at the line that decided. */
  | { readonly type: 'goToDecision'; readonly id: string; readonly checkId: string }
  /** Keeps the failing case of a check, so that it runs first in later checks. */
  | { readonly type: 'pinCase'; readonly id: string; readonly checkId: string }
  | { readonly type: 'unpinCase'; readonly id: string; readonly key: string }
  /** Opens the failing case of a check in the trace panel. */
  | { readonly type: 'stepThrough'; readonly id: string; readonly checkId: string }
  /** Opens a figure's run in the trace panel. */
  | {
      readonly type: 'stepThroughFigure';
      readonly title: string;
      /** Of the title. */
      readonly language: string;
      readonly scenario: string;
      readonly params: Readonly<Record<string, ParameterValue>>;
    }
  /** Opens a terminal with the console of a figure's scenario, over the run that it shows. */
  | {
      readonly type: 'openConsole';
      readonly scenario: string;
      readonly params: Readonly<Record<string, ParameterValue>>;
      /** The event that the picture shows, where it shows one. */
      readonly event?: number;
      /** The instant that was chosen in a picture that shows the whole run. */
      readonly atNs?: Nanoseconds;
    }
  | { readonly type: 'openLesson'; readonly id: string }
  /** In a preview: the learner's seed; without one the homework's own values. */
  | { readonly type: 'chooseVariant'; readonly seed?: number }
  /** In a preview: shows where a part, by its number on the page, or a problem stands in the file. */
  | { readonly type: 'goToSource'; readonly part: number }
  | { readonly type: 'goToProblem'; readonly problem: number }
  /** In a preview: grades a file of the pack as if a learner had handed it in. */
  | { readonly type: 'gradeFile'; readonly id: string; readonly path: string }
  /** Something failed in the webview: logged, never shown as raw text. */
  | { readonly type: 'failed'; readonly message: string };

/** What an author sees above the preview of a lesson. */
export interface Authoring {
  /** Of the learner who is played; absent for the homework's own values. */
  readonly seed?: number;
  readonly problems: readonly AuthoringProblem[];
}

export interface AuthoringProblem {
  readonly severity: 'error' | 'warning';
  /** `lesson.md:12` */
  readonly where: string;
  readonly message: string;
}

/** What only the author of an exercise sees of it. */
export interface AnswerSheet {
  /** What counts as right, for the variant that is shown. */
  readonly key?: string;
  /** Why there is no key. */
  readonly problem?: string;
  /** The variant: `4 VMs, 10 ms slices`. */
  readonly variant?: string;
  /** Expressions of the author with what each comes to. */
  readonly formulas: readonly { readonly label: string; readonly text: string }[];
  /** Every answer that has words of its own. */
  readonly answers: readonly SheetAnswer[];
  readonly explainHtml?: string;
  readonly hintsHtml: readonly string[];
}

export interface SheetAnswer {
  readonly answerHtml: string;
  readonly right: boolean;
  /** What whoever answers so is told. */
  readonly sayHtml: string;
  /** Where it comes from: an expression, or the checks that it fails. */
  readonly note?: string;
  /** A file of the pack that can be graded as a learner's. */
  readonly path?: string;
}

export interface LessonPage {
  readonly id: string;
  /** Of the lesson's own texts, as `lang` has it: `de`. */
  readonly language: string;
  readonly title: string;
  readonly moduleTitle: string;
  readonly summary: string;
  readonly minutes: number;
  readonly parts: readonly PagePart[];
  readonly next?: { readonly id: string; readonly title: string };
}

export type PagePart = (
  | { readonly kind: 'prose'; readonly html: string }
  | FigurePagePart
  | QuestionPagePart
  | PredictionPagePart
  | CritiquePagePart
  | TaskPagePart
) & {
  /** Where it is not the lesson's. */
  readonly language?: string;
};

export interface FigurePagePart {
  readonly kind: 'figure';
  readonly id: string;
  readonly scenario: string;
  readonly title?: string;
  readonly captionHtml?: string;
  /** Default: the first in the order of `viewKinds` that the scenario has. */
  readonly view?: ViewKind;
  readonly controls: readonly string[];
  readonly set: Readonly<Record<string, ParameterValue>>;
  /** A second run beside the first: what is different in it. */
  readonly compare?: Readonly<Record<string, ParameterValue>>;
  readonly metrics: readonly string[];
  /** Of views that are stepped through: percent of the run's events that have happened at first. Default 0. */
  readonly start?: number;
}

export interface QuestionPagePart {
  readonly kind: 'question';
  readonly id: string;
  readonly title?: string;
  /** For the learner's own variant. */
  readonly askHtml: string;
  readonly input:
    | { readonly form: 'number'; readonly unit: string }
    | { readonly form: 'choice'; readonly pick: 'one' | 'several'; readonly optionsHtml: readonly string[] }
    | OrderInput;
  readonly hintCount: number;
  readonly points: number;
}

/** Items to be put into an order, in the order in which they are shown at first. */
export interface OrderInput {
  readonly form: 'order';
  readonly items: readonly { readonly item: number; readonly html: string }[];
}

export interface PredictionPagePart {
  readonly kind: 'prediction';
  readonly id: string;
  readonly title?: string;
  readonly askHtml: string;
  /** What is predicted: without it a number. */
  readonly order?: OrderInput;
  readonly unit: string;
  /** From and to of an empty time axis on which the prediction may be marked as well, in its unit. */
  readonly axis?: readonly [from: number, to: number];
  /** The run that is shown once the prediction is committed. */
  readonly scenario: string;
  readonly params: Readonly<Record<string, ParameterValue>>;
  /** As in a figure. */
  readonly view?: ViewKind;
  readonly points: number;
}

export interface CritiquePagePart {
  readonly kind: 'critique';
  readonly id: string;
  readonly title?: string;
  readonly claimHtml: string;
  readonly askHtml: string;
  readonly optionsHtml: readonly string[];
  readonly points: number;
}

export interface TaskPagePart {
  readonly kind: 'task';
  readonly id: string;
  readonly title: string;
  readonly briefHtml: string;
  readonly file: string;
  readonly checks: readonly { readonly id: string; readonly title: string; readonly points: number }[];
  readonly hintCount: number;
  readonly points: number;
}

export type ExerciseResponse =
  | { readonly form: 'number'; readonly text: string }
  | { readonly form: 'choice'; readonly chosen: readonly number[] }
  | { readonly form: 'prediction'; readonly text: string; readonly confidence: Confidence }
  /** Indexes into the items, first to last; with how sure the learner is, for a prediction. */
  | { readonly form: 'order'; readonly order: readonly number[]; readonly confidence?: Confidence };

/** How sure the learner is, in percent. */
export type Confidence = 50 | 70 | 90;

export type ExerciseState = { readonly hintsHtml: readonly string[] } & (
  | { readonly kind: 'unanswered' }
  /** The response could not be read as an answer (`abc` for a number): costs nothing. */
  | { readonly kind: 'unreadable'; readonly response: ExerciseResponse; readonly message: string }
  | {
      readonly kind: 'answered';
      readonly response: ExerciseResponse;
      readonly right: boolean;
      readonly points: number;
      /** About this very answer. */
      readonly feedbackHtml: string;
      /** Per chosen option of a choice: its own feedback. */
      readonly optionFeedback?: readonly {
        readonly option: number;
        readonly right: boolean;
        readonly html: string;
      }[];
      /** The full explanation; with a right answer, and with a committed prediction. */
      readonly explainHtml?: string;
      readonly attempts: number;
      /** The exercise has changed since this answer; it is judged as it is now. */
      readonly changed?: true;
      /** The number that the run shows, for predictions. */
      readonly actual?: number;
    }
  | {
      readonly kind: 'task';
      /** The file exists in the work folder. */
      readonly opened: boolean;
      readonly checking: boolean;
      readonly report?: TaskReport;
      readonly pinned: readonly PinnedShown[];
      /** The report is of an earlier window, so its runs are not at hand: another check draws them. */
      readonly undrawn?: true;
      /** The task has changed since the report. */
      readonly changed?: true;
      /** Rendered `say` of failures, by check id. */
      readonly sayHtml: Readonly<Record<string, string>>;
      /** Pictures of the first failing case, by check id. */
      readonly pictures: Readonly<Record<string, PicturePair>>;
    }
);

/** A case that the learner keeps. */
export interface PinnedShown {
  /** Names it in `unpinCase`. */
  readonly key: string;
  readonly checkId: string;
  /** `2 VMs, 10 ms slices`. */
  readonly words: string;
  /** In the report; absent when it was pinned since. */
  readonly verdict?: 'passed' | 'failed' | 'not reached';
}

export interface PicturePair {
  readonly actual: ViewModel;
  readonly expected?: ViewModel;
  readonly decidingNs: number;
}
