import { useEffect, useId, useState } from 'preact/hooks';
import { useLesson } from '../page/lessonContext.ts';
import { inReadersLanguage, type Told } from '../page/spokenTexts.ts';
import type { FigureResult } from './figureProtocol.ts';
import type { Question } from './figureRunner.ts';

/** How long a control has to rest before its value is run. */
const debounceMs = 60;

export interface RunState {
  readonly result: FigureResult | undefined;
  /** The latest result with a picture, kept while another is computed and while the parameters do not fit. */
  readonly shown: Extract<FigureResult, { readonly kind: 'ran' }> | undefined;
  /** The `lang` of what shows the run; undefined where it is in the reader's language. */
  readonly lang: Told<FigureResult>['lang'];
  readonly running: boolean;
  readonly retry: () => void;
}

/**
 * Runs a scenario in the figure worker, again whenever its parameters change, and asks for another picture of the same run
 * when another event is wanted. The latest wins.
 */
export function useRun(question: Question): RunState {
  const { runner } = useLesson();
  const key = useId();
  const { event, ...run } = question;
  const wanted = JSON.stringify(run);
  const [attempt, setAttempt] = useState(0);
  const [state, setState] = useState<{
    readonly result: FigureResult | undefined;
    readonly lang: RunState['lang'];
    readonly shown: RunState['shown'];
    readonly of: string;
    readonly ofRun: string;
  }>({ result: undefined, lang: undefined, shown: undefined, of: '', ofRun: '' });
  const askedRun = `${attempt} ${wanted}`;
  const asked = `${askedRun} ${event ?? 'start'}`;

  useEffect(() => {
    let current = true;
    const ask = (): void =>
      runner.run(key, question, (given) => {
        if (!current) return;
        const { told: result, lang } = inReadersLanguage(given);
        setState((before) => ({
          result,
          lang,
          shown: result.kind === 'ran' ? result : before.shown,
          of: asked,
          ofRun: askedRun,
        }));
      });
    const timer = setTimeout(ask, state.result === undefined || state.ofRun === askedRun ? 0 : debounceMs);
    return () => {
      current = false;
      clearTimeout(timer);
      runner.forget(key);
    };
  }, [asked]);

  return {
    result: state.result,
    shown: state.shown,
    lang: state.lang,
    running: state.of !== asked,
    retry: () => setAttempt((n) => n + 1),
  };
}
