import { summed, untried } from './checkReports.ts';
import type { GradingRequest, GradingResult } from './grader.ts';
import type { CheckReport, FailureRecording, FailurePictures, Verdict } from './report.ts';
import { loadSubmission, locating, workOf } from './submissions.ts';
import { KnownOfRuns } from './runMemory.ts';
import { notRun, provenanceOf } from './notRun.ts';
import { CheckGrading, type Graded } from './checkGrading.ts';
import type { GradingTools } from './gradingTools.ts';

/** Grades one submission: each check in author order, case by case, until it fails. */
export async function gradeTask(request: GradingRequest, tools: GradingTools): Promise<GradingResult> {
  const { task } = request;
  const work = workOf(task, tools.scenarios);
  const proven = request.proof === undefined ? undefined : await tools.authored.load(sourceOf(request), work);
  const outcome =
    proven === undefined
      ? await loadSubmission(sourceOf(request), work, tools.sandbox)
      : ({ ok: true, submission: proven.submission } as const);
  if (!outcome.ok) return notRun(request, outcome.fault, tools.engineVersion);
  const { submission } = outcome;
  const held = proven?.held ?? KnownOfRuns.ofOne<Set<string>>(mostHeld);
  const locate = proven?.locate ?? locating(sourceOf(request), work, tools.sandbox);
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
  return {
    report: {
      ...summed(task, overall(checks), checks),
      output: submission.output(),
      ...(submission.notes === undefined ? {} : { notes: submission.notes }),
      provenance: provenanceOf(request, tools.engineVersion),
    },
    pictures,
    recordings,
  };
}

/** What is not reached stands behind a check that did not pass. */
function overall(checks: readonly CheckReport[]): Verdict {
  if (checks.some(({ verdict }) => verdict === 'ungradable')) return 'ungradable';
  return checks.every(({ verdict }) => verdict === 'passed') ? 'passed' : 'failed';
}

/** Cases of one submission whose runs need not be judged again. */
const mostHeld = 2000;

const sourceOf = ({ task, source }: GradingRequest) => ({ file: task.file, text: source });
