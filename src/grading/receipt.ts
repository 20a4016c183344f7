import { canonicalJson } from './canonicalJson.ts';
import type { GradingRequest } from './grader.ts';
import { isPinnedCase } from './pinnedCase.ts';
import type { Provenance, TaskReport } from './report.ts';

/**
 * A result that anybody can obtain again: what was graded, with which version and seed, and the report. It is no
 * signature. It proves nothing by itself; it says what to re-execute, and what must come out, to the byte.
 */
export interface Receipt {
  readonly format: 1;
  readonly kind: 'trapframe receipt';
  readonly pack: string;
  readonly task: string;
  readonly provenance: Provenance;
  /** The submission as it was graded. */
  readonly source: string;
  readonly report: TaskReport;
}

export const receiptEnding = '.receipt.json';

export function receiptOf(pack: string, source: string, report: TaskReport): Receipt {
  const { task, provenance } = report;
  return { format: 1, kind: 'trapframe receipt', pack, task, provenance, source, report };
}

/** The bytes of a receipt's file: canonical JSON and a line's end. */
export const serializeReceipt = (receipt: Receipt): string => `${canonicalJson(receipt)}\n`;

export type ReceiptRead =
  | { readonly ok: true; readonly value: Receipt }
  /** A sentence that follows the file's name, with a next step. */
  | { readonly ok: false; readonly problem: string };

/** Reads as much of a receipt as re-executing it needs. Whether the rest is true, re-execution tells. */
export function parseReceipt(text: string): ReceiptRead {
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    return unreadable('is not JSON.');
  }
  if (!isObject(value) || value['kind'] !== 'trapframe receipt') return unreadable('is not a receipt.');
  if (value['format'] !== 1) {
    return typeof value['format'] === 'number' && value['format'] > 1
      ? {
          ok: false,
          problem: `has format ${value['format']}, which a newer Trapframe wrote. Update Trapframe.`,
        }
      : unreadable(`has the format ${JSON.stringify(value['format'])} in place of 1.`);
  }
  for (const name of ['pack', 'task', 'source'] as const) {
    if (typeof value[name] !== 'string') return unreadable(`has no "${name}".`);
  }
  const { provenance, report } = value;
  if (!isObject(provenance) || !Number.isSafeInteger(provenance['seed'])) {
    return unreadable('does not say the seed, "provenance.seed".');
  }
  const { pinned } = provenance;
  if (pinned !== undefined && !(Array.isArray(pinned) && pinned.every(isPinnedCase))) {
    return unreadable('has pinned cases that cannot be read, "provenance.pinned".');
  }
  if (!isObject(report)) return unreadable('has no "report".');
  return { ok: true, value: value as unknown as Receipt };
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const unreadable = (problem: string): ReceiptRead => ({
  ok: false,
  problem: `${problem} Make one with: trapframe check <task> <file> --receipt`,
});

/** What to grade again, for the receipt. */
export const requestBehind = (
  { source, provenance }: Receipt,
  { task, lessonHash }: Pick<GradingRequest, 'task' | 'lessonHash'>,
): GradingRequest => ({
  task,
  source,
  seed: provenance.seed,
  lessonHash,
  ...(provenance.pinned === undefined ? {} : { pinned: provenance.pinned }),
});

/**
 * What a receipt says that re-executing it does not: empty when its bytes are exactly those that come out.
 * @param text the receipt's file
 * @param again the receipt of the re-execution
 */
export function receiptDifferences(text: string, receipt: Receipt, again: Receipt): readonly string[] {
  if (text.trimEnd() === canonicalJson(again)) return [];
  const differences: string[] = [];
  const compare = (what: string, said: unknown, found: unknown, because = ''): void => {
    if (canonicalJson(said ?? null) === canonicalJson(found ?? null)) return;
    differences.push(
      `${what}: the receipt says ${brief(said)}, re-execution gives ${brief(found)}.${because}`,
    );
  };
  const said = receipt.provenance;
  const found = again.provenance;
  compare(
    'Engine version',
    said.engineVersion,
    found.engineVersion,
    ' Other versions may judge otherwise: use that one.',
  );
  compare(
    'Lesson hash',
    said.lessonHash,
    found.lessonHash,
    ' The lesson or its task has changed since: use the one of that time.',
  );
  compare(
    'Submission hash',
    said.submissionHash,
    found.submissionHash,
    ' The source is not the one that was graded.',
  );
  compare('Verdict', receipt.report.verdict, again.report.verdict);
  compare('Points', receipt.report.points, again.report.points);
  compare('Maximum of points', receipt.report.maxPoints, again.report.maxPoints);
  for (const check of again.report.checks) {
    const other = checkOf(receipt.report, check.id);
    compare(`Check ${check.id}`, outcomeOf(other), outcomeOf(check));
  }
  if (differences.length === 0 && canonicalJson(receipt) !== canonicalJson(again)) {
    differences.push(`${firstDifference(receipt, again)} differs.`);
  }
  if (differences.length === 0) {
    differences.push(
      'The content is the same, but it was written anew: its bytes are not those of a receipt.',
    );
  }
  return differences;
}

interface CheckOutcome {
  readonly id?: unknown;
  readonly verdict?: unknown;
  readonly points?: unknown;
}

/** A receipt's file may hold anything in place of a report. */
function checkOf(report: TaskReport, id: string): CheckOutcome | undefined {
  const checks: unknown = report.checks;
  return Array.isArray(checks)
    ? (checks as readonly unknown[]).find((each): each is CheckOutcome => isObject(each) && each['id'] === id)
    : undefined;
}

const outcomeOf = (check: CheckOutcome | undefined): string | undefined =>
  check === undefined ? undefined : `${String(check.verdict)}, ${String(check.points)} points`;

/** Where two values first differ: `report.checks.0.failure.because`. */
function firstDifference(a: unknown, b: unknown, path = 'The receipt'): string {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return path;
  const inside = path === 'The receipt' ? '' : `${path}.`;
  for (const name of new Set([...Object.keys(a), ...Object.keys(b)].toSorted())) {
    const [inA, inB] = [a, b].map((each) => (each as Readonly<Record<string, unknown>>)[name]);
    if (canonicalJson(inA ?? null) !== canonicalJson(inB ?? null))
      return firstDifference(inA, inB, `${inside}${name}`);
  }
  return path;
}

function brief(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing');
  return text.length > 40 ? `${text.slice(0, 12)}…` : text;
}
