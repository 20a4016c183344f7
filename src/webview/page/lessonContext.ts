import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { ToExtension } from '../../protocol/lessonPanel.ts';
import type { FigureRunner } from '../figure/figureRunner.ts';
import type { SavedState } from './savedState.ts';

/** What every part of the page may use. */
export interface LessonContext {
  readonly send: (message: ToExtension) => void;
  readonly runner: FigureRunner;
  readonly saved: () => SavedState;
  readonly save: (change: (state: SavedState) => SavedState) => void;
}

const context = createContext<LessonContext | undefined>(undefined);

export const LessonProvider = context.Provider;

export function useLesson(): LessonContext {
  const lesson = useContext(context);
  if (lesson === undefined) throw new Error('A part of a lesson is shown outside LessonProvider.');
  return lesson;
}
