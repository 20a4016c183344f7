import { join, relative, resolve } from 'node:path';
import { authorMark, authorNotes } from '../../course/authorNotes.ts';
import { nearest } from '../../engine/kernel/parameters.ts';
import { scenarios } from '../../engine/scenarios.ts';
import { exitCode, textOption, UsageError, type Command } from '../command.ts';
import { planLesson } from '../scaffold/newLesson.ts';
import { planPack } from '../scaffold/newPack.ts';
import { planTask } from '../scaffold/newTask.ts';
import { carryOut, type PlanOnDisk } from '../scaffold/plan.ts';
import { scenarioNamed } from '../scenarioArgument.ts';
import { shellWord } from '../shellWord.ts';

const kinds = ['pack', 'lesson', 'task'] as const;
type Kind = (typeof kinds)[number];

const exampleOf: Readonly<Record<Kind, string>> = {
  pack: 'my-pack',
  lesson: 'run-queues',
  task: 'run-queues/fair-share',
};

export const newCommand: Command = {
  name: 'new',
  usage: 'pack <folder> | lesson <folder> | task <lesson>/<name> [--in folder] [--scenario id]',
  summary: 'Start a lesson pack, a lesson or a code task from a small example that works.',
  operands: 2,
  options: {
    in: {
      doc: 'The pack or lesson that it belongs to. Default: that around the current folder.',
    },
    scenario: {
      doc: 'The scenario that the example is about. Default: for a task that of its lesson, else the first.',
    },
  },
  async run(args, terminal) {
    const [given, name] = args.operands;
    const kind = kindNamed(given);
    if (name === undefined) {
      throw new UsageError(`No name was given. Write: trapframe new ${kind} ${exampleOf[kind]}`);
    }
    const asked = textOption(args, 'scenario');
    const scenario = asked === undefined ? undefined : scenarioNamed(asked);
    const base = resolve(terminal.cwd, textOption(args, 'in') ?? '');
    const path = resolve(base, name);
    const show = (file: string): string => {
      const fromHere = relative(terminal.cwd, file);
      return fromHere.startsWith('..') ? file : fromHere === '' ? '.' : fromHere;
    };
    const plan = await planOf(kind, path, base, terminal.cwd, show(path), scenario);
    await carryOut(plan);
    terminal.out(told(plan, show));
    return exitCode.holds;
  },
};

function kindNamed(given: string | undefined): Kind {
  const kind = kinds.find((each) => each === given);
  if (kind !== undefined) return kind;
  const near = given === undefined ? undefined : nearest(given, kinds);
  throw new UsageError(
    near === undefined
      ? `Say what to make: pack, lesson or task, as in: trapframe new pack my-pack`
      : `There is no new "${given}". Did you mean ${near}?`,
  );
}

function planOf(
  kind: Kind,
  path: string,
  base: string,
  cwd: string,
  shown: string,
  scenario: ReturnType<typeof scenarioNamed> | undefined,
): Promise<PlanOnDisk> {
  const first = Object.values(scenarios)[0]!;
  switch (kind) {
    case 'pack':
      return planPack(path, shown, scenario ?? first);
    case 'lesson':
      return planLesson(path, cwd, scenario ?? first);
    case 'task':
      return planTask(path, base, cwd, scenario);
  }
}

/** What was made, and everything that is now the person's. */
function told(
  { root, plan: { made, changed, remarks }, next }: PlanOnDisk,
  show: (file: string) => string,
): string {
  const shown = (path: string): string => show(join(root, path));
  const notes = [...made].flatMap(([path, text]) => authorNotes(path, text));
  return [
    'Made:',
    ...[...made.keys()].map((path) => `  ${shown(path)}`),
    ...changed.flatMap(({ path, how }) => [`Changed: ${shown(path)}; ${how}.`]),
    ...(remarks.length === 0 ? [] : ['', ...remarks]),
    '',
    `Yours to write, each marked ${authorMark}`,
    ...notes.map(
      ({ at, message }) => `  ${shown(at.file)}:${at.line}: ${message.replace(/^Still to be written: /, '')}`,
    ),
    '',
    'Next:',
    `  trapframe lint ${shellWord(show(root))}`,
    `  ${next((path = '') => shellWord(shown(path)))}`,
  ].join('\n');
}
