import type { JSX } from 'preact';

/** HTML that the course's Markdown renderer made (`html: false`), so that it is safe to insert. */
export function Html({
  html,
  class: name,
  id,
}: {
  readonly html: string;
  readonly class?: string;
  readonly id?: string;
}): JSX.Element {
  return (
    <div
      id={id}
      class={name === undefined ? 'prose' : `prose ${name}`}
      dangerouslySetInnerHTML={{ __html: html }}
    />
  );
}

/** The same inside a line: one paragraph's content, for labels and options. */
export function InlineHtml({ html }: { readonly html: string }): JSX.Element {
  const paragraph = /^\s*<p>((?:(?!<p>)[\s\S])*)<\/p>\s*$/.exec(html);
  return <span class="inline-prose" dangerouslySetInnerHTML={{ __html: paragraph?.[1] ?? html }} />;
}
