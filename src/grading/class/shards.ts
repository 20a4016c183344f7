import { canonicalJson } from '../canonicalJson.ts';
import { compareText } from '../../course/problemList.ts';
import type { ClassHeader, ClassReport, LearnerResult, Shard } from './classReport.ts';

/** `2/4`: the second of four parts; undefined for what is none. */
export function parseShard(text: string): Shard | undefined {
  const match = /^(\d{1,6})\/(\d{1,6})$/.exec(text.trim());
  if (match === null) return undefined;
  const [index, of] = [Number(match[1]), Number(match[2])];
  return index >= 1 && index <= of ? { index, of } : undefined;
}

/** Every `of`-th of a class, so that neighbours in the alphabet, who may have the same teacher, are spread. */
export const inShard = <T>(members: readonly T[], shard: Shard | undefined): readonly T[] =>
  shard === undefined ? members : members.filter((_, position) => position % shard.of === shard.index - 1);

export type Merged =
  | { readonly ok: true; readonly header: ClassHeader; readonly learners: readonly LearnerResult[] }
  /** What was seen, what was expected, and a next step. */
  | { readonly ok: false; readonly problem: string };

/** A report and the file that it was read from. */
export interface NamedReport {
  readonly file: string;
  readonly report: ClassReport;
}

/**
 * Puts the parts of a class together: what comes out is, to the byte, what grading the class at once would have given. Parts of different classes, a
 * part that is there twice and a part that is missing are refused.
 */
export function mergeShards(parts: readonly NamedReport[]): Merged {
  const [first] = parts;
  if (first === undefined) return { ok: false, problem: 'No report was named.' };
  const whole = headerOf(first.report);
  const places = new Map<number, string>();
  for (const { file, report } of parts) {
    const different = differenceOf(whole, headerOf(report));
    if (different !== undefined)
      return {
        ok: false,
        problem: `${file} and ${first.file} are not parts of one class: they differ in "${different}". Grade all parts with the same folder, options and version.`,
      };
    const { shard } = report;
    if (shard === undefined)
      return {
        ok: false,
        problem: `${file} is a whole class, and no part of one. Parts are graded with --shard i/n.`,
      };
    if (shard.of !== first.report.shard!.of)
      return {
        ok: false,
        problem: `${file} is one of ${shard.of} parts, but ${first.file} is one of ${first.report.shard!.of}.`,
      };
    const other = places.get(shard.index);
    if (other !== undefined)
      return {
        ok: false,
        problem: `${file} and ${other} are both part ${shard.index} of ${shard.of}. Keep one.`,
      };
    places.set(shard.index, file);
  }
  const { of } = first.report.shard!;
  const missing = Array.from({ length: of }, (_, position) => position + 1).filter(
    (index) => !places.has(index),
  );
  if (missing.length > 0)
    return {
      ok: false,
      problem: `Of ${of} parts, ${missing.length === 1 ? 'this is' : 'these are'} missing: ${missing.join(', ')}. Grade with --shard ${missing[0]}/${of}, and name its report too.`,
    };
  const learners = parts
    .flatMap(({ report }) => report.learners)
    .toSorted((a, b) => compareText(a.learner.id, b.learner.id));
  return { ok: true, header: whole, learners };
}

/** A part's header without which part it is. */
function headerOf({ learners: _, shard: __, ...header }: ClassReport): ClassHeader {
  return header;
}

function differenceOf(a: ClassHeader, b: ClassHeader): string | undefined {
  const names = new Set([...Object.keys(a), ...Object.keys(b)]) as ReadonlySet<keyof ClassHeader>;
  return [...names].find((name) => canonicalJson(a[name] ?? null) !== canonicalJson(b[name] ?? null));
}
