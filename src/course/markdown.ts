import MarkdownItFactory, { type Env, type MarkdownIt, type StateCore, type Token } from 'markdown-it';
import type { ParameterValue } from '../engine/kernel/parameters.ts';
import { attribute, headingAnchor, isAllowedAddress, isRelative, plainText } from './markdownOutline.ts';
import { numberText } from './quantities.ts';
import { withValues } from './textValues.ts';

/**
 * Lessons' Markdown as HTML that is safe to insert: no HTML passes through, links lead to the web, to lessons
 * (`trapframe:<lesson>#<heading>`) or to files beside the lesson, pictures are files beside the lesson, and nothing needs inline styles.
 */

/** What `{name}` stands for. */
export type MarkdownValues = Readonly<Record<string, ParameterValue>>;
/** Turns a picture's relative path into an address that the page may load. */
export type PictureAddress = (path: string) => string;

interface RenderEnvironment extends Env {
  values?: MarkdownValues;
  pictureAddress?: PictureAddress;
}

/**
 * Our dialect as a plugin: it uses core rules and renderer rules only, so that it also works in the Markdown preview of
 * VS Code, whose markdown-it is older.
 */
export function lessonMarkdown(md: MarkdownIt): void {
  md.validateLink = isAllowedAddress;
  md.core.ruler.after('inline', 'trapframe_values', fillValues);
  md.core.ruler.push('trapframe_headings', shiftHeadings);
  md.core.ruler.push('trapframe_tables', alignByClass);
  md.core.ruler.push('trapframe_links', pointIntoPage);
  md.renderer.rules.image = (tokens, index, options, env: RenderEnvironment = {}, renderer) => {
    const token = tokens[index]!;
    const alt = renderer.renderInlineAsText(token.children ?? [], options, env);
    const source = attribute(token, 'src');
    if (!isRelative(source)) return md.utils.escapeHtml(alt);
    token.attrSet('alt', alt);
    token.attrSet('src', env.pictureAddress?.(source) ?? source);
    return renderer.renderToken(tokens, index, options);
  };
}

const renderer = new MarkdownItFactory({ html: false });
renderer.use(lessonMarkdown);

/** A lesson's prose or an exercise's text, as blocks. Headings start at `h2`, below the lesson's title. */
export function renderMarkdown(
  text: string,
  values?: MarkdownValues,
  pictureAddress?: PictureAddress,
): string {
  return renderer.render(text, environment(values, pictureAddress));
}

/** A short text without paragraphs: inside a label, a button or a table cell. */
export function renderInlineMarkdown(text: string, values?: MarkdownValues): string {
  return renderer.renderInline(text, environment(values, undefined));
}

const environment = (
  values: MarkdownValues | undefined,
  pictureAddress: PictureAddress | undefined,
): RenderEnvironment => ({
  ...(values === undefined || Object.keys(values).length === 0 ? {} : { values }),
  ...(pictureAddress === undefined ? {} : { pictureAddress }),
});

/** Ids of headings must not meet ids of the page itself. */
const anchorId = (anchor: string): string => `section-${anchor}`;

function fillValues(state: StateCore): void {
  const { values } = state.env as RenderEnvironment;
  if (values === undefined) return;
  const fill = (tokens: readonly Token[]): void => {
    for (const token of tokens) {
      if (token.children !== null) fill(token.children);
      if (['text', 'code_inline', 'fence', 'code_block'].includes(token.type)) {
        token.content = withValues(token.content, (name) =>
          Object.hasOwn(values, name) ? valueText(values[name]!) : undefined,
        );
      }
    }
  };
  fill(state.tokens);
}

const valueText = (value: ParameterValue): string =>
  typeof value === 'number' ? numberText(value) : String(value);

function shiftHeadings(state: StateCore): void {
  const taken = new Set<string>();
  state.tokens.forEach((token, index) => {
    if (token.type !== 'heading_open' && token.type !== 'heading_close') return;
    if (token.tag === 'h1') token.tag = 'h2';
    if (token.type !== 'heading_open') return;
    const anchor = headingAnchor(plainText(state.tokens[index + 1]!));
    let free = anchor;
    for (let count = 1; taken.has(free); count++) free = `${anchor}-${count}`;
    taken.add(free);
    token.attrSet('id', anchorId(free));
  });
}

/** A page's security policy forbids inline styles, which markdown-it writes for aligned columns. */
function alignByClass(state: StateCore): void {
  for (const token of state.tokens) {
    if (token.type !== 'th_open' && token.type !== 'td_open') continue;
    if (token.type === 'th_open') token.attrSet('scope', 'col');
    const align = /^text-align:(left|center|right)$/.exec(attribute(token, 'style'))?.[1];
    if (align === undefined) continue;
    token.attrs = (token.attrs ?? []).filter(([name]) => name !== 'style');
    token.attrSet('class', `align-${align}`);
  }
}

function pointIntoPage(state: StateCore): void {
  for (const block of state.tokens) {
    for (const token of block.children ?? []) {
      if (token.type !== 'link_open') continue;
      const address = attribute(token, 'href');
      if (address.startsWith('#')) token.attrSet('href', `#${anchorId(address.slice(1))}`);
      if (/^https?:/i.test(address)) token.attrSet('rel', 'noreferrer');
    }
  }
}
