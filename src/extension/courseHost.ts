/**
 * The heavy half of the extension: parser, Markdown, engine and grader. Bundled apart (`dist/courseHost.cjs`) and loaded
 * at first use, so that activation stays cheap. Nothing here knows VS Code.
 */
import type { Plan } from '../authoring/scaffold/plan.ts';
import { newPack as packPlan } from '../authoring/scaffold/newPack.ts';
import { referencePage as pageOfReference } from '../authoring/referenceText.ts';
import type { Completion } from '../authoring/completion.ts';
import {
  completeDocument,
  findingsIn,
  hoverDocument,
  type DocumentFinding,
} from '../authoring/documentHelp.ts';
import type { HoverText } from '../authoring/hover.ts';
import { AuthoringPack } from '../authoring/authoringPack.ts';
import { judge, type Answerable, type Judgement, type Response } from '../course/answering.ts';
import type { PictureAddress } from '../course/markdown.ts';
import { documentOf } from '../course/taskDocument.ts';
import { loadPack } from '../course/packLoader.ts';
import { referencedFiles } from '../course/referencedFiles.ts';
import type { Lesson, Loaded, Pack, PackFiles, Task, TaskPart } from '../course/model.ts';
import { scenarios } from '../engine/scenarios.ts';
import type { Grader } from '../grading/grader.ts';
import { typesOfAll } from '../grading/sandbox/learnerTypes.ts';
import type { WorkerOptions } from '../grading/killableWorker.ts';
import { WorkerGrader } from '../grading/workerGrader.ts';
import { WorkerPool } from '../grading/workerPool.ts';
import type { ExerciseState, LessonPage } from '../protocol/lessonPanel.ts';
import { ClusterSession, type RunAtEvent } from './clusterSession.ts';
import { answerState, taskState as stateOfTask, type TaskMoment } from './exerciseState.ts';
import { lessonCards } from './lessonCards.ts';
import { lessonPage } from './lessonPage.ts';
import type { BlockCard } from './markdownCards.ts';
import { PreviewSession } from './previewSession.ts';
import type { LessonProgress } from './progress.ts';
import packageJson from '../../package.json' with { type: 'json' };

export { speakBy } from '../course/messages.ts';
export { hintsOf } from './exerciseState.ts';
export { exerciseMark } from '../course/exerciseMark.ts';
export { gradedTask, translatedReport } from '../grading/translatedReport.ts';
export { submissionArchive } from './submissionArchive.ts';
export { addKnownWrong, freeName } from '../authoring/addKnownWrong.ts';
export { briefChange } from '../grading/verify/mutant.ts';
export { suggestionText, suggestMisconceptions } from '../grading/verify/suggestMisconceptions.ts';
export { verifyPart } from '../grading/verify/verifyPack.ts';

/** What an editor asks about a pack that is being written. */
export const authoringPack = (files: PackFiles): AuthoringPack => new AuthoringPack(files, scenarios);

export function completeTaskDocument(task: Task, text: string, offset: number): readonly Completion[] {
  const definition = documentOf(task, scenarios);
  return definition === undefined ? [] : completeDocument(definition, text, offset);
}

export function hoverTaskDocument(task: Task, text: string, offset: number): HoverText | undefined {
  const definition = documentOf(task, scenarios);
  return definition === undefined ? undefined : hoverDocument(definition, text, offset);
}

/** What a check would refuse the text for. */
export function findingsInTaskDocument(task: Task, text: string): readonly DocumentFinding[] {
  const definition = documentOf(task, scenarios);
  return definition === undefined ? [] : findingsIn(definition, text);
}

export const referencePage = (page: string): string => pageOfReference(page, scenarios);

export const newPack = (id: string, scenario: string): Plan => packPlan(id, scenarios[scenario]!);
export { nameProblem } from '../authoring/scaffold/nameProblem.ts';

export const scenarioIds = (): readonly string[] => Object.keys(scenarios);
export const scenarioSummary = (id: string): { readonly title: string; readonly doc: string } =>
  scenarios[id]!;

export const clusterSession = (run: RunAtEvent): ClusterSession | undefined => {
  const scenario = scenarios[run.scenario];
  return scenario === undefined ? undefined : ClusterSession.open(scenario, run);
};
export const clusterScenarios = (): readonly { readonly id: string; readonly title: string }[] =>
  Object.values(scenarios).filter((each) => each.console !== undefined);

/** @param locale the learner's language: `de-AT` */
export const openPack = (files: PackFiles, locale: string): Promise<Loaded<Pack>> =>
  loadPack(files, scenarios, { locale });

/** A pack whose folders cannot be listed, by what its files name. */
export const openReferencedPack = async (
  read: (path: string) => Promise<string>,
  locale: string,
): Promise<Loaded<Pack>> => openPack(await referencedFiles(read, locale), locale);

export const pageOf = (
  pack: Pack,
  lesson: Lesson,
  seed: number,
  pictureAddress: PictureAddress,
  roundOf: (exercise: string) => number = () => 0,
): LessonPage => lessonPage(pack, lesson, { seed, roundOf, scenarios, pictureAddress });

/** @param seed of the learner who is played at first; without one the homework's own values are shown */
export const newPreview = (seed: number | undefined): PreviewSession => new PreviewSession(scenarios, seed);

/** The blocks of the lesson that a preview shows, for VS Code's own Markdown preview. */
export const cardsOf = (session: PreviewSession, path: string, text: string): readonly BlockCard[] =>
  lessonCards(session, path, text, scenarios);

export const judgeAnswer = (exercise: Answerable, response: Response, seed: number): Judgement =>
  judge(exercise, response, seed, scenarios);

export const answerStateOf = (exercise: Answerable, progress: LessonProgress, seed: number): ExerciseState =>
  answerState(exercise, progress, seed, scenarios);

export const taskState = (part: TaskPart, progress: LessonProgress, moment: TaskMoment): ExerciseState =>
  stateOfTask(part, progress, moment, scenarios);

export const newGrader = (options: Omit<WorkerOptions, 'engineVersion'>): Grader =>
  new WorkerGrader({ ...options, engineVersion: packageJson.version });

/** @param size how many jobs may be under way at once */
export const newWorkerPool = (options: Omit<WorkerOptions, 'engineVersion'>, size: number): WorkerPool =>
  new WorkerPool({ ...options, engineVersion: packageJson.version }, size);

/** `trapframe.d.ts` of a work folder. */
export const learnerDeclarations = (): string => typesOfAll(scenarios);
