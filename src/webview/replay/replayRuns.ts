import { resolveParameters } from '../../engine/kernel/parameters.ts';
import type { Run, Scenario } from '../../engine/kernel/scenario.ts';
import { firstDivergence, traceFrom } from '../../engine/kernel/trace.ts';
import type { StateModel, TimelineModel } from '../../engine/kernel/view.ts';
import type { Replay } from '../../protocol/tracePanel.ts';

/** A run as the panel steps through it. */
export interface ReplayedRun {
  readonly label: string;
  readonly run: Run;
  readonly timeline?: TimelineModel;
}

export type OpenedReplay =
  | {
      readonly ok: true;
      readonly scenario: Scenario;
      readonly runs: readonly [ReplayedRun, ...ReplayedRun[]];
    }
  | { readonly ok: false; readonly message: string };

/** Makes runs of what was recorded; where nothing was, runs the case with the built-in policies. */
export function openReplay(replay: Replay, scenarios: Readonly<Record<string, Scenario>>): OpenedReplay {
  const scenario = Object.hasOwn(scenarios, replay.scenario) ? scenarios[replay.scenario] : undefined;
  if (scenario === undefined) {
    return {
      ok: false,
      message: `This version of Trapframe has no scenario "${replay.scenario}". Check the task again.`,
    };
  }
  const resolved = resolveParameters(scenario.params, replay.params);
  if (!resolved.ok)
    return { ok: false, message: resolved.problems.map((problem) => problem.message).join(' ') };
  const replayed = (label: string, run: Run): ReplayedRun => {
    const timeline = run.trace.length === 0 ? undefined : scenario.views.timeline?.model(run);
    return { label, run, ...(timeline === undefined ? {} : { timeline }) };
  };
  const [first, ...others] = replay.runs.map(({ label, columns }) =>
    replayed(label, {
      scenario: scenario.id,
      params: resolved.value,
      seed: replay.seed,
      metrics: {},
      trace: traceFrom(scenario.events, columns),
      end: { kind: 'finished' },
    }),
  );
  if (first !== undefined) return { ok: true, scenario, runs: [first, ...others] };
  const outcome = scenario.execute({ params: replay.params, seed: replay.seed });
  return outcome.ok
    ? { ok: true, scenario, runs: [replayed('Run', outcome.run)] }
    : { ok: false, message: outcome.problems.map((problem) => problem.message).join(' ') };
}

/** The events behind an event, the nearest first, without itself. */
export function causesBehind({ run }: ReplayedRun, event: number): readonly number[] {
  return run.trace.causesOf(event).slice(1);
}

/** The row of the other run that stands for a row of the first: the same one, as far as both agree. */
export function counterpart(first: ReplayedRun, other: ReplayedRun, event: number): number {
  const divergence = firstDivergence(first.run.trace, other.run.trace) ?? Infinity;
  if (event < divergence) return event;
  // Past the divergence rows mean different things; what can be compared is the instant.
  const timeNs = first.run.trace.timeNs(event);
  let row = Math.min(divergence, other.run.trace.length - 1);
  while (row + 1 < other.run.trace.length && other.run.trace.timeNs(row + 1) <= timeNs) row++;
  return row;
}

/** Cells that differ from the state one event earlier, as `group/row/column`. */
export function changedCells(now: StateModel, before: StateModel | undefined): ReadonlySet<string> {
  const changed = new Set<string>();
  if (before === undefined) return changed;
  now.groups.forEach((group, groupIndex) => {
    const earlier = new Map(before.groups[groupIndex]?.rows.map((row) => [row[0], row]));
    group.rows.forEach((row, rowIndex) => {
      const known = earlier.get(row[0]);
      row.forEach((cell, column) => {
        if (known === undefined || known[column] !== cell) changed.add(`${groupIndex}/${rowIndex}/${column}`);
      });
    });
  });
  return changed;
}

/** The nearest event before or after `event` that a policy decided; undefined where there is none. */
export function nextDecision({ run }: ReplayedRun, event: number, step: 1 | -1): number | undefined {
  for (let row = event + step; row >= 0 && row < run.trace.length; row += step) {
    if (run.trace.schema[run.trace.kind(row)]!.decides === true) return row;
  }
  return undefined;
}
