import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import { pageLanguage } from './messages.ts';

const context = createContext<string | undefined>(undefined);

/** Says in which language the lesson's own texts are. */
export const ContentLanguage = context.Provider;

/**
 * The `lang` of an element with the lesson's own text, inside one that speaks the editor's language. Undefined where the two are
 * the same.
 */
export function useContentLanguage(): string | undefined {
  const language = useContext(context);
  return language === pageLanguage() ? undefined : language;
}
