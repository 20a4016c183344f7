import { scenarios as shipped } from '../../src/engine/scenarios.ts';
import { trapScenario } from './trapScenario.ts';

/** What the page finds in place of the shipped list: the same and one more. */
export const scenarios = { ...shipped, [trapScenario.id]: trapScenario };
