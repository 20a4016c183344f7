import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { ExerciseResponse, ExerciseState } from '../../protocol/lessonPanel.ts';
import { useLesson } from '../page/lessonContext.ts';
import type { Draft } from '../page/savedState.ts';

/** What the learner is typing or ticking, kept over a reload until it is sent. */
export function useDraft(id: string, initial: Draft): readonly [Draft, (change: Draft) => void, () => void] {
  const { saved, save } = useLesson();
  const [draft, setDraft] = useState<Draft>(() => saved().drafts[id] ?? initial);
  const change = (part: Draft): void => {
    const next = { ...draft, ...part };
    setDraft(next);
    save((state) => ({ ...state, drafts: { ...state.drafts, [id]: next } }));
  };
  const forget = (): void =>
    save(({ drafts: { [id]: _sent, ...drafts }, ...state }) => ({ ...state, drafts }));
  return [draft, change, forget];
}

/** Sends answers, and knows whether one is on its way. The state's next arrival answers it. */
export function useAnswering(
  id: string,
  state: ExerciseState,
): {
  readonly pending: boolean;
  readonly answer: (response: ExerciseResponse) => void;
  readonly retry: () => void;
} {
  const { send } = useLesson();
  const [sentFor, setSentFor] = useState<ExerciseState>();
  const pending = sentFor === state;
  return {
    pending,
    answer: (response) => {
      if (pending) return;
      setSentFor(state);
      send({ type: 'answer', id, response });
    },
    retry: () => {
      if (pending) return;
      setSentFor(state);
      send({ type: 'retry', id });
    },
  };
}

/** Calls `then` when the state's kind changes to `kind` after something was done here, and not when the page opens. */
export function useArrival(state: ExerciseState, kind: ExerciseState['kind'], then: () => void): void {
  const before = useRef(state.kind);
  useLayoutEffect(() => {
    if (before.current !== kind && state.kind === kind) then();
    before.current = state.kind;
  }, [state.kind]);
}

export const reachedPoints = (state: ExerciseState): number | undefined =>
  state.kind === 'answered' ? state.points : state.kind === 'task' ? state.report?.points : undefined;
