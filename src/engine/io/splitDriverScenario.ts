import { choice, count, quantity } from '../kernel/parameters.ts';
import { submissionOf, defineScenario, type Witness } from '../kernel/scenario.ts';
import { fromMs, toMs, type Nanoseconds } from '../kernel/time.ts';
import type { Trace } from '../kernel/trace.ts';
import { Host, instant } from '../scheduling/host.ts';
import { hostStateAt } from '../scheduling/hostState.ts';
import { scheduleTimeline } from '../scheduling/scheduleTimeline.ts';
import { schedulerPolicies } from '../scheduling/schedulerPolicy.ts';
import { schedulingEvents, type SchedulingEvents } from '../scheduling/schedulingEvents.ts';
import { schedulingParameters } from '../scheduling/schedulingParameters.ts';
import { waits } from '../scheduling/waits.ts';
import { domainScheduler } from './domainScheduler.ts';
import { costNs } from './pathCosts.ts';

const dom0 = 0;
const guest = 1;

const splitDriverEvents = {
  ...schedulingEvents,
  ringPush: {
    doc: 'The front end puts requests into the shared ring.',
    fields: ['requests'],
    say: ({ requests }: Readonly<Record<string, number>>) => `VM 1 puts ${requests} into the shared ring`,
  },
  ringRespond: {
    doc: 'The back end puts responses into the shared ring.',
    fields: ['responses'],
    say: ({ responses }: Readonly<Record<string, number>>) =>
      `Dom0 puts ${responses} responses into the shared ring`,
  },
  eventChannel: {
    doc: 'A hypercall sends an event to another domain, which becomes ready if it slept.',
    fields: ['to'],
    say: ({ to }: Readonly<Record<string, number>>) => `event channel to ${to === dom0 ? 'Dom0' : 'VM 1'}`,
  },
  grantCopy: {
    doc: 'The hypervisor copies granted data between the domains.',
    fields: ['bytes'],
    say: ({ bytes }: Readonly<Record<string, number>>) => `the hypervisor copies ${bytes} granted bytes`,
  },
  grantMap: {
    doc: 'Granted pages are mapped into Dom0, and unmapped when the device is done.',
    fields: ['pages'],
    say: ({ pages }: Readonly<Record<string, number>>) => `${pages} granted pages are mapped into Dom0`,
  },
  deviceStart: {
    doc: "Dom0's native driver has started the device.",
    fields: [],
    say: () => "Dom0's driver starts the device",
  },
  deviceInterrupt: {
    doc: 'The device is done and interrupts; the hypervisor makes an event for Dom0 of it.',
    fields: [],
    say: () => 'the device interrupts: an event for Dom0',
  },
} as const;
type SplitDriverEvents = typeof splitDriverEvents;

