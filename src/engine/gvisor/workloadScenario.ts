import { choice, count } from '../kernel/parameters.ts';
import { defineScenario, type Witness } from '../kernel/scenario.ts';
import { defineEvents } from '../kernel/trace.ts';
import type { BarsModel } from '../kernel/view.ts';
import {
  applicationNames,
  applications,
  timeOf,
  type Application,
  type ApplicationName,
} from './applications.ts';
import { platforms, usualSettings, type Platform, type SandboxSettings } from './callCosts.ts';
import { hostSurface, sentryCalls } from './hostSurface.ts';
import { applicationDocument, rankingDocument, sandboxDocument } from './sandboxDocument.ts';

const events = defineEvents({
  setting: {
    doc: 'A setting of the document `sandbox`.',
    fields: ['name', 'value'],
    texts: ['name', 'value'],
    say: (_, { name, value }) => `${name} is ${value}`,
  },
  ranked: {
    doc: 'An application in the document `ranking`, and its place there, from 1.',
    fields: ['place', 'application'],
    texts: ['application'],
    say: ({ place }, { application }) => `${application} has place ${place}`,
  },
  part: {
    doc: 'A part of the time of an application in the sandbox.',
    fields: ['application', 'part', 'ms'],
    texts: ['application', 'part'],
    say: ({ ms }, { application, part }) => `${application}: ${Number(ms!.toFixed(3))} ms ${part}`,
  },
});

/** Applications in gVisor: what each pays, by the shape of its system call trace. */
export const workload = defineScenario({
  id: 'gvisor.workload',
  title: 'What a sandbox costs an application',
  doc:
    'An application computes, and makes system calls. In gVisor each call is intercepted and done by the Sentry; some need the Gofer, ' +
    'the network stack of the Sentry, or a new address space. The model adds these up.',
  params: {
    application: choice({
      label: 'Application',
      doc: 'Whose trace is played.',
      values: {
        ...(Object.fromEntries(applicationNames.map((name) => [name, applications[name].doc])) as Record<
          ApplicationName,
          string
        >),
        own: 'That of the document `application`.',
      },
      default: 'web server',
    }),
    platform: choice({
      label: 'Platform',
      doc: 'How calls are intercepted. `file`: as the document `sandbox` says.',
      values: {
        ...(platforms as Readonly<Record<Platform, string>>),
        file: 'As the document `sandbox` says.',
      },
      default: 'systrap',
      say: (platform) => (platform === 'file' ? '' : `platform ${platform}`),
    }),
    files: choice({
      label: 'Files',
      doc: 'How files are reached, unless the document `sandbox` says it.',
      values: {
        gofer: 'Each lookup asks the Gofer.',
        exclusive: 'The Sentry keeps what it learnt of a file.',
        overlay: "Changes of the root file system stay in the Sentry's memory.",
        directfs: 'The Sentry makes the file calls itself.',
      },
      default: 'gofer',
    }),
    network: choice({
      label: 'Network',
      doc: 'Whose network stack is used, unless the document `sandbox` says it.',
      values: { sandbox: "The Sentry's own.", host: "The host's." },
      default: 'sandbox',
    }),
    batching: count({
      label: 'Batching',
      doc: 'Reads, writes and messages that one call submits, as with io_uring.',
      min: 1,
      max: 64,
      default: 1,
      say: (batching) => (batching === 1 ? 'one operation a call' : `${batching} operations a call`),
    }),
  },
  metrics: {
    slowdown: {
      label: 'Slowdown',
      doc: 'Time in the sandbox as a multiple of the native time.',
      better: 'lower',
    },
    nativeMs: { label: 'Native time', doc: 'Time without a sandbox.', better: 'lower' },
    sandboxMs: { label: 'Time in the sandbox', doc: 'Time inside.', better: 'lower' },
    callsPerSecond: {
      label: 'Calls per second',
      doc: 'System calls in a second of native time.',
      better: 'neither',
    },
    interceptionMs: {
      label: 'Interception',
      doc: 'Time that the platform takes to hand calls over.',
      better: 'lower',
    },
    filesMs: { label: 'Gofer or directfs', doc: 'Time for lookups that leave the Sentry.', better: 'lower' },
    networkMs: {
      label: 'Network stack',
      doc: "Time in the Sentry's network stack, or for the host's.",
      better: 'lower',
    },
    hostSurface: {
      label: 'Host surface',
      doc: 'System calls that the Sentry may make of the host. Of an ordinary container: those of Linux, over 350.',
      better: 'lower',
    },
  },
  events,
  policies: {},
  documents: { sandbox: sandboxDocument, application: applicationDocument, ranking: rankingDocument },
  builtIn: {},
  checks: {
    ranksRight: {
      title: 'The applications are in order',
      doc: 'In the document `ranking` no application stands before one that the sandbox slows down less.',
      args: {},
      violated: ({ trace, params, documents }) =>
        wrongPair(
          documents.ranking.value as readonly ApplicationName[],
          settingsOf(params, documents.sandbox.value).platform,
          trace.length - 1,
        ),
    },
    narrow: {
      title: 'The host surface stays as it was',
      doc: 'The Sentry may make no more system calls of the host than with directfs off and a network of its own.',
      args: {},
      violated: ({ metrics, trace }) => {
        const wider = metrics.hostSurface - sentryCalls.length;
        if (wider <= 0) return undefined;
        return {
          event: trace.length - 1,
          place: wider >= 17 ? '/directfs' : '/network',
          expected: `the ${sentryCalls.length} system calls that a Sentry needs`,
          actual: `${metrics.hostSurface}, ${wider} more`,
          because:
            'Each further call of the host is one more in which a bug of the host kernel can be reached by whoever has broken the Sentry.',
        };
      },
    },
  },
  views: {
    bars: {
      doc: 'Where the time of the application goes, natively and on each platform.',
      model: ({ params, documents }) =>
        platformBars(
          params.application === 'own' ? documents.application.value : applications[params.application],
          settingsOf(params, documents.sandbox.value),
          params.batching,
        ),
    },
  },
  oracle:
    'The sums by hand; gVisor’s published Redis rates (one command calibrates, the others are predicted, a multiplicative model fails) and measured ratios of runsc (test/conformance/gvisorCosts.test.ts).',
  stepBudget: 1000,
  run({ params, trace, documents, start }) {
    start({});
    const application =
      params.application === 'own' ? documents.application.value : applications[params.application];
    const settings = settingsOf(params, documents.sandbox.value);
    const time = timeOf(application, settings, params.batching);
    const record = (part: string, ns: number): number =>
      trace.append(trace.codes.part, 0, -1, trace.text(application.name), trace.text(part), ns / 1e6);
    if (params.platform === 'file') {
      for (const [name, value] of Object.entries(settings)) {
        const row = trace.append(trace.codes.setting, 0, -1, trace.text(name), trace.text(String(value)));
        trace.setPlace(row, `/${name}`);
      }
    }
    documents.ranking.value.forEach((name, index) => {
      const row = trace.append(trace.codes.ranked, 0, -1, index + 1, trace.text(name));
      trace.setPlace(row, `/ranking/${index}`);
    });
    record('computing', time.computeNs);
    record('intercepting calls', time.parts.interception);
    record('in the Sentry', time.parts.sentry);
    record('for files outside', time.parts.files);
    record('in the network stack', time.parts.network);
    record('for address spaces', time.parts.addressSpace);
    return {
      slowdown: time.sandboxNs / time.nativeNs,
      nativeMs: time.nativeNs / 1e6,
      sandboxMs: time.sandboxNs / 1e6,
      callsPerSecond: time.calls / application.seconds,
      interceptionMs: time.parts.interception / 1e6,
      filesMs: time.parts.files / 1e6,
      networkMs: time.parts.network / 1e6,
      hostSurface: settings.platform === 'native' ? 0 : hostSurface(settings).length,
    };
  },
});

