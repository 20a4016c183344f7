import { defineDocument, type DocumentReading } from '../../kernel/document.ts';
import { nearest } from '../../kernel/parameters.ts';
import { readJsonDocument, type DocumentProblems } from '../../kernel/structuredDocument.ts';
import type { DataPath } from '../../kernel/structuredText.ts';
import { isObject, ProfileFields } from './profileFields.ts';
import {
  findRuleConflicts,
  seccompActions,
  seccompOperators,
  type SeccompAction,
  type SeccompEntry,
  type SeccompProfile,
} from './seccompRules.ts';
import { isSyscallName, suggestedSyscall } from './syscallNames.ts';
import { i386OnlySyscalls, x86Syscalls } from './x86Syscalls.ts';

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

/** Actions to which `errnoRet` gives a number. */
const returnsNumber: ReadonlySet<SeccompAction> = new Set(['SCMP_ACT_ERRNO', 'SCMP_ACT_TRACE']);

/** Flags of seccomp(2), by their names in the specification. config-linux.md, "Seccomp" */
const flags = [
  'SECCOMP_FILTER_FLAG_TSYNC',
  'SECCOMP_FILTER_FLAG_LOG',
  'SECCOMP_FILTER_FLAG_SPEC_ALLOW',
  'SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV',
];

function readEntry(problems: DocumentProblems, path: DataPath, value: unknown): SeccompEntry | undefined {
  if (!isObject(value)) {
    problems.value(
      path,
      'An entry of "syscalls" must be an object.',
      'Write { "names": […], "action": "SCMP_ACT_ALLOW" }.',
    );
    return undefined;
  }
  const reader = new ProfileFields(problems, path, value, ['names', 'action', 'errnoRet', 'args']);
  const action = reader.oneOf('action', seccompActions, 'Add "action": "SCMP_ACT_ALLOW".');
  const errnoRet = reader.errno('errnoRet');
  const names = reader.list('names').flatMap((name, index) => {
    if (typeof name === 'string' && isSyscallName(name)) return [name];
    problems.value(
      [...path, 'names', index],
      `${JSON.stringify(name)} is no system call. A runtime would skip it without a word.`,
      suggestedSyscall(name),
    );
    return [];
  });
  if (!reader.hasOrMeans('names') || (Array.isArray(value['names']) && value['names'].length === 0))
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
    const condition = new ProfileFields(problems, at, arg, ['index', 'value', 'valueTwo', 'op']);
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
    if (read.op === 'SCMP_CMP_MASKED_EQ' && arg['valueTwo'] === undefined)
      problems.note(
        at,
        'Without "valueTwo" this holds when no bit of the mask is set.',
        `If the bits must be set, add "valueTwo": ${read.value}.`,
      );
    if (op !== undefined && op !== 'SCMP_CMP_MASKED_EQ' && arg['valueTwo'] !== undefined)
      problems.note(
        [...at, 'valueTwo'],
        `${op} compares with "value" alone; "valueTwo" does nothing.`,
        'Remove it, or use SCMP_CMP_MASKED_EQ.',
      );
    return [read];
  });
  if (value['errnoRet'] !== undefined && action !== undefined && !returnsNumber.has(action))
    problems.note(
      [...path, 'errnoRet'],
      `${action} returns no error; "errnoRet" does nothing.`,
      'Remove it, or use SCMP_ACT_ERRNO.',
    );
  return { names, action: action ?? 'SCMP_ACT_ALLOW', errnoRet, args };
}

/** A list of names of which all must be known. */
function namesOf(
  reader: ProfileFields,
  key: string,
  known: readonly string[],
  remedy: string,
  [problems, path]: readonly [DocumentProblems, DataPath],
): readonly string[] {
  return reader.list(key).flatMap((name, index) => {
    if (typeof name === 'string' && known.includes(name)) return [name];
    const near = typeof name === 'string' ? nearest(name, known) : undefined;
    problems.value(
      [...path, key, index],
      `${JSON.stringify(name)} is none of the ${key} that are known here.`,
      near === undefined ? remedy : `Did you mean "${near}"?`,
    );
    return [];
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
  if (isObject(value['linux'])) {
    problems.key(
      [...path, 'linux'],
      'This is a whole config.json; a profile is what stands in its "seccomp".',
      'Keep the object behind "seccomp" alone.',
    );
    return undefined;
  }
  const reader = new ProfileFields(problems, path, value, [
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
  if (defaultAction === 'SCMP_ACT_NOTIFY')
    problems.value(
      [...path, 'defaultAction'],
      'SCMP_ACT_NOTIFY cannot be the default: whoever starts the program would have to answer for it before there is anybody who answers.',
      'Use SCMP_ACT_ERRNO.',
    );
  const listed = namesOf(reader, 'architectures', architectures, 'This machine is SCMP_ARCH_X86_64.', [
    problems,
    path,
  ]);
  namesOf(reader, 'flags', flags, `Flags: ${flags.join(', ')}.`, [problems, path]);
  if (listed.length > 0 && !listed.includes('SCMP_ARCH_X86_64'))
    problems.note(
      [...path, 'architectures'],
      'This machine is SCMP_ARCH_X86_64, and a runtime filters its calls whether it is listed or not.',
      'Add it, so that the file says what happens.',
    );
  const syscalls = reader
    .list('syscalls')
    .flatMap((entry, index) => readEntry(problems, [...path, 'syscalls', index], entry) ?? []);
  const profile: SeccompProfile = {
    defaultAction: defaultAction ?? 'SCMP_ACT_ERRNO',
    defaultErrnoRet: reader.errno('defaultErrnoRet'),
    architectures: listed.length === 0 ? ['SCMP_ARCH_X86_64'] : listed,
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
  if (problems.found.length === 0) findRuleConflicts(profile, problems, path);
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
