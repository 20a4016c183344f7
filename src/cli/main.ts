import { exitCode } from './command.ts';
import { runCommandLine } from './commandLine.ts';

// Exit code 1 says that something was judged and does not hold, which a crash must not say.
process.on('uncaughtException', (error) => {
  process.stderr.write(
    `trapframe: this is a bug in trapframe, not in what you typed. Please report it with these lines.\n${error.stack ?? error.message}\n`,
  );
  process.exit(exitCode.unusable);
});

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // The reader of a pipe has had enough: `trapframe scenarios | head -1`.
  if (error.code === 'EPIPE') process.exit();
  process.stderr.write(`trapframe: the result could not be written (${error.code ?? error.message}).\n`);
  process.exit(exitCode.unusable);
});

process.exitCode = await runCommandLine(process.argv.slice(2), {
  out: (text) => process.stdout.write(`${text}\n`),
  err: (text) => process.stderr.write(`${text}\n`),
  cwd: process.cwd(),
  interactive: process.stderr.isTTY,
  status: (line) => {
    if (process.stderr.isTTY)
      process.stderr.write(`\r\u001b[K${line.slice(0, (process.stderr.columns || 80) - 1)}`);
  },
});
