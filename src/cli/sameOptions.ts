import { textOption, type CommandArguments } from './command.ts';
import { shellWord } from './shellWord.ts';

/** Those of the options that were given, for a command that goes on from this one: ` --seed 5 --pack mine`; empty for none. */
export const sameOptions = (args: CommandArguments, names: readonly string[]): string =>
  names
    .map((name) => ({ name, value: textOption(args, name) }))
    .map(({ name, value }) => (value === undefined ? '' : ` --${name} ${shellWord(value)}`))
    .join('');
