import { choice } from '../kernel/parameters.ts';
import { defineScenario, type Witness } from '../kernel/scenario.ts';
import { defineEvents, noCause, type Trace } from '../kernel/trace.ts';
import type { BarsModel, StateModel } from '../kernel/view.ts';
import {
  passesFilter,
  seccompFilter,
  type SeccompDecision,
  type SeccompFilter,
} from './linux/seccompFilter.ts';
import { errnoNumbers } from './linux/errno.ts';
import { seccompProfile } from './linux/seccompProfile.ts';
import { exploits, serviceTraces, type TracedCall } from './seccomp/seccompTraces.ts';
import { brokenCall, entryOf, verdictOf, whyNeeded } from './seccomp/serviceCalls.ts';
import { x86Syscalls } from './linux/x86Syscalls.ts';

const service = 'the service';

const seccompEvents = defineEvents({
  install: {
    doc: 'The runtime installs the filter, as the last thing before it starts the program.',
    fields: ['always', 'sometimes', 'never'],
    say: ({ always, sometimes, never }) =>
      `the runtime installs the filter: ${always} system calls pass, ${sometimes} pass with some arguments, ${never} never`,
  },
  call: {
    doc: 'A program makes a system call; the filter decides.',
    fields: ['actor', 'call', 'verdict', 'by'],
    texts: ['actor', 'call', 'verdict', 'by'],
    say: (_, { actor, call, verdict, by }) => `${actor}: ${call} ${verdict} (${by})`,
  },
  serves: {
    doc: 'The service has made all its system calls.',
    fields: ['calls'],
    say: ({ calls }) => `the service works: all its ${calls} calls passed, or had another way`,
  },
  broken: {
    doc: 'The service cannot go on without a call.',
    fields: ['call'],
    texts: ['call'],
    say: (_, { call }) => `the service breaks at ${call}`,
  },
  escaped: {
    doc: 'An attack reached the kernel with all its calls.',
    fields: ['exploit'],
    texts: ['exploit'],
    say: (_, { exploit }) => `${exploit}: the attack gets through`,
  },
  stopped: {
    doc: 'An attack was stopped by the filter.',
    fields: ['exploit', 'call'],
    texts: ['exploit', 'call'],
    say: (_, { exploit, call }) => `${exploit}: stopped at ${call}`,
  },
});
type SeccompEvents = typeof seccompEvents;

interface SeccompRun {
  readonly trace: Trace<SeccompEvents>;
}

/** A seccomp profile between a service, attacks on it, and the kernel that all containers share. */
export const seccomp = defineScenario({
  id: 'container.seccomp',
  title: 'A seccomp profile under attack',
  doc: 'A filter decides about every system call of a container. The service’s own calls should pass, those of attacks should not, and as little of the kernel as possible should stay in reach.',
  params: {
    libc: choice({
      label: 'C library',
      doc: 'The C library of the service’s image. It decides which system calls a program makes for the same work.',
      values: {
        glibc: 'The GNU C library, as in images based on Debian.',
        musl: 'musl, as in images based on Alpine.',
      },
      default: 'glibc',
    }),
  },
  metrics: {
    brokenCalls: {
      label: 'Service broken',
      doc: '1 when a call that the service cannot do without was refused, else 0.',
      better: 'lower',
    },
    escapes: {
      label: 'Attacks that got through',
      doc: 'Attacks all of whose calls reached the kernel.',
      better: 'lower',
    },
    surface: {
      label: 'System calls in reach',
      doc: 'System calls of x86-64 that reach the kernel with some arguments at least.',
      better: 'lower',
    },
    filteredByArgument: {
      label: 'Restricted by arguments',
      doc: 'Those of them that pass only with some arguments.',
      better: 'neither',
    },
    surfacePercent: {
      label: 'Share in reach',
      doc: 'System calls in reach, as a share of all of x86-64.',
      better: 'lower',
    },
  },
  events: seccompEvents,
  policies: {},
  documents: { profile: seccompProfile },
  builtIn: {},
  checks: {
    serviceWorks: {
      title: 'The service works',
      doc: 'Every system call of the service passes the filter, or fails in a way that the service can go on from.',
      args: {},
      violated: (run: SeccompRun) => brokenService(run.trace),
    },
    attacksStopped: {
      title: 'Every attack is stopped',
      doc: 'Of each attack, at least one call does not reach the kernel.',
      args: {},
      violated: (run: SeccompRun) => escapedAttack(run.trace),
    },
  },
  views: {
    state: {
      doc: 'What became of the service and of each attack, and the latest calls, after any event.',
      model: (run, event) => seccompStateAt(run.trace, event),
    },
    bars: {
      doc: 'How much of the kernel’s interface stays in reach.',
      model: (run) => surfaceBars(run.metrics),
    },
  },
  oracle:
    'libseccomp 2.5 and the kernel themselves: the same rules are compiled, loaded and called (test/conformance/seccompKernel.test.ts, where the machine allows it), and hand-made decisions for each operator.',
  stepBudget: 100_000,
  run({ params, trace, documents }) {
    const filter = seccompFilter(documents.profile.value);
    const names = [...x86Syscalls.keys()];
    const reached = (how: ReturnType<SeccompFilter['reach']>): number =>
      names.filter((name) => filter.reach(name) === how).length;
    const [always, sometimes] = [reached('always'), reached('sometimes')];
    let timeNs = 0;
    let cause = trace.append(
      trace.codes.install,
      timeNs,
      noCause,
      always,
      sometimes,
      names.length - always - sometimes,
    );
    const install = cause;
    const record = (kind: keyof SeccompEvents, ...fields: number[]): void => {
      timeNs += 1000;
      cause = trace.append(trace.codes[kind], timeNs, cause, ...fields);
    };
    const make = (actor: string, traced: TracedCall): SeccompDecision => {
      const decision = filter.decide(traced.name, traced.args.map(BigInt));
      record(
        'call',
        trace.text(actor),
        trace.text(`${traced.name}(${traced.text})`),
        trace.text(verdictOf(decision)),
        trace.text(entryOf(decision)),
      );
      trace.setPlace(cause, decision.place);
      return decision;
    };

    const broken = brokenCall(params.libc, (traced) => make(service, traced));
    if (broken === undefined) record('serves', serviceTraces[params.libc].length);
    else record('broken', trace.text(broken.name));

    let escapes = 0;
    for (const exploit of exploits) {
      cause = install;
      const stop = exploit.calls.find((traced) => !passesFilter(make(exploit.title, traced)));
      if (stop === undefined) {
        escapes++;
        record('escaped', trace.text(exploit.title));
      } else record('stopped', trace.text(exploit.title), trace.text(stop.name));
    }
    return {
      brokenCalls: broken === undefined ? 0 : 1,
      escapes,
      surface: always + sometimes,
      filteredByArgument: sometimes,
      surfacePercent: (100 * (always + sometimes)) / names.length,
    };
  },
});

