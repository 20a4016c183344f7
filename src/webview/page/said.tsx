import { Fragment, type JSX } from 'preact';
import { Mixed } from './html.tsx';
import { spoken } from './messages.ts';

/** A sentence of the engine or of grading in the reader's language; where there is no translation, in English and marked so. */
export function Said({ text }: { readonly text: string }): JSX.Element {
  return <SaidIn text={text} sentence={(words) => words} />;
}

/** The same inside a sentence of the user interface. */
export function SaidIn({
  text,
  sentence,
}: {
  readonly text: string;
  readonly sentence: (words: string) => string;
}): JSX.Element {
  const words = spoken(text);
  return <Mixed text={words ?? text} lang={words === undefined ? 'en' : undefined} sentence={sentence} />;
}

/** Several of them, one after the other. */
export function Sentences({ texts }: { readonly texts: readonly string[] }): JSX.Element {
  return (
    <>
      {texts.map((text, index) => (
        <Fragment key={index}>
          {index > 0 && ' '}
          <Said text={text} />
        </Fragment>
      ))}
    </>
  );
}
