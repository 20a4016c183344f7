import assert from 'node:assert/strict';
import { isolation } from '../../src/engine/container/isolation.ts';
import type { Run } from '../../src/engine/kernel/scenario.ts';

/** What a container lacks, and which probes must succeed then and no others: from the manual pages named beside each. */
const expected: readonly (readonly [setting: Record<string, string | boolean>, probes: readonly string[]])[] =
  [
    [{ without: 'nothing' }, []],
    [{ without: 'nothing', userNamespace: true }, []],
    [{ without: 'nothing', userNamespace: true, appUser: 'app' }, []],
    // pid_namespaces(7): every process of the namespace is seen and may be signalled.
    [
      { without: 'pid-namespace' },
      ['find a process of the host in /proc', 'signal the database of the host'],
    ],
    // network_namespaces(7), and unix(7) for abstract sockets.
    [
      { without: 'network-namespace' },
      [
        'find the interfaces of the host',
        'reach a local service of the host on 127.0.0.1',
        'connect to an abstract socket of the host',
      ],
    ],
    // uts_namespaces(7), ipc_namespaces(7), cgroup_namespaces(7)
    [{ without: 'uts-namespace' }, ['read or change the name of the host']],
    [{ without: 'ipc-namespace' }, ['attach the shared memory of the database']],
    [{ without: 'cgroup-namespace' }, ['see the control groups of others']],
    // chroot(2): without CAP_SYS_CHROOT there is no second one; setns(2) takes the root of the namespace.
    [{ without: 'pivot-root' }, ['enter the container later, by setns, and find the host']],
    // cgroup-v2.rst: the default of pids.max and memory.max is "max".
    [{ without: 'limits' }, ['start more processes than it may', 'use more memory than it may']],
    // user_namespaces(7): since Linux 3.8 no privilege is needed to make one.
    [{ without: 'seccomp' }, ['make a user namespace, to be root in it']],
    [
      { without: 'seccomp', userNamespace: true, appUser: 'app' },
      ['make a user namespace, to be root in it'],
    ],
    // proc_sys(5), sysrq: user 0 of the initial namespace; user_namespaces(7): not one of another.
    [{ without: 'masks', userNamespace: true }, ['read keys, timers and firmware of the host']],
    // capabilities(7), "Transformation of capabilities during execve()": a set-user-ID-root program has the bounding set.
    [{ without: 'capabilities', appUser: 'app' }, ['gain privileges by executing a set-user-ID program']],
  ];

function run(params: Record<string, string | boolean>): Run {
  const outcome = isolation.execute({ params });
  assert.ok(outcome.ok);
  return outcome.run;
}

const succeeded = ({ trace }: Run): string[] =>
  Array.from({ length: trace.length }, (_, row) => row)
    .filter((row) => trace.kind(row) === 'probe' && trace.field(row, 1) === 1)
    .map((row) => trace.textsOf(row)['attempt']!);

describe('a container that lacks one part lets exactly the probes through that the part keeps out', () => {
  for (const [params, probes] of expected) {
    it(JSON.stringify(params), () => {
      const result = run(params);
      assert.equal(result.end.kind, 'finished');
      assert.deepEqual(succeeded(result), probes);
    });
  }

  it('in a user namespace that does not own a process namespace, proc can not be mounted (user_namespaces(7))', () => {
    const { end } = run({ without: 'pid-namespace', userNamespace: true });
    assert.ok(end.kind === 'refused');
    assert.equal(end.witness.actual, 'no program: the last call that failed was mount, with EPERM');
  });

  it('a run is the same every time', () => {
    assert.equal(run({ without: 'masks' }).trace.hash(), run({ without: 'masks' }).trace.hash());
  });
});
