import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inEnglish, speakBy } from '../../../src/course/messages.ts';

/** What `l10n/` has in German, by the English texts. */
export const german = JSON.parse(
  readFileSync(join(import.meta.dirname, '..', '..', '..', 'l10n', 'bundle.l10n.de.json'), 'utf8'),
) as Readonly<Record<string, string>>;

/** What comes of this in an editor that speaks German. */
export async function inGerman<Result>(act: () => Result): Promise<Awaited<Result>> {
  speakBy((text, ...values) => inEnglish(german[text] ?? text, ...values));
  try {
    return await act();
  } finally {
    speakBy(inEnglish);
  }
}
