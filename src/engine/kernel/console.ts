import type { Run, ScenarioShape } from './scenario.ts';
import type { Nanoseconds } from './time.ts';

/**
 * A command line over the simulated system as it stands right after an event of a run: the tool that people use on the
 * real one, such as `kubectl` over a cluster. It looks and never changes anything.
 */
export interface ConsoleDefinition<S extends ScenarioShape = ScenarioShape> {
  /** The program's name, as it is typed: `kubectl`. */
  readonly program: string;
  readonly doc: string;
  /**
   * Runs the same run again, up to an instant.
   * @param event a row of the run's trace
   * @param untilNs goes on until then, if nothing happens before; default: right after the event
   */
  readonly open: (run: Run<S>, event: number, untilNs?: Nanoseconds) => SystemConsole;
}

export interface SystemConsole {
  /** The instant that it shows. */
  readonly atNs: Nanoseconds;
  /** @param words what follows the program's name */
  readonly execute: (words: readonly string[]) => ConsoleAnswer;
}

/** What a command printed, on either of its outputs, without the last line break. Code 0 says that it did what was asked. */
export interface ConsoleAnswer {
  readonly out: string;
  readonly err: string;
  readonly code: 0 | 1;
}

/** A line as a shell splits it: words at blanks, quotes around what holds together. */
export function shellWords(line: string): readonly string[] {
  const words: string[] = [];
  for (const [, double, single, plain] of line.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g))
    words.push(double ?? single ?? plain!);
  return words;
}
