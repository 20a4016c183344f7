import { choice, flagParameter, nearest } from '../kernel/parameters.ts';
import { defineScenario, type Witness } from '../kernel/scenario.ts';
import { containedApplications, scriptOf } from './applicationScripts.ts';
import { attackHost, attackSentry } from './attacks.ts';
import { platforms, usualSettings } from './callCosts.ts';
import { containmentChecks, failuresOf } from './containmentChecks.ts';
import { containmentEvents } from './containmentEvents.ts';
import { attacksAt, sandboxAt, surfaceBars } from './containmentViews.ts';
import { gvisorSentry } from './gvisorSentry.ts';
import { hostBugs } from './hostBugs.ts';
import { HostSide } from './hostSide.ts';
import { SandboxRun } from './sandboxRun.ts';
import { sentryPolicies, systemCallNames } from './sentryPolicy.ts';

const { native: _, ...interceptions } = platforms;

/** An application on a Sentry, on a host; and attacks, from the application and from a Sentry that has been broken. */
export const containment = defineScenario({
  id: 'gvisor.containment',
  title: 'A Sentry, and what gets out of it',
  doc:
    'An application runs on a Sentry: each of its system calls goes through the platform to the Sentry, which answers it, with the help ' +
    'of the Gofer for files and of a few calls of the host. Host and Gofer are processes of a simulated Linux. Then the application ' +
    'attacks; and, where the Sentry has a bug, whoever has taken it over attacks the host, through what the filter leaves.',
  params: {
    application: choice({
      label: 'Application',
      doc: 'What runs in the sandbox before the attacks.',
      values: containedApplications,
      default: 'all',
    }),
    attacks: flagParameter({
      label: 'Attacks',
      doc: 'Whether the application attacks when its honest part is over.',
      default: true,
    }),
    sentryBug: flagParameter({
      label: 'Bug in the Sentry',
      doc: 'Whether the application finds a bug in the Sentry, and runs code of its own there.',
      default: false,
    }),
    hostBug: choice({
      label: 'Bug in the host',
      doc: "The system call in which the host's kernel has a bug that gives it away.",
      values: hostBugs,
      default: 'none',
    }),
    hostWall: flagParameter({
      label: 'Wall behind the Sentry',
      doc: 'Whether the Sentry has an empty root, namespaces of its own, no privileges and a filter. Off: it is root on the host, and must hold alone.',
      default: true,
    }),
    platform: choice({
      label: 'Platform',
      doc: 'How calls are intercepted. It changes what they cost.',
      values: interceptions,
      default: 'systrap',
    }),
    files: choice({
      label: 'Files',
      doc: "How the scenario's own Sentry reaches files. A Sentry of yours does what it does.",
      values: {
        gofer: 'The Gofer opens them.',
        directfs: 'The Sentry opens them itself, from a directory that the Gofer donated.',
      },
      default: 'gofer',
    }),
    network: choice({
      label: 'Network',
      doc: "Whose network stack the scenario's own Sentry uses: it decides what its filter allows.",
      values: { sandbox: "The Sentry's own.", host: "The host's." },
      default: 'sandbox',
    }),
  },
  metrics: {
    escapes: {
      label: 'Attacks that succeeded',
      doc: 'Attacks that reached the host, from the application or from a broken Sentry.',
      better: 'lower',
    },
    attacks: { label: 'Attacks', doc: 'How many were tried.', better: 'neither' },
    failures: {
      label: 'Failures of the application',
      doc: 'Processes that got a wrong answer or wait for ever; the end of the Sentry by its own filter.',
      better: 'lower',
    },
    hostSurface: {
      label: 'Host surface',
      doc: 'System calls that the filter lets the Sentry make of the host.',
      better: 'lower',
    },
    hostCalls: {
      label: 'Calls of the host',
      doc: 'How often the Sentry called the host for the application.',
      better: 'lower',
    },
    calls: { label: 'System calls', doc: 'Calls of the application.', better: 'neither' },
    signals: {
      label: 'Signals that took effect',
      doc: 'How often a signal ran a handler of the application, or ended one of its processes. Those that were ignored do not count.',
      better: 'neither',
    },
    meanCallUs: {
      label: 'Mean time of a call',
      doc: 'From the interception of a call to its answer, in microseconds, by the cost model.',
      better: 'lower',
    },
  },
  events: containmentEvents,
  policies: sentryPolicies,
  builtIn: { sentry: gvisorSentry },
  checks: containmentChecks,
  views: {
    graph: {
      doc: 'The layers, and where the current call is in them, after any event.',
      model: (run, event) => sandboxAt(run.trace, event, run.params.hostWall),
    },
    bars: {
      doc: 'How many system calls of the host are within reach: of a container, and behind a Sentry.',
      model: (run) => surfaceBars(run.metrics.hostSurface),
    },
    state: {
      doc: 'All attacks and their outcome, what the application complained of, and the latest steps at any event.',
      model: (run, event) => attacksAt(run.trace, event),
    },
  },
  oracle:
    'Linux itself: random calls of processes, made on the kernel of the machine that runs the tests, give the same values, errors and ' +
    'waits; and a table by hand of which bugs are within which filter (test/conformance/gvisorContainment.test.ts).',
  stepBudget: 100_000,
  run({ params, trace, random, start, refuse }) {
    const hostSide = (): HostSide =>
      new HostSide({
        wall: params.hostWall,
        directfs: params.files === 'directfs',
        bug: params.hostBug,
        random: random.stream('host random numbers'),
        clockNs: () => bootNs + sandbox.nowNs,
      });
    const host = hostSide();
    const settings = { ...usualSettings, platform: params.platform, directfs: params.files === 'directfs' };
    const sandbox: SandboxRun = new SandboxRun(host, trace, settings, random.stream('who runs'));
    const { sentry } = start({ sentry: sandbox.handlers });
    const hostSet = sandbox.boot(sentry, params.hostWall);
    const filterRow = trace.length - 1;
    const wrongName = wrongCallName(hostSet);
    if (wrongName !== undefined) return refuse({ event: filterRow, ...wrongName });
    sandbox.run(scriptOf(params.application));
    if (params.application === 'all' || params.application === 'files') sandbox.checkTraces();
    const [calls, callsNs, hostCalls] = [sandbox.calls, sandbox.callsNs, host.records.length];
    if (params.attacks) {
      sandbox.attacked();
      sandbox.recordProbes(attackSentry((call, given) => sandbox.probe(call, given), host, params.hostBug));
    }
    if (params.attacks && params.sentryBug) {
      sandbox.break();
      // Another host: what the application did to this one, and to its Sentry, is another attack.
      const other = hostSide();
      if (params.hostWall) other.allowOnly(hostSet);
      sandbox.recordProbes(attackHost(other, params.hostBug, filterRow));
    }
    const rows = Array.from({ length: trace.length }, (_, row) => row);
    const probes = rows.filter((row) => trace.kind(row) === 'probe');
    return {
      escapes: probes.filter((row) => trace.field(row, 1) === 1).length,
      attacks: probes.length,
      failures: failuresOf(trace).length,
      hostSurface: hostSet.length,
      hostCalls,
      calls,
      signals: rows.filter((row) => trace.kind(row) === 'signal').length,
      meanCallUs: calls === 0 ? 0 : callsNs / calls / 1000,
    };
  },
});

/** What the clock of the host says at the start. */
const bootNs = 1000e9;

/** What is wrong with a filter: a name that no system call has. */
function wrongCallName(hostCalls: readonly string[]): Omit<Witness, 'event'> | undefined {
  const wrong = hostCalls.find((call) => !systemCallNames.includes(call));
  if (wrong === undefined) return undefined;
  const near = nearest(wrong, systemCallNames);
  return {
    expected: 'names of system calls of x86-64',
    actual: JSON.stringify(wrong),
    because: `There is no such system call. ${near === undefined ? 'Names are those of section 2 of the manual, as strace prints them.' : `Did you mean "${near}"?`}`,
  };
}
