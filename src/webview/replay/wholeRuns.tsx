import type { JSX } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import { modelOf } from '../../engine/kernel/views.ts';
import { onOneScale } from '../views/onOneScale.ts';
import { Said } from '../page/said.tsx';
import { inReadersLanguage } from '../page/spokenTexts.ts';
import { Picture, titleOf } from '../views/picture.tsx';
import type { OpenedReplay } from './replayRuns.ts';

const kinds = ['bars', 'curve'] as const;

/** Pictures that sum up a run, which no step changes: folded, and computed when they are opened. */
export function WholeRuns({ replay }: { readonly replay: OpenedReplay }): JSX.Element {
  return (
    <>
      {kinds.map((kind) => {
        const view = replay.scenario.views[kind];
        return view === undefined ? null : <WholeRun key={kind} replay={replay} kind={kind} doc={view.doc} />;
      })}
    </>
  );
}

function WholeRun({
  replay,
  kind,
  doc,
}: {
  readonly replay: OpenedReplay;
  readonly kind: (typeof kinds)[number];
  readonly doc: string;
}): JSX.Element {
  const [open, setOpen] = useState(false);
  return (
    <details class="whole-run" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <Said text={doc} />
      </summary>
      {open && <Opened replay={replay} kind={kind} />}
    </details>
  );
}

function Opened({
  replay: { scenario, first, other },
  kind,
}: {
  readonly replay: OpenedReplay;
  readonly kind: (typeof kinds)[number];
}): JSX.Element {
  const {
    told: [own, others],
    lang,
  } = useMemo(
    () =>
      inReadersLanguage(
        onOneScale(
          modelOf(scenario, kind, first.run),
          other === undefined ? undefined : modelOf(scenario, kind, other.run),
        ),
      ),
    [first, other, kind],
  );
  return (
    <div class="sides" lang={lang}>
      {own !== undefined && (
        <Picture model={own} caption={other === undefined ? titleOf(own) : first.label} />
      )}
      {others !== undefined && <Picture model={others} caption={other!.label} />}
    </div>
  );
}
