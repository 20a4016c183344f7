import { useEffect, useId, useState } from 'preact/hooks';
import type { ParameterInput } from '../../engine/kernel/parameters.ts';
import { useLesson } from '../page/lessonContext.ts';
import type { FigureResult } from './figureProtocol.ts';

/** How long a control has to rest before its value is run. */
const debounceMs = 60;

export interface RunState {
  readonly result: FigureResult | undefined;
  /** The latest result with a picture, kept while another is computed and while the parameters do not fit. */
  readonly shown: Extract<FigureResult, { readonly kind: 'ran' }> | undefined;
  readonly running: boolean;
  readonly retry: () => void;
}

/** Runs a scenario in the figure worker, again whenever its parameters change. The latest wins. */
export function useRun(scenario: string, params: ParameterInput): RunState {
  const { runner } = useLesson();
  const key = useId();
  const wanted = JSON.stringify([scenario, params]);
  const [attempt, setAttempt] = useState(0);
  const [state, setState] = useState<{
    readonly result: FigureResult | undefined;
    readonly shown: RunState['shown'];
    readonly of: string;
  }>({ result: undefined, shown: undefined, of: '' });
  const asked = `${attempt} ${wanted}`;

  useEffect(() => {
    let current = true;
    const ask = (): void =>
      runner.run(key, scenario, params, (result) => {
        if (!current) return;
        setState((before) => ({ result, shown: result.kind === 'ran' ? result : before.shown, of: asked }));
      });
    const timer = setTimeout(ask, state.result === undefined ? 0 : debounceMs);
    return () => {
      current = false;
      clearTimeout(timer);
      runner.forget(key);
    };
  }, [asked]);

  return {
    result: state.result,
    shown: state.shown,
    running: state.of !== asked,
    retry: () => setAttempt((n) => n + 1),
  };
}
