import type { ParameterValue } from '../engine/kernel/parameters.ts';
import type { ViewKind } from '../engine/kernel/views.ts';

/**
 * The course as data: packs of lessons, lessons of blocks, tasks with checks. Nothing here runs.
 * Everything that came from a file remembers where, so that a message can point at line and column.
 */

/** A place in a file of a pack. Lines and columns count from 1. */
export interface SourcePosition {
  /** Path inside the pack, with forward slashes. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** What is wrong with a file that an instructor wrote. */
export interface Problem {
  readonly severity: 'error' | 'warning';
  readonly at: SourcePosition;
  /** Where it ends, exclusive, in the same file. Absent: with the value that starts there. */
  readonly end?: Omit<SourcePosition, 'file'>;
  /** What was seen and what was expected. */
  readonly message: string;
  /** One next step, tentative: `Did you mean "sliceMs"?` */
  readonly suggestion?: string;
  /** What an editor can do about it, the likeliest first. */
  readonly fixes?: readonly Fix[];
}

/** A change that would mend a problem. Tentative, like the suggestion. */
export type Fix =
  /** Another text for `seen`, which stands at the place of the problem or a little after it. */
  | { readonly kind: 'replace'; readonly seen: string; readonly by: string }
  /** One more key in the map at `path` of the YAML around the problem. */
  | { readonly kind: 'addKey'; readonly path: readonly PropertyKey[]; readonly key: string }
  /** A file that is named and does not exist, by its path in the pack. */
  | { readonly kind: 'createFile'; readonly file: string }
  /** A lesson's folder that `pack.yaml` does not list. */
  | { readonly kind: 'listLesson'; readonly folder: string }
  /** A task that its lesson does not open. */
  | { readonly kind: 'openTask'; readonly lesson: string; readonly task: string };

/** What to do about a problem: in words, or in words and as changes that an editor can make. */
export type Advice = string | { readonly text: string; readonly fixes: readonly Fix[] };

/** Loading never throws: what could be read is there, and everything wrong is listed. */
export interface Loaded<T> {
  readonly value: T;
  readonly problems: readonly Problem[];
}

/** How files of a pack are read: from disk, from a VS Code workspace file system, from a test's object. */
export interface PackFiles {
  /** Every file's path inside the pack, with forward slashes, sorted. */
  list(): Promise<readonly string[]>;
  /** A file as UTF-8 text. Rejects when it cannot be read. */
  read(path: string): Promise<string>;
}

export interface Pack {
  readonly id: string;
  readonly title: string;
  /** Which the originals are in, as a tag (BCP 47): `en`, `pt-BR`. */
  readonly language: string;
  /** In the order of the course. */
  readonly modules: readonly CourseModule[];
  readonly lessons: readonly Lesson[];
}

/** A part of the course: CPU, I/O and scheduling, containers, gVisor, Kubernetes. */
export interface CourseModule {
  readonly id: string;
  readonly title: string;
}

export interface Lesson {
  readonly id: string;
  readonly title: string;
  /** Which its texts are in, as a tag: of a translation the one that its file names (`de`), else that of the pack's originals. */
  readonly language: string;
  /** Id of its {@link CourseModule}. */
  readonly module: string;
  /** What a learner can do afterwards, one sentence. */
  readonly summary: string;
  /** Reading and exercises, in minutes. */
  readonly minutes: number;
  readonly format: 1;
  readonly path: string;
  /** The body in order: Markdown between blocks, and the blocks. */
  readonly parts: readonly LessonPart[];
  /** SHA-256 of the lesson's own bytes and its tasks', in hex, without translations. A result names it. */
  readonly contentHash: string;
}

export type LessonPart = ProsePart | FigurePart | QuestionPart | PredictionPart | CritiquePart | TaskPart;
/** The language that a part's texts are in, as a tag. */
export const languageOf = (part: LessonPart, lesson: Lesson): string => part.language ?? lesson.language;

/** Parts that a learner answers, with an id that is unique in its pack. */
export type Exercise = QuestionPart | PredictionPart | CritiquePart | TaskPart;

interface Positioned {
  readonly at: SourcePosition;
}

interface PartCommon extends Positioned {
  /** Where it is not the lesson's: of what a translation lacks, which stands there in the original's. */
  readonly language?: string;
}

/** Something that can stand in another language. What is recorded or graded is always the original. */
interface Translatable<Part> {
  /** Of a translation: what it translates. */
  readonly original?: Part;
}

export interface ProsePart extends PartCommon {
  readonly kind: 'prose';
  readonly markdown: string;
}

/** A live simulation with controls. */
export interface FigurePart extends PartCommon {
  readonly kind: 'figure';
  /** Unique in the lesson; derived from its order when not given. */
  readonly id: string;
  readonly scenario: string;
  readonly title?: string;
  /** What the figure shows, for people who cannot see it and for everybody's first look. */
  readonly caption?: string;
  /** Default: the first in the order of `viewKinds` that the scenario has. */
  readonly view?: ViewKind;
  /** Names of parameters that get a control, in order. */
  readonly controls: readonly string[];
  /** Parameters that differ from the scenario's defaults. */
  readonly set: Readonly<Record<string, ParameterValue>>;
  /** A second run beside the first: parameters that differ in it. */
  readonly compare?: Readonly<Record<string, ParameterValue>>;
  /** Names of metrics shown beside the figure. */
  readonly metrics: readonly string[];
  /** Of views that are stepped through: how much of the run has happened at first, in percent of its events, 0–100. Default 0. */
  readonly start?: number;
}

/** How a parameter of a variant is drawn from the learner's seed. */
export type Variation =
  | { readonly kind: 'int'; readonly from: number; readonly to: number }
  | { readonly kind: 'choose'; readonly from: readonly ParameterValue[] };

export type Vary = Readonly<Record<string, Variation>>;

/** An expression in CEL over parameters by name, `metrics.<name>` and the numbers of the variant. */
export interface Expression extends Positioned {
  readonly text: string;
}

interface QuestionCommon extends PartCommon, Translatable<QuestionPart> {
  readonly kind: 'question';
  readonly id: string;
  /** A short name; without it the words of the id stand for it. */
  readonly title?: string;
  /** Markdown with `{name}` for the variant's values. */
  readonly ask: string;
  /** Markdown shown with a right answer. */
  readonly explain: string;
  /** In steps: each is shown on request, one after the other. */
  readonly hints: readonly string[];
  readonly points: number;
}

export type QuestionPart = NumberQuestion | ChoiceQuestion | OrderQuestion;

/** A question whose answer is a number that the engine computes. */
export interface NumberQuestion extends QuestionCommon {
  readonly form: 'number';
  readonly unit: string;
  readonly scenario: string;
  readonly set: Readonly<Record<string, ParameterValue>>;
  readonly vary: Vary;
  /** The key, over the metrics of the run. */
  readonly answer: Expression;
  /** The same by hand; `verify` proves that both agree. */
  readonly closedForm?: Expression;
  /** Accepted distance from the key, in the answer's unit. */
  readonly tolerance: number;
  readonly misconceptions: readonly NumberMisconception[];
}

export interface NumberMisconception {
  readonly value: Expression;
  /** Markdown with `{name}` for the variant's values. */
  readonly say: string;
}

/** One or several statements are right; every option has feedback of its own. */
export interface ChoiceQuestion extends QuestionCommon {
  readonly form: 'choice';
  /** `one`: radio buttons. `several`: check boxes, right when exactly the right ones are chosen. */
  readonly pick: 'one' | 'several';
  readonly options: readonly ChoiceOption[];
}

export interface ChoiceOption {
  readonly text: string;
  readonly right: boolean;
  /** Why choosing it is right, or what is wrong with it. Markdown. */
  readonly say: string;
}

/** Items that are put into an order. */
interface Ordered {
  readonly form: 'order';
  readonly items: readonly OrderItem[];
  /** Runs of it rank the items; absent where the right order is that of `items`. */
  readonly scenario?: string;
  readonly set: Readonly<Record<string, ParameterValue>>;
  readonly vary: Vary;
  /** Which end of the values comes first. */
  readonly first: 'lowest' | 'highest';
  /** Of the values. */
  readonly unit: string;
}

export interface OrderItem {
  /** One line of Markdown. */
  readonly text: string;
  /** Parameters of its run that differ from the exercise's own. */
  readonly set: Readonly<Record<string, ParameterValue>>;
  /** What it is ranked by; present with a scenario. */
  readonly value?: Expression;
}

export interface OrderQuestion extends QuestionCommon, Ordered {
  readonly misconceptions: readonly OrderMisconception[];
}

/** Feedback for one wrong order. */
export interface OrderMisconception {
  /** Indexes into the items. */
  readonly order: readonly number[];
  readonly say: string;
}

export type OrderExercise = OrderQuestion | OrderPrediction;

interface PredictionCommon extends PartCommon, Translatable<PredictionPart> {
  readonly kind: 'prediction';
  readonly id: string;
  readonly title?: string;
  readonly ask: string;
  /** The view of the run that is shown afterwards; as in a figure. */
  readonly view?: ViewKind;
  readonly explain: string;
  readonly points: number;
}

/** A guess that is committed, with how sure the learner is, before the run may be seen. */
export type PredictionPart = NumberPrediction | OrderPrediction;

export interface OrderPrediction extends PredictionCommon, Ordered {
  readonly scenario: string;
  readonly misconceptions: readonly OrderMisconception[];
}

export interface NumberPrediction extends PredictionCommon {
  readonly form: 'number';
  readonly unit: string;
  readonly scenario: string;
  readonly set: Readonly<Record<string, ParameterValue>>;
  readonly vary: Vary;
  /** What the run will show, over its metrics. */
  readonly answer: Expression;
  readonly tolerance: number;
  /** From and to of an empty time axis on which the prediction may be marked as well, in its unit. */
  readonly axis?: readonly [from: number, to: number];
}

/** A classmate's wrong or half-right answer: what is wrong with it? */
export interface CritiquePart extends PartCommon, Translatable<CritiquePart> {
  readonly kind: 'critique';
  readonly id: string;
  readonly title?: string;
  /** The classmate's words, Markdown. */
  readonly claim: string;
  readonly ask: string;
  readonly options: readonly ChoiceOption[];
  readonly explain: string;
  readonly points: number;
}

/** A place in the lesson where a task is opened. */
export interface TaskPart extends PartCommon, Translatable<TaskPart> {
  readonly kind: 'task';
  readonly id: string;
  readonly task: Task;
}

export interface Task {
  readonly id: string;
  readonly title: string;
  /** Markdown. */
  readonly brief: string;
  /** Folder inside the pack. */
  readonly path: string;
  readonly work: TaskWork;
  /** Name of the learner's file: `scheduler.ts`, `config.json`. */
  readonly file: string;
  /** Only one behaviour is right: failures are explained by the first divergence from the reference. */
  readonly deterministic: boolean;
  readonly checks: readonly TaskCheck[];
  readonly hints: readonly string[];
  readonly wrong: readonly KnownWrong[];
  readonly starter: TaskFile;
  readonly solution: TaskFile;
  readonly at: SourcePosition;
}

/** What the learner's file is to the scenarios of the task's checks. */
export type TaskWork =
  /** A module that exports these policies. */
  | { readonly kind: 'policies'; readonly policies: readonly string[] }
  /** The document of this name. */
  | { readonly kind: 'document'; readonly document: string };

export interface TaskFile {
  readonly path: string;
  readonly text: string;
}

/** The name of the check that holds for every run that ended well; scenarios need not declare it. */
export const finishesCheck = 'finishes';

export interface TaskCheck {
  readonly id: string;
  readonly title: string;
  /** Name of a check of the scenario, or `finishes`, which holds for every run that ended well. */
  readonly use: string;
  readonly with: CheckArguments;
  readonly scenario: string;
  readonly set: Readonly<Record<string, ParameterValue>>;
  readonly vary: Vary;
  /**
   * The name that its cases are drawn under: its id, or that of the first check with the same scenario and parameters.
   * Both are then asked of the same runs.
   */
  readonly drawnAs: string;
  /** How many cases are drawn. */
  readonly cases: number;
  /** Cases that hold must also hold in every order of simultaneous events; some are tried. */
  readonly anyTies: boolean;
  /** Whole points. */
  readonly points: number;
  /** Ids of earlier checks that must pass first; otherwise this one is `not reached`. */
  readonly after: readonly string[];
  /** Shown when it fails, before the evidence, where no misconception was recognized. Markdown. */
  readonly say?: string;
  /** In order: the first whose property the failing run breaks too is shown in place of `say`. */
  readonly feedback: readonly PropertyFeedback[];
  readonly at: SourcePosition;
}

/** What to say of a failing run that breaks a certain property: for tasks in which many behaviours are right. */
export interface PropertyFeedback {
  /** Name of a check of the scenario. */
  readonly use: string;
  readonly with: CheckArguments;
  /** Markdown. */
  readonly say: string;
}

/** Arguments of a check: values, and expressions over the parameters of each case. */
export type CheckArguments = Readonly<Record<string, ParameterValue | Expression>>;

/** A submission that must fail, and the misconception that it shows. */
export interface KnownWrong {
  readonly file: TaskFile;
  /** Feedback for exactly that mistake. Markdown. */
  readonly say: string;
  /** Ids of checks that it must fail. */
  readonly fails: readonly string[];
  readonly at: SourcePosition;
}
