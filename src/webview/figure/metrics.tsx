import type { JSX } from 'preact';
import { sayMeasured } from '../../engine/kernel/quantityText.ts';
import { WithCode, withoutMarks } from '../page/codeText.tsx';
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
        <div key={metric.name} class="metric" title={withoutMarks(metric.doc)}>
          <dt>{metric.label}</dt>
          <dd class="metric-value">
            {sayMeasured(metric.value, metric.unit)}
            {metric.unit !== '' && <span class="unit"> {metric.unit}</span>}
          </dd>
          <dd class="metric-doc" hidden={!explained}>
            <WithCode text={metric.doc} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** The metrics as one sentence, for the live region. */
export const sayMetrics = (metrics: readonly MetricValue[]): string =>
  metrics
    .map((metric) => `${metric.label}: ${sayMeasured(metric.value, metric.unit)} ${metric.unit}`.trim())
    .join('; ');
