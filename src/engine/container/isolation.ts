import { choice, flagParameter } from '../kernel/parameters.ts';
import { defineScenario } from '../kernel/scenario.ts';
import { callTimeline } from './runtime/callTimeline.ts';
import { ContainerStart } from './runtime/containerStart.ts';
import { isolationChecks } from './runtime/isolationChecks.ts';
import { isolationEvents } from './runtime/isolationEvents.ts';
import { leaveOut, leftOutValues } from './runtime/leaveOut.ts';
import { ociConfig } from './oci/ociConfig.ts';
import { ociRuntime } from './runtime/ociRuntime.ts';
import { runtimePolicies } from './runtime/runtimePolicy.ts';
import { systemStateAt } from './runtime/systemView.ts';

/** A container is started by a runtime, and probes in it try to see and touch what they must not. */
export const isolation = defineScenario({
  id: 'container.isolation',
  title: 'A container and what can get out of it',
  doc:
    'A runtime makes a container out of system calls on a simulated host, as a configuration asks for. Then probes run in it as ' +
    'processes of the application: they look for processes, files, network, memory and powers of the host. A probe that succeeds ' +
    'says why.',
  params: {
    without: choice({
      label: 'Left out',
      doc: 'What the configuration is robbed of before the runtime sees it, to show what it is good for.',
      values: leftOutValues,
      default: 'nothing',
    }),
    userNamespace: flagParameter({
      label: 'User namespace',
      doc: 'Whether the container gets a user namespace besides, in which its user 0 is user 100000 of the host.',
      default: false,
    }),
    appUser: choice({
      label: 'Application runs as',
      doc: 'The user of the first process, in the numbers of the container.',
      values: {
        configured: 'Who the configuration says.',
        root: 'User 0 of the container.',
        app: 'User 1000 of the container.',
      },
      default: 'configured',
    }),
  },
  metrics: {
    escapes: {
      label: 'Probes that succeeded',
      doc: 'How many probes saw or touched what they must not.',
      better: 'lower',
    },
    probes: { label: 'Probes', doc: 'How many probes ran.', better: 'neither' },
    unmetNeeds: {
      label: 'Unmet needs',
      doc: 'How much of what the configuration promises the application does not have.',
      better: 'lower',
    },
    calls: { label: 'System calls', doc: 'Calls that the runtime made.', better: 'neither' },
    ownNamespaces: {
      label: 'Own namespaces',
      doc: 'Kinds of namespace, of eight, in which the application is not where the host is.',
      better: 'neither',
    },
  },
  events: isolationEvents,
  policies: runtimePolicies,
  documents: { config: ociConfig },
  builtIn: { runtime: ociRuntime },
  checks: isolationChecks,
  views: {
    timeline: { doc: 'Which process made which system calls.', model: (run) => callTimeline(run.trace) },
    state: {
      doc: 'Processes, mounts and network as seen from inside and from outside, after any event.',
      model: (run, event) => systemStateAt(run.trace, event),
    },
  },
  oracle:
    'Linux itself: random sequences of the same system calls, answered by Linux 6.18 (recorded) and by the kernel of the machine ' +
    'that runs the tests, give the same values and errors; and what runc and the kernel documentation say about each probe ' +
    '(test/conformance/containerKernel.test.ts, containerIsolation.test.ts).',
  stepBudget: 100_000,
  run({ params, documents, trace, start, refuse }) {
    const { spec: asked, filter } = documents.config.value;
    const spec = leaveOut(asked, params);
    const container = new ContainerStart(spec, filter, params.without, trace);
    const runtime = start({ runtime: container.handlers }).runtime;
    container.create((given) => runtime.create(given));
    container.initAll((given) => runtime.init(given));
    const { application } = container;
    if (application === undefined) {
      return refuse({
        event: Math.max(0, trace.length - 1),
        expected: `a process that executes ${spec.args[0] ?? 'the program'}`,
        actual: container.whyNothingRuns,
        because: container.reason,
        ...(container.place === undefined ? {} : { place: container.place }),
      });
    }
    container.judge(application);
    const events = Array.from({ length: trace.length }, (_, row) => trace.kind(row));
    const count = (kind: string, value: (row: number) => boolean = () => true): number =>
      events.filter((each, row) => each === kind && value(row)).length;
    return {
      escapes: count('probe', (row) => trace.field(row, 1) === 1),
      probes: count('probe'),
      unmetNeeds: count('need', (row) => trace.field(row, 0) === 0),
      calls: count('call'),
      ownNamespaces: container.ownNamespaces(application),
    };
  },
});
