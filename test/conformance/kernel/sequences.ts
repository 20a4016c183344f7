import fc from 'fast-check';
import { cloneFlagNames } from '../../../src/engine/container/linux/namespaces.ts';
import type { Step } from './simulated.ts';

/** Random sequences of system calls, each about one part of the kernel so that calls meet each other's effects. */
const path = fc.constantFrom(
  '/a',
  '/b',
  '/c',
  '/a/sub',
  '/b/sub',
  '/old',
  '/a/file',
  '/f',
  '/',
  '.',
  'a',
  '..',
  '/c/x',
  '/link',
  '/proc',
  '/a/sub/..',
  '/proc/self/root/b',
);
const directory = fc.constantFrom('/a', '/b', '/c', '/a/sub', '/b/sub', '/old', '/', '.', '/proc');
const mode = fc.constantFrom(0o755, 0o700, 0o777, 0o000, 0o1777, 0o4755);

interface Call {
  readonly call: string;
  readonly [argument: string]: unknown;
}
type Calls = fc.Arbitrary<Call>;

const call = (name: string, args: Readonly<Record<string, fc.Arbitrary<unknown>>> = {}): Calls =>
  fc.record(args).map((values) => ({ call: name, ...values }));

const bind = call('mount', {
  source: path,
  target: path,
  type: fc.constant(''),
  flags: fc.constantFrom(['MS_BIND'], ['MS_BIND', 'MS_REC']),
  data: fc.constant(''),
});
const tmpfs = call('mount', {
  source: fc.constant('t'),
  target: directory,
  type: fc.constantFrom('tmpfs', 'tmpfs', 'tmpfs', 'proc', 'nonsense', ''),
  flags: fc.constantFrom([], ['MS_NOSUID', 'MS_NODEV'], ['MS_RDONLY']),
  data: fc.constant(''),
});
const propagation = call('mount', {
  source: fc.constant('none'),
  target: directory,
  type: fc.constant(''),
  flags: fc.constantFrom(
    ['MS_SHARED'],
    ['MS_PRIVATE'],
    ['MS_SLAVE'],
    ['MS_UNBINDABLE'],
    ['MS_REC', 'MS_SHARED'],
    ['MS_REC', 'MS_PRIVATE'],
    ['MS_REC', 'MS_SLAVE'],
    ['MS_SHARED', 'MS_PRIVATE'],
  ),
  data: fc.constant(''),
});
const remount = call('mount', {
  source: fc.constant('none'),
  target: directory,
  type: fc.constant(''),
  flags: fc.constantFrom(
    ['MS_REMOUNT', 'MS_BIND', 'MS_RDONLY'],
    ['MS_REMOUNT', 'MS_BIND'],
    ['MS_REMOUNT', 'MS_BIND', 'MS_NOEXEC', 'MS_NOSUID'],
  ),
  data: fc.constant(''),
});
const move = call('mount', {
  source: directory,
  target: directory,
  type: fc.constant(''),
  flags: fc.constant(['MS_MOVE']),
  data: fc.constant(''),
});
const umount = call('umount', { target: directory, detach: fc.boolean() });
const pivot = call('pivotRoot', { newRoot: directory, putOld: directory });
const chroot = call('chroot', { path: directory });
const chdir = call('chdir', { path });
const look = fc.oneof(
  call('list', { path: directory }),
  call('getcwd'),
  call('stat', { path, followLast: fc.boolean() }),
  call('mounts'),
);
const files = fc.oneof(
  call('mkdir', { path, mode }),
  call('rmdir', { path }),
  call('unlink', { path }),
  call('symlink', { target: path, path }),
  call('rename', { from: path, to: path }),
  call('chmod', { path, mode }),
  call('chown', { path, uid: fc.constantFrom(0, 1, 1000), gid: fc.constantFrom(0, 1, 1000) }),
  call('open', {
    path,
    flags: fc.constantFrom(
      ['O_RDONLY'],
      ['O_WRONLY'],
      ['O_RDWR', 'O_CREAT'],
      ['O_RDONLY', 'O_DIRECTORY'],
      ['O_CREAT', 'O_EXCL'],
      ['O_PATH'],
    ),
    mode,
    as: fc.constantFrom('f1', 'f2'),
  }),
  call('read', { fd: fc.constantFrom('f1', 'f2') }),
  call('write', { fd: fc.constantFrom('f1', 'f2'), text: fc.constantFrom('x', 'hello') }),
  call('close', { fd: fc.constantFrom('f1', 'f2') }),
  call('fchdir', { fd: fc.constantFrom('f1', 'f2') }),
  call('mknod', {
    path,
    mode,
    device: fc.constantFrom(
      undefined,
      { type: 'char', major: 1, minor: 3 },
      { type: 'char', major: 0, minor: 0 },
    ),
  }),
);
const identity = fc.oneof(
  call('setuid', { id: fc.constantFrom(0, 1, 1000) }),
  call('setgid', { id: fc.constantFrom(0, 1, 1000) }),
  call('setgroups', { groups: fc.constantFrom([], [1], [1000]) }),
);
const capability = fc.constantFrom(
  'CAP_SYS_ADMIN',
  'CAP_SETUID',
  'CAP_SETPCAP',
  'CAP_NET_RAW',
  'CAP_DAC_OVERRIDE',
);
const capabilities = fc.subarray([
  'CAP_SYS_ADMIN',
  'CAP_SETUID',
  'CAP_SETPCAP',
  'CAP_NET_RAW',
  'CAP_DAC_OVERRIDE',
  'CAP_SETGID',
]);
const privileges = fc.oneof(
  call('prctl', { option: fc.constant('PR_CAPBSET_DROP'), capability }),
  call('prctl', { option: fc.constant('PR_CAP_AMBIENT_RAISE'), capability }),
  call('prctl', { option: fc.constant('PR_SET_NO_NEW_PRIVS') }),
  call('prctl', { option: fc.constant('PR_SET_KEEPCAPS'), on: fc.boolean() }),
  call('capset', { permitted: capabilities, effective: capabilities, inheritable: capabilities }),
  call('status'),
  call('execStatus', { path: fc.constant('/bin/prog') }),
  call('chmod', {
    path: fc.constant('/bin/prog'),
    mode: fc.constantFrom(0o755, 0o4755, 0o2755, 0o6755, 0o700),
  }),
  call('chown', {
    path: fc.constant('/bin/prog'),
    uid: fc.constantFrom(0, 1000),
    gid: fc.constantFrom(0, 1000),
  }),
);
const filters = fc.oneof(
  call('seccomp', {
    deny: fc.constantFrom(
      'sethostname',
      'setuid',
      'unshare',
      'chroot',
      'execve',
      'prctl',
      'seccomp',
      'capset',
    ),
    errno: fc.constantFrom(1, 38, 61),
  }),
  call('seccomp', {
    deny: fc.constantFrom('clone', 'unshare'),
    errno: fc.constantFrom(1, 61),
    mask: fc.constantFrom(0x1000_0000, 0x400_0000, 0x1002_0000),
  }),
);
const unshare = call('unshare', { flags: fc.subarray([...cloneFlagNames], { maxLength: 3 }) });
const names = fc.oneof(call('sethostname', { name: fc.constantFrom('one', 'two') }), call('gethostname'));

