import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useId, useMemo, useRef, useState } from 'preact/hooks';
import { unitSymbol, type ParameterValue } from '../../engine/kernel/parameters.ts';
import type { ViewModel } from '../../engine/kernel/view.ts';
import type { FigurePagePart } from '../../protocol/lessonPanel.ts';
import { useContentLanguage } from '../page/contentLanguage.ts';
import { Html } from '../page/html.tsx';
import { Icon } from '../page/icons.tsx';
import { useLesson } from '../page/lessonContext.ts';
import { Said, Sentences } from '../page/said.tsx';
import { onOneScale } from '../views/onOneScale.ts';
import { Picture, titleOf } from '../views/picture.tsx';
import { ParameterControl } from './controls.tsx';
import type { Control, FigureResult } from './figureProtocol.ts';
import { FigureStepper } from './figureStepper.tsx';
import { Metrics, sayMetrics } from './metrics.tsx';
import { useRun, type RunState } from './useRun.ts';
import { pageLanguage, t } from '../page/messages.ts';

/** A live simulation: its controls, its numbers and its picture, or two of them side by side. */
export function Figure({ part }: { readonly part: FigurePagePart }): JSX.Element {
  return part.compare === undefined ? (
    <OneRun part={part} />
  ) : (
    <TwoRuns part={part} second={{ ...part.set, ...part.compare }} />
  );
}

function OneRun({ part }: { readonly part: FigurePagePart }): JSX.Element {
  const side = useSide(part, part.id, part.set);
  const shown = side.run.shown?.picture;
  const named = shown === undefined ? undefined : titleOf(shown);
  const title = part.title ?? named ?? side.run.shown?.title ?? t('Simulation');
  return (
    <Framed part={part} title={title} sides={[side]}>
      {(explained) => (
        <Side
          part={part}
          side={side}
          explained={explained}
          picture={shown}
          caption={named === title ? undefined : named}
        />
      )}
    </Framed>
  );
}

const sideNames = ['A', 'B'] as const;

function TwoRuns({
  part,
  second,
}: {
  readonly part: FigurePagePart;
  readonly second: FigurePagePart['set'];
}): JSX.Element {
  const sides = [useSide(part, part.id, part.set), useSide(part, `${part.id}/second`, second)] as const;
  const [a, b] = [sides[0].run.shown?.picture, sides[1].run.shown?.picture];
  const pictures = useMemo(() => onOneScale(a, b), [a, b]);
  const named = a === undefined ? undefined : titleOf(a);
  return (
    <Framed
      part={part}
      title={part.title ?? named ?? sides[0].run.shown?.title ?? t('Simulation')}
      sides={sides}
    >
      {(explained) => (
        <div class="sides">
          {sides.map((side, index) => (
            <section key={index} class="side" aria-label={t('Run {0}', sideNames[index]!)}>
              <p class="side-name">
                <strong>{sideNames[index]}</strong>{' '}
                <span lang={side.run.lang}>{differences(sides, index)}</span>
              </p>
              <Side
                part={part}
                side={side}
                explained={explained}
                picture={pictures[index]}
                caption={part.title === undefined ? undefined : named}
              />
            </section>
          ))}
        </div>
      )}
    </Framed>
  );
}

/** What is set differently in a run than in the other, in words. */
function differences(sides: readonly FigureSide[], index: number): string {
  const [own, other] = [sides[index]!.run.shown, sides[1 - index]!.run.shown];
  if (own === undefined || other === undefined) return '';
  const differing = own.controls.filter(({ name }) => own.params[name] !== other.params[name]);
  if (differing.length === 0) return t('the same settings');
  return differing
    .map(({ name, label, unit, kind, values }) => {
      const value = own.params[name]!;
      if (kind === 'choice')
        return `${label}: ${String(values?.find((one) => one.value === value)?.value ?? value)}`;
      if (kind === 'flag') return `${label}: ${value === true ? t('yes') : t('no')}`;
      return `${label}: ${String(value)} ${unitSymbol(unit)}`.trimEnd();
    })
    .join(', ');
}

interface FigureSide {
  readonly own: FigurePagePart['set'];
  readonly touched: Readonly<Record<string, ParameterValue>>;
  readonly change: (touched: Readonly<Record<string, ParameterValue>>) => void;
  readonly run: RunState;
  /** Absent until the reader steps: then the figure stands where its author lets it start. */
  readonly event: number | undefined;
  readonly step: (event: number) => void;
  /** The instant that the reader chose in a timeline. Nothing is drawn anew when it changes. */
  readonly cursorNs: { current: number | undefined };
}

/**
 * One run of a figure, and what the learner set.
 * @param key under which that is remembered
 * @param own what the lesson set
 */
function useSide(part: FigurePagePart, key: string, own: FigurePagePart['set']): FigureSide {
  const { saved, save } = useLesson();
  const [touched, setTouched] = useState<Readonly<Record<string, ParameterValue>>>(
    () => saved().figures[key] ?? {},
  );
  const [event, step] = useState<number>();
  const cursorNs = useRef<number>(undefined);
  const { scenario, view, start } = part;
  const run = useRun({ scenario, params: { ...own, ...touched }, view, start, event });
  const change = (next: Readonly<Record<string, ParameterValue>>): void => {
    setTouched(next);
    save((state) => ({ ...state, figures: { ...state.figures, [key]: next } }));
  };
  return { own, touched, change, run, event, step, cursorNs };
}

