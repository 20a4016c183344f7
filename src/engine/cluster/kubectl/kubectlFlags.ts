/** What stands after a command: names, and what flags say. */
export interface Flags {
  readonly operands: readonly string[];
  readonly output: string;
  readonly selector: string | undefined;
  readonly namespace: string;
  readonly allNamespaces: boolean;
  readonly noHeaders: boolean;
  readonly help: boolean;
}

/** Reads flags as kubectl does, joined (`-owide`, `--output=wide`) or apart; an error is in kubectl's words. */
export function readFlags(words: readonly string[]): Flags | { readonly error: string } {
  const operands: string[] = [];
  const values: Record<string, string> = {};
  const names: Readonly<Record<string, string>> = {
    '-o': 'output',
    '--output': 'output',
    '-l': 'selector',
    '--selector': 'selector',
    '-n': 'namespace',
    '--namespace': 'namespace',
  };
  const switches: Readonly<Record<string, string>> = {
    '-A': 'all',
    '--all-namespaces': 'all',
    '--no-headers': 'noHeaders',
    '-h': 'help',
    '--help': 'help',
  };
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!;
    const attached = /^(-[oln])(?!$)=?(.+)$/.exec(word) ?? /^(--[a-z-]+)=(.*)$/.exec(word);
    const [flag, inline] = attached === null ? [word, undefined] : [attached[1]!, attached[2]];
    if (!word.startsWith('-')) operands.push(word);
    else if (Object.hasOwn(names, flag)) {
      const value = inline ?? words[++at];
      if (value === undefined)
        return {
          error: flag.startsWith('--')
            ? `error: flag needs an argument: ${flag}`
            : `error: flag needs an argument: '${flag.slice(1)}' in ${flag}`,
        };
      values[names[flag]!] = value;
    } else if (Object.hasOwn(switches, word)) values[switches[word]!] = 'true';
    else if (['-w', '--watch'].includes(word))
      return { error: 'error: this cluster stands still at one instant: there is nothing to watch' };
    else
      return {
        error: word.startsWith('--')
          ? `error: unknown flag: ${flag}\nSee 'kubectl --help' for usage.`
          : `error: unknown shorthand flag: '${word.charAt(1)}' in ${word}\nSee 'kubectl --help' for usage.`,
      };
  }
  return {
    operands,
    output: values['output'] ?? '',
    selector: values['selector'],
    namespace: values['namespace'] ?? 'default',
    allNamespaces: values['all'] !== undefined,
    noHeaders: values['noHeaders'] !== undefined,
    help: values['help'] !== undefined,
  };
}
