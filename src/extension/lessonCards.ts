import { said, t } from '../course/messages.ts';
import { languageOf, type Lesson, type LessonPart } from '../course/model.ts';
import { splitLesson } from '../course/lessonText.ts';
import { ProblemList } from '../course/problemList.ts';
import { scenarioOf, type ScenarioTable } from '../course/variants.ts';
import { caseWords } from '../engine/kernel/caseWords.ts';
import { resolveParameters, type ParameterValue } from '../engine/kernel/parameters.ts';
import type { AnswerSheet, FigurePagePart, PagePart, TaskPagePart } from '../protocol/lessonPanel.ts';
import type { BlockCard } from './markdownCards.ts';
import type { PreviewSession } from './previewSession.ts';

/**
 * The blocks of a lesson as HTML for VS Code's own Markdown preview, which stands still: what is asked, with its key and
 * feedback folded away. It is for authors; learners read lessons on their page.
 */

/** @param text of the lesson's file, which the session shows */
export function lessonCards(
  session: PreviewSession,
  path: string,
  text: string,
  scenarios: ScenarioTable,
): readonly BlockCard[] {
  const lesson = session.lesson!;
  const { parts } = session.page((picture) => picture);
  const problems = new ProblemList();
  const blocks = splitLesson(path, text, problems).pieces.filter((piece) => piece.kind === 'block');
  const cards = blocks.flatMap(({ line }): readonly BlockCard[] => {
    const index = partAt(lesson, path, line);
    const [part, page] = [lesson.parts[index], parts[index]];
    if (part === undefined || page === undefined) return [];
    const sheet = 'id' in part ? session.sheet(part.id) : undefined;
    const language = languageOf(part, lesson);
    const own = <T>(value: T): T => inLanguage(language, value);
    return [{ line, html: card(own(page), own(sheet), language, scenarios) }];
  });
  const misplaced = problems.problems
    .filter(({ at, severity }) => severity === 'error' && !cards.some(({ line }) => line === at.line))
    .map(({ at, message, suggestion = '' }) => ({
      line: at.line,
      html: broken(paragraph(`${message} ${suggestion}`)),
    }));
  return [...cards, ...misplaced].toSorted((a, b) => a.line - b.line);
}

/** The HTML in a part or a sheet, marked as its language: around it stand words in that of the editor. */
const inLanguage = <T>(language: string, value: T): T => marked(language, value, '') as T;

function marked(language: string, value: unknown, key: string): unknown {
  if (typeof value === 'string') {
    if (!key.endsWith('Html') || value === '') return value;
    // What a line continues stays in it.
    const element = key === 'answerHtml' ? 'span' : 'div';
    return `<${element} lang="${escaped(language)}">${value}</${element}>`;
  }
  if (Array.isArray(value)) return value.map((each: unknown) => marked(language, each, key));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [name, marked(language, each, name)]),
  );
}

const partAt = ({ parts }: Lesson, path: string, line: number): number =>
  parts.findIndex(({ at }: LessonPart) => at.file === path && at.line === line);

function card(
  part: PagePart,
  sheet: AnswerSheet | undefined,
  language: string,
  scenarios: ScenarioTable,
): string {
  const title = 'title' in part && part.title !== undefined ? { text: part.title, language } : undefined;
  switch (part.kind) {
    case 'prose':
      return broken(part.html);
    case 'figure':
      return figureCard(part, title, scenarios);
    case 'task':
      return framed(t('Task'), title!, points(part.points), taskBody(part) + answers(sheet));
    case 'question':
      return framed(
        t('Question'),
        title ?? { text: part.id },
        points(part.points),
        part.askHtml + choices(sheet, part.input.form === 'choice') + answers(sheet),
      );
    case 'prediction':
      return framed(
        t('Prediction'),
        title ?? { text: part.id },
        points(part.points),
        part.askHtml + answers(sheet),
      );
    case 'critique':
      return framed(
        t('Critique'),
        title ?? { text: part.id },
        points(part.points),
        `<blockquote>${part.claimHtml}</blockquote>${part.askHtml}${choices(sheet, true)}${answers(sheet)}`,
      );
  }
}

/** What stands above a card, and its language where that is the lesson's. */
interface CardTitle {
  readonly text: string;
  readonly language?: string;
}

const framed = (kind: string, { text, language }: CardTitle, note: string, body: string): string =>
  `<section class="trapframe-card" aria-label="${escaped(`${kind}: ${text}`)}">` +
  `<p class="trapframe-kind">${escaped(note === '' ? kind : `${kind} · ${note}`)}</p>` +
  `<p class="trapframe-title"${language === undefined ? '' : ` lang="${escaped(language)}"`}>${escaped(text)}</p>${body}</section>`;

