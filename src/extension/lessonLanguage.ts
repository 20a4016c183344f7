import type { Lesson } from '../course/model.ts';

/** The language of a lesson's texts, as `lang` has it. An original does not say which it is in; the course is written in English. */
export const languageOf = ({ locale }: Lesson): string => locale ?? 'en';
