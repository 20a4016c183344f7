import { defineDocument, type DocumentReading } from '../../kernel/document.ts';
import { nearest } from '../../kernel/parameters.ts';
import { errnoName, errnoNumbers } from './errno.ts';
import { readJsonDocument, type DocumentProblems } from '../../kernel/structuredDocument.ts';
import type { DataPath } from '../../kernel/structuredText.ts';
import { i386OnlySyscalls, x86Syscalls } from './x86Syscalls.ts';

/** OCI runtime specification, config-linux.md, "Seccomp". */
export const seccompActions = [
  'SCMP_ACT_KILL',
  'SCMP_ACT_KILL_PROCESS',
  'SCMP_ACT_KILL_THREAD',
  'SCMP_ACT_TRAP',
  'SCMP_ACT_ERRNO',
  'SCMP_ACT_TRACE',
  'SCMP_ACT_ALLOW',
  'SCMP_ACT_LOG',
  'SCMP_ACT_NOTIFY',
] as const;
export type SeccompAction = (typeof seccompActions)[number];

export const seccompOperators = [
  'SCMP_CMP_NE',
  'SCMP_CMP_LT',
  'SCMP_CMP_LE',
  'SCMP_CMP_EQ',
  'SCMP_CMP_GE',
  'SCMP_CMP_GT',
  'SCMP_CMP_MASKED_EQ',
] as const;
export type SeccompOperator = (typeof seccompOperators)[number];

/** A condition on one argument, which is an unsigned 64-bit number. */
export interface SeccompCondition {
  /** 0 to 5. */
  readonly index: number;
  readonly op: SeccompOperator;
  /** What is compared with; the mask of `SCMP_CMP_MASKED_EQ`. */
  readonly value: bigint;
  /** What the masked argument must be. */
  readonly valueTwo: bigint;
}

export interface SeccompEntry {
  readonly names: readonly string[];
  readonly action: SeccompAction;
  /** What `SCMP_ACT_ERRNO` returns; EPERM (1) unless given. */
  readonly errnoRet: number;
  readonly args: readonly SeccompCondition[];
}

export interface SeccompProfile {
  readonly defaultAction: SeccompAction;
  readonly defaultErrnoRet: number;
  readonly architectures: readonly string[];
  readonly syscalls: readonly SeccompEntry[];
}

const architectures = [
  'SCMP_ARCH_X86_64',
  'SCMP_ARCH_X86',
  'SCMP_ARCH_X32',
  'SCMP_ARCH_ARM',
  'SCMP_ARCH_AARCH64',
  'SCMP_ARCH_MIPS',
  'SCMP_ARCH_MIPS64',
  'SCMP_ARCH_PPC64LE',
  'SCMP_ARCH_RISCV64',
  'SCMP_ARCH_S390X',
];

/** Extensions of Docker's and Podman's own profile format: those tools resolve them before a runtime sees the profile. */
const dockerOnly: Readonly<Record<string, string>> = {
  archMap: 'Write the architectures themselves: "architectures": ["SCMP_ARCH_X86_64"].',
  includes: 'Write only the rules that apply.',
  excludes: 'Write only the rules that apply.',
  comment: 'JSON has no comments; leave it out.',
  name: 'Write "names": ["…"].',
  errno: 'Write "errnoRet" with a number.',
};

type Json = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Reads one object: unknown keys and wrong types become problems. */
class Reader {
  readonly #problems: DocumentProblems;
  readonly #path: DataPath;
  readonly #value: Json;

  constructor(problems: DocumentProblems, path: DataPath, value: Json, known: readonly string[]) {
    this.#problems = problems;
    this.#path = path;
    this.#value = value;
    for (const key of Object.keys(value)) {
      if (known.includes(key)) continue;
      const near = nearest(key, known);
      const docker = dockerOnly[key];
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
      this.#problems.value(this.#path, `"${key}" is missing.`, missing);
      return undefined;
    }
    if (allowed.includes(value as V)) return value as V;
    const near = typeof value === 'string' ? nearest(value, allowed) : undefined;
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
    if (value === undefined) this.#problems.value(this.#path, `"${key}" is missing.`, `Add ${what}.`);
    else
      this.#problems.value(
        [...this.#path, key],
        `"${key}" is ${JSON.stringify(value)}, but must be ${what}.`,
        typeof value === 'string' && /^0x/i.test(value)
          ? `JSON has no hexadecimal numbers: write ${Number(value)}.`
          : undefined,
      );
    return fallback ?? 0;
  }

