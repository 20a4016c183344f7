import type { ClassHeader, ClassResults, LearnerResult } from '../classReport.ts';
import { csvRow, isFormula, oneLine } from '../csv.ts';

/**
 * A gradebook that Canvas imports: a row of headers whose first cell is `Student` and whose last column about students is
 * `Section`, then the row of maximum points, then a row for each student. Canvas finds a student by its own id, then the SIS
 * user id, then the login, and an assignment by `(id)` at the end of its title; a title without one makes a new assignment.
 * Who handed in nothing has an empty cell, which leaves the student's grade alone. Learners whom the class list does not have are left out.
 * Source: instructure/canvas-lms, `lib/gradebook_importer.rb` and `lib/gradebook_exporter.rb`.
 * @param assignment title of the column, as Canvas exports it: `Lab 1 (4711)`
 */
export async function* canvasGradebook(
  { items }: ClassHeader,
  results: ClassResults,
  assignment: string,
): AsyncIterable<string> {
  const maxPoints = items.reduce((sum, item) => sum + item.maxPoints, 0);
  yield csvRow(['Student', 'ID', 'SIS User ID', 'SIS Login ID', 'Section', canvasCell(assignment)]);
  yield csvRow(['    Points Possible', '', '', '', '', maxPoints.toFixed(2)]);
  for await (const result of results) if (result.listed) yield studentRow(result);
}

function studentRow({ learner, place, points }: LearnerResult): string {
  const { student, id, sisUserId, sisLoginId, section } = learner.canvas ?? {
    student: learner.name ?? learner.id,
    id: '',
    sisUserId: '',
    sisLoginId: learner.id,
    section: learner.section ?? '',
  };
  const grade = place === undefined ? '' : points.toFixed(2);
  return csvRow([...[student, id, sisUserId, sisLoginId, section].map(canvasCell), grade]);
}

/** Canvas writes what a spreadsheet would compute as a formula that gives the text. */
function canvasCell(text: string): string {
  const line = oneLine(text);
  return isFormula(line) ? `="${line.replaceAll('"', '""')}"` : line;
}
