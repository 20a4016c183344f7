import { defineDocument, type DocumentReading } from '../kernel/document.ts';
import { nearest } from '../kernel/parameters.ts';
import { readYamlDocument, type DocumentProblems } from '../kernel/structuredDocument.ts';
import { applicationNames, type Application } from './applications.ts';
import {
  callClasses,
  callClassNames,
  classOf,
  platforms,
  usualSettings,
  type CallClassName,
  type SandboxSettings,
} from './callCosts.ts';
import { importStrace } from './strace.ts';

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function refuseOthers(given: Fields, known: readonly string[], problems: DocumentProblems): void {
  for (const key of Object.keys(given)) {
    if (known.includes(key)) continue;
    problems.unknownKey([key], known, `There is no setting "${key}".`, `Settings: ${known.join(', ')}.`);
  }
}

const choices: Readonly<Record<keyof SandboxSettings, readonly (string | boolean)[]>> = {
  platform: Object.keys(platforms).filter((name) => name !== 'native'),
  directfs: [true, false],
  fileAccess: ['shared', 'exclusive'],
  overlay: ['none', 'root'],
  network: ['sandbox', 'host'],
};

/** A file `sandbox.yaml`: how the sandbox is set up, after the options of runsc. */
export const sandboxDocument = defineDocument<SandboxSettings>({
  doc: 'How the sandbox is set up: platform, directfs, fileAccess, overlay, network, after the options of runsc. What is left out is as usual.',
  file: 'sandbox.yaml',
  language: 'yaml',
  readWith: { platform: 'file' },
  inPlaceOf: ['files', 'network'],
  builtIn: Object.entries(usualSettings)
    .map(([key, value]) => `${key}: ${value}`)
    .join('\n'),
  schema: {
    type: 'object',
    additionalProperties: false,
    properties: {
      platform: { enum: choices.platform, description: 'How calls are intercepted. Default systrap.' },
      directfs: {
        type: 'boolean',
        description:
          'Whether the Sentry uses files itself, by descriptors that the Gofer donated. Default false.',
      },
      fileAccess: {
        enum: choices.fileAccess,
        description: 'Whether others may change the files: shared, or exclusive. Default shared.',
      },
      overlay: {
        enum: choices.overlay,
        description: 'root: changes of the root file system stay in memory. Default none.',
      },
      network: {
        enum: choices.network,
        description: "The Sentry's own network stack (sandbox), or the host's. Default sandbox.",
      },
    },
  },
  read: (text) =>
    readYamlDocument(text, (yaml, problems) => {
      if (!isFields(yaml.value)) {
        problems.value([], 'The file is no list of settings.', 'Write one on each line: platform: systrap');
        return undefined;
      }
      const given = yaml.value;
      refuseOthers(given, Object.keys(choices), problems);
      for (const [key, allowed] of Object.entries(choices)) {
        const value = given[key];
        if (value === undefined || allowed.includes(value as string | boolean)) continue;
        problems.value(
          [key],
          `"${key}" is ${JSON.stringify(value)}, which it cannot be.`,
          `It may be ${allowed.map(String).join(' or ')}.`,
        );
      }
      return { ...usualSettings, ...given };
    }),
});

/** What `strace` wrote is not yet an application: it may not say how long the program ran. */
const straceLog: DocumentReading<never> = {
  ok: false,
  malformed: true,
  problems: [
    {
      line: 1,
      column: 1,
      message: 'This is a log of strace, and no description of an application.',
      suggestion: 'Make one of it: trapframe trace import <this file>.',
    },
  ],
};