/** One batch of requests through Xen's split driver, with every domain scheduled. */
export const splitDriver = defineScenario({
  id: 'io.split-driver',
  title: "Xen's split driver, with its domains scheduled",
  doc:
    'VM 1 sleeps until its application makes requests. Its front end puts them into a ring that it shares with the back end in Dom0, and sends an event. ' +
    'Dom0 has to be scheduled to serve them, again when the device is done, and then VM 1 to see the responses, while the other VMs always have work.',
  params: {
    vms: count({
      label: 'VMs',
      doc: 'Virtual machines, Dom0 not counted. All but VM 1 always have work.',
      min: 1,
      max: 32,
      default: 4,
      say: (vms) => (vms === 1 ? '1 VM' : `${vms} VMs`),
    }),
    sliceMs: schedulingParameters.sliceMs,
    switchCostUs: schedulingParameters.switchCostUs,
    dom0Cpu: choice({
      label: 'Dom0 runs',
      doc: 'Whether Dom0 has to wait for the CPU of the others.',
      values: {
        shared: 'on the one CPU that all share.',
        own: 'on a CPU of its own; the VMs share another.',
      },
      default: 'shared',
    }),
    wakeUps: choice({
      label: 'Who wakes',
      doc: 'Where a domain that wakes joins the queue. No domain is preempted.',
      values: {
        tail: 'joins the tail, as in round robin.',
        first: 'goes before those that are in the queue: boosting.',
      },
      default: 'tail',
    }),
    requests: count({
      label: 'Requests',
      doc: 'Requests that the application makes together. They share notifications.',
      min: 1,
      max: 32,
      default: 1,
      say: (requests) => (requests === 1 ? 'one request' : `${requests} requests together`),
    }),
    sizeBytes: quantity('bytes', {
      label: 'Size',
      doc: 'Data of one request.',
      min: 1,
      max: 45_056,
      step: 4096,
      default: 4096,
      say: (bytes) => `${bytes} bytes`,
    }),
    grant: choice({
      label: 'Granted pages are',
      doc: "How Dom0 gets at VM 1's data.",
      values: { copy: 'copied by the hypervisor.', map: 'mapped into Dom0, and unmapped afterwards.' },
      default: 'copy',
    }),
    frontEndUs: quantity('us', {
      label: 'Front end',
      doc: 'CPU time of VM 1 for a request, and again for its response.',
      min: 0,
      max: 1000,
      step: 1,
      default: 4,
    }),
    backEndUs: quantity('us', {
      label: 'Back end',
      doc: 'CPU time of Dom0 for a request, and again for its response, without grants.',
      min: 0,
      max: 1000,
      step: 1,
      default: 6,
    }),
    deviceUs: quantity('us', {
      label: 'Device',
      doc: 'From the start of the device until its interrupt.',
      min: 1,
      max: 100_000,
      step: 10,
      default: 100,
    }),
  },
  metrics: {
    responseMs: {
      label: 'Response',
      doc: 'From the request of the application, just as another VM has been given its slice, until VM 1 has handled the responses.',
      better: 'lower',
    },
    dom0WaitMs: {
      label: 'Dom0 waits',
      doc: 'Time that Dom0 was ready and waited for a CPU, both times together.',
      better: 'lower',
    },
    guestWaitMs: {
      label: 'VM 1 waits',
      doc: 'Time that VM 1 was ready and waited for a CPU, both times together.',
      better: 'lower',
    },
    workUs: {
      label: 'Work and device',
      doc: 'CPU time of front end, back end and grants, and the device: what remains of the response without waits and switches.',
      better: 'lower',
    },
    notificationsPerRequest: {
      label: 'Notifications',
      doc: 'Events sent by VM 1 and Dom0, per request. Each is a hypercall.',
      better: 'lower',
    },
    copiesPerRequest: {
      label: 'Copies',
      doc: 'Copies of the data by the hypervisor, per request.',
      better: 'lower',
    },
    mappedPages: { label: 'Mapped pages', doc: 'Pages mapped into Dom0, for all requests.', better: 'lower' },
  },
  events: splitDriverEvents,
  policies: {},
  builtIn: {},
  checks: {},
  views: {
    timeline: {
      doc: 'Which domain runs and which wait, with the request and its response.',
      model: (run) => scheduleTimeline(asSchedule(run.trace), { vcpus: run.params.vms, withDom0: true }),
    },
    state: {
      doc: 'The CPUs, the run queue and who sleeps, after any event.',
      model: (run, event) =>
        hostStateAt(asSchedule(run.trace), event, {
          cpus: run.params.dom0Cpu === 'own' ? 2 : 1,
          vcpus: Array.from({ length: run.params.vms + 1 }, (_, index) => index),
        }),
    },
  },
  oracle:
    'Forms derived on paper for shared and own CPU of Dom0, with and without boosting (test/conformance/splitDriver.test.ts).',
  stepBudget: 100_000,
  run({ params, trace, stepBudget, refuse }) {
    const sliceNs = fromMs(params.sliceMs);
    const host = new Host(
      {
        cpus: params.dom0Cpu === 'own' ? 2 : 1,
        sliceNs,
        switchCostNs: Math.round(params.switchCostUs * 1000),
        switchCharge: 'added',
        coldStartNs: 0,
        stepBudget,
      },
      schedulerOf(params.dom0Cpu === 'own', params.wakeUps === 'first'),
      asSchedule(trace),
      (witness) => refuse(witness),
    );
    host.addVcpu(dom0, false);
    for (let vm = 1; vm <= params.vms; vm++) host.addVcpu(vm, vm !== guest);
    host.start();
    const record = (kind: keyof SplitDriverEvents, value = 0): void => {
      const { simulation } = host;
      simulation.cause = trace.append(trace.codes[kind], simulation.now, simulation.cause, value);
    };
    const { requests } = params;
    const pages = requests * Math.ceil(params.sizeBytes / 4096);
    const frontEndNs = requests * Math.round(params.frontEndUs * 1000);
    const backEndNs = requests * Math.round(params.backEndUs * 1000);
    const deviceNs = Math.round(params.deviceUs * 1000);
    const grantNs =
      params.grant === 'map'
        ? pages * costNs('grantMap')
        : requests * (costNs('hypercall') + costNs('copy', params.sizeBytes));
    // All sends are hypercalls of the domain that runs.
    const sendNs = costNs('hypercall');
    let notifications = 0;
    const send = (to: number): void => {
      notifications++;
      record('eventChannel', to);
    };
    const arrivalNs = arrivalOf(sliceNs + Math.round(params.switchCostUs * 1000), params.vms);
    let respondedNs: Nanoseconds | undefined;
    const takeResponses = (): void =>
      host.submit(guest, {
        remainingNs: frontEndNs,
        onDone: () => {
          respondedNs = host.simulation.now;
          host.recordRequest('respond', guest, respondedNs - arrivalNs);
          host.simulation.stop();
        },
      });
    const complete = (): void => {
      record('deviceInterrupt');
      host.submit(dom0, {
        remainingNs: backEndNs + sendNs,
        onDone: () => {
          record('ringRespond', requests);
          send(guest);
          takeResponses();
        },
      });
    };
    const serve = (): void =>
      host.submit(dom0, {
        remainingNs: backEndNs + grantNs,
        onStart: () => {
          if (params.grant === 'map') record('grantMap', pages);
          else record('grantCopy', requests * params.sizeBytes);
        },
        onDone: () => {
          record('deviceStart');
          host.simulation.schedule(deviceNs, complete, instant.wake);
        },
      });
    host.simulation.at(
      arrivalNs,
      () => {
        host.recordRequest('arrive', guest);
        host.submit(guest, {
          remainingNs: frontEndNs + sendNs,
          onDone: () => {
            record('ringPush', requests);
            send(dom0);
            serve();
          },
        });
      },
      instant.arrival,
    );
    host.simulation.run({ untilNs: arrivalNs + fromMs(60_000) });
    const responseNs = (respondedNs ?? refuse(noResponse)) - arrivalNs;
    host.end();
    const all = waits(asSchedule(trace)).filter(({ sinceNs }) => sinceNs >= arrivalNs);
    const waited = (vcpu: number): number =>
      toMs(
        all.filter((each) => each.vcpu === vcpu).reduce((sum, each) => sum + each.untilNs - each.sinceNs, 0),
      );
    return {
      responseMs: toMs(responseNs),
      dom0WaitMs: waited(dom0),
      guestWaitMs: waited(guest),
      workUs: (2 * (frontEndNs + backEndNs + sendNs) + grantNs + deviceNs) / 1000,
      notificationsPerRequest: notifications / requests,
      copiesPerRequest: params.grant === 'copy' ? 1 : 0,
      mappedPages: params.grant === 'map' ? pages : 0,
    };
  },
});

/** The trace as a schedule alone: its kinds are there under the same names. */
const asSchedule = (trace: Trace<SplitDriverEvents>): Trace<SchedulingEvents> =>
  trace as unknown as Trace<SchedulingEvents>;

/** Two rotations after the start, at the instant at which a VM has been given its slice. */
const arrivalOf = (turnNs: Nanoseconds, vms: number): Nanoseconds => 2 * Math.max(1, vms - 1) * turnNs;

const noResponse: Witness = {
  event: 0,
  expected: 'a response within a minute',
  actual: 'none',
  because:
    'The slices, or the work of a request, are so long that the response did not come within a minute.',
};

function schedulerOf(dom0HasOwnCpu: boolean, boosts: boolean) {
  const submission = submissionOf(schedulerPolicies, {
    scheduler: () => domainScheduler(dom0HasOwnCpu, boosts),
  });
  return submission.start({ scheduler: {} }).scheduler;
}
