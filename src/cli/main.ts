import { exitCode } from './command.ts';
import { runCommandLine } from './commandLine.ts';

// Exit code 1 says that something was judged and does not hold, which a crash must not say.
process.on('uncaughtException', (error) => {
  process.stderr.write(
    `trapframe: this is a bug in trapframe, not in what you typed. Please report it with these lines.\n${error.stack ?? error.message}\n`,
  );
  process.exit(exitCode.unusable);
});

// The reader of a pipe may have had enough: `trapframe scenarios | head -1`.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

process.exitCode = await runCommandLine(process.argv.slice(2), {
  out: (text) => process.stdout.write(`${text}\n`),
  err: (text) => process.stderr.write(`${text}\n`),
  cwd: process.cwd(),
  interactive: process.stderr.isTTY,
});
