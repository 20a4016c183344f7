import MarkdownIt, { type Token } from 'markdown-it';

/** What a text of Markdown refers to and can be referred to by, for lint. Lines count from 0 in the text. */
export interface MarkdownOutline {
  readonly headings: readonly { readonly anchor: string; readonly level: number; readonly line: number }[];
  readonly links: readonly { readonly address: string; readonly line: number }[];
  readonly pictures: readonly { readonly address: string; readonly alt: string; readonly line: number }[];
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
  return { headings, links, pictures };
}

const plainMarkdown = new MarkdownIt({ html: false });
// Lint says what is wrong with an address; it has to see all of them.
plainMarkdown.validateLink = () => true;

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