  /** The number of an error; EPERM unless given. */
  errno(key: string): number {
    const number = this.number(
      key,
      errnoNumbers.EPERM,
      4095,
      'the number of an error, such as 38 for ENOSYS',
    );
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

  list(key: string): readonly unknown[] {
    const value = this.#value[key];
    if (value === undefined) return [];
    if (Array.isArray(value)) return value as unknown[];
    this.#problems.value([...this.#path, key], `"${key}" must be a list.`, 'Put it into brackets: […].');
    return [];
  }
}

function readEntry(problems: DocumentProblems, path: DataPath, value: unknown): SeccompEntry | undefined {
  if (!isObject(value)) {
    problems.value(
      path,
      'An entry of "syscalls" must be an object.',
      'Write { "names": […], "action": "SCMP_ACT_ALLOW" }.',
    );
    return undefined;
  }
  const reader = new Reader(problems, path, value, ['names', 'action', 'errnoRet', 'args']);
  const action = reader.oneOf('action', seccompActions, 'Add "action": "SCMP_ACT_ALLOW".');
  const errnoRet = reader.errno('errnoRet');
  const names = reader.list('names').flatMap((name, index) => {
    if (typeof name === 'string' && (x86Syscalls.has(name) || i386OnlySyscalls.has(name))) return [name];
    const near = typeof name === 'string' ? nearest(name, [...x86Syscalls.keys()]) : undefined;
    problems.value(
      [...path, 'names', index],
      `${JSON.stringify(name)} is no system call. A runtime would skip it without a word.`,
      near === undefined ? undefined : `Did you mean "${near}"?`,
    );
    return [];
  });
  if (value['names'] === undefined || (Array.isArray(value['names']) && value['names'].length === 0))
    problems.value(path, 'The entry names no system call.', 'Add "names": ["read", …].');
  const args = reader.list('args').flatMap((arg, index) => {
    const at = [...path, 'args', index];
    if (!isObject(arg)) {
      problems.value(
        at,
        'A condition must be an object.',
        'Write { "index": 0, "value": 1, "op": "SCMP_CMP_EQ" }.',
      );
      return [];
    }
    const condition = new Reader(problems, at, arg, ['index', 'value', 'valueTwo', 'op']);
    const op = condition.oneOf('op', seccompOperators, 'Add "op": "SCMP_CMP_EQ".');
    const exact = 'a whole number from 0 to 9007199254740991, which JSON readers keep exactly';
    const read = {
      index: condition.number('index', undefined, 5, 'the number of an argument, from 0 to 5'),
      op: op ?? 'SCMP_CMP_EQ',
      value: BigInt(condition.number('value', undefined, Number.MAX_SAFE_INTEGER, exact)),
      valueTwo: BigInt(condition.number('valueTwo', 0, Number.MAX_SAFE_INTEGER, exact)),
    };
    if (read.op === 'SCMP_CMP_MASKED_EQ' && (read.valueTwo & ~read.value) !== 0n)
      problems.value(
        at,
        `${read.valueTwo} has bits outside of the mask ${read.value}; they would be ignored.`,
        '"value" is the mask, "valueTwo" what the masked argument must be.',
      );
    return [read];
  });
  return { names, action: action ?? 'SCMP_ACT_ALLOW', errnoRet, args };
}

/** Whether two rules can never hold for the same call: they want different values of one argument. */
const disjoint = (a: SeccompEntry, b: SeccompEntry): boolean =>
  a.args.some((x) =>
    b.args.some(
      (y) => x.index === y.index && x.op === 'SCMP_CMP_EQ' && y.op === 'SCMP_CMP_EQ' && x.value !== y.value,
    ),
  );

/** Rules that libseccomp refuses, or resolves by an order of its own. */
function findContradictions(profile: SeccompProfile, problems: DocumentProblems, path: DataPath): void {
  const same = (a: SeccompEntry, b: SeccompEntry): boolean =>
    a.action === b.action && (a.action !== 'SCMP_ACT_ERRNO' || a.errnoRet === b.errnoRet);
  const isDefault = (entry: SeccompEntry): boolean =>
    entry.action === profile.defaultAction &&
    (entry.action !== 'SCMP_ACT_ERRNO' || entry.errnoRet === profile.defaultErrnoRet);
  const earlier = new Map<string, { readonly entry: SeccompEntry; readonly index: number }[]>();
  profile.syscalls.forEach((entry, index) => {
    if (isDefault(entry)) return;
    entry.names.forEach((name, at) => {
      const before = earlier.get(name) ?? [];
      earlier.set(name, [...before, { entry, index }]);
      const clash = before.find(
        (other) =>
          !same(other.entry, entry) &&
          (other.entry.args.length === 0) === (entry.args.length === 0) &&
          !disjoint(other.entry, entry),
      );
      if (clash === undefined) return;
      problems.value(
        [...path, 'syscalls', index, 'names', at],
        `"${name}" has another action in entry ${clash.index + 1} of "syscalls". libseccomp does not go by the order of the file: it refuses equal rules with different actions, and orders overlapping ones by itself.`,
        'Keep one action for the calls that both entries match.',
      );
    });
  });
}

/**
 * Reads a profile that is part of a document, and adds what is wrong with it to `problems`.
 * @param path where the profile is in the document
 * @returns the profile; undefined where it is no object. It counts for nothing while there are problems.
 */
export function checkSeccompProfile(
  value: unknown,
  problems: DocumentProblems,
  path: DataPath,
): SeccompProfile | undefined {
  if (!isObject(value)) {
    problems.value(
      path,
      'A seccomp profile is an object.',
      'Start with { "defaultAction": "SCMP_ACT_ERRNO", … }.',
    );
    return undefined;
  }
  const reader = new Reader(problems, path, value, [
    'defaultAction',
    'defaultErrnoRet',
    'architectures',
    'flags',
    'listenerPath',
    'listenerMetadata',
    'syscalls',
  ]);
  const defaultAction = reader.oneOf(
    'defaultAction',
    seccompActions,
    'Add "defaultAction": "SCMP_ACT_ERRNO".',
  );
  const listed = reader.list('architectures');
  listed.forEach((name, index) => {
    if (typeof name === 'string' && architectures.includes(name)) return;
    const near = typeof name === 'string' ? nearest(name, architectures) : undefined;
    problems.value(
      [...path, 'architectures', index],
      `${JSON.stringify(name)} is no architecture that is known here.`,
      near === undefined ? 'This machine is SCMP_ARCH_X86_64.' : `Did you mean "${near}"?`,
    );
  });
  const syscalls = reader
    .list('syscalls')
    .flatMap((entry, index) => readEntry(problems, [...path, 'syscalls', index], entry) ?? []);
  const profile: SeccompProfile = {
    defaultAction: defaultAction ?? 'SCMP_ACT_ERRNO',
    defaultErrnoRet: reader.errno('defaultErrnoRet'),
    architectures: listed.length === 0 ? ['SCMP_ARCH_X86_64'] : (listed as string[]),
    syscalls,
  };
  if (value['listenerPath'] === undefined) {
    profile.syscalls.forEach((entry, index) => {
      if (entry.action === 'SCMP_ACT_NOTIFY')
        problems.value(
          [...path, 'syscalls', index, 'action'],
          'SCMP_ACT_NOTIFY needs a supervisor that listens at "listenerPath".',
          'Use SCMP_ACT_ERRNO.',
        );
    });
  }
  if (problems.found.length === 0) findContradictions(profile, problems, path);
  return profile;
}

export const readSeccompProfile = (text: string): DocumentReading<SeccompProfile> =>
  readJsonDocument(text, ({ value }, problems) => checkSeccompProfile(value, problems, []));

const number64 = { type: 'integer', minimum: 0 };

/** The profile as a document, with a deny list as what runs when none is given. */
export const seccompProfile = defineDocument<SeccompProfile>({
  doc: 'A seccomp profile in the format of the OCI runtime specification: the `linux.seccomp` of a `config.json`.',
  file: 'profile.json',
  language: 'json',
  schema: {
    type: 'object',
    required: ['defaultAction'],
    additionalProperties: false,
    properties: {
      defaultAction: {
        enum: [...seccompActions],
        description: 'What happens to calls that no rule matches.',
      },
      defaultErrnoRet: {
        ...number64,
        description: 'The error of a default SCMP_ACT_ERRNO. Default 1, EPERM.',
      },
      architectures: {
        type: 'array',
        items: { enum: architectures },
        description: 'Instruction sets whose calls are filtered; calls of any other kill the process.',
      },
      flags: { type: 'array', items: { type: 'string' } },
      listenerPath: { type: 'string' },
      listenerMetadata: { type: 'string' },
      syscalls: {
        type: 'array',
        items: {
          type: 'object',
          required: ['names', 'action'],
          additionalProperties: false,
          properties: {
            names: {
              type: 'array',
              minItems: 1,
              items: { enum: [...x86Syscalls.keys(), ...i386OnlySyscalls] },
            },
            action: { enum: [...seccompActions], description: 'What happens to these calls.' },
            errnoRet: {
              ...number64,
              description: 'The error that SCMP_ACT_ERRNO returns. 38 is ENOSYS. Default 1, EPERM.',
            },
            args: {
              type: 'array',
              description: 'Conditions on arguments, all of which must hold.',
              items: {
                type: 'object',
                required: ['index', 'value', 'op'],
                additionalProperties: false,
                properties: {
                  index: { type: 'integer', minimum: 0, maximum: 5, description: 'Which argument, from 0.' },
                  value: {
                    ...number64,
                    description: 'What is compared with; a mask for SCMP_CMP_MASKED_EQ.',
                  },
                  valueTwo: { ...number64, description: 'What the masked argument must be.' },
                  op: { enum: [...seccompOperators] },
                },
              },
            },
          },
        },
      },
    },
  },
  builtIn: `{
  "defaultAction": "SCMP_ACT_ALLOW",
  "architectures": ["SCMP_ARCH_X86_64"],
  "syscalls": [
    {
      "names": ["keyctl", "add_key", "request_key", "ptrace", "mount", "init_module", "finit_module", "kexec_load", "open_by_handle_at"],
      "action": "SCMP_ACT_ERRNO"
    },
    { "names": ["unshare", "setns"], "action": "SCMP_ACT_ERRNO" }
  ]
}
`,
  read: readSeccompProfile,
});
