import type { Scenario } from '../../engine/kernel/scenario.ts';
import { lessonText } from './lessonText.ts';
import { firstModule, packText } from './packText.ts';
import type { Plan } from './plan.ts';

/** The folder of a new pack's lesson. */
export const firstLesson = 'first-lesson';

/** A pack with one lesson. */
export const newPack = (id: string, scenario: Scenario): Plan => ({
  made: new Map([
    [`${firstLesson}/lesson.md`, lessonText(firstLesson, firstModule, scenario)],
    ['pack.yaml', packText(id, firstLesson)],
  ]),
  changed: [],
  remarks: [],
});
