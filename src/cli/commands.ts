import type { Command } from './command.ts';
import { answer } from './commands/answer.ts';
import { autograder } from './commands/autograder.ts';
import { check } from './commands/check.ts';
import { cpu } from './commands/cpu.ts';
import { exportBundle } from './commands/exportBundle.ts';
import { grade } from './commands/grade.ts';
import { handOut } from './commands/handOut.ts';
import { kubectl } from './commands/kubectl.ts';
import { lint } from './commands/lint.ts';
import { merge } from './commands/merge.ts';
import { newCommand } from './commands/new.ts';
import { scenarios } from './commands/scenarios.ts';
import { start } from './commands/start.ts';
import { simulate } from './commands/simulate.ts';
import { trace } from './commands/trace.ts';
import { verify } from './commands/verify.ts';
import { verifyReceipt } from './commands/verifyReceipt.ts';

/** Every command, in the order in which help lists them. */
export const commands: readonly Command[] = [
  simulate,
  scenarios,
  start,
  check,
  answer,
  grade,
  merge,
  autograder,
  handOut,
  cpu,
  kubectl,
  trace,
  exportBundle,
  newCommand,
  lint,
  verify,
  verifyReceipt,
];