/** Processes: who has which number, who is whose parent, who ends with whom. */
const pid = fc.constantFrom(-1, 1, 2, 3, 4);
const living = fc.oneof(
  call('getpid'),
  call('getppid'),
  call('wait', { pid }),
  call('kill', { pid: fc.constantFrom(1, 2, 3, 4, 9), signal: fc.constantFrom(0, 9, 15, 10) }),
  call('sigaction', {
    signal: fc.constantFrom(15, 10, 17),
    to: fc.constantFrom('default', 'ignore', 'handle'),
  }),
  call('exit', { status: fc.constantFrom(0, 3) }),
  call('prctl', { option: fc.constant('PR_SET_CHILD_SUBREAPER'), on: fc.constant(true) }),
);
const namespacesOfProcess = fc.oneof(
  call('open', {
    path: fc.constantFrom(
      '/proc/1/ns/mnt',
      '/proc/2/ns/mnt',
      '/proc/2/ns/pid',
      '/proc/2/ns/uts',
      '/proc/2/ns/user',
      '/proc/self/ns/user',
      '/proc/self/ns/pid_for_children',
      '/proc/3/ns/pid',
      '/proc/2/root/a',
    ),
    flags: fc.constant(['O_RDONLY']),
    mode: fc.constant(0),
    as: fc.constantFrom('n1', 'n2'),
  }),
  call('setns', { fd: fc.constantFrom('n1', 'n2'), kind: fc.constantFrom(undefined, 'mnt', 'pid', 'user') }),
);
const mapLines = fc.constantFrom(
  '0 0 1\n',
  '0 1000 1\n',
  '0 0 10\n1000 1000 1\n',
  '0 0 1\n0 1 1\n',
  'x',
  '0 0 0\n',
  '0 0 4294967295\n',
  '5 0 2\n',
);
const idMaps: readonly Calls[] = [
  call('open', {
    path: fc.constantFrom(
      '/proc/self/uid_map',
      '/proc/self/gid_map',
      '/proc/self/setgroups',
      '/proc/2/uid_map',
      '/proc/2/gid_map',
    ),
    flags: fc.constant(['O_WRONLY']),
    mode: fc.constant(0),
    as: fc.constantFrom('m1', 'm2'),
  }),
  call('write', {
    fd: fc.constantFrom('m1', 'm2'),
    text: fc.oneof(mapLines, fc.constantFrom('deny', 'allow')),
  }),
];

