import { parseArgs } from 'node:util';
import { nearest } from '../engine/kernel/parameters.ts';
import {
  exitCode,
  UsageError,
  type Command,
  type CommandArguments,
  type ExitCode,
  type Terminal,
} from './command.ts';
import { commands } from './commands.ts';
import { textTable } from './textTable.ts';
import { version } from './version.ts';

/** Runs one command line; never throws for what a person typed or for what a file holds. */
export async function runCommandLine(argv: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const [name, ...rest] = argv;
  try {
    if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
      const command = rest[0] === undefined ? undefined : commandNamed(rest[0]);
      terminal.out(command === undefined ? overview() : help(command));
      return name === undefined ? exitCode.unusable : exitCode.holds;
    }
    if (name === '--version' || name === 'version') {
      terminal.out(version);
      return exitCode.holds;
    }
    const command = commandNamed(name);
    const args = parse(command, rest);
    if (args.values['help'] === true) {
      terminal.out(help(command));
      return exitCode.holds;
    }
    return await command.run(args, terminal);
  } catch (thrown) {
    if (!(thrown instanceof UsageError)) throw thrown;
    terminal.err(`trapframe: ${thrown.message}`);
    return exitCode.unusable;
  }
}

function commandNamed(name: string): Command {
  const command = commands.find((each) => each.name === name);
  if (command !== undefined) return command;
  const near = nearest(
    name,
    commands.map((each) => each.name),
  );
  throw new UsageError(
    `There is no command "${name}". ${near === undefined ? '`trapframe help` lists them.' : `Did you mean ${near}?`}`,
  );
}

function parse(command: Command, rest: readonly string[]): CommandArguments {
  try {
    return parseArgs({
      args: [...rest],
      options: { ...command.options, help: { type: 'boolean', short: 'h' } },
      allowPositionals: true,
      // A value that starts with a minus sign, such as --seed -1, is a value.
      strict: true,
    });
  } catch (thrown) {
    const message = thrown instanceof Error ? thrown.message.split('. ')[0]! : String(thrown);
    throw new UsageError(`${message}.\nUsage: trapframe ${command.name} ${command.usage}`);
  }
}

function overview(): string {
  return [
    'trapframe: simulations and graded tasks for understanding virtualization',
    '',
    textTable(
      commands.map((command) => [command.name, command.summary]),
      '  ',
    ),
    '',
    '`trapframe help <command>` shows its options.',
    'Exit codes: 0 holds or done, 1 does not hold, 2 bad usage, bad input or ungradable.',
  ].join('\n');
}

function help(command: Command): string {
  return [
    `trapframe ${command.name} ${command.usage}`,
    '',
    command.summary,
    '',
    textTable(
      Object.entries(command.optionHelp).map(([name, text]) => [`--${name}`, text]),
      '  ',
    ),
  ].join('\n');
}