const rows = (trace: Trace<SeccompEvents>): number[] => Array.from({ length: trace.length }, (_, row) => row);

function brokenService(trace: Trace<SeccompEvents>): Witness | undefined {
  const row = rows(trace).find((at) => trace.kind(at) === 'broken');
  if (row === undefined) return undefined;
  const at = trace.cause(row);
  const { call, verdict, by } = trace.textsOf(at);
  const name = trace.textsOf(row)['call']!;
  return {
    event: at,
    expected: `${call} passes${name === 'clone3' ? `, or fails with ENOSYS (${errnoNumbers.ENOSYS})` : ''}`,
    actual: `it ${verdict} (${by})`,
    because: whyNeeded(name),
  };
}

function escapedAttack(trace: Trace<SeccompEvents>): Witness | undefined {
  const row = rows(trace).find((at) => trace.kind(at) === 'escaped');
  if (row === undefined) return undefined;
  const title = trace.textsOf(row)['exploit']!;
  const exploit = exploits.find((each) => each.title === title)!;
  const made = exploit.calls.map(({ name, text }) => `${name}(${text})`).join(', ');
  return {
    event: trace.cause(row),
    expected: `“${title}” is stopped at one of its calls: ${made}`,
    actual: 'all of them reach the kernel',
    because: exploit.about,
  };
}

function seccompStateAt(trace: Trace<SeccompEvents>, event: number): StateModel {
  const outcome = new Map<string, string>();
  const latest: string[][] = [];
  for (let row = 0; row <= event; row++) {
    const texts = trace.textsOf(row);
    switch (trace.kind(row)) {
      case 'call':
        latest.unshift([texts['actor']!, texts['call']!, texts['verdict']!, texts['by']!]);
        if (!outcome.has(texts['actor']!)) outcome.set(texts['actor']!, 'under way');
        break;
      case 'serves':
        outcome.set(service, 'works');
        break;
      case 'broken':
        outcome.set(service, `broken: needs ${texts['call']}`);
        break;
      case 'escaped':
        outcome.set(texts['exploit']!, 'got through');
        break;
      case 'stopped':
        outcome.set(texts['exploit']!, `stopped at ${texts['call']}`);
        break;
      case 'install':
        break;
    }
  }
  return {
    kind: 'state',
    groups: [
      {
        title: 'The service and the attacks',
        columns: ['who', 'what became of it'],
        rows: [...outcome],
        whenEmpty: 'Nothing has run yet.',
      },
      {
        title: 'Latest calls, newest first',
        columns: ['who', 'system call', 'what the filter does', 'decided by'],
        rows: latest.slice(0, 8),
        whenEmpty: 'No call yet.',
      },
    ],
  };
}

function surfaceBars(metrics: { readonly surface: number; readonly filteredByArgument: number }): BarsModel {
  const all = x86Syscalls.size;
  const { surface, filteredByArgument } = metrics;
  return {
    kind: 'bars',
    title: 'System calls of x86-64 that reach the kernel',
    axis: { label: 'system calls', unit: '' },
    parts: [
      { label: 'with any arguments', tone: 'failed', letter: 'a' },
      { label: 'with some arguments', tone: 'focus', letter: 's' },
    ],
    rows: [
      { label: 'without a filter', values: [all, 0] },
      { label: 'this profile', values: [surface - filteredByArgument, filteredByArgument] },
    ],
  };
}
