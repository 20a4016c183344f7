import assert from 'node:assert/strict';
import { isolation } from '../../../src/engine/container/isolation.ts';
import { noisyNeighbour } from '../../../src/engine/container/noisyNeighbour.ts';
import type { TimelineModel } from '../../../src/engine/kernel/view.ts';

/** How often each style of a timeline occurs, by its label. */
function occurrences({ styles, spans }: TimelineModel): Readonly<Record<string, number>> {
  const count: Record<string, number> = {};
  for (const style of spans.style) count[styles[style]!.label] = (count[styles[style]!.label] ?? 0) + 1;
  return count;
}

describe('the timeline of a runtime', () => {
  const timeline = (runtime: 'built in' | 'stops at an error'): TimelineModel => {
    const { builtInSubmission } = isolation;
    const start: typeof builtInSubmission.start = (handlers) => {
      const started = builtInSubmission.start(handlers);
      if (runtime === 'built in') return started;
      return {
        runtime: {
          ...started['runtime'],
          create: () => handlers['runtime']!['chdir']!({ path: '/nowhere' }),
        },
      };
    };
    const outcome = isolation.execute({ submission: { ...builtInSubmission, start } });
    assert.ok(outcome.ok);
    return isolation.views['timeline']!.model(outcome.run);
  };
  const ended = 'failed, and nothing came after it';
  it('tells an error that the runtime expects from one that ends it', () => {
    const calm = occurrences(timeline('built in'));
    assert.equal(calm[ended], undefined);
    assert.ok(calm['failed, and the runtime went on']! > 0);
    assert.deepEqual(occurrences(timeline('stops at an error')), { [ended]: 1 });
  });
});

describe('the timeline of noisy neighbours', () => {
  const timeline = (batchThreads: number): TimelineModel => {
    const outcome = noisyNeighbour.execute({
      params: { batchThreads, durationMs: 100 },
      submission: noisyNeighbour.builtInSubmission,
    });
    assert.ok(outcome.ok);
    return noisyNeighbour.views['timeline']!.model(outcome.run);
  };
  it('shows all threads, or says how many of them', () => {
    const [few, many] = [timeline(8), timeline(64)];
    assert.deepEqual([few.lanes.length, few.title], [9, 'Threads of web and batch']);
    assert.deepEqual([many.lanes.length, many.title], [17, 'web, and 16 of the 64 threads of batch']);
  });
  it('has a name of its own for whoever runs', () => {
    const labels = timeline(8).styles.map(({ label }) => label);
    assert.equal(new Set(labels).size, labels.length);
  });
});
