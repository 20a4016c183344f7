import { readFileSync } from 'node:fs';
import {
  bytes,
  float,
  id,
  int,
  list,
  nothing,
  oneOf,
  optional,
  record,
  text,
  type Infer,
} from '../../src/engine/kernel/codec.ts';
import {
  definePolicy,
  PolicyFault,
  type CallHandlers,
  type PolicyFaultDetail,
} from '../../src/engine/kernel/policy.ts';
import {
  createSandbox,
  type Sandbox,
  type SandboxedSubmission,
} from '../../src/grading/sandbox/policySandbox.ts';
import { compileQuickjs } from '../../src/grading/sandbox/quickjsModule.ts';
import type { SandboxLimits } from '../../src/grading/sandbox/sandboxLimits.ts';

import { schedulerTable, someView } from './schedulerPolicy.ts';

/** A file server: text, bytes, optional values, choices and calls into the engine that can fail. */
export const ServerPolicy = definePolicy({
  id: 'server',
  typeName: 'ServerPolicy',
  doc: 'Answers requests for files.',
  decisions: {
    answer: {
      doc: 'Answers one request.',
      input: record('A request.', 'FileRequest', {
        path: text('The path that is asked for.', 64),
        mode: oneOf('What is to be done.', ['read', 'write']),
        payload: bytes('What is to be written.', 32),
        tags: list('Labels of the request.', text('A label.', 16), 4),
        owner: optional('Who asks, if known.', id('Who asks.', 'user', 9)),
      }),
      output: record('The answer.', 'FileReply', {
        verdict: oneOf('What became of it.', ['done', 'refused']),
        body: text('A message for the caller.', 48),
        data: bytes('The content.', 32),
        sizes: list('Sizes of the parts.', int('A size.', { min: -5, max: 500 }), 4),
        share: float('The share of the file that was read.', { min: 0, max: 1 }),
        note: optional('A remark.', text('A remark.', 16)),
      }),
    },
    closed: {
      doc: 'Tells that the connection is closed.',
      mayBeAbsent: true,
      input: record('The end.', 'Closing', { atNs: int('When.', { min: 0, max: 1e9 }) }),
      output: nothing,
    },
  },
  calls: {
    readBlock: {
      doc: 'Reads from the disk.',
      input: record('Which block.', 'BlockAddress', {
        block: int('Number of the block.', { min: 0, max: 7 }),
        label: optional('For the log.', text('For the log.', 8)),
      }),
      output: bytes('The block.', 32),
      errors: ['EIO', 'ENXIO'],
    },
    stat: {
      doc: 'Looks a file up.',
      input: record('Which file.', 'StatRequest', { path: text('Its path.', 64) }),
      output: optional(
        'Undefined when there is none.',
        record('A file.', 'FileStat', {
          size: int('Its size in bytes.', { min: 0, max: 1e6 }),
          kind: oneOf('Its kind.', ['file', 'directory']),
        }),
      ),
      errors: ['EACCES'],
    },
  },
});

export const serverTable = { server: ServerPolicy };

export type FileRequest = Infer<(typeof ServerPolicy)['decisions']['answer']['input']>;

export const someRequest: FileRequest = {
  path: '/etc/motd',
  mode: 'read',
  payload: Uint8Array.of(1, 2, 3),
  tags: ['a', 'bé', '😀'],
  owner: undefined,
};

/** The disk that `readBlock` and `stat` read: block 6 is broken, blocks from 7 on do not exist. */
export const disk: CallHandlers<typeof ServerPolicy> = {
  readBlock: ({ block }) =>
    block === 6
      ? { ok: false, errno: 'EIO' }
      : block > 6
        ? { ok: false, errno: 'ENXIO' }
        : { ok: true, value: Uint8Array.of(block, 255) },
  stat: ({ path }) =>
    path.startsWith('/root')
      ? { ok: false, errno: 'EACCES' }
      : { ok: true, value: path === '/etc' ? { size: 4096, kind: 'directory' } : undefined },
};

const quickjs = compileQuickjs(
  readFileSync(new URL('../../node_modules/quickjs-wasi/quickjs.wasm', import.meta.url)),
);

export async function testSandbox(): Promise<Sandbox> {
  return createSandbox(await quickjs);
}

/** A module whose scheduler has the given body for `pickNext(input)`, which starts on line 2. */
export const schedulerModule = (body: string, above = ''): string =>
  `${above}export const scheduler = { pickNext(input) {\n${body}\n} };\n`;

export const serverModule = (body: string, above = ''): string =>
  `${above}export const server = { answer(input, calls) {\n${body}\n} };\n`;

/** Everything that a module's run shows outside. */
export interface Observed {
  readonly answers: readonly unknown[];
  readonly fault?: PolicyFaultDetail;
  readonly output: readonly string[];
}

/** Loads a module for the scheduler and asks it `times` decisions. */
export async function runScheduler(
  code: string,
  times = 1,
  limits?: Partial<SandboxLimits>,
): Promise<Observed> {
  const sandbox = await testSandbox();
  const loaded = await sandbox.load({ file: 'scheduler.ts', text: code }, schedulerTable, limits);
  if (!loaded.ok) return { answers: [], fault: loaded.fault, output: [] };
  const { scheduler } = loaded.submission.start({ scheduler: {} });
  return ask(loaded.submission, times, () => scheduler!['pickNext']!(someView));
}

/** Loads a module for the file server and asks it one decision. */
export async function runServer(code: string, limits?: Partial<SandboxLimits>): Promise<Observed> {
  const sandbox = await testSandbox();
  const loaded = await sandbox.load({ file: 'server.ts', text: code }, serverTable, limits);
  if (!loaded.ok) return { answers: [], fault: loaded.fault, output: [] };
  const { server } = loaded.submission.start({ server: disk as never });
  return ask(loaded.submission, 1, () => server!['answer']!(someRequest));
}

function ask(submission: SandboxedSubmission, times: number, decide: () => unknown): Observed {
  const answers: unknown[] = [];
  try {
    for (let asked = 0; asked < times; asked++) answers.push(decide());
  } catch (thrown) {
    if (!(thrown instanceof PolicyFault)) throw thrown;
    return { answers, fault: thrown.detail, output: submission.output() };
  }
  return { answers, output: submission.output() };
}