function settingsOf(
  params: {
    readonly platform: Platform | 'file';
    readonly files: string;
    readonly network: 'sandbox' | 'host';
  },
  file: SandboxSettings,
): SandboxSettings {
  if (params.platform === 'file') return file;
  return {
    ...usualSettings,
    platform: params.platform,
    directfs: params.files === 'directfs',
    fileAccess: params.files === 'exclusive' ? 'exclusive' : 'shared',
    overlay: params.files === 'overlay' ? 'root' : 'none',
    network: params.network,
  };
}

/** Two neighbours of a ranking that stand the wrong way round: the pair that is furthest apart. */
function wrongPair(
  ranking: readonly ApplicationName[],
  platform: Platform,
  event: number,
): Witness | undefined {
  const slowdown = (name: ApplicationName): number => {
    const { sandboxNs, nativeNs } = timeOf(applications[name], { ...usualSettings, platform });
    return sandboxNs / nativeNs;
  };
  let worst: Witness | undefined;
  let furthest = 0;
  ranking.forEach((name, index) => {
    for (const later of ranking.slice(index + 1)) {
      const apart = slowdown(name) - slowdown(later);
      if (apart <= furthest) continue;
      furthest = apart;
      const shown = (of: ApplicationName): string =>
        `${Number(slowdown(of).toFixed(2))} times its native time`;
      const rate = (of: ApplicationName): string =>
        `${Math.round(timeOf(applications[of], usualSettings).calls / applications[of].seconds)} calls a second`;
      worst = {
        event,
        place: `/ranking/${index}`,
        expected: `${later} before ${name}`,
        actual: `${name} before ${later}`,
        because: `With ${platform} ${later} takes ${shown(later)} and makes ${rate(later)}; ${name} takes ${shown(name)} with ${rate(name)}.`,
      };
    }
  });
  return worst;
}

function platformBars(application: Application, settings: SandboxSettings, batching: number): BarsModel {
  return {
    kind: 'bars',
    title: `Time of ${application.name}`,
    axis: { label: 'Time', unit: 'ms' },
    parts: [
      { label: 'computing', tone: 'busy', letter: 'C' },
      { label: 'calls, natively or in the Sentry', tone: 'focus', letter: 'S' },
      { label: 'interception', tone: 'overhead', letter: 'I' },
      { label: 'files outside', tone: 'io', letter: 'F' },
      { label: 'network stack', tone: 'waiting', letter: 'N' },
      { label: 'address spaces', tone: 'idle', letter: 'A' },
    ],
    rows: (Object.keys(platforms) as Platform[]).map((platform) => {
      const time = timeOf(application, { ...settings, platform }, batching);
      const { interception, sentry, files, network, addressSpace } = time.parts;
      return {
        label: platform,
        values: [time.computeNs, sentry, interception, files, network, addressSpace].map((ns) => ns / 1e6),
      };
    }),
  };
}