/** Who may let the OOM killer spare whom. */
const oomScores: readonly Calls[] = [
  call('open', {
    path: fc.constantFrom('/proc/self/oom_score_adj', '/proc/1/oom_score_adj', '/proc/2/oom_score_adj'),
    flags: fc.constantFrom(['O_RDONLY'], ['O_WRONLY'], ['O_RDWR']),
    mode: fc.constant(0),
    as: fc.constantFrom('o1', 'o2'),
  }),
  call('write', {
    fd: fc.constantFrom('o1', 'o2'),
    text: fc.constantFrom('500', '300\n', '0', '-1', '-1000', ' 7 ', '+3', '1001', '99999999999', 'x', ''),
  }),
  call('read', { fd: fc.constantFrom('o1', 'o2') }),
];

const sequence = (
  calls: readonly Calls[],
  length: number,
  withProcesses = false,
): fc.Arbitrary<readonly Step[]> =>
  fc
    .array(
      fc.record({
        by: withProcesses ? fc.integer({ min: 1, max: 4 }) : fc.constant(1),
        step: fc.oneof(
          ...calls,
          ...(withProcesses
            ? [
                {
                  weight: 2,
                  arbitrary: call('clone', {
                    flags: fc.subarray(
                      [...cloneFlagNames].filter((flag) => flag !== 'CLONE_NEWTIME'),
                      { maxLength: 2 },
                    ),
                  }),
                },
              ]
            : []),
        ),
      }),
      { minLength: 3, maxLength: length },
    )
    .map((steps) => numbered(steps));

/** Names the processes in the order of their making; a call of one that is not made yet is p1's. */
function numbered(steps: readonly { readonly by: number; readonly step: Call }[]): readonly Step[] {
  let made = 1;
  return steps.map(({ by, step }) => {
    const maker = `p${Math.min(by, made)}`;
    return step.call === 'clone' ? { by: maker, ...step, as: `p${++made}` } : { by: maker, ...step };
  });
}

