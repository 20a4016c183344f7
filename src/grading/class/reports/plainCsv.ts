import { problemLine, type ClassHeader, type ClassResults } from '../classReport.ts';
import { csvRow, shownCell } from '../csv.ts';

/**
 * A table for a spreadsheet: a row for each learner with the points of every exercise. An exercise of which nothing was handed
 * in has an empty cell, so that it can be told from 0 points.
 */
export async function* plainCsv({ items }: ClassHeader, results: ClassResults): AsyncIterable<string> {
  yield csvRow([
    'learner',
    'name',
    'email',
    'section',
    'submission',
    'points',
    'max_points',
    ...items.map(({ id }) => id),
    'problems',
  ]);
  for await (const { learner, place, points, maxPoints, exercises, problems } of results) {
    const { id, name = '', email = '', section = '' } = learner;
    yield csvRow([
      ...[id, name, email, section, place ?? ''].map(shownCell),
      points,
      maxPoints,
      ...exercises.map((each) => (each.verdict === 'missing' ? '' : each.points)),
      shownCell(problems.map(problemLine).join(' | ')),
    ]);
  }
}
