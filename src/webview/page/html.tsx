import type { JSX } from 'preact';
import { useContentLanguage } from './contentLanguage.ts';

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
      lang={useContentLanguage()}
      dangerouslySetInnerHTML={{ __html: html }}
    />
  );
}

/** The same inside a line: one paragraph's content, for labels and options. */
export function InlineHtml({ html }: { readonly html: string }): JSX.Element {
  const paragraph = /^\s*<p>((?:(?!<p>)[\s\S])*)<\/p>\s*$/.exec(html);
  return (
    <span
      class="inline-prose"
      lang={useContentLanguage()}
      dangerouslySetInnerHTML={{ __html: paragraph?.[1] ?? html }}
    />
  );
}

/** A title or another plain text of the lesson, where everything around it speaks the editor's language. */
export function OwnText({ text }: { readonly text: string }): JSX.Element {
  return <InSentence text={text} sentence={(own) => own} />;
}

/** A sentence of the user interface with a text of the lesson in it. */
export function InSentence({
  text,
  sentence,
}: {
  readonly text: string;
  /** Makes the sentence around a text. */
  readonly sentence: (text: string) => string;
}): JSX.Element {
  return <Mixed text={text} lang={useContentLanguage()} sentence={sentence} />;
}

/** A sentence with a text of another language in it, which is marked. @param lang undefined where it is of the same language */
export function Mixed({
  text,
  lang,
  sentence,
}: {
  readonly text: string;
  readonly lang: string | undefined;
  readonly sentence: (text: string) => string;
}): JSX.Element {
  if (lang === undefined) return <>{sentence(text)}</>;
  const [before, after] = sentence('\0').split('\0');
  return (
    <>
      {before}
      <span lang={lang}>{text}</span>
      {after}
    </>
  );
}