const tmpfsAt = (by: string, target: string): Step => ({
  by,
  call: 'mount',
  source: 't',
  target,
  type: 'tmpfs',
  flags: [],
  data: '',
});
const propagate = (by: string, flag: string): Step => ({
  by,
  call: 'mount',
  source: 'none',
  target: '/',
  type: '',
  flags: ['MS_REC', flag],
  data: '',
});
const cloned = (by: string, as: string, flags: readonly string[]): Step => ({ by, call: 'clone', flags, as });
const named = (by: string): Step => ({ by, call: 'sethostname', name: 'two' });

/** What chance seldom puts together, and what containers stand and fall with. */
const byHand: readonly (readonly Step[])[] = [
  // A copy of shared mounts is their peer until it is made private.
  [
    propagate('p1', 'MS_SHARED'),
    cloned('p1', 'p2', ['CLONE_NEWNS']),
    tmpfsAt('p2', '/a'),
    { by: 'p1', call: 'mounts' },
    propagate('p2', 'MS_PRIVATE'),
    tmpfsAt('p2', '/b'),
    { by: 'p1', call: 'mounts' },
    { by: 'p2', call: 'mounts' },
  ],
  // A slave receives and does not send.
  [
    propagate('p1', 'MS_SHARED'),
    cloned('p1', 'p2', ['CLONE_NEWNS']),
    propagate('p2', 'MS_SLAVE'),
    tmpfsAt('p2', '/a'),
    tmpfsAt('p1', '/b'),
    { by: 'p1', call: 'mounts' },
    { by: 'p2', call: 'mounts' },
    { by: 'p1', call: 'umount', target: '/b', detach: false },
    { by: 'p2', call: 'mounts' },
  ],
  // pivot_root below a shared mount is EINVAL, below a private one it works.
  [
    propagate('p1', 'MS_SHARED'),
    { by: 'p1', call: 'mount', source: '/a', target: '/a', type: '', flags: ['MS_BIND'], data: '' },
    { by: 'p1', call: 'pivotRoot', newRoot: '/a', putOld: '/a/sub' },
    propagate('p1', 'MS_PRIVATE'),
    { by: 'p1', call: 'pivotRoot', newRoot: '/a', putOld: '/a/sub' },
    { by: 'p1', call: 'list', path: '/sub' },
    { by: 'p1', call: 'umount', target: '/sub', detach: true },
    { by: 'p1', call: 'list', path: '/sub' },
  ],
  // `..` stops at the root; a second chroot leads out.
  [
    { by: 'p1', call: 'chroot', path: '/a' },
    { by: 'p1', call: 'chdir', path: '/' },
    { by: 'p1', call: 'list', path: '/..' },
    { by: 'p1', call: 'chroot', path: 'sub' },
    { by: 'p1', call: 'chdir', path: '..' },
    { by: 'p1', call: 'chdir', path: '..' },
    { by: 'p1', call: 'list', path: '.' },
    { by: 'p1', call: 'chroot', path: '.' },
    { by: 'p1', call: 'list', path: '/' },
  ],
  // Root of a user namespace has power over what the namespace owns, and over nothing else.
  [
    cloned('p1', 'p2', ['CLONE_NEWUSER']),
    named('p2'),
    tmpfsAt('p2', '/a'),
    { by: 'p2', call: 'unshare', flags: ['CLONE_NEWUTS', 'CLONE_NEWNS'] },
    named('p2'),
    tmpfsAt('p2', '/a'),
    { by: 'p2', call: 'umount', target: '/proc', detach: true },
    { by: 'p1', call: 'gethostname' },
    { by: 'p2', call: 'kill', pid: 1, signal: 0 },
  ],
  // A filter takes CAP_SYS_ADMIN or no_new_privs; children have it, and of two that refuse the later one is heard.
  [
    { by: 'p1', call: 'seccomp', deny: 'sethostname', errno: 61 },
    named('p1'),
    { by: 'p1', call: 'seccomp', deny: 'sethostname', errno: 38 },
    cloned('p1', 'p2', []),
    named('p2'),
    { by: 'p2', call: 'capset', permitted: [], effective: [], inheritable: [] },
    { by: 'p2', call: 'seccomp', deny: 'execve', errno: 61 },
    { by: 'p2', call: 'prctl', option: 'PR_SET_NO_NEW_PRIVS' },
    { by: 'p2', call: 'seccomp', deny: 'execve', errno: 61 },
    { by: 'p2', call: 'execStatus', path: '/bin/prog' },
    { by: 'p1', call: 'execStatus', path: '/bin/prog' },
  ],
  // One flag of clone and unshare can be refused, and the others let through.
  [
    { by: 'p1', call: 'seccomp', deny: 'unshare', errno: 1, mask: 0x1000_0000 },
    { by: 'p1', call: 'seccomp', deny: 'clone', errno: 1, mask: 0x1000_0000 },
    { by: 'p1', call: 'unshare', flags: ['CLONE_NEWUSER'] },
    { by: 'p1', call: 'unshare', flags: ['CLONE_NEWUTS'] },
    cloned('p1', 'p2', ['CLONE_NEWUSER', 'CLONE_NEWUTS']),
    cloned('p1', 'p2', ['CLONE_NEWUTS']),
    { by: 'p2', call: 'unshare', flags: ['CLONE_NEWUSER'] },
  ],
  // Nor has it power over a user namespace beside its own.
  [
    cloned('p1', 'p2', ['CLONE_NEWUSER']),
    cloned('p1', 'p3', ['CLONE_NEWUSER', 'CLONE_NEWUTS']),
    { by: 'p2', call: 'open', path: '/proc/3/ns/user', flags: ['O_RDONLY'], mode: 0, as: 'n1' },
    { by: 'p2', call: 'open', path: '/proc/3/uid_map', flags: ['O_WRONLY'], mode: 0, as: 'm1' },
    { by: 'p2', call: 'write', fd: 'm1', text: '0 0 1\n' },
    { by: 'p1', call: 'open', path: '/proc/3/ns/user', flags: ['O_RDONLY'], mode: 0, as: 'n1' },
    { by: 'p1', call: 'setns', fd: 'n1', kind: 'user' },
    { by: 'p1', call: 'status' },
  ],
];

