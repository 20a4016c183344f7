import { formatProblem } from '../../course/problemList.ts';
import { exitCode, formatOption, type Command } from '../command.ts';
import { packAround } from '../packArgument.ts';

export const lint: Command = {
  name: 'lint',
  usage: '[<pack folder>] [--format text|json]',
  summary: 'Check the files of a lesson pack without running anything of it.',
  operands: 1,
  options: {
    format: { doc: 'text (default): file:line:column; or json.' },
  },
  async run(args, terminal) {
    const format = formatOption(args, ['text', 'json']);
    const { pack, problems, shownRoot } = await packAround(args.operands[0], terminal, true);
    if (format === 'json') terminal.out(JSON.stringify(problems, undefined, 2));
    else for (const problem of problems) terminal.out(formatProblem(problem, shownRoot));
    const errors = problems.filter((problem) => problem.severity === 'error').length;
    terminal.err(
      `${pack.title}: ${pack.lessons.length} ${pack.lessons.length === 1 ? 'lesson' : 'lessons'}, ${errors} ${errors === 1 ? 'error' : 'errors'}, ${problems.length - errors} ${problems.length - errors === 1 ? 'warning' : 'warnings'}`,
    );
    return errors === 0 ? exitCode.holds : exitCode.doesNotHold;
  },
};
