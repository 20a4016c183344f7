import type { ClassHeader, ClassResults, LearnerResult } from '../../grading/class/classReport.ts';
import { ClassTally } from '../../grading/class/classSummary.ts';
import { fileWord } from '../../grading/class/fileWord.ts';
import { canvasGradebook } from '../../grading/class/reports/canvasGradebook.ts';
import { classJson } from '../../grading/class/reports/classJson.ts';
import { classViewPage } from '../../grading/class/reports/classView.ts';
import { gradescopeResults } from '../../grading/class/reports/gradescope.ts';
import { classroomReport } from '../../grading/class/reports/githubClassroom.ts';
import { junitXml } from '../../grading/class/reports/junit.ts';
import { plainCsv } from '../../grading/class/reports/plainCsv.ts';
import { prairieLearnResults } from '../../grading/class/reports/prairieLearn.ts';
import { studentReport } from '../../grading/class/reports/studentReport.ts';
import { changesText, scoreChanges, type ScoreChanges } from '../../grading/class/scoreChanges.ts';
import type { ClassReport } from '../../grading/class/classReport.ts';
import { UsageError } from '../command.ts';
import type { ReportSink } from './reportSink.ts';

/** What a report is made of. Results can be gone through several times. */
export interface GradedClass {
  readonly header: ClassHeader;
  readonly results: () => ClassResults;
  /** Title of the Canvas column. */
  readonly assignment: string;
}

type ReportFormat =
  | {
      readonly of: 'class';
      readonly file: string;
      readonly write: (graded: GradedClass) => AsyncIterable<string>;
    }
  /** Systems that grade one submission at a time read one file for it. */
  | { readonly of: 'learner'; readonly write: (header: ClassHeader, result: LearnerResult) => string };

const json = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`;

/** Every `--report`, by name. */
export const reportFormats = {
  gradescope: { of: 'learner', write: ({ items }, result) => json(gradescopeResults(items, result)) },
  prairielearn: { of: 'learner', write: ({ items }, result) => json(prairieLearnResults(items, result)) },
  github: { of: 'learner', write: ({ items }, result) => json(classroomReport(items, result)) },
  junit: { of: 'class', file: 'junit.xml', write: ({ header, results }) => junitXml(header, results()) },
  canvas: {
    of: 'class',
    file: 'canvas.csv',
    write: ({ header, results, assignment }) => canvasGradebook(header, results(), assignment),
  },
  csv: { of: 'class', file: 'grades.csv', write: ({ header, results }) => plainCsv(header, results()) },
  json: { of: 'class', file: 'class.json', write: ({ header, results }) => classJson(header, results()) },
} satisfies Record<string, ReportFormat>;

export type ReportName = keyof typeof reportFormats;
export const reportNames = Object.keys(reportFormats) as readonly ReportName[];
const formatOf = (name: ReportName): ReportFormat => reportFormats[name];

export const isForLearners = (name: ReportName): boolean => formatOf(name).of === 'learner';

/** The one report that goes to standard output. */
export async function reportText(name: ReportName, graded: GradedClass): Promise<string> {
  const format = formatOf(name);
  let text = '';
  if (format.of === 'class') for await (const part of format.write(graded)) text += part;
  else {
    let learners = 0;
    for await (const result of graded.results()) {
      text = format.write(graded.header, result);
      learners++;
    }
    if (learners !== 1) {
      throw new UsageError(
        `--report ${name} is a file for each learner, and there are ${learners}. Name a folder for them: --out <folder>`,
      );
    }
  }
  return text;
}

/** Writes the reports of a class: the JSON report, the class view, a text for each learner, and those that were asked for. */
export async function writeReports(
  sink: ReportSink,
  graded: GradedClass,
  names: readonly ReportName[],
  earlier: ClassReport | undefined,
): Promise<ScoreChanges | undefined> {
  const { header, results } = graded;
  const forClass = new Set<ReportName>(['json', ...names.filter((name) => !isForLearners(name))]);
  const forLearners = names.filter(isForLearners);
  const tally = new ClassTally(header);
  for await (const result of results()) {
    tally.add(result);
    const word = fileWord(result.learner.id);
    await sink.write(`students/${word}.md`, [studentReport(header, result)]);
    for (const name of forLearners) {
      const format = formatOf(name);
      if (format.of === 'learner') await sink.write(`${name}/${word}.json`, [format.write(header, result)]);
    }
  }
  const changes = earlier === undefined ? undefined : await scoreChanges(earlier, header, results());
  if (changes !== undefined) {
    await sink.write('changes.txt', [`${changesText(changes)}\n`]);
    await sink.write('changes.json', [json(changes)]);
  }
  for (const name of forClass) {
    const format = formatOf(name);
    if (format.of === 'class') await sink.write(format.file, format.write(graded));
  }
  await sink.write('class.html', [classViewPage(header, tally.summary(), changes)]);
  return changes;
}