/** By part of the kernel. */
export const randomSequences: Readonly<Record<string, fc.Arbitrary<readonly Step[]>>> = {
  'by hand': fc.constantFrom(...byHand),
  'mounts and roots': sequence([bind, tmpfs, remount, move, umount, pivot, chroot, chdir, look], 12),
  'propagation between mount namespaces': sequence(
    [bind, tmpfs, propagation, umount, call('mounts'), move, pivot],
    14,
    true,
  ),
  files: sequence([files, files, identity, look, chdir], 16),
  credentials: sequence([identity, privileges, privileges], 12),
  filters: sequence(
    [
      filters,
      filters,
      privileges,
      unshare,
      call('sethostname', { name: fc.constantFrom('one', 'two') }),
      call('setuid', { id: fc.constantFrom(0, 1000) }),
      call('chroot', { path: fc.constant('/a') }),
    ],
    14,
    true,
  ),
  'user namespaces': sequence(
    [
      unshare,
      ...idMaps,
      ...idMaps,
      identity,
      call('status'),
      tmpfs,
      bind,
      umount,
      names,
      files,
      call('execStatus', { path: fc.constant('/bin/prog') }),
    ],
    16,
  ),
  processes: sequence([living, living, call('list', { path: fc.constant('/proc/1/ns') })], 14, true),
  'namespaces of processes': sequence(
    [living, namespacesOfProcess, namespacesOfProcess, unshare, names, ...idMaps, call('mounts')],
    16,
    true,
  ),
  'scores of the OOM killer': sequence(
    [...oomScores, ...oomScores, ...oomScores, call('setuid', { id: fc.constantFrom(0, 1000) })],
    16,
    true,
  ),
};