/** In place of a block that cannot be read. */
const broken = (html: string): string =>
  `<section class="trapframe-card trapframe-broken" aria-label="${escaped(t('A block with a mistake'))}">${html}</section>`;

const points = (count: number): string => (count === 1 ? t('1 point') : t('{0} points', count));

function figureCard(part: FigurePagePart, title: CardTitle | undefined, scenarios: ScenarioTable): string {
  const scenario = scenarioOf(scenarios, part.scenario);
  if (scenario === undefined) return '';
  const words = (params: Readonly<Record<string, ParameterValue>>): string =>
    said(caseWords(scenario, { params }));
  const labels = (names: readonly string[], known: Readonly<Record<string, { label: string }>>): string =>
    names.map((name) => said(known[name]?.label ?? name)).join(', ');
  const resolved = resolveParameters(scenario.params, part.set);
  const named = new Set([...part.controls, ...Object.keys(part.set)]);
  const shown = Object.fromEntries(
    Object.entries(resolved.ok ? resolved.value : part.set).filter(([name]) => named.has(name)),
  );
  const rows: readonly (readonly [string, string])[] = [
    [t('Simulation'), `${said(scenario.title)} (${scenario.id})`],
    ...(Object.keys(shown).length > 0 ? [[t('With'), words(shown)] as const] : []),
    ...(part.compare === undefined ? [] : [[t('Beside it'), words(part.compare)] as const]),
    ...(part.controls.length > 0 ? [[t('Controls'), labels(part.controls, scenario.params)] as const] : []),
    ...(part.metrics.length > 0 ? [[t('Metrics'), labels(part.metrics, scenario.metrics)] as const] : []),
  ];
  const table = rows.map(([name, value]) => `<dt>${escaped(name)}</dt><dd>${escaped(value)}</dd>`).join('');
  return framed(
    t('Figure'),
    title ?? { text: said(scenario.title) },
    part.view ?? '',
    `<dl>${table}</dl>${part.captionHtml ?? ''}<p><small>${escaped(t('The live picture is in the preview of lessons: run Trapframe: Preview Lesson.'))}</small></p>`,
  );
}

const taskBody = ({ briefHtml, file, checks }: TaskPagePart): string =>
  `${briefHtml}<p>${t('In {0}, checked for:', `<code>${escaped(file)}</code>`)}</p><ul>${checks
    .map((check) => `<li>${escaped(check.title)} <small>(${points(check.points)})</small></li>`)
    .join('')}</ul>`;

/** The options of a choice, the right ones marked. */
function choices(sheet: AnswerSheet | undefined, isChoice: boolean): string {
  if (sheet === undefined || !isChoice) return '';
  const items = sheet.answers.map(
    ({ answerHtml, right }) =>
      `<li class="${right ? 'trapframe-right' : 'trapframe-other'}">${answerHtml}${right ? ` <small>(${t('right')})</small>` : ''}</li>`,
  );
  return `<ul class="trapframe-options">${items.join('')}</ul>`;
}

const rightKey = (key: string): string => `<strong>${escaped(t('Right: {0}', key))}</strong>`;

/** What only authors know. */
function answers(sheet: AnswerSheet | undefined): string {
  if (sheet === undefined) return '';
  const facts = [
    ...(sheet.problem === undefined ? [] : [paragraph(sheet.problem)]),
    ...(sheet.key === undefined
      ? []
      : [
          sheet.variant === undefined
            ? `<p>${rightKey(sheet.key)}</p>`
            : `<p>${t('{0} for {1}', rightKey(sheet.key), escaped(said(sheet.variant)))}</p>`,
        ]),
  ];
  const items = sheet.answers.map(
    ({ answerHtml, right, sayHtml, note }) =>
      `<li class="${right ? 'trapframe-right' : 'trapframe-other'}">${answerHtml}` +
      `${note === undefined ? '' : ` <small>${escaped(note)}</small>`}${sayHtml}</li>`,
  );
  const hints = sheet.hintsHtml.map((hint) => `<li>${hint}</li>`);
  return (
    `<details><summary>${escaped(t('Answer key and feedback'))}</summary>` +
    facts.join('') +
    (items.length === 0 ? '' : `<ul class="trapframe-options">${items.join('')}</ul>`) +
    (sheet.explainHtml ?? '') +
    (hints.length === 0 ? '' : `<p>${t('Hints:')}</p><ol>${hints.join('')}</ol>`) +
    '</details>'
  );
}

const paragraph = (text: string): string => `<p>${escaped(text.trim())}</p>`;

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
