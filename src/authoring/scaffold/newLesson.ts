import type { Scenario } from '../../engine/kernel/scenario.ts';
import { addLesson } from './addLesson.ts';
import { lessonText } from './lessonText.ts';
import type { OpenPack } from './openPack.ts';
import type { Planned } from './plan.ts';

/** A lesson at the end of the pack's list. */
export function newLesson({ pack, head }: OpenPack, id: string, scenario: Scenario): Planned {
  const other = pack.lessons.find((lesson) => lesson.id === id);
  if (other !== undefined) {
    return {
      ok: false,
      error: `The lesson id ${id} is already used in ${other.path}. Choose another name.`,
    };
  }
  const text = addLesson(head, id);
  if (text === undefined) {
    return {
      ok: false,
      error: 'pack.yaml has a list of lessons that cannot be added to. Write it as: lessons: [first, second]',
    };
  }
  const module = pack.modules[0]!;
  return {
    ok: true,
    value: {
      made: new Map([[`${id}/lesson.md`, lessonText(id, module.id, scenario)]]),
      changed: [
        {
          path: 'pack.yaml',
          text,
          how: 'the lesson is the last of its list; the order is that of the course',
        },
      ],
      remarks:
        pack.modules.length === 1
          ? []
          : [
              `The lesson stands in the module ${module.id}. There are: ${pack.modules.map((each) => each.id).join(', ')}.`,
            ],
    },
  };
}
