import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { sameIds } from '../../src/engine/container/linux/credentials.ts';
import { Kernel } from '../../src/engine/container/linux/kernel.ts';
import type { Process } from '../../src/engine/container/linux/process.ts';
import { callSystem } from '../../src/engine/container/linux/systemCalls.ts';

/*
 * The hierarchy of cgroup v2 by the kernel's documentation, written down as calls: on the simulated kernel, and on the kernel of this machine
 * where it has cgroup v2 with a controller to spare.
 */
interface Step {
  readonly by: 'root' | 'user' | 'inside';
  readonly do: 'mkdir' | 'rmdir' | 'chown' | 'write' | 'read' | 'await' | 'end';
  readonly path: string;
  readonly text?: string;
  readonly gives: string;
}
interface Case {
  readonly id: string;
  readonly source: string;
  /** The mount option without which it is otherwise; the simulated kernel has all of them. */
  readonly needs?: string;
  readonly steps: readonly Step[];
}

const at = (file: string): string => fileURLToPath(new URL(file, import.meta.url));
const { cases } = JSON.parse(readFileSync(at('published/linux-cgroup-hierarchy.json'), 'utf8')) as {
  readonly cases: readonly Case[];
};
const userId = 64_321;

class SimulatedHost {
  readonly #kernel = new Kernel({ hostname: 'host' });
  readonly #user: Process;
  readonly #worker: Process;
  readonly #names: Readonly<Record<string, string>>;

  constructor() {
    const { init } = this.#kernel;
    const mount = { source: 'cgroup2', target: '/sys/fs/cgroup', type: 'cgroup2', flags: [], data: '' };
    for (const path of ['/sys', '/sys/fs', '/sys/fs/cgroup'])
      callSystem(this.#kernel, init, 'mkdir', { path, mode: 0o755 });
    assert.ok(callSystem(this.#kernel, init, 'mount', mount).ok);
    this.#user = this.#fork();
    this.#user.credentials = {
      ...this.#user.credentials,
      uid: sameIds(userId),
      gid: sameIds(userId),
      groups: [],
      permitted: 0n,
      effective: 0n,
    };
    this.#worker = this.#fork();
    this.#names = {
      controller: 'pids',
      limit: 'pids.max',
      worker: String(this.#worker.pidIn(this.#kernel.pidNamespace)),
    };
    this.make({ by: 'root', do: 'write', path: 'cgroup.subtree_control', text: '+pids', gives: 'ok' });
  }

  /** What a step gives: `ok`, the name of an error, or the text that was read. */
  make(step: Step): string {
    const process = this.#actor(step.by);
    const path = `/sys/fs/cgroup/${this.#filled(step.path)}`;
    switch (step.do) {
      case 'mkdir':
        return said(callSystem(this.#kernel, process, 'mkdir', { path, mode: 0o755 }));
      case 'rmdir':
        return said(callSystem(this.#kernel, process, 'rmdir', { path }));
      case 'chown':
        return said(callSystem(this.#kernel, process, 'chown', { path, uid: userId, gid: userId }));
      case 'end':
        return said(callSystem(this.#kernel, this.#worker, 'exit', { status: 0 }));
      case 'write':
      case 'read':
      // The kernel freezes and kills in its own time; the simulated one at once.
      case 'await':
        return this.#use(process, path, step.do === 'write' ? this.#filled(step.text!) : undefined);
    }
  }

  #actor(name: Step['by']): Process {
    if (name !== 'inside') return name === 'user' ? this.#user : this.#kernel.init;
    const child = this.#fork();
    const pid = String(child.pidIn(this.#kernel.pidNamespace));
    assert.equal(this.#use(child, '/sys/fs/cgroup/C0/cgroup.procs', pid), 'ok');
    assert.ok(callSystem(this.#kernel, child, 'unshare', { flags: ['CLONE_NEWCGROUP'] }).ok);
    return child;
  }

  #use(process: Process, path: string, text: string | undefined): string {
    const flags = [text === undefined ? 'O_RDONLY' : 'O_WRONLY'] as const;
    const opened = callSystem(this.#kernel, process, 'open', { path, flags, mode: 0 });
    if (!opened.ok) return opened.errno;
    if (text !== undefined)
      return said(callSystem(this.#kernel, process, 'write', { fd: opened.value, text }));
    const read = callSystem(this.#kernel, process, 'read', { fd: opened.value });
    if (!read.ok) return read.errno;
    const got = read.value.trim();
    const name = ['worker', 'controller'].find((each) => this.#names[each] === got);
    return name === undefined ? got : `{${name}}`;
  }

  #fork(): Process {
    const child = callSystem(this.#kernel, this.#kernel.init, 'clone', { flags: [] });
    assert.ok(child.ok);
    return child.value;
  }

  #filled(text: string): string {
    return text.replaceAll(/\{(\w+)\}/g, (_, name: string) => this.#names[name]!);
  }
}

const said = (result: { readonly ok: true } | { readonly ok: false; readonly errno: string }): string =>
  result.ok ? 'ok' : result.errno;

/** Each step with what it gave, so that a difference shows what led to it. */
const story = ({ steps }: Case, answers: readonly string[]): string[] =>
  steps.map((step, n) => `${step.by} ${step.do} ${step.path} ${step.text ?? ''} -> ${answers[n]}`);

describe('the hierarchy of cgroup v2, by the documentation of the kernel', () => {
  for (const each of cases) {
    it(each.id, () => {
      const host = new SimulatedHost();
      assert.deepEqual(
        story(
          each,
          each.steps.map((step) => host.make(step)),
        ),
        story(
          each,
          each.steps.map(({ gives }) => gives),
        ),
      );
    });
  }

  it('and so answers the kernel of this machine', function () {
    const real = spawnSync('python3', [at('cgroupKernel.py')], {
      input: JSON.stringify(cases),
      encoding: 'utf8',
    });
    if (real.error !== undefined || real.status === 3) {
      this.test!.title += ` (skipped: ${real.error?.message ?? real.stderr.trim()})`;
      this.skip();
    }
    assert.equal(real.status, 0, real.stderr);
    const answers = JSON.parse(real.stdout) as Readonly<Record<string, readonly string[]>>;
    const able = cases.filter(({ id }) => id in answers);
    this.test!.title += `: ${able.map(({ id }) => id).join(', ')}`;
    for (const each of able)
      assert.deepEqual(
        story(each, answers[each.id]!),
        story(
          each,
          each.steps.map(({ gives }) => gives),
        ),
      );
  });
});
