import { authorMark } from '../../course/authorNotes.ts';
import { quoted, titleOf } from './yamlText.ts';

/** The module that a new pack starts with. */
export const firstModule = 'basics';

/** `pack.yaml` of a new pack with one lesson. */
export const packText = (id: string, lesson: string): string => `# What the pack contains, in order.
id: ${id}
title: ${quoted(titleOf(id))}
# ${authorMark} name the parts of your course. Each lesson says in which of them it stands.
modules:
  - { id: ${firstModule}, title: Basics }
lessons:
  - ${lesson}
`;
