import { summed, untried } from './checkReports.ts';
import type { GradingRequest, GradingResult } from './grader.ts';
import type { CheckReport, FailureRecording, FailurePictures } from './report.ts';
import type { LocatingSubmission } from './sandbox/policySandbox.ts';
import { loadSubmission, loadToLocate, workOf, type Work } from './submissions.ts';
import { KnownOfRuns } from './runMemory.ts';
import { provenanceOf, ungradable } from './ungradable.ts';
import { isUngradable } from './violation.ts';
import { CheckGrading, type Graded } from './checkGrading.ts';
import type { GradingTools } from './gradingTools.ts';

/** Grades one submission: each check in author order, case by case, until it fails. */
export async function gradeTask(request: GradingRequest, tools: GradingTools): Promise<GradingResult> {
  const { task } = request;
  const work = workOf(task, tools.scenarios);
  const proven = request.proof === true ? await tools.authored.load(sourceOf(request), work) : undefined;
  const outcome =
    proven === undefined
      ? await loadSubmission(sourceOf(request), work, tools.sandbox)
      : ({ ok: true, submission: proven.submission } as const);
  const provenance = provenanceOf(request, tools.engineVersion);
  if (!outcome.ok) {
    if (isUngradable(outcome.fault)) return ungradable(request, outcome.fault, tools.engineVersion);
    const checks = task.checks.map((check) => untried(check, 'not reached'));
    return {
      report: { ...summed(task, 'failed', checks), fault: outcome.fault, output: [], provenance },
      pictures: {},
      recordings: {},
    };
  }
  const { submission } = outcome;
  const held = proven?.held ?? new KnownOfRuns<Set<string>>(mostHeld);
  const locate = locating(request, tools, work);
  const graded: Graded = { request, tools, work, submission, held, proven, locate };
  const checks: CheckReport[] = [];
  const pictures: Record<string, FailurePictures> = {};
  const recordings: Record<string, FailureRecording> = {};
  for (const check of task.checks) {
    const blocked = check.after.some((id) => checks.find((each) => each.id === id)?.verdict !== 'passed');
    if (blocked) {
      checks.push(untried(check, 'not reached'));
      continue;
    }
    const { report, pictures: drawn, recording } = await new CheckGrading(check, graded).grade();
    checks.push(report);
    if (drawn !== undefined) pictures[check.id] = drawn;
    if (recording !== undefined) recordings[check.id] = recording;
  }
  const worst = (['ungradable', 'failed', 'not reached'] as const).find((verdict) =>
    checks.some((check) => check.verdict === verdict),
  );
  return {
    report: {
      ...summed(task, worst ?? 'passed', checks),
      output: submission.output(),
      ...(submission.notes === undefined ? {} : { notes: submission.notes }),
      provenance,
    },
    pictures,
    recordings,
  };
}

/** Cases of one submission whose runs need not be judged again. */
const mostHeld = 2000;

const sourceOf = ({ task, source }: GradingRequest) => ({ file: task.file, text: source });

/** Loads a submission with instrumented returns when a first check needs it, and once. */
function locating(request: GradingRequest, tools: GradingTools, work: Work): Graded['locate'] {
  let loaded: Promise<LocatingSubmission | undefined> | undefined;
  return () => (loaded ??= loadToLocate(sourceOf(request), work, tools.sandbox));
}
