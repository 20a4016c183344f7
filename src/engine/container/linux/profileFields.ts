import { nearest } from '../../kernel/parameters.ts';
import type { DocumentProblems } from '../../kernel/structuredDocument.ts';
import type { DataPath } from '../../kernel/structuredText.ts';
import { errnoName, errnoNumbers } from './errno.ts';

/** Extensions of Docker's and Podman's own profile format: those tools resolve them before a runtime sees the profile. */
const dockerOnly: Readonly<Record<string, string>> = {
  archMap: 'Write the architectures themselves: "architectures": ["SCMP_ARCH_X86_64"].',
  includes: 'Write only the rules that apply.',
  excludes: 'Write only the rules that apply.',
  comment: 'JSON has no comments; leave it out.',
  name: 'Write "names": ["…"].',
  errno: 'Write "errnoRet" with a number.',
};

/** Words of other tools, and signs, for what a profile has a name for. */
const otherWords: readonly (readonly [pattern: RegExp, means: string])[] = [
  [/^(?:SCMP_ACT_)?(?:DENY|BLOCK|REJECT|REFUSE|DROP|EPERM)$/i, 'SCMP_ACT_ERRNO'],
  [/^={1,3}$|^EQUALS?$/i, 'SCMP_CMP_EQ'],
  [/^(?:!=|<>)$/, 'SCMP_CMP_NE'],
  [/^<$/, 'SCMP_CMP_LT'],
  [/^<=$/, 'SCMP_CMP_LE'],
  [/^>$/, 'SCMP_CMP_GT'],
  [/^>=$/, 'SCMP_CMP_GE'],
  [/^&=?$|^MASK/i, 'SCMP_CMP_MASKED_EQ'],
];

/** The name that was meant: another tool's word for it, its last part alone, or a misspelling. */
function meantName(written: unknown, allowed: readonly string[]): string | undefined {
  if (typeof written !== 'string') return undefined;
  const [, means] = otherWords.find(([pattern]) => pattern.test(written)) ?? [];
  if (means !== undefined && allowed.includes(means)) return means;
  const typed = `_${written.toUpperCase()}`;
  return allowed.find((name) => name.endsWith(typed)) ?? nearest(written, allowed);
}

/** Numbers of names that arguments are often compared with on x86-64. */
const constants: Readonly<Record<string, number>> = {
  AF_UNIX: 1,
  AF_INET: 2,
  AF_INET6: 10,
  AF_NETLINK: 16,
  CLONE_THREAD: 0x1_0000,
  CLONE_NEWNS: 0x2_0000,
  CLONE_NEWUSER: 0x1000_0000,
  CLONE_NEWPID: 0x2000_0000,
  CLONE_NEWNET: 0x4000_0000,
  FIONBIO: 0x5421,
  TCGETS: 0x5401,
  TIOCGWINSZ: 0x5413,
  TIOCSTI: 0x5412,
  ...errnoNumbers,
};

/** What to write in place of a value that is no number. */
function numberFor(written: unknown): string {
  if (typeof written === 'number')
    return Number.isInteger(written) && written >= 0
      ? 'JSON readers lose digits of larger numbers; compare the lower bits with SCMP_CMP_MASKED_EQ.'
      : 'Write a whole number that is not negative.';
  if (typeof written !== 'string') return 'Write a number, without quotes.';
  if (/^0x[0-9a-f]+$/i.test(written)) return `JSON has no hexadecimal numbers: write ${Number(written)}.`;
  if (/^\d+$/.test(written)) return `Write it without quotes: ${written}.`;
  const known = constants[written];
  return known === undefined
    ? 'A profile knows no names of constants: write the number that the headers give it.'
    : `A profile knows no names of constants: write ${known}.`;
}

type Json = Readonly<Record<string, unknown>>;
export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Reads one object: unknown keys and wrong types become problems. */
export class ProfileFields {
  readonly #problems: DocumentProblems;
  readonly #path: DataPath;
  readonly #value: Json;
  /** Fields that some unknown key most likely means. */
  readonly #misspelled = new Set<string>();

  constructor(problems: DocumentProblems, path: DataPath, value: Json, known: readonly string[]) {
    this.#problems = problems;
    this.#path = path;
    this.#value = value;
    for (const key of Object.keys(value)) {
      if (known.includes(key)) continue;
      const near = nearest(key, known);
      const docker = dockerOnly[key];
      if (near !== undefined) {
        this.#misspelled.add(near);
        problems.means([...path, near]);
      }
      problems.key(
        [...path, key],
        docker === undefined
          ? `There is no field "${key}" here.`
          : `"${key}" is no field of the OCI format; only Docker's own profiles have it.`,
        docker ?? (near === undefined ? `Fields: ${known.join(', ')}.` : `Did you mean "${near}"?`),
      );
    }
  }

  oneOf<V extends string>(key: string, allowed: readonly V[], missing: string): V | undefined {
    const value = this.#value[key];
    if (value === undefined) {
      if (!this.#misspelled.has(key)) this.#problems.value(this.#path, `"${key}" is missing.`, missing);
      return undefined;
    }
    if (allowed.includes(value as V)) return value as V;
    const near = meantName(value, allowed);
    this.#problems.value(
      [...this.#path, key],
      `"${key}" is ${JSON.stringify(value)}, which is not allowed here.`,
      near === undefined ? `Allowed: ${allowed.join(', ')}.` : `Did you mean "${near}"?`,
    );
    return undefined;
  }

  number(key: string, fallback: number | undefined, max: number, what: string): number {
    const value = this.#value[key];
    if (value === undefined && fallback !== undefined) return fallback;
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && value <= max) return value;
    if (value === undefined) {
      if (!this.#misspelled.has(key))
        this.#problems.value(this.#path, `"${key}" is missing.`, `Add "${key}": ${what}.`);
    } else
      this.#problems.value(
        [...this.#path, key],
        `"${key}" is ${JSON.stringify(value)}, but must be ${what}.`,
        typeof value === 'number' && max <= 5
          ? 'Arguments are counted from 0: the first one is 0.'
          : numberFor(value),
      );
    return fallback ?? 0;
  }

  /** The number of an error; EPERM unless given. */
  errno(key: string): number {
    const number = this.number(key, errnoNumbers.EPERM, 4095, 'the number of an error, as 38 is of ENOSYS');
    if (errnoName(number) === undefined)
      this.#problems.value(
        [...this.#path, key],
        number === 0
          ? `"${key}" is 0: the program would be told that the call worked, and nothing would have been done.`
          : `No error has the number ${number}.`,
        'Write 1 for EPERM, or 38 for ENOSYS; errno(3) lists them all.',
      );
    return number;
  }

  /** Whether a field is there, or another one that is most likely meant to be it. */
  hasOrMeans(key: string): boolean {
    return this.#value[key] !== undefined || this.#misspelled.has(key);
  }

  list(key: string): readonly unknown[] {
    const value = this.#value[key];
    if (value === undefined) return [];
    if (Array.isArray(value)) return value as unknown[];
    this.#problems.value([...this.#path, key], `"${key}" must be a list.`, 'Put it into brackets: […].');
    return [];
  }
}
