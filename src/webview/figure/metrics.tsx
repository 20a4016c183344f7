import type { JSX } from 'preact';
import type { MetricValue } from './figureProtocol.ts';

interface MetricsProps {
  readonly metrics: readonly MetricValue[];
  /** Show what each number means. */
  readonly explained: boolean;
}

/** Numbers that a run yielded, each with what it means. */
export function Metrics({ metrics, explained }: MetricsProps): JSX.Element | null {
  if (metrics.length === 0) return null;
  return (
    <dl class="metrics">
      {metrics.map((metric) => (
        <div key={metric.name} class="metric" title={metric.doc}>
          <dt>{metric.label}</dt>
          <dd class="metric-value">
            {sayNumber(metric.value)}
            {metric.unit !== '' && <span class="unit"> {metric.unit}</span>}
          </dd>
          <dd class="metric-doc" hidden={!explained}>
            {metric.doc}
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** At most six decimals for small numbers, none that say nothing; thousands are grouped. */
export const sayNumber = (value: number): string =>
  value.toLocaleString('en', { maximumFractionDigits: Math.abs(value) < 1 ? 6 : 3 });

/** The metrics as one sentence, for the live region. */
export const sayMetrics = (metrics: readonly MetricValue[]): string =>
  metrics.map((metric) => `${metric.label}: ${sayNumber(metric.value)} ${metric.unit}`.trim()).join('; ');
