import { t } from '../course/messages.ts';
import { languageOf } from '../course/model.ts';
import type { GradingService } from './gradingService.ts';
import { goTo, type OpenPreview } from './openPreview.ts';
import type { TracePanel } from './tracePanel.ts';

/** What an author does with a task in its preview: its files play the learner's, and verdicts are shown as learners see them. */
export class PreviewTasks {
  readonly #grading: GradingService;
  readonly #trace: TracePanel;

  constructor(grading: GradingService, trace: TracePanel) {
    this.#grading = grading;
    this.#trace = trace;
  }

  async openStarter(open: OpenPreview, id: string): Promise<void> {
    const exercise = open.session.exercise(id);
    if (exercise?.kind !== 'task') return;
    await goTo(open, { file: exercise.task.starter.path, line: 1, column: 1 });
  }

  /**
   * Grades a file of the pack as if a learner had written it.
   * @param path the file; by default the starter
   * @param onChange the state of the exercise is another: at the start, and with the verdict
   */
  async grade(
    { session, file }: OpenPreview,
    id: string,
    path: string | undefined,
    onChange: () => Promise<void>,
  ): Promise<void> {
    const exercise = session.exercise(id);
    if (exercise?.kind !== 'task') return;
    const { task } = exercise;
    const known = [task.solution, task.starter, ...task.wrong.map((wrong) => wrong.file)];
    const graded = known.find((each) => each.path === path) ?? task.starter;
    const request = session.gradingOf(id, await file.files.read(graded.path))!;
    session.checking(id);
    await onChange();
    const result = await (await this.#grading.grader()).grade(request);
    session.graded(id, graded.path, result);
    await onChange();
  }

  /** Shows the line of the graded file that decided, or where the fault is. */
  async goToDecision(open: OpenPreview, id: string, checkId: string): Promise<void> {
    const graded = open.session.gradedFile(id);
    const failure = graded?.result.report.checks.find((check) => check.id === checkId)?.failure;
    if (graded === undefined) return;
    const line = failure?.fault?.line ?? failure?.decision?.line ?? 1;
    await goTo(open, { file: graded.path, line, column: 1 });
  }

  /** Shows the failing case of a check in the trace panel. */
  async stepThrough({ session }: OpenPreview, id: string, checkId: string): Promise<void> {
    const [lesson, exercise] = [session.lesson, session.exercise(id)];
    const graded = session.gradedFile(id);
    const check = graded?.result.report.checks.find((each) => each.id === checkId);
    const recording = graded?.result.recordings[checkId];
    if (lesson === undefined || exercise === undefined || graded === undefined) return;
    if (check?.failure === undefined || recording === undefined) return;
    const { failure } = check;
    const { scenario, params, seed } = failure.case;
    const { actual, expected, decidingEvent } = recording;
    await this.#trace.show({
      title: check.title,
      language: languageOf(exercise, lesson),
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
}