const readApplication = (text: string): DocumentReading<Application> =>
  readYamlDocument(text, (yaml, problems) => {
    if (!isFields(yaml.value)) {
      problems.value(
        [],
        'The file does not describe an application.',
        'Start with "seconds: 1" and "calls:".',
      );
      return undefined;
    }
    const { name = 'your application', seconds, files = 0, created = 0, calls } = yaml.value;
    refuseOthers(yaml.value, ['name', 'seconds', 'files', 'created', 'calls'], problems);
    const number = (key: string, value: unknown, least: number): number => {
      if (typeof value === 'number' && Number.isFinite(value) && value >= least && value <= 1e12)
        return value;
      if (value === undefined) problems.missing([key], `"${key}" is missing.`, `Add "${key}: …".`);
      else problems.value([key], `"${key}" must be a number of at least ${least}.`);
      return least;
    };
    const byClass: Partial<Record<CallClassName, number>> = {};
    if (calls === undefined)
      problems.missing(
        ['calls'],
        '"calls" is missing: it says how often each call is made.',
        'Write "calls:" and below it "  read: 5000".',
      );
    else if (!isFields(calls))
      problems.value(
        ['calls'],
        '"calls" must say how often each call is made.',
        'Write "calls:" and below it "  read: 5000".',
      );
    else {
      for (const [systemCall, count] of Object.entries(calls)) {
        const found = classOf(systemCall);
        if (found === undefined) {
          const known = callClassNames.flatMap((each) => callClasses[each].names);
          problems.unknownKey(
            ['calls', systemCall],
            known,
            `The model does not know the system call "${systemCall}".`,
            'Leave it out, or count it as a call that does similar work.',
          );
          continue;
        }
        if (typeof count !== 'number' || !(count >= 0) || count > 1e12) {
          problems.value(
            ['calls', systemCall],
            `How often ${systemCall} is called must be a number from 0 on.`,
          );
          continue;
        }
        byClass[found] = (byClass[found] ?? 0) + count;
      }
    }
    return {
      name: String(name),
      doc: 'An application of your own.',
      seconds: number('seconds', seconds, 1e-6),
      files: number('files', files, 0),
      created: number('created', created, 0),
      calls: byClass,
    };
  });

/** A file `application.yaml`: the shape of a trace, which `trapframe trace import` makes of a log of strace. */
export const applicationDocument = defineDocument<Application>({
  doc: 'What an application does: seconds of native time, calls by name (as strace prints them), files that it uses and creates. `trapframe trace import` writes it.',
  file: 'application.yaml',
  language: 'yaml',
  readWith: { application: 'own' },
  builtIn:
    'name: example\nseconds: 1\nfiles: 20\ncreated: 0\ncalls:\n  read: 5000\n  openat: 200\n  close: 200\n',
  schema: {
    type: 'object',
    additionalProperties: false,
    required: ['seconds', 'calls'],
    properties: {
      name: { type: 'string' },
      seconds: { type: 'number', description: 'Native time that the calls belong to, in seconds.' },
      files: { type: 'integer', description: 'Files that exist and are used.' },
      created: { type: 'integer', description: 'Files that are created.' },
      calls: { type: 'object', description: 'How often each system call is made: openat: 200.' },
    },
  },
  read: (text) => (importStrace(text).calls.size > 0 ? straceLog : readApplication(text)),
});

/** A file `ranking.yaml`: applications from the least to the most slowed down. */
export const rankingDocument = defineDocument<readonly string[]>({
  doc: 'Applications, from the one that a sandbox slows down least to the one that it slows down most: a list under `ranking`.',
  file: 'ranking.yaml',
  language: 'yaml',
  builtIn: `ranking:\n${['numeric', 'encoding', 'web server', 'key-value store', 'copy', 'build', 'shell'].map((name) => `  - ${name}`).join('\n')}\n`,
  schema: {
    type: 'object',
    additionalProperties: false,
    required: ['ranking'],
    properties: {
      ranking: {
        type: 'array',
        items: { enum: applicationNames },
        description: 'From the least to the most slowed down.',
      },
    },
  },
  read: (text) =>
    readYamlDocument(text, (yaml, problems) => {
      const list = isFields(yaml.value) ? yaml.value['ranking'] : undefined;
      if (isFields(yaml.value)) refuseOthers(yaml.value, ['ranking'], problems);
      if (!Array.isArray(list)) {
        problems.missing(
          ['ranking'],
          'There is no list "ranking".',
          `Write "ranking:" and below it "  - numeric".`,
        );
        return undefined;
      }
      const known: readonly string[] = applicationNames;
      list.forEach((name, index) => {
        if (!known.includes(String(name))) {
          const near = nearest(String(name), known);
          problems.value(
            ['ranking', index],
            `There is no application "${String(name)}".`,
            near === undefined ? `Applications: ${known.join(', ')}.` : `Did you mean "${near}"?`,
          );
        } else if (list.indexOf(name) < index)
          problems.value(['ranking', index], `"${String(name)}" is in the list twice.`);
      });
      const missing = known.filter((name) => !list.includes(name));
      if (missing.length > 0) problems.value(['ranking'], `The list lacks ${missing.join(', ')}.`);
      return list.map(String);
    }),
});
