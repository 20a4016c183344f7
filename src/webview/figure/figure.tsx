import type { JSX } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import type { ParameterValue } from '../../engine/kernel/parameters.ts';
import type { FigurePagePart } from '../../protocol/lessonPanel.ts';
import { Html } from '../page/html.tsx';
import { Icon } from '../page/icons.tsx';
import { useLesson } from '../page/lessonContext.ts';
import { Timeline } from '../timeline/timeline.tsx';
import { ParameterControl } from './controls.tsx';
import type { Control, FigureResult } from './figureProtocol.ts';
import { Metrics, sayMetrics } from './metrics.tsx';
import { useRun } from './useRun.ts';

/** A live simulation: its controls, its numbers and its timelines. */
export function Figure({ part }: { readonly part: FigurePagePart }): JSX.Element {
  const { saved, save, send } = useLesson();
  const [touched, setTouched] = useState<Readonly<Record<string, ParameterValue>>>(
    () => saved().figures[part.id] ?? {},
  );
  const run = useRun(part.scenario, { ...part.set, ...touched });
  const [explained, setExplained] = useState(false);
  const id = useId();

  const change = (next: Readonly<Record<string, ParameterValue>>): void => {
    setTouched(next);
    save((state) => ({ ...state, figures: { ...state.figures, [part.id]: next } }));
  };

  const { result, shown } = run;
  const metrics = part.metrics.flatMap((name) => shown?.metrics.find((metric) => metric.name === name) ?? []);
  const known = result !== undefined && result.kind !== 'failed' ? result.controls : shown?.controls;
  const controls = part.controls.flatMap((name) => known?.find((control) => control.name === name) ?? []);
  const valueOf = (control: Control): ParameterValue =>
    touched[control.name] ?? part.set[control.name] ?? shown?.params[control.name] ?? '';
  const title = part.title ?? shown?.timelines[0]?.title ?? 'Simulation';
  const stepThrough = (): void => {
    if (shown === undefined) return;
    const asked = { ...part.set, ...touched };
    // Values that do not fit are not what the picture shows.
    const params =
      run.running || result?.kind === 'ran'
        ? asked
        : Object.fromEntries(Object.keys(asked).map((name) => [name, shown.params[name]!]));
    send({ type: 'stepThroughFigure', title, scenario: part.scenario, params });
  };
  const stale = run.running || result?.kind !== 'ran';
  return (
    <figure class="figure" aria-labelledby={`${id}-title`} aria-busy={run.running}>
      <div class="figure-head">
        <p id={`${id}-title`} class="figure-title">
          {title}
        </p>
        <div class="figure-tools">
          {(controls.length > 0 || metrics.length > 0) && (
            <button
              type="button"
              class="quiet"
              aria-pressed={explained}
              onClick={() => setExplained(!explained)}
            >
              <Icon name="question" /> Explain
            </button>
          )}
          {part.controls.length > 0 && (
            <button
              type="button"
              class="quiet"
              aria-disabled={Object.keys(touched).length === 0}
              onClick={() => change({})}
            >
              <Icon name="reset" /> Reset to defaults
            </button>
          )}
          <button type="button" class="quiet" aria-disabled={shown === undefined} onClick={stepThrough}>
            <Icon name="stepThrough" /> Step through
          </button>
        </div>
      </div>
      {controls.length > 0 && (
        <div class="controls" role="group" aria-label="Settings of the simulation">
          {controls.map((control) => (
            <ParameterControl
              key={control.name}
              control={control}
              value={valueOf(control)}
              problem={problemOf(result, control.name)}
              explained={explained}
              onChange={(value) => change({ ...touched, [control.name]: value })}
            />
          ))}
        </div>
      )}
      <Notice result={result} controls={part.controls} retry={run.retry} />
      {shown === undefined ? (
        result === undefined && (
          <div class="figure-empty">
            <span class="appears">Running the simulation…</span>
          </div>
        )
      ) : (
        <div class={stale ? 'figure-result stale' : 'figure-result'}>
          <Metrics metrics={metrics} explained={explained} />
          {shown.timelines.map((model, index) => (
            <Timeline
              key={index}
              model={model}
              {...(index === 0 && part.title === undefined ? {} : { caption: model.title })}
            />
          ))}
        </div>
      )}
      <Spoken text={shown === undefined || stale ? '' : sayMetrics(metrics)} />
      {part.captionHtml !== undefined && (
        <figcaption>
          <Html html={part.captionHtml} />
        </figcaption>
      )}
    </figure>
  );
}

function problemOf(result: FigureResult | undefined, name: string): string | undefined {
  return result?.kind === 'refused'
    ? result.problems.find((problem) => problem.name === name)?.message
    : undefined;
}

/** What keeps the figure from showing what was asked: refused values that have no control here, an early end, a failure. */
function Notice({
  result,
  controls,
  retry,
}: {
  readonly result: FigureResult | undefined;
  readonly controls: readonly string[];
  readonly retry: () => void;
}): JSX.Element {
  const unseen =
    result?.kind === 'refused' ? result.problems.filter((problem) => !controls.includes(problem.name)) : [];
  return (
    <div role="status">
      {result?.kind === 'failed' && (
        <div class="notice">
          <Icon name="ungradable" />
          <p>{result.message}</p>
          <button type="button" onClick={retry}>
            Try again
          </button>
        </div>
      )}
      {unseen.length > 0 && (
        <div class="notice">
          <Icon name="ungradable" />
          <p>{unseen.map((problem) => problem.message).join(' ')}</p>
        </div>
      )}
      {result?.kind === 'ran' && result.stopped !== undefined && (
        <div class="notice">
          <Icon name="ungradable" />
          <p>{result.stopped}</p>
        </div>
      )}
    </div>
  );
}

/** Tells screen readers the numbers after a change by the learner, and nothing when the page opens. */
function Spoken({ text }: { readonly text: string }): JSX.Element {
  const first = useRef<string>(undefined);
  const [said, setSaid] = useState('');
  useEffect(() => {
    if (text === '') return;
    first.current ??= text;
    if (text !== first.current || said !== '') setSaid(text);
  }, [text]);
  return (
    <p class="visually-hidden" aria-live="polite">
      {said}
    </p>
  );
}
