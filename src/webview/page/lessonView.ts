import type {
  AnswerSheet,
  Authoring,
  ExerciseState,
  LessonPage,
  ToWebview,
} from '../../protocol/lessonPanel.ts';

/** What the panel shows, as the extension's messages made it. */
export type LessonView =
  | { readonly kind: 'waiting'; readonly authoring?: Authoring }
  | { readonly kind: 'broken'; readonly title: string; readonly message: string }
  | {
      readonly kind: 'lesson';
      readonly page: LessonPage;
      readonly exercises: Readonly<Record<string, ExerciseState>>;
      /** What only an author sees, of a preview. */
      readonly sheets: Readonly<Record<string, AnswerSheet>>;
      readonly authoring?: Authoring;
    };

/** The view after a message. A repeated message changes nothing; `reveal` and `follow` are about the scroll position, not the view. */
export function receive(view: LessonView, message: ToWebview): LessonView {
  switch (message.type) {
    case 'authoring':
      return view.kind === 'lesson'
        ? { ...view, authoring: message.authoring }
        : { kind: 'waiting', authoring: message.authoring };
    case 'lesson': {
      const { page, exercises } = message;
      // Sheets of the text before stand until those of the new one are computed.
      const sheets = view.kind === 'lesson' && view.page.id === page.id ? view.sheets : {};
      const authoring = view.kind === 'broken' ? undefined : view.authoring;
      return { kind: 'lesson', page, exercises, sheets, ...(authoring === undefined ? {} : { authoring }) };
    }
    case 'sheet':
      if (view.kind !== 'lesson') return view;
      return { ...view, sheets: { ...view.sheets, [message.id]: message.sheet } };
    case 'exercise':
      if (view.kind !== 'lesson') return view;
      return { ...view, exercises: { ...view.exercises, [message.id]: message.state } };
    case 'broken':
      return { kind: 'broken', title: message.title, message: message.message };
    case 'reveal':
    case 'follow':
      return view;
  }
}

/** How much of a page is done. */
export interface Progress {
  readonly done: number;
  readonly exercises: number;
  readonly points: number;
  readonly maxPoints: number;
}

export function progressOf(page: LessonPage, exercises: Readonly<Record<string, ExerciseState>>): Progress {
  let done = 0;
  let count = 0;
  let points = 0;
  let maxPoints = 0;
  for (const part of page.parts) {
    if (part.kind === 'prose' || part.kind === 'figure') continue;
    count++;
    maxPoints += part.points;
    const state = exercises[part.id];
    if (state?.kind === 'answered') {
      points += state.points;
      if (state.right || part.kind === 'prediction') done++;
    } else if (state?.kind === 'task') {
      points += state.report?.points ?? 0;
      if (state.report?.verdict === 'passed') done++;
    }
  }
  return { done, exercises: count, points, maxPoints };
}
