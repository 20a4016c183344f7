import type { Scenario } from './kernel/scenario.ts';
import { cpuBandwidth } from './container/cpuBandwidth.ts';
import { host } from './scheduling/hostScenario.ts';
import { roundRobin } from './scheduling/roundRobin.ts';
import { queue } from './kernel/queueScenario.ts';

/** Every scenario, by id, in the order in which lists show them. */
export const scenarios: Readonly<Record<string, Scenario>> = Object.fromEntries(
  [roundRobin, host, queue, cpuBandwidth].map((scenario) => [scenario.id, scenario]),
);
