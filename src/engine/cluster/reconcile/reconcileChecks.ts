import type { Witness } from '../../kernel/scenario.ts';
import { appName } from './controllerPolicy.ts';
import type { ReconcileEvents, ReconcileTrace } from './reconcileEvents.ts';

interface ReconcileRun {
  readonly trace: ReconcileTrace;
}
type Row = Record<string, number>;

/** The first row of a kind of which `is` holds. */
function firstRow(
  trace: ReconcileTrace,
  kind: keyof ReconcileEvents,
  is: (fields: Row, row: number) => boolean,
): number | undefined {
  const code = trace.codes[kind];
  for (let row = 0; row < trace.length; row++)
    if (trace.code(row) === code && is(trace.fieldsOf(row), row)) return row;
  return undefined;
}

/** What the controller did last before a row: after that it let things be. */
function lastAct(trace: ReconcileTrace, before: number): number {
  for (let row = before - 1; row >= 0; row--)
    if (trace.decides(row) && trace.kind(row) !== 'readServer') return row;
  return before;
}

/** What is to be seen when the world has been quiet for a minute. */
function examined(
  trace: ReconcileTrace,
  kind: 'examinedPods' | 'examinedStatus',
  wrong: (fields: Row) => Omit<Witness, 'event'> | undefined,
): Witness | undefined {
  const row = firstRow(trace, kind, (fields) => wrong(fields) !== undefined);
  return row === undefined ? undefined : { event: lastAct(trace, row), ...wrong(trace.fieldsOf(row))! };
}

