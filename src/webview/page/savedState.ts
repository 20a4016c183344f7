import type { ParameterValue } from '../../engine/kernel/parameters.ts';
import type { Confidence } from '../../protocol/lessonPanel.ts';

/**
 * What a lesson remembers when its panel is hidden or VS Code closes, as VS Code keeps it: JSON. Answers that were
 * sent are the extension's to keep. The extension reads `lessonId` to know which lesson a restored panel shows.
 */
export interface SavedState {
  readonly format: 1;
  readonly lessonId: string;
  /** Which part of the page was at the top, and how far it was scrolled past it, in CSS pixels. */
  readonly reading?: { readonly part: number; readonly pastPx: number };
  /** Control values that differ from the figure's own, by figure id and parameter. */
  readonly figures: Readonly<Record<string, Readonly<Record<string, ParameterValue>>>>;
  /** Typed and not sent, by exercise id. */
  readonly drafts: Readonly<Record<string, Draft>>;
}

export interface Draft {
  readonly text?: string;
  readonly chosen?: readonly number[];
  readonly order?: readonly number[];
  readonly confidence?: Confidence;
}

export const emptyState = (lessonId: string): SavedState => ({
  format: 1,
  lessonId,
  figures: {},
  drafts: {},
});

/** What was saved for this lesson, or a fresh state where nothing fits: another lesson, another format, damage. */
export function restoredState(saved: unknown, lessonId: string): SavedState {
  const state = saved as Partial<SavedState> | null | undefined;
  const fits =
    typeof state === 'object' &&
    state !== null &&
    state.format === 1 &&
    state.lessonId === lessonId &&
    isRecord(state.figures) &&
    isRecord(state.drafts);
  return fits ? (state as SavedState) : emptyState(lessonId);
}

const isRecord = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