/** What a figure has once, whether it shows one run or two. */
function Framed({
  part,
  title,
  sides,
  children,
}: {
  readonly part: FigurePagePart;
  readonly title: string;
  readonly sides: readonly FigureSide[];
  readonly children: (explained: boolean) => ComponentChildren;
}): JSX.Element {
  const { send } = useLesson();
  const [explained, setExplained] = useState(false);
  const id = useId();
  const own = useContentLanguage();
  /** Of the title: the lesson's, or the engine's. */
  const lang = part.title === undefined ? sides[0]!.run.lang : own;
  const stepThrough = ({ own, touched, run: { shown, result, running } }: FigureSide): void => {
    if (shown === undefined) return;
    const asked = { ...own, ...touched };
    // Values that do not fit are not what the picture shows.
    const params =
      running || result?.kind === 'ran'
        ? asked
        : Object.fromEntries(Object.keys(asked).map((name) => [name, shown.params[name]!]));
    send({
      type: 'stepThroughFigure',
      title,
      language: lang ?? pageLanguage(),
      scenario: part.scenario,
      params,
    });
  };
  const openConsole = ({ own, touched, run: { shown }, cursorNs }: FigureSide): void => {
    if (shown === undefined) return;
    // Parameters and instant of the picture, also while another is on its way.
    const names = Object.keys({ ...own, ...touched });
    const params = Object.fromEntries(names.map((name) => [name, shown.params[name]!]));
    const event = shown.step?.event;
    const atNs = cursorNs.current;
    send({
      type: 'openConsole',
      scenario: part.scenario,
      params,
      ...(event === undefined ? {} : { event }),
      ...(atNs === undefined ? {} : { atNs }),
    });
  };
  return (
    <figure class="figure" aria-labelledby={`${id}-title`} aria-busy={sides.some((side) => side.run.running)}>
      <div class="figure-head">
        <p id={`${id}-title`} class="figure-title">
          <span lang={lang}>{title}</span>
        </p>
        <div class="figure-tools">
          {(part.controls.length > 0 || part.metrics.length > 0) && (
            <button
              type="button"
              class="quiet"
              aria-pressed={explained}
              onClick={() => setExplained(!explained)}
            >
              <Icon name="question" /> {t('Explain')}
            </button>
          )}
          {part.controls.length > 0 && (
            <button
              type="button"
              class="quiet"
              aria-disabled={sides.every((side) => Object.keys(side.touched).length === 0)}
              onClick={() => sides.forEach((side) => side.change({}))}
            >
              <Icon name="reset" /> {t('Reset to defaults')}
            </button>
          )}
          {sides.map((side, index) => (
            <button
              key={index}
              type="button"
              class="quiet"
              aria-disabled={side.run.shown === undefined}
              onClick={() => stepThrough(side)}
            >
              <Icon name="stepThrough" /> {t('Step through')}
              {sides.length > 1 && ` ${sideNames[index]}`}
            </button>
          ))}
          {sides.map(
            (side, index) =>
              side.run.shown?.console !== undefined && (
                <button
                  key={`console ${index}`}
                  type="button"
                  class="quiet"
                  title={t('{0} over what the figure shows', side.run.shown.console)}
                  onClick={() => openConsole(side)}
                >
                  <Icon name="terminal" /> {t('Open terminal here')}
                  {sides.length > 1 && ` ${sideNames[index]}`}
                </button>
              ),
          )}
        </div>
      </div>
      {children(explained)}
      {part.captionHtml !== undefined && (
        <figcaption>
          <Html html={part.captionHtml} />
        </figcaption>
      )}
    </figure>
  );
}

/** Controls, numbers and picture of one run. */
function Side({
  part,
  side,
  explained,
  picture,
  caption,
}: {
  readonly part: FigurePagePart;
  readonly side: FigureSide;
  readonly explained: boolean;
  readonly picture: ViewModel | undefined;
  readonly caption: string | undefined;
}): JSX.Element {
  const { own, touched, change, run, event, step, cursorNs } = side;
  const { result, shown } = run;
  const metrics = part.metrics.flatMap((name) => shown?.metrics.find((metric) => metric.name === name) ?? []);
  const known = result !== undefined && result.kind !== 'failed' ? result.controls : shown?.controls;
  const controls = part.controls.flatMap((name) => known?.find((control) => control.name === name) ?? []);
  const valueOf = (control: Control): ParameterValue =>
    touched[control.name] ?? own[control.name] ?? shown?.params[control.name] ?? '';
  const stale = run.running || result?.kind !== 'ran';
  return (
    <>
      {controls.length > 0 && (
        <div class="controls" lang={run.lang} role="group" aria-label={t('Settings of the simulation')}>
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
            <span class="appears">{t('Running the simulation…')}</span>
          </div>
        )
      ) : (
        <div class={stale ? 'figure-result stale' : 'figure-result'} lang={run.lang}>
          <Metrics metrics={metrics} explained={explained} />
          {shown.step !== undefined && (
            <FigureStepper step={shown.step} wanted={event ?? shown.step.event} onStep={step} />
          )}
          {picture !== undefined && (
            <Picture
              model={picture}
              before={shown.step?.before}
              caption={caption}
              onCursor={(ns) => (cursorNs.current = ns)}
            />
          )}
        </div>
      )}
      <Spoken text={shown === undefined || stale ? '' : sayMetrics(metrics)} />
    </>
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
          <p>
            <Said text={result.message} />
          </p>
          <button type="button" onClick={retry}>
            {t('Try again')}
          </button>
        </div>
      )}
      {unseen.length > 0 && (
        <div class="notice">
          <Icon name="ungradable" />
          <p>
            <Sentences texts={unseen.map((problem) => problem.message)} />
          </p>
        </div>
      )}
      {result?.kind === 'ran' && result.stopped !== undefined && (
        <div class="notice">
          <Icon name="ungradable" />
          <p>
            <Said text={result.stopped} />
          </p>
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
