import type { CurveBound, CurveModel, CurvePoint } from '../../kernel/view.ts';

/** A number that stays until it changes, by seconds. */
export class Steps {
  readonly points: CurvePoint[] = [];

  set(x: number, y: number): void {
    this.points.push({ x, y });
  }

  /** A change from what has been the case since the start, where nothing was noted yet. */
  change(x: number, from: number, to: number): void {
    if (this.points.length === 0) this.set(0, from);
    this.set(x, to);
  }

  /** Up to the end of the time. */
  until(x: number): readonly CurvePoint[] {
    const last = this.points.at(-1);
    return last === undefined || last.x >= x ? this.points : [...this.points, { x, y: last.y }];
  }
}

/** Replicas that an autoscaler asks for, and the Pods that are ready, over time. */
export const replicasOverTime = (
  { asked, ready }: { readonly asked: Steps; readonly ready: Steps },
  durationSeconds: number,
  bounds: readonly CurveBound[] = [],
): CurveModel => ({
  kind: 'curve',
  title: 'Replicas over time',
  x: { label: 'Time', unit: 's', from: 0, to: durationSeconds },
  y: { label: 'Pods', unit: '', from: 0 },
  series: [
    { label: 'asked for', tone: 'focus', shape: 'step', points: asked.until(durationSeconds) },
    { label: 'ready', tone: 'busy', shape: 'step', points: ready.until(durationSeconds) },
  ],
  bounds,
});
