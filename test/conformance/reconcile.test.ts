import assert from 'node:assert/strict';
import { submissionOf, type Run } from '../../src/engine/kernel/scenario.ts';
import type { Calls, PolicyImplementation } from '../../src/engine/kernel/policy.ts';
import type { Infer } from '../../src/engine/kernel/codec.ts';
import {
  controllerPolicies,
  type ControllerPolicy,
} from '../../src/engine/cluster/reconcile/controllerPolicy.ts';
import { levelController } from '../../src/engine/cluster/reconcile/levelController.ts';
import { scenarios } from '../../src/engine/scenarios.ts';

/**
 * The truth about a controller is kept beside the engine: from the answers to the calls alone (how many Pods were created
 * and deleted), and from arithmetic (a rollout replaces each Pod once). Controllers with one known mistake each must be
 * caught by the check that is named for it, and two right ones of different design must pass all of them.
 */
const scenario = scenarios['cluster.reconcile']!;
type Controller = PolicyImplementation<typeof ControllerPolicy>;
type ControllerCalls = Calls<typeof ControllerPolicy>;
type Request = Infer<(typeof ControllerPolicy)['decisions']['reconcile']['input']>;

const calm = {
  scalings: 0,
  rollouts: 0,
  failures: 0,
  staleMs: 0,
  duplicatePercent: 0,
  breaks: 0,
  crashes: 0,
  timeoutPercent: 0,
  conflictPercent: 0,
};
const storm = {
  scalings: 2,
  rollouts: 2,
  failures: 3,
  staleMs: 2000,
  duplicatePercent: 50,
  breaks: 3,
  crashes: 3,
  timeoutPercent: 40,
  conflictPercent: 60,
};

function execute(
  params: Record<string, number>,
  seed: number,
  controller: () => Controller = levelController,
): Run {
  const submission = submissionOf(controllerPolicies, { controller });
  const outcome = scenario.execute({ params, seed, submission: submission as never });
  assert.ok(outcome.ok && outcome.run.end.kind === 'finished');
  return outcome.run;
}
const broken = (run: Run): string[] =>
  Object.entries(scenario.checks)
    .filter(([name]) => name !== 'looksBeforeWriting' && name !== 'comesBackAfterRefusal')
    .filter(([, check]) => check.violated(run, {}) !== undefined)
    .map(([name]) => name);
const seeds = Array.from({ length: 60 }, (_, index) => index + 1);
const rowsOf = (run: Run, kind: string): number[] =>
  Array.from({ length: run.trace.length }, (_, row) => row).filter((row) => run.trace.kind(row) === kind);

/** The controller with some of its calls replaced. */
const changed =
  (change: (calls: ControllerCalls, request: Request) => Partial<ControllerCalls>, inner = levelController) =>
  (): Controller => {
    const controller = inner();
    return {
      reconcile: (request, calls) => controller.reconcile(request, { ...calls, ...change(calls, request) }),
    };
  };

/** Another right one, which costs more: it knows no cache, and looks every second. */
const polling = changed(({ getApp, listPods }) => ({
  getApp: () => getApp({ from: 'server' }),
  listPods: () => listPods({ from: 'server' }),
}));

