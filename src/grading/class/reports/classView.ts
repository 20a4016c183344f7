import { renderInlineMarkdown, renderMarkdown } from '../../../course/markdown.ts';
import { problemLine, type ClassHeader } from '../classReport.ts';
import type { ClassSummary, ExerciseSummary } from '../classSummary.ts';
import { oneLine } from '../csv.ts';
import { leastLearners } from '../itemStatistics.ts';
import { signed, type ScoreChanges } from '../scoreChanges.ts';
import { classViewStyle } from './classViewStyle.ts';

/**
 * The class at a glance: one HTML file without scripts and without anything from outside, readable in every browser, in a light
 * and a dark theme, and by a screen reader. Its body is made of the same tables in a webview.
 */
export function classViewPage(
  header: ClassHeader,
  summary: ClassSummary,
  changes: ScoreChanges | undefined,
): string {
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${html(header.pack.title)}: the class</title>
<style>${classViewStyle}</style>
</head>
<body>
${classViewBody(header, summary, changes)}
</body>
</html>
`;
}

export function classViewBody(
  header: ClassHeader,
  summary: ClassSummary,
  changes: ScoreChanges | undefined,
): string {
  const lang = courseLanguage(header);
  const sections = [
    overview(summary),
    changes === undefined ? '' : changesSection(changes),
    exerciseSection(summary, lang),
    checkSection(summary, lang),
    mistakeSection(summary, lang),
    problemSection(summary),
    learnerSection(summary),
  ];
  return `<main>
<h1>${ofCourse(lang, header.pack.title)}: the class</h1>
${sections.filter((section) => section !== '').join('\n')}
<footer><p>Trapframe ${html(header.engineVersion)}, course seed ${header.courseSeed}${header.shard === undefined ? '' : `, part ${header.shard.index} of ${header.shard.of}`}.</p></footer>
</main>`;
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const html = (text: string): string => oneLine(text).replaceAll(/[&<>"']/g, (char) => entities[char]!);

/** The attribute that marks a text of the course, where it is in another language than this page. */
const courseLanguage = ({ pack }: ClassHeader): string =>
  pack.language === undefined ? '' : ` lang="${html(pack.language)}"`;

/** A title of the course within a text of this page. */
const ofCourse = (lang: string, title: string): string =>
  lang === '' ? html(title) : `<span${lang}>${html(title)}</span>`;

function section(id: string, title: string, about: string, content: string): string {
  return `<section aria-labelledby="${id}">
<h2 id="${id}">${title}</h2>
${about === '' ? '' : `<p>${about}</p>\n`}${content}
</section>`;
}

interface Column {
  readonly title: string;
  readonly number?: true;
}

/** A table whose first column names its rows. It scrolls by itself, by keyboard too. */
function table(caption: string, columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const cell = (text: string, column: number): string => {
    const attributes = columns[column]!.number === true ? ' class="number"' : '';
    return column === 0 ? `<th scope="row">${text}</th>` : `<td${attributes}>${text}</td>`;
  };
  const heads = columns
    .map(({ title, number }) => `<th scope="col"${number === true ? ' class="number"' : ''}>${title}</th>`)
    .join('');
  return `<div class="scroll" role="region" aria-label="${html(caption)}" tabindex="0"><table>
<caption>${html(caption)}</caption>
<thead><tr>${heads}</tr></thead>
<tbody>
${rows.map((row) => `<tr>${row.map(cell).join('')}</tr>`).join('\n')}
</tbody>
</table></div>`;
}

/** A share as a number with a bar behind it, which is for eyes alone. */
const bar = (part: number, whole: number, tone: 'right' | 'wrong' | 'plain'): string =>
  `<span class="bar ${tone}" aria-hidden="true"><span style="width:${whole === 0 ? 0 : Math.round((100 * part) / whole)}%"></span></span>${part} of ${whole}`;

const percent = (share: number | undefined): string =>
  share === undefined ? '–' : `${Math.round(100 * share)} %`;
const index = (value: number | undefined): string =>
  value === undefined ? '–' : value.toFixed(2).replace('-', '−');

const name = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`;

function overview({ learners, handedIn, maxPoints, problems }: ClassSummary): string {
  const points = learners.filter((row) => row.handedIn).map((row) => row.points);
  const sorted = points.toSorted((a, b) => a - b);
  const mean = points.reduce((sum, each) => sum + each, 0) / points.length;
  const middle =
    sorted.length === 0 ? 0 : (sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!) / 2;
  const facts = [
    ['Handed in', `${handedIn} of ${name(learners.length, 'learner', 'learners')}`],
    ['Mean', points.length === 0 ? '–' : `${mean.toFixed(1)} of ${maxPoints} points`],
    ['Median', points.length === 0 ? '–' : `${middle} of ${maxPoints} points`],
    ['To look at', name(problems.length, 'problem', 'problems')],
  ];
  const list = facts.map(([what, value]) => `<div><dt>${what}</dt><dd>${value}</dd></div>`).join('\n');
  return section(
    'overview',
    'Overview',
    '',
    `<dl class="facts">\n${list}\n</dl>\n${histogram(points, maxPoints)}`,
  );
}

const groups = 10;

function histogram(points: readonly number[], maxPoints: number): string {
  if (points.length === 0 || maxPoints === 0) return '';
  const counts = Array.from({ length: groups }, () => 0);
  for (const each of points) counts[Math.min(groups - 1, Math.floor((groups * each) / maxPoints))]!++;
  const rows = counts.map((count, group) => [
    `${group * 10}${group === groups - 1 ? '–100 %' : `–${group * 10 + 9} %`}`,
    bar(count, points.length, 'plain'),
  ]);
  return table('Learners by their share of the points', [{ title: 'Points' }, { title: 'Learners' }], rows);
}

function changesSection({ compared, changes, gone, added }: ScoreChanges): string {
  const lower = changes.filter(({ before, after }) => after < before).length;
  const higher = changes.filter(({ before, after }) => after > before).length;
  const about = `Of ${name(compared, 'learner', 'learners')} in both reports, ${higher} have more points than before, ${lower} have fewer.${gone.length === 0 ? '' : ` No longer there: ${gone.map(html).join(', ')}.`}${added.length === 0 ? '' : ` New: ${added.map(html).join(', ')}.`}`;
  const rows = changes.map(({ learner, before, after, exercises }) => [
    html(learner),
    String(before),
    String(after),
    signed(after - before),
    exercises
      .map((each) =>
        html(
          `${each.id} ${each.before ?? '–'} → ${each.after ?? '–'}${each.because.length === 0 ? '' : ` (${each.because.join('; ')})`}`,
        ),
      )
      .join('<br>'),
  ]);
  const columns: readonly Column[] = [
    { title: 'Learner' },
    { title: 'Before', number: true },
    { title: 'Now', number: true },
    { title: 'Change', number: true },
    { title: 'Why' },
  ];
  return section(
    'changes',
    'What regrading changes',
    about,
    rows.length === 0 ? '' : table('Whose points change', columns, rows),
  );
}

function exerciseSection({ exercises, handedIn }: ClassSummary, lang: string): string {
  const about =
    'Ease is the mean share of the points. <em>Item–rest</em> is the correlation of an exercise with all the others, and <em>upper–lower</em> the difference of its ease between the best and the worst 27 % of the class: near 0 or below, it does not tell who understood.' +
    (handedIn < leastLearners ? ` With fewer than ${leastLearners} learners, upper–lower is not given.` : '');
  const columns: readonly Column[] = [
    { title: 'Exercise' },
    { title: 'Right' },
    { title: 'Ease', number: true },
    { title: 'Item–rest', number: true },
    { title: 'Upper–lower', number: true },
    { title: 'Missing', number: true },
    { title: 'Tries', number: true },
    { title: 'Hints', number: true },
  ];
  const rows = exercises.map(({ item, passed, missing, attempts, hints, statistics }) => [
    `${ofCourse(lang, item.title)} <span class="id">${html(item.id)}</span>`,
    bar(passed, handedIn, 'right'),
    percent(statistics.mean),
    index(statistics.itemRest),
    index(statistics.upperLower),
    String(missing),
    attempts === undefined ? '–' : attempts.toFixed(1),
    hints === undefined ? '–' : `${hints.hints} by ${hints.learners}`,
  ]);
  return section('exercises', 'Which exercises discriminate', about, table('Exercises', columns, rows));
}

function checkSection({ exercises }: ClassSummary, lang: string): string {
  const rows = exercises.flatMap(({ item, checks }) =>
    checks.map((check) => ({ item, check, tried: check.passed + check.failed })),
  );
  if (rows.length === 0) return '';
  const columns: readonly Column[] = [
    { title: 'Check' },
    { title: 'Task' },
    { title: 'Fails' },
    { title: 'Not reached', number: true },
  ];
  const sorted = rows.toSorted((a, b) => b.check.failed - a.check.failed);
  return section(
    'checks',
    'Which checks fail',
    '',
    table(
      'Checks, the one that fails most first',
      columns,
      sorted.map(({ item, check, tried }) => [
        ofCourse(lang, check.title),
        ofCourse(lang, item.title),
        bar(check.failed, tried, 'wrong'),
        String(check.notReached),
      ]),
    ),
  );
}

function mistakeSection({ exercises, handedIn }: ClassSummary, lang: string): string {
  const seen = exercises.flatMap((summary) => summary.mistakes.map((mistake) => ({ summary, mistake })));
  const sorted = seen.toSorted((a, b) => b.mistake.learners - a.mistake.learners);
  const items = sorted.map(({ summary, mistake }) => mistakeItem(summary, mistake, handedIn, lang));
  return section(
    'mistakes',
    'Which misconceptions',
    items.length === 0 ? 'No known misconception was recognized.' : '',
    items.length === 0 ? '' : `<ol class="mistakes">\n${items.join('\n')}\n</ol>`,
  );
}

function mistakeItem(
  { item }: ExerciseSummary,
  { id, learners }: { readonly id: string; readonly learners: number },
  handedIn: number,
  lang: string,
): string {
  const known = item.mistakes.find((mistake) => mistake.id === id);
  const text =
    known?.text === undefined ? '' : `<blockquote${lang}>${renderInlineMarkdown(known.text)}</blockquote>`;
  return `<li><p>${bar(learners, handedIn, 'wrong')} in <strong${lang}>${html(item.title)}</strong> <span class="id">${html(`${item.id}: ${id}`)}</span></p>
${text}<div class="say"${lang}>${renderMarkdown(known?.say ?? '')}</div></li>`;
}

function problemSection({ problems }: ClassSummary): string {
  if (problems.length === 0) return '';
  const rows = problems.map((problem) => `<li>${html(problemLine(problem))}</li>`).join('\n');
  return section('problems', 'To look at', '', `<ul>\n${rows}\n</ul>`);
}

function learnerSection({ learners, maxPoints }: ClassSummary): string {
  const columns: readonly Column[] = [
    { title: 'Learner' },
    { title: 'Name' },
    { title: 'Points' },
    { title: 'Missing', number: true },
    { title: 'Problems', number: true },
  ];
  const rows = learners.map(({ id, name: called = '', points, handedIn, missing, problems }) => [
    html(id),
    html(called),
    handedIn ? bar(points, maxPoints, 'plain') : 'nothing handed in',
    String(missing),
    String(problems),
  ]);
  return section('learners', 'Learners', '', table('Points of each learner', columns, rows));
}
