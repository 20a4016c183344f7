import { choice } from '../../kernel/parameters.ts';
import type { Witness } from '../../kernel/scenario.ts';
import type { Trace } from '../../kernel/trace.ts';
import { probeAreaNames, probeAreas, type IsolationEvents, type ProbeArea } from './isolationEvents.ts';

interface IsolationRun {
  readonly trace: Trace<IsolationEvents>;
}

/** Predicates over a container that was started and attacked. */
export const isolationChecks = {
  contained: {
    title: 'Probes of one area fail',
    doc: 'Every probe of the area fails: nothing of the host is seen or touched from inside.',
    args: {
      area: choice({
        label: 'Area',
        doc: 'What the probes try to reach.',
        values: probeAreas,
        default: 'files',
      }),
    },
    violated: (run: IsolationRun, args: { readonly area: ProbeArea }) => escape(run.trace, args.area),
  },
  works: {
    title: 'The application runs as specified',
    doc: 'The program runs, with the user, numbers, mounts, devices, capabilities and limits that the specification promises it.',
    args: {},
    violated: (run: IsolationRun) => lack(run.trace),
  },
};

/** Where a configuration says what an area depends on. */
const placeOf: Readonly<Record<ProbeArea, string>> = {
  processes: '/linux/namespaces',
  files: '/mounts',
  network: '/linux/namespaces',
  ipc: '/linux/namespaces',
  hostname: '/linux/namespaces',
  cgroup: '/linux/resources',
  privileges: '/process/capabilities',
  kernel: '/linux',
  syscalls: '/linux/seccomp',
  host: '/linux',
};

function escape(trace: Trace<IsolationEvents>, area: ProbeArea): Witness | undefined {
  for (let row = 0; row < trace.length; row++) {
    if (
      trace.kind(row) !== 'probe' ||
      probeAreaNames[trace.field(row, 0)] !== area ||
      trace.field(row, 1) === 0
    )
      continue;
    const { attempt, because } = trace.textsOf(row) as { attempt: string; because: string };
    return {
      event: row,
      expected: `a container in which nobody can ${attempt}`,
      actual: 'the probe succeeded',
      because,
      place: placeOf[area],
    };
  }
  return undefined;
}

function lack(trace: Trace<IsolationEvents>): Witness | undefined {
  for (let row = 0; row < trace.length; row++) {
    if (trace.kind(row) !== 'need' || trace.field(row, 0) === 1) continue;
    const { expected, actual, because } = trace.textsOf(row) as Readonly<
      Record<'expected' | 'actual' | 'because', string>
    >;
    const place = trace.placeOf(row);
    return {
      event: row,
      expected,
      actual,
      ...(place === undefined ? {} : { place }),
      because:
        because ||
        'The specification promises it to the application: a container that does not run it is no better than none.',
    };
  }
  return undefined;
}