describe('a controller among faults', () => {
  it('creates each declared Pod once, and each once more in a rollout, in a calm world', () => {
    for (const seed of seeds) {
      const replicas = 1 + (seed % 8);
      const rollouts = seed % 2;
      const run = execute({ ...calm, replicas, rollouts, maxSurge: 1 + (seed % 3) }, seed);
      assert.deepEqual(broken(run), []);
      assert.equal(rowsOf(run, 'podCreated').length, replicas * (1 + rollouts));
      assert.equal(rowsOf(run, 'podDeleted').length, replicas * rollouts);
      // Pods take at most 4 s to start and 3 s to end, and never more than maxSurge are replaced at a time.
      const waves = rollouts === 0 ? 1 : Math.ceil(replicas / (1 + (seed % 3)));
      assert.ok(run.metrics['settledSeconds']! > 1 && run.metrics['settledSeconds']! < waves * 7.5 + 1);
    }
  });

  it('counts Pods as the answers to the calls do', () => {
    for (const seed of seeds) {
      const ofCalls: number[] = [];
      const counting = changed(({ createPod, deletePod, listPods }) => ({
        createPod(input) {
          const before = listPods({ from: 'server' }).filter(
            ({ owner, deleting }) => owner === 'shop' && !deleting,
          );
          const answer = createPod(input);
          if (answer === 'Created') ofCalls.push(before.filter(({ phase }) => phase !== 'Failed').length + 1);
          return answer;
        },
        deletePod,
      }));
      const run = execute({ ...storm, timeoutPercent: 0, crashes: 0 }, seed, counting);
      const ofEngine = rowsOf(run, 'podCreated').map((row) => run.trace.field(row, 2));
      assert.deepEqual(ofEngine, ofCalls);
    }
  });

  it('lets two right designs pass everything, in every storm', () => {
    for (const seed of seeds) {
      const replicas = 1 + (seed % 6);
      assert.deepEqual(broken(execute({ ...storm, replicas }, seed)), [], `seed ${seed}`);
      const always = (): Controller => {
        const inner = polling();
        return { reconcile: (request, calls) => inner.reconcile(request, calls) ?? 1 };
      };
      // It asks the server even when there is nothing to do; otherwise it is right.
      assert.deepEqual(broken(execute({ ...storm, replicas }, seed, always)), ['idempotent'], `seed ${seed}`);
    }
  });

  const mistakes: Readonly<
    Record<string, readonly [check: string, controller: () => Controller, params?: Record<string, number>]>
  > = {
    'does nothing': ['converges', () => ({ reconcile: () => undefined })],
    'reads only the cache, and lets the server name Pods': [
      'neverAboveSurge',
      changed(({ getApp, listPods }) => ({
        getApp: () => getApp({ from: 'cache' }),
        listPods: () => listPods({ from: 'cache' }),
      })),
    ],
    'creates again when no answer came': [
      'neverAboveSurge',
      changed(({ createPod }) => ({
        createPod(input) {
          let answer = createPod(input);
          while (answer === 'Timeout') answer = createPod(input);
          return answer;
        },
      })),
    ],
    'never asks to be called again': [
      'converges',
      (): Controller => {
        const inner = levelController();
        return {
          reconcile(request, calls) {
            inner.reconcile(request, calls);
            return undefined;
          },
        };
      },
      { ...calm, scalings: 3, failures: 2, timeoutPercent: 60 },
    ],
    'takes a conflict for success': [
      'statusIsTrue',
      changed(({ updateStatus }) => ({
        updateStatus(input) {
          updateStatus(input);
          return 'Updated';
        },
      })),
    ],
    'never deletes': ['leaksNothing', changed(() => ({ deletePod: () => 'Deleted' }))],
    'takes all Pods for ready': [
      'keepsServing',
      changed(({ listPods }) => ({
        listPods: (input) => listPods(input).map((pod) => ({ ...pod, ready: pod.phase !== 'Failed' })),
      })),
    ],
    'takes all Pods for its own': [
      'touchesOnlyItsOwn',
      changed(({ listPods }) => ({
        listPods: (input) => listPods(input).map((pod) => ({ ...pod, owner: 'shop' })),
      })),
    ],
    'always writes the status': [
      'idempotent',
      changed(({ getApp }) => ({ getApp: (input) => ({ ...getApp(input), observedGeneration: 0 }) })),
    ],
    'is deaf to what is only told as ADDED': [
      'leaksNothing',
      (): Controller => {
        const inner = levelController();
        let begun = false;
        return {
          reconcile(request, calls) {
            if (begun && request.events.every(({ type }) => type === 'ADDED')) return undefined;
            begun = true;
            return inner.reconcile(request, calls);
          },
        };
      },
    ],
  };
  for (const [mistake, [check, controller, params = storm]] of Object.entries(mistakes))
    it(`catches one that ${mistake}`, () => {
      const caught = seeds.filter((seed) =>
        broken(execute({ ...params, replicas: 3 }, seed, controller)).includes(check),
      );
      assert.ok(caught.length >= seeds.length / 10, `${check} in ${caught.length} of ${seeds.length} runs`);
    });

  it('gives the same run again, and a controller that starts anew forgets', () => {
    let starts = 0;
    const counted = (): Controller => {
      starts++;
      return levelController();
    };
    const first = execute(storm, 7, counted);
    assert.equal(starts, 1 + rowsOf(first, 'restarted').length);
    assert.ok(starts > 1);
    assert.equal(execute(storm, 7).trace.hash(), first.trace.hash());
    // Decisions are numbered on, so that the one behind an event can be found again.
    const decisions = rowsOf(first, 'asked').map((row) => first.trace.decision(row));
    assert.deepEqual(
      decisions,
      decisions.toSorted((a, b) => a - b),
    );
    assert.equal(first.trace.decisionsAsked, rowsOf(first, 'asked').length);
  });
});
