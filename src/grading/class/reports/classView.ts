import { renderInlineMarkdown, renderMarkdown } from '../../../course/markdown.ts';
import { problemLine, type ClassHeader, type SubmissionProblem } from '../classReport.ts';
import type { ClassSummary, ExerciseSummary } from '../classSummary.ts';
import { fileWord } from '../fileWord.ts';
import { leastLearners } from '../itemStatistics.ts';
import { differencesText, exerciseText, moved, signed, type ScoreChanges } from '../scoreChanges.ts';
import { classViewStyle } from './classViewStyle.ts';
import { bar, html, linkTo, part, table, type Column, type Part, type RowGroup } from './htmlTable.ts';

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
  const parts = [
    ...(changes === undefined ? [] : [changesPart(changes)]),
    ...problemPart(summary),
    ...(summary.handedIn === 0 ? [] : [exercisePart(header, summary, lang)]),
    ...checkPart(summary, lang),
    ...(summary.handedIn === 0 ? [] : [mistakePart(summary, lang)]),
    learnerPart(summary),
  ];
  const contents = parts.map(({ id, title }) => `<li>${linkTo(id, html(title))}</li>`);
  return `<main>
<h1>${ofCourse(lang, header.pack.title)}: the class</h1>
<nav aria-label="Parts of this page"><ul>${contents.join('')}</ul></nav>
${[overview(summary), ...parts].map((each) => each.html).join('\n')}
<footer><p>Trapframe ${html(header.engineVersion)}, course seed ${header.courseSeed}${header.shard === undefined ? '' : `, part ${header.shard.index} of ${header.shard.of}`}.</p></footer>
</main>`;
}

/** The attribute that marks a text of the course, where it is in another language than this page. */
const courseLanguage = ({ pack }: ClassHeader): string =>
  pack.language === undefined ? '' : ` lang="${html(pack.language)}"`;

/** A title of the course within a text of this page. */
const ofCourse = (lang: string, title: string): string =>
  lang === '' ? html(title) : `<span${lang}>${html(title)}</span>`;

const percent = (share: number | undefined): string =>
  share === undefined ? '–' : `${Math.round(100 * share)} %`;
const index = (value: number | undefined): string =>
  value === undefined ? '–' : value.toFixed(2).replace('-', '−');

