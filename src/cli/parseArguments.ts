import { nearest } from '../engine/kernel/parameters.ts';
import { UsageError, type Command, type CommandArguments } from './command.ts';

/**
 * What follows a command's name, as operands and options. `--name value` and `--name=value` are the same; a negative
 * number is a value and not an option; all that follows `--` are operands.
 * @throws UsageError for what the command does not take
 */
export function parseArguments(command: Command, given: readonly string[]): CommandArguments {
  const operands: string[] = [];
  const values: Record<string, string | string[]> = {};
  let optionsEnd = false;
  for (let at = 0; at < given.length; at++) {
    const argument = given[at]!;
    if (optionsEnd || !looksLikeOption(argument)) operands.push(argument);
    else if (argument === '--') optionsEnd = true;
    else {
      const { name, inline } = optionIn(command, argument);
      const next = given[at + 1];
      const { bare, multiple } = command.options[name]!;
      // While operands are missing, what follows an option that needs no value is one of them.
      const mayFollow = bare === undefined || operands.length >= command.operands;
      const follows = next !== undefined && !looksLikeOption(next) && mayFollow;
      const value = inline ?? (follows ? next : bare);
      if (value === undefined) {
        const instead = next === undefined ? '' : `, but "${next}" follows`;
        throw misuse(command, `--${name} needs a value${instead}.`);
      }
      if (inline === undefined && follows) at++;
      if (multiple) values[name] = [...(values[name] ?? []), value];
      else if (Object.hasOwn(values, name)) {
        throw misuse(command, `--${name} was given twice. Keep one of them.`);
      } else values[name] = value;
    }
  }
  const extra = operands[command.operands];
  if (extra !== undefined) throw misuse(command, oneTooMany(command, extra));
  return { operands, values };
}

/** A negative number is none, and neither is a lone minus. */
const looksLikeOption = (argument: string): boolean => /^[-\u2013\u2014](?![\d.]|$)/.test(argument);

function optionIn(command: Command, argument: string): { readonly name: string; readonly inline?: string } {
  const match = /^--([^-=][^=]*)(?:=(.*))?$/s.exec(argument);
  const name = match?.[1];
  const inline = match?.[2];
  if (name !== undefined && Object.hasOwn(command.options, name)) {
    return inline === undefined ? { name } : { name, inline };
  }
  throw misuse(command, unknownOption(command, argument));
}

function unknownOption(command: Command, argument: string): string {
  const word = /^[-\u2013\u2014]*([^=]*)/.exec(argument)![1]!;
  const names = Object.keys(command.options);
  const known = Object.hasOwn(command.options, word);
  if (known && /[\u2013\u2014]/.test(argument)) {
    return `"${argument}" starts with a long dash, as word processors write it. Type two minus signs: --${word}.`;
  }
  const near = known ? word : nearest(word, names);
  if (near !== undefined) return `There is no option ${argument}. Did you mean --${near}?`;
  if (Object.hasOwn(command.options, 'set')) {
    return `There is no option ${argument}. A parameter is given with --set, as in --set ${word}=4.`;
  }
  return `There is no option ${argument}.`;
}

function oneTooMany(command: Command, extra: string): string {
  if (extra.includes('=') && Object.hasOwn(command.options, 'set')) {
    return `"${extra}" stands alone. A parameter is given with --set: --set ${extra}`;
  }
  return `"${extra}" is one argument too many.`;
}

const misuse = (command: Command, message: string): UsageError =>
  new UsageError(`${message}\nUsage: trapframe ${command.name} ${command.usage}`);
