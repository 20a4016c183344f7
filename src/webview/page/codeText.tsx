import type { JSX } from 'preact';

/** One line of documentation, in which backticks mark code. */
export const WithCode = ({ text }: { readonly text: string }): JSX.Element => (
  <>{text.split('`').map((part, index) => (index % 2 === 1 ? <code key={index}>{part}</code> : part))}</>
);

/** The same where no elements are possible, as in a tooltip. */
export const withoutMarks = (text: string): string => text.replaceAll('`', '');
