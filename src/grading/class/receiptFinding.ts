import type { GradingRequest } from '../grader.ts';
import { parseReceipt, receiptDifferences, receiptOf, requestBehind } from '../receipt.ts';
import type { TaskReport } from '../report.ts';
import { contentHash } from '../../course/contentHash.ts';
import type { ReceiptFinding } from './classReport.ts';

/** A task that was graded, beside which a receipt lies. */
export interface GradedTask {
  readonly pack: string;
  readonly request: GradingRequest;
  readonly report: TaskReport;
  /** The seed that the learner's own receipts have to name. */
  readonly ownSeed: number;
}

/** Executes a receipt again, unless it is of the very grading that was just done, and says whether it holds. */
export async function findingOf(
  text: string,
  { pack, request, report, ownSeed }: GradedTask,
  grade: (request: GradingRequest) => Promise<TaskReport>,
): Promise<ReceiptFinding> {
  const read = parseReceipt(text);
  if (!read.ok) return { state: 'unreadable', says: [`It ${read.problem}`] };
  const receipt = read.value;
  if (receipt.task !== request.task.id || receipt.pack !== pack) {
    return { state: 'unreadable', says: [`It is for ${receipt.pack}/${receipt.task}.`.slice(0, 200)] };
  }
  const { provenance } = receipt;
  const changed =
    provenance.engineVersion !== report.provenance.engineVersion ||
    provenance.lessonHash !== report.provenance.lessonHash;
  if (changed) return { state: 'other version', says: ['The engine or the lesson has changed since.'] };
  const again = requestBehind(receipt, request);
  const same = again.seed === request.seed && again.source === request.source;
  const repeated = same ? report : await grade(again);
  if (repeated.fault?.kind === 'wall' || repeated.fault?.kind === 'crash')
    return { state: 'unreadable', says: [repeated.fault.message] };
  const says = receiptDifferences(text, receipt, receiptOf(pack, receipt.source, repeated));
  if (says.length > 0) return { state: 'forged', says };
  if (provenance.seed !== ownSeed) return { state: 'other learner', says: [] };
  if (!sameText(receipt.source, request.source)) return { state: 'older file', says: [] };
  return { state: 'holds', says: [] };
}

/** Line ends change on the way through archives and version control. */
const sameText = (a: string, b: string): boolean =>
  contentHash(new Map([['', a]])) === contentHash(new Map([['', b]]));
