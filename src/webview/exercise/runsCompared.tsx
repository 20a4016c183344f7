import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import type { TimelineModel } from '../../engine/kernel/view.ts';
import type { PicturePair } from '../../protocol/lessonPanel.ts';
import { sayTime } from '../timeline/axis.ts';
import { Timeline } from '../timeline/timeline.tsx';
import { TimeWindow } from '../timeline/timeWindow.ts';
import { onOneScale } from '../views/onOneScale.ts';
import { Picture } from '../views/picture.tsx';
import { t } from '../page/messages.ts';
import { inReadersLanguage } from '../page/spokenTexts.ts';

/** The learner's run and the one that it is compared with, in the picture that shows best where they part. */
export function RunsCompared({
  pair: given,
  expected,
}: {
  readonly pair: PicturePair;
  /** What the run is that the learner's is compared with. */
  readonly expected: string;
}): JSX.Element {
  const { told: pair, lang } = useMemo(() => inReadersLanguage(given), [given]);
  if (pair.actual.kind === 'timeline' && (pair.expected?.kind ?? 'timeline') === 'timeline') {
    return (
      <TimelinesCompared
        actual={pair.actual}
        expected={pair.expected as TimelineModel | undefined}
        decidingNs={pair.decidingNs}
        label={expected}
        lang={lang}
      />
    );
  }
  const [actual, other] = onOneScale(pair.actual, pair.expected);
  return (
    <div class="sides">
      {other !== undefined && (
        <section class="side" aria-label={expected}>
          <p class="side-name">
            <strong>{expected}</strong>
          </p>
          <div lang={lang}>
            <Picture model={other} />
          </div>
        </section>
      )}
      <section class="side" aria-label={t('Your run')}>
        <p class="side-name">
          <strong>{t('Your run')}</strong>
        </p>
        <div lang={lang}>
          <Picture model={actual!} before={other} changeWord={t('differs')} />
        </div>
      </section>
    </div>
  );
}

/** Expected above actual, panned and zoomed together, with the deciding instant through both. */
function TimelinesCompared({
  actual,
  expected,
  decidingNs,
  label,
  lang,
}: {
  readonly actual: TimelineModel;
  readonly expected: TimelineModel | undefined;
  readonly decidingNs: number;
  readonly label: string;
  readonly lang: string | undefined;
}): JSX.Element {
  const both = useMemo(() => {
    const models = expected === undefined ? [actual] : [expected, actual];
    const toNs = Math.max(...models.map((model) => model.toNs));
    // A figure begins shortly before its request; the instant that decided may lie earlier, and has to be seen.
    const beforeDecision = Math.max(0, decidingNs - (toNs - decidingNs) / 8);
    const fromNs = Math.min(...models.map((model) => model.fromNs), beforeDecision);
    const marked = models.map((model) => ({
      ...model,
      fromNs,
      toNs,
      marks: [
        ...model.marks,
        { atNs: decidingNs, label: t('decided at {0}', sayTime(decidingNs)), tone: 'decision' as const },
      ],
    }));
    return { marked, window: new TimeWindow(fromNs, toNs) };
  }, [actual, expected, decidingNs]);
  return (
    <div class="compared" lang={lang}>
      {both.marked.map((model, index) => (
        <Timeline
          key={index}
          model={model}
          window={both.window}
          caption={expected === undefined || index === 1 ? t('Your run') : label}
        />
      ))}
    </div>
  );
}
