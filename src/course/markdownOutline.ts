import MarkdownIt, { type Token } from 'markdown-it';

/** What a text of Markdown refers to and can be referred to by, for lint. Lines count from 0 in the text. */
export interface MarkdownOutline {
  readonly headings: readonly { readonly anchor: string; readonly level: number; readonly line: number }[];
  readonly links: readonly { readonly address: string; readonly line: number }[];
  readonly pictures: readonly { readonly address: string; readonly alt: string; readonly line: number }[];
  /** HTML, which is shown as text: names of its elements, `!--` for a comment. No more than one of a name on a line. */
  readonly html: readonly { readonly tag: string; readonly line: number }[];
}

export function outlineOf(text: string): MarkdownOutline {
  const tokens = plainMarkdown.parse(text, {});
  const lines = text.split('\n');
  const headings: { anchor: string; level: number; line: number }[] = [];
  const links: { address: string; line: number }[] = [];
  const pictures: { address: string; alt: string; line: number }[] = [];
  tokens.forEach((token, index) => {
    const [from, to] = token.map ?? [0, lines.length];
    if (token.type === 'heading_open') {
      headings.push({
        anchor: headingAnchor(plainText(tokens[index + 1]!)),
        level: Number(token.tag.slice(1)),
        line: from,
      });
    }
    if (token.type !== 'inline') return;
    const lineOf = (address: string): number => {
      const found = lines
        .slice(from, to)
        .findIndex((line) => line.includes(address) || line.includes(decoded(address)));
      return from + Math.max(found, 0);
    };
    visit(token.children ?? [], (child) => {
      if (child.type === 'link_open') {
        const address = attribute(child, 'href');
        links.push({ address, line: lineOf(address) });
      } else if (child.type === 'image') {
        const address = attribute(child, 'src');
        pictures.push({ address, alt: plainText(child), line: lineOf(address) });
      }
    });
  });
  return { headings, links, pictures, html: htmlIn(text) };
}

const plainMarkdown = new MarkdownIt({ html: false });
// Lint says what is wrong with an address; it has to see all of them.
plainMarkdown.validateLink = () => true;

const markdownWithHtml = new MarkdownIt({ html: true });

/** Elements that people write in Markdown. Others in angle brackets, `<name>`, are rather meant as they stand. */
const elements =
  'a|abbr|b|big|blockquote|br|caption|center|cite|code|col|colgroup|dd|del|details|div|dl|dt|em|figcaption|figure|font|h[1-6]|hr|i|iframe|img|input|ins|kbd|li|mark|ol|p|pre|s|samp|script|section|small|span|strike|strong|style|sub|summary|sup|svg|table|tbody|td|tfoot|th|thead|tr|tt|u|ul|var|video';
const htmlStart = new RegExp(`<(!--|(?:${elements})(?=[\\s/>]))`, 'i');

function htmlIn(text: string): MarkdownOutline['html'] {
  if (!htmlStart.test(text)) return [];
  const found = new Map<string, { tag: string; line: number }>();
  const lines = text.split('\n');
  const add = (html: string, line: number): void => {
    const tag = htmlStart.exec(html)?.[1]?.toLowerCase();
    if (tag !== undefined && !found.has(`${line} ${tag}`)) found.set(`${line} ${tag}`, { tag, line });
  };
  for (const token of markdownWithHtml.parse(text, {})) {
    const from = token.map?.[0] ?? 0;
    if (token.type === 'html_block') add(token.content, from);
    let line = from;
    for (const child of token.children ?? []) {
      if (child.type !== 'html_inline') continue;
      while (line + 1 < (token.map?.[1] ?? lines.length) && !lines[line]!.includes(child.content)) line++;
      add(child.content, line);
    }
  }
  return [...found.values()];
}

function visit(tokens: readonly Token[], see: (token: Token) => void): void {
  for (const token of tokens) {
    see(token);
    if (token.type !== 'image') visit(token.children ?? [], see);
  }
}

/** An address as it was probably written. */
export function decoded(address: string): string {
  try {
    return decodeURI(address);
  } catch {
    return address;
  }
}

/** A path beside the lesson, or an anchor: no scheme and no root. */
export const isRelative = (address: string): boolean => !/^[a-z][a-z0-9+.-]*:|^[/\\]/i.test(address.trim());

/** Where links of a lesson may lead: the web, lessons, files beside the lesson. */
export const isAllowedAddress = (address: string): boolean =>
  /^(?:https?|trapframe):/i.test(address.trim()) || isRelative(address);

/** The anchor of a heading, as GitHub makes it: `Gains & losses` → `gains--losses`. */
export const headingAnchor = (text: string): string =>
  text
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replace(/\s/g, '-');

export const attribute = (token: Token, name: string): string => String(token.attrGet(name) ?? '');

export const plainText = (inline: Token): string =>
  (inline.children ?? []).map((token) => (token.type === 'softbreak' ? ' ' : token.content)).join('');
