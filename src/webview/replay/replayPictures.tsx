import type { JSX } from 'preact';
import { useEffect, useMemo } from 'preact/hooks';
import type { DrawnTimeline } from '../timeline/layout.ts';
import { Legend } from '../timeline/legend.tsx';
import { Timeline } from '../timeline/timeline.tsx';
import { TimeWindow } from '../timeline/timeWindow.ts';
import type { OpenedReplay, ReplayedRun } from './replayRuns.ts';
import { t } from '../page/messages.ts';

export interface Pictures {
  readonly drawn: readonly { readonly label: string; readonly model: DrawnTimeline }[];
  readonly window: TimeWindow;
  readonly lang: ReplayedRun['lang'];
}

/** The runs' timelines over the same stretch of time: all of both, for a stepper may go anywhere. */
export function picturesOf({ first, other }: OpenedReplay, deciding: number | undefined): Pictures {
  const runs = [first, other].flatMap((replayed) =>
    replayed?.timeline === undefined ? [] : [{ replayed, timeline: replayed.timeline }],
  );
  const fromNs = Math.min(
    startOf(first),
    ...runs.map(({ replayed, timeline }) => Math.min(startOf(replayed), timeline.fromNs)),
  );
  const toNs = Math.max(fromNs + 1, ...runs.map(({ timeline }) => timeline.toNs));
  const decided =
    deciding === undefined
      ? []
      : [{ atNs: first.run.trace.timeNs(deciding), label: t('decided here'), tone: 'decision' as const }];
  return {
    drawn: runs.map(({ replayed, timeline }) => ({
      label: replayed.label,
      model: { ...timeline, fromNs, toNs, marks: [...decided, ...timeline.marks] },
    })),
    window: new TimeWindow(fromNs, toNs),
    lang: first.lang,
  };
}

const startOf = ({ run }: ReplayedRun): number => run.trace.timeNs(0);

/** The runs above each other, panned and zoomed together, with this instant through all of them. */
export function ReplayPictures({
  pictures: { drawn, window, lang },
  atNs,
  choose,
}: {
  readonly pictures: Pictures;
  readonly atNs: number;
  readonly choose: (ns: number) => void;
}): JSX.Element {
  useEffect(() => window.bringIn(atNs), [window, atNs]);
  const models = useMemo(() => drawn.map(({ model }) => model), [drawn]);
  return (
    <div class="compared" lang={lang}>
      {drawn.map(({ label, model }) => (
        <Timeline key={label} caption={label} window={window} model={model} stepped={{ atNs, choose }} />
      ))}
      <Legend models={models} />
    </div>
  );
}