const name = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`;

function overview({ learners, handedIn, maxPoints, problems }: ClassSummary): Part {
  const points = learners.filter((row) => row.handedIn).map((row) => row.points);
  const sorted = points.toSorted((a, b) => a - b);
  const mean = points.reduce((sum, each) => sum + each, 0) / points.length;
  const middle =
    sorted.length === 0 ? 0 : (sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!) / 2;
  const facts = [
    ['Handed in', linkTo('learners', `${handedIn} of ${name(learners.length, 'learner', 'learners')}`)],
    ['Mean', points.length === 0 ? '–' : `${mean.toFixed(1)} of ${maxPoints} points`],
    ['Median', points.length === 0 ? '–' : `${middle} of ${maxPoints} points`],
    [
      'To look at',
      problems.length === 0 ? 'nothing' : linkTo('problems', name(problems.length, 'problem', 'problems')),
    ],
  ];
  const list = facts.map(([what, value]) => `<div><dt>${what}</dt><dd>${value}</dd></div>`).join('\n');
  return part(
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
  const most = Math.max(...counts);
  const rows = counts.map((count, group) => [
    `${group * 10}${group === groups - 1 ? '–100 %' : `–${group * 10 + 9} %`}`,
    bar(count, most, 'plain', String(count)),
  ]);
  return `<div class="histogram">${table(
    'Learners by their share of the points',
    [{ title: 'Points' }, { title: 'Learners' }],
    [{ rows }],
  )}</div>`;
}

function changesPart(all: ScoreChanges): Part {
  const { compared, changes, gone, added } = all;
  const { higher, lower } = moved(all);
  const differences = differencesText(all);
  const about = `Of ${name(compared, 'learner', 'learners')} in both reports, ${higher} have more points than before, ${lower} have fewer.${differences === undefined ? '' : ` ${html(differences)}`}${gone.length === 0 ? '' : ` No longer there: ${gone.map(html).join(', ')}.`}${added.length === 0 ? '' : ` New: ${added.map(html).join(', ')}.`}`;
  const rows = changes.map(({ learner, before, after, exercises }) => [
    reportLink(learner),
    String(before),
    String(after),
    signed(after - before),
    exercises.map((each) => html(`${each.id} ${exerciseText(each)}`)).join('<br>'),
  ]);
  const columns: readonly Column[] = [
    { title: 'Learner' },
    { title: 'Before', number: true },
    { title: 'Now', number: true },
    { title: 'Change', number: true },
    { title: 'Why' },
  ];
  return part(
    'changes',
    'What regrading changes',
    about,
    rows.length === 0 ? '' : table('Whose points change', columns, [{ rows }]),
  );
}

function exercisePart({ lessons }: ClassHeader, { exercises, handedIn }: ClassSummary, lang: string): Part {
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
    { title: 'Not graded', number: true },
    { title: 'Tries', number: true },
    { title: 'Hints', number: true },
  ];
  const row = ({
    item,
    passed,
    missing,
    ungradable,
    attempts,
    hints,
    statistics,
  }: ExerciseSummary): readonly string[] => [
    `${ofCourse(lang, item.title)} <span class="id">${html(item.id)}</span>`,
    bar(passed, handedIn, 'right'),
    percent(statistics.mean),
    index(statistics.itemRest),
    index(statistics.upperLower),
    String(missing),
    String(ungradable),
    attempts === undefined ? '–' : attempts.toFixed(1),
    hints === undefined ? '–' : `${hints.hints} by ${hints.learners}`,
  ];
  const groups = lessons.map(({ id, title }): RowGroup => ({
    heading: ofCourse(lang, title),
    rows: exercises.filter(({ item }) => item.lesson === id).map(row),
  }));
  return part('exercises', 'Which exercises discriminate', about, table('Exercises', columns, groups));
}

function checkPart({ exercises }: ClassSummary, lang: string): readonly Part[] {
  const rows = exercises.flatMap(({ item, checks }) =>
    checks
      .map((check) => ({ item, check, tried: check.passed + check.failed }))
      .filter(({ check, tried }) => tried + check.notReached > 0),
  );
  if (rows.length === 0) return [];
  const columns: readonly Column[] = [
    { title: 'Check' },
    { title: 'Task' },
    { title: 'Fails' },
    { title: 'Not reached', number: true },
  ];
  const sorted = rows.toSorted((a, b) => b.check.failed - a.check.failed);
  const content = table('Checks, the one that fails most first', columns, [
    {
      rows: sorted.map(({ item, check, tried }) => [
        ofCourse(lang, check.title),
        ofCourse(lang, item.title),
        bar(check.failed, tried, 'wrong'),
        String(check.notReached),
      ]),
    },
  ]);
  return [part('checks', 'Which checks fail', '', content)];
}

function mistakePart({ exercises, handedIn }: ClassSummary, lang: string): Part {
  const seen = exercises.flatMap((summary) => summary.mistakes.map((mistake) => ({ summary, mistake })));
  const sorted = seen.toSorted((a, b) => b.mistake.learners - a.mistake.learners);
  const items = sorted.map(({ summary, mistake }) => mistakeItem(summary, mistake, handedIn, lang));
  return part(
    'mistakes',
    'Which misconceptions',
    items.length === 0
      ? 'No known misconception was recognized.'
      : 'Numbers in these texts are those of the lesson itself; every learner has others.',
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

/** So many places of one problem are named at once; more are unfolded. */
const mostPlaces = 8;

/** What is found in several places is said once. */
function problemPart({ problems }: ClassSummary): readonly Part[] {
  if (problems.length === 0) return [];
  const said = new Map<string, SubmissionProblem[]>();
  for (const problem of problems) {
    const words = `${problem.what} ${problem.next}`;
    said.set(words, [...(said.get(words) ?? []), problem]);
  }
  const items = [...said].map(([words, same]) => {
    if (same.length === 1) return `<li>${html(problemLine(same[0]!))}</li>`;
    const places = same.map(({ where }) => html(where)).join(', ');
    const shown =
      same.length > mostPlaces
        ? `<details><summary>All ${same.length} places</summary>${places}</details>`
        : places;
    return `<li>In ${same.length} places: ${html(words)}<div class="places">${shown}</div></li>`;
  });
  return [part('problems', 'To look at', '', `<ul class="problems">\n${items.join('\n')}\n</ul>`)];
}

/** The report of a learner lies beside this page. */
const reportLink = (learner: string): string =>
  `<a href="students/${fileWord(learner)}.md"><bdi>${html(learner)}</bdi></a>`;

function learnerPart({ learners, maxPoints }: ClassSummary): Part {
  const columns: readonly Column[] = [
    { title: 'Learner' },
    { title: 'Name' },
    { title: 'Points' },
    { title: 'Missing', number: true },
    { title: 'Problems', number: true },
  ];
  const rows = learners.map(({ id, name: called = '', points, handedIn, missing, problems }) => [
    reportLink(id),
    `<bdi>${html(called)}</bdi>`,
    handedIn ? bar(points, maxPoints, 'plain') : 'nothing handed in',
    String(missing),
    String(problems),
  ]);
  return part('learners', 'Learners', '', table('Points of each learner', columns, [{ rows }]));
}