export const reconcileChecks = {
  converges: {
    title: 'All declared Pods serve',
    doc: 'A minute after the last change and the last fault, and at the end, as many Pods of the declared version are ready as are declared.',
    args: {},
    violated: ({ trace }: ReconcileRun) =>
      examined(trace, 'examinedPods', ({ wanted, ready }) =>
        ready! >= wanted!
          ? undefined
          : {
              expected: `${wanted} ready Pods of the declared version, a minute after the last fault`,
              actual: `${ready}`,
              because:
                'Nothing that is still to come would change that: the controller did this last, and was not asked again or did not look.',
            },
      ),
  },
  leaksNothing: {
    title: 'No Pod is left over',
    doc: 'A minute after the last change and the last fault, and at the end, the App has no Pod beyond those that are declared: none too many, none of another version, none that has failed.',
    args: {},
    violated: ({ trace }: ReconcileRun) =>
      examined(trace, 'examinedPods', ({ wanted, current, others }) =>
        current! <= wanted! && others === 0
          ? undefined
          : {
              expected: `no Pod beyond the ${wanted} of the declared version`,
              actual: `${current} of that version, and ${others} that have failed, end or are of another one`,
              because:
                'Nobody else deletes Pods of the App. What the controller forgets stays, and costs, for ever.',
            },
      ),
  },
  statusIsTrue: {
    title: 'The status says what is',
    doc: 'A minute after the last change and the last fault, and at the end, the status has the generation that is declared and the number of ready Pods.',
    args: {},
    violated: ({ trace }: ReconcileRun) =>
      examined(trace, 'examinedStatus', ({ readyReplicas, ready, observedGeneration, generation }) =>
        readyReplicas === ready && observedGeneration === generation
          ? undefined
          : {
              expected: `the status: ${ready} ready of generation ${generation}`,
              actual: `${readyReplicas} ready of generation ${observedGeneration}`,
              because: 'Whoever waits for this rollout reads the status, and waits for ever.',
            },
      ),
  },
  neverAboveSurge: {
    title: 'Never more Pods than allowed',
    doc: 'When the controller creates a Pod, at most replicas + maxSurge Pods count afterwards. Those that end or have failed do not count; of two declarations of which the cache does not know the newer one, the larger holds.',
    args: {},
    violated({ trace }: ReconcileRun): Witness | undefined {
      const row = firstRow(trace, 'podCreated', ({ alive, allowed }) => alive! > allowed!);
      if (row === undefined) return undefined;
      const { alive, allowed } = trace.fieldsOf(row);
      return {
        event: row,
        expected: `at most ${allowed} Pods of the App`,
        actual: `${alive} with ${trace.textsOf(row)['pod']!}`,
        because:
          'The controller did not know of Pods that exist: they were created before a crash, by a call whose answer was lost, or so lately that the cache does not show them.',
      };
    },
  },
  keepsServing: {
    title: 'No Pod is taken away that is needed',
    doc: 'When the controller deletes a Pod that serves, at least as many others serve as are declared. Pods of whose failure the cache does not know yet count as serving; of two declarations of which the cache does not know the newer one, the smaller holds.',
    args: {},
    violated({ trace }: ReconcileRun): Witness | undefined {
      const row = firstRow(
        trace,
        'podDeleted',
        ({ serving, wanted }, at) => serving! < wanted! && trace.textsOf(at)['owner'] === appName,
      );
      if (row === undefined) return undefined;
      const { serving, wanted } = trace.fieldsOf(row);
      return {
        event: row,
        expected: `${wanted} Pods serve after the deletion`,
        actual: `${serving} serve without ${trace.textsOf(row)['pod']!}`,
        because: 'Users lose capacity, although nothing failed that the controller could not know of.',
      };
    },
  },
  touchesOnlyItsOwn: {
    title: 'Pods of others are left alone',
    doc: 'The controller deletes no Pod whose owner is another object.',
    args: {},
    violated({ trace }: ReconcileRun): Witness | undefined {
      const own = (_fields: Row, row: number): boolean => trace.textsOf(row)['owner'] !== appName;
      const row = firstRow(trace, 'podDeleted', own) ?? firstRow(trace, 'idlePodDeleted', own);
      if (row === undefined) return undefined;
      const { pod, owner } = trace.textsOf(row);
      return {
        event: row,
        expected: `only Pods of ${appName} are deleted`,
        actual: `${pod} is deleted, which belongs to ${owner}`,
        because: 'A namespace has Pods of many owners. The owner says whose a Pod is.',
      };
    },
  },
  looksBeforeWriting: {
    title: 'Looks at the server before it creates or deletes',
    doc: 'Before a Pod is created or deleted, the Pods have been read from the server since the controller was asked and since a write got no answer. There are right controllers that do without: what fails for this reason breaks another check as well.',
    args: {},
    violated({ trace }: ReconcileRun): Witness | undefined {
      let looked = false;
      for (let row = 0; row < trace.length; row++) {
        const kind = trace.kind(row);
        if (kind === 'asked' || kind === 'answerLost') looked = false;
        if (kind === 'createRefused' && trace.textsOf(row)['outcome'] === 'Timeout') looked = false;
        if (kind === 'readServer' && trace.textsOf(row)['what'] === 'the Pods') looked = true;
        if (looked || (kind !== 'podCreated' && kind !== 'podDeleted')) continue;
        return {
          event: row,
          expected: 'the Pods are read from the server before one is created or deleted',
          actual: 'they were not',
          because: 'The cache may be old, and a call without an answer may have been done.',
        };
      }
      return undefined;
    },
  },
  comesBackAfterRefusal: {
    title: 'Asks to be called again after a conflict or a timeout',
    doc: 'When a write got a conflict or no answer, the controller writes again at once or asks to be called again.',
    args: {},
    violated({ trace }: ReconcileRun): Witness | undefined {
      let open: number | undefined;
      for (let row = 0; row < trace.length; row++) {
        const kind = trace.kind(row);
        const outcome = trace.textsOf(row)['outcome'];
        if (kind === 'asked') {
          if (open !== undefined)
            return {
              event: open,
              expected: 'another attempt, or a number of seconds after which to be asked again',
              actual: 'neither',
              because:
                'If nothing else changes, nobody asks the controller again, and the write is never done.',
            };
        } else if (outcome === 'Timeout' || outcome === 'Conflict') open = row;
        else if (trace.decides(row) && kind !== 'readServer') open = undefined;
        if (kind === 'crashed') open = undefined;
      }
      return undefined;
    },
  },
  idempotent: {
    title: 'Looking again changes nothing',
    doc: 'In the last minute, in which nothing happens but that everything is listed three times, the controller writes nothing and asks the server nothing.',
    args: {},
    violated({ trace }: ReconcileRun): Witness | undefined {
      const quietFrom = firstRow(trace, 'examinedPods', () => true) ?? trace.length;
      for (let row = quietFrom; row < trace.length; row++) {
        if (!trace.decides(row) || trace.kind(row) === 'requeued') continue;
        const read = trace.kind(row) === 'readServer';
        return {
          event: row,
          expected: 'no call but reads from the cache',
          actual: trace.say(row),
          because: read
            ? 'Nothing has changed. Thousands of controllers that ask the server at every look bring it down; the cache is enough to see that there is nothing to do.'
            : 'Nothing has changed for a minute. A controller that writes whenever it looks never comes to rest, and each of its writes wakes others.',
        };
      }
      return undefined;
    },
  },
} as const;
