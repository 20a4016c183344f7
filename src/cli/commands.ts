import type { Command } from './command.ts';
import { scenarios } from './commands/scenarios.ts';
import { simulate } from './commands/simulate.ts';

/** Every command, in the order in which help lists them. */
export const commands: readonly Command[] = [simulate, scenarios];
