import { nearest } from '../engine/kernel/parameters.ts';
import { exitCode, UsageError, type Command, type ExitCode, type Terminal } from './command.ts';
import { commands } from './commands.ts';
import { parseArguments } from './parseArguments.ts';
import { textTable } from './textTable.ts';
import { version } from './version.ts';

/** Runs one command line; never throws for what a person typed or for what a file holds. */
export async function runCommandLine(argv: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const [name, ...rest] = argv;
  const asksForHelp = name === 'help' || argv.some((argument) => argument === '--help' || argument === '-h');
  try {
    if (name === undefined) {
      terminal.err(overview());
      return exitCode.unusable;
    }
    if (asksForHelp) {
      const topic = (name === 'help' ? rest : argv).find((argument) => !argument.startsWith('-'));
      terminal.out(topic === undefined ? overview() : help(commandNamed(topic)));
      return exitCode.holds;
    }
    if (name === '--version' || name === '-v' || name === 'version') {
      terminal.out(version);
      return exitCode.holds;
    }
    const command = commandNamed(name);
    return await command.run(parseArguments(command, rest), terminal);
  } catch (thrown) {
    if (!(thrown instanceof UsageError)) throw thrown;
    terminal.err(`trapframe: ${thrown.message}`);
    return exitCode.unusable;
  }
}

function commandNamed(name: string): Command {
  const command = commands.find((each) => each.name === name);
  if (command !== undefined) return command;
  if (name.startsWith('-')) {
    throw new UsageError(`"${name}" is no command. The command comes first: trapframe simulate … ${name}`);
  }
  const near = nearest(
    name,
    commands.map((each) => each.name),
  );
  throw new UsageError(
    `There is no command "${name}". ${near === undefined ? '`trapframe help` lists them.' : `Did you mean ${near}?`}`,
  );
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
      Object.entries(command.options).map(([name, { doc }]) => [`--${name}`, doc]),
      '  ',
    ),
  ].join('\n');
}
