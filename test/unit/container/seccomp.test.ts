import assert from 'node:assert/strict';
import { Kernel } from '../../../src/engine/container/linux/kernel.ts';
import { seccomp } from '../../../src/engine/container/seccomp.ts';
import { seccompFilter, type SeccompFilter } from '../../../src/engine/container/linux/seccompFilter.ts';
import { readSeccompProfile } from '../../../src/engine/container/linux/seccompProfile.ts';
import type { SeccompAction } from '../../../src/engine/container/linux/seccompRules.ts';
import { callSystem } from '../../../src/engine/container/linux/systemCalls.ts';
import { x86Syscalls } from '../../../src/engine/container/linux/x86Syscalls.ts';

const refused = (syscalls: string, more = ''): string[] => {
  const reading = readSeccompProfile(
    `{"defaultAction": "SCMP_ACT_ERRNO",${more}\n"syscalls": [${syscalls}]}`,
  );
  assert.ok(!reading.ok);
  return reading.problems.map(
    ({ line, column, message, suggestion }) => `${line}:${column} ${message} ${suggestion ?? ''}`,
  );
};

describe('a seccomp profile that cannot be right is refused at its place, with a remedy', () => {
  const cases: [title: string, problems: string[], expected: RegExp][] = [
    [
      'a misspelled call',
      refused('{"names": ["opnat"], "action": "SCMP_ACT_ALLOW"}'),
      /^2:25 "opnat" is no system call\. .* Did you mean "openat"\?$/,
    ],
    [
      'a misspelled action',
      refused('{"names": ["read"], "action": "SCMP_ACT_ALOW"}'),
      /^2:44 .* Did you mean "SCMP_ACT_ALLOW"\?$/,
    ],
    [
      'a key of Docker',
      refused('{"names": ["read"], "action": "SCMP_ACT_ALLOW", "comment": ""}'),
      /only Docker's own profiles have it/,
    ],
    [
      'an unknown key',
      refused('', '"syscals": [],'),
      /There is no field "syscals" here\. Did you mean "syscalls"\?/,
    ],
    [
      'a hexadecimal text',
      refused(
        '{"names": ["clone"], "action": "SCMP_ACT_ALLOW", "args": [{"index": 0, "op": "SCMP_CMP_EQ", "value": "0x10"}]}',
      ),
      /JSON has no hexadecimal numbers: write 16\./,
    ],
    [
      'argument 6',
      refused(
        '{"names": ["clone"], "action": "SCMP_ACT_ALLOW", "args": [{"index": 6, "op": "SCMP_CMP_EQ", "value": 0}]}',
      ),
      /"index" is 6, but must be the number of an argument, from 0 to 5/,
    ],
    [
      'a name as headers have it',
      refused('{"names": ["__NR_execve"], "action": "SCMP_ACT_ALLOW"}'),
      /^2:25 .* Did you mean "execve"\?$/,
    ],
    [
      'a function of the C library',
      refused('{"names": ["execvp"], "action": "SCMP_ACT_ALLOW"}'),
      /^2:25 .* a function of the C library, which calls execve\.$/,
    ],
    [
      'a number in place of a name',
      refused('{"names": [59], "action": "SCMP_ACT_ALLOW"}'),
      /^2:25 .* number 59 is "execve"\.$/,
    ],
    [
      'two names in one text',
      refused('{"names": ["read, write"], "action": "SCMP_ACT_ALLOW"}'),
      /^2:25 .* quotes of its own: "read", "write"\.$/,
    ],
    [
      'a name that is like none',
      refused('{"names": ["foobarbaz"], "action": "SCMP_ACT_ALLOW"}'),
      /^2:25 .* Write the name that strace shows/,
    ],
    [
      'the action of another tool',
      refused('{"names": ["read"], "action": "DENY"}'),
      /^2:44 .* Did you mean "SCMP_ACT_ERRNO"\?$/,
    ],
    [
      'an operator as a sign',
      refused(
        '{"names": ["clone"], "action": "SCMP_ACT_ALLOW", "args": [{"index": 0, "op": "==", "value": 0}]}',
      ),
      /^2:91 .* Did you mean "SCMP_CMP_EQ"\?$/,
    ],
    [
      'an operator that is misspelled',
      refused(
        '{"names": ["clone"], "action": "SCMP_ACT_ALLOW", "args": [{"index": 0, "op": "SCMP_CMP_MASK_EQ", "value": 0}]}',
      ),
      /^2:91 .* Did you mean "SCMP_CMP_MASKED_EQ"\?$/,
    ],
    [
      'the name of a constant',
      refused(
        '{"names": ["socket"], "action": "SCMP_ACT_ALLOW", "args": [{"index": 0, "op": "SCMP_CMP_EQ", "value": "AF_INET"}]}',
      ),
      /^2:116 .* write 2\.$/,
    ],
    [
      'the name of an error',
      refused('{"names": ["clone3"], "action": "SCMP_ACT_ERRNO", "errnoRet": "ENOSYS"}'),
      /^2:76 .* write 38\.$/,
    ],
    [
      'an architecture of another tool',
      refused('', '"architectures": ["x86_64"],'),
      /^1:54 .* Did you mean "SCMP_ARCH_X86_64"\?$/,
    ],
    [
      'a misspelled field, which is not said to be missing as well',
      refused('{"names": ["read"], "actoin": "SCMP_ACT_ALLOW"}'),
      /^2:34 There is no field "actoin" here\. Did you mean "action"\?$/,
    ],
    [
      'a flag that there is not',
      refused('', '"flags": ["SECCOMP_FILTER_FLAG_LOGS"],'),
      /Did you mean "SECCOMP_FILTER_FLAG_LOG"\?$/,
    ],
    [
      'a whole config.json',
      refused('', '"linux": {"seccomp": {}},'),
      /^1:36 This is a whole config\.json; .* Keep the object/,
    ],
    [
      'two actions for one rule',
      refused(
        '{"names": ["read"], "action": "SCMP_ACT_ALLOW"}, {"names": ["read"], "action": "SCMP_ACT_KILL"}',
      ),
      /"read" has another action in entry 1 .* Keep one action/,
    ],
    [
      'an error that there is not',
      refused('{"names": ["read"], "action": "SCMP_ACT_ERRNO", "errnoRet": 1380}'),
      /^2:74 No error has the number 1380\. .*errno\(3\)/,
    ],
    [
      'nobody listens',
      refused('{"names": ["mount"], "action": "SCMP_ACT_NOTIFY"}'),
      /SCMP_ACT_NOTIFY needs a supervisor/,
    ],
  ];
  for (const [title, problems, expected] of cases) {
    it(title, () => {
      assert.equal(problems.length, 1, problems.join('\n'));
      assert.match(problems[0]!, expected);
    });
  }
});

describe('what does nothing in a seccomp profile is noted at its place', () => {
  const noted = (syscalls: string, more = ''): string => {
    const reading = readSeccompProfile(
      `{"defaultAction": "SCMP_ACT_ERRNO",${more}\n"syscalls": [${syscalls}]}`,
    );
    assert.ok(reading.ok);
    return reading.value.notes!.map(({ line, column, message }) => `${line}:${column} ${message}`).join('\n');
  };
  const condition = (op: string, more: string): string =>
    `{"names": ["clone"], "action": "SCMP_ACT_ALLOW", "args": [{"index": 0, "value": 5, "op": "${op}"${more}}]}`;
  const read = '{"names": ["read"], "action": "SCMP_ACT_ALLOW"}';
  const cases: [title: string, notes: string, expected: RegExp][] = [
    ['nothing', noted(read), /^$/],
    [
      'the same rule twice',
      noted(`${read}, ${read}`),
      /^2:74 Entry 1 of "syscalls" says the same of "read" already\.$/,
    ],
    [
      'a name twice',
      noted('{"names": ["read", "read"], "action": "SCMP_ACT_ALLOW"}'),
      /^2:33 "read" stands twice/,
    ],
    [
      'an error of an action without one',
      noted('{"names": ["read"], "action": "SCMP_ACT_ALLOW", "errnoRet": 38}'),
      /^2:74 SCMP_ACT_ALLOW returns no error/,
    ],
    [
      'a second value',
      noted(condition('SCMP_CMP_EQ', ', "valueTwo": 1')),
      /^2:\d+ SCMP_CMP_EQ compares with "value" alone/,
    ],
    ['a mask alone', noted(condition('SCMP_CMP_MASKED_EQ', '')), /holds when no bit of the mask is set/],
    [
      "the machine's own architecture left out",
      noted('', '"architectures": ["SCMP_ARCH_AARCH64"],'),
      /^1:53 This machine is SCMP_ARCH_X86_64/,
    ],
  ];
  for (const [title, notes, expected] of cases) it(title, () => assert.match(notes, expected));
});

describe('the rules of a seccomp profile', () => {
  const filterOf = (profile: object) => {
    const reading = readSeccompProfile(JSON.stringify(profile));
    assert.ok(reading.ok);
    return seccompFilter(reading.value.value);
  };
  const entry = (name: string, action: string, ...args: object[]) => ({ names: [name], action, args });

  it('without conditions win, wherever they stand', () => {
    const filter = filterOf({
      defaultAction: 'SCMP_ACT_ERRNO',
      syscalls: [
        entry('ioctl', 'SCMP_ACT_KILL', { index: 1, op: 'SCMP_CMP_EQ', value: 5 }),
        entry('ioctl', 'SCMP_ACT_ALLOW'),
      ],
    });
    assert.equal(filter.decide('ioctl', [0n, 5n]).action, 'SCMP_ACT_ALLOW');
    assert.equal(filter.reach('ioctl'), 'always');
  });
  it('with the default action are left out, so that they except nothing', () => {
    const filter = filterOf({
      defaultAction: 'SCMP_ACT_ALLOW',
      syscalls: [
        entry('clone', 'SCMP_ACT_ALLOW'),
        entry('clone', 'SCMP_ACT_ERRNO', { index: 0, op: 'SCMP_CMP_EQ', value: 7 }),
      ],
    });
    assert.equal(filter.decide('clone', [7n]).action, 'SCMP_ACT_ERRNO');
    assert.equal(filter.reach('clone'), 'sometimes');
  });
  it('leave calls that are newer than all of them to ENOSYS', () => {
    const filter = filterOf({ defaultAction: 'SCMP_ACT_ERRNO', syscalls: [entry('rseq', 'SCMP_ACT_ALLOW')] });
    assert.deepEqual(filter.decide('clone3', []).errno, 38);
    assert.deepEqual(filter.decide('ptrace', []).errno, 1);
  });
});

describe('a filter in the kernel', () => {
  const kernel = new Kernel({ hostname: 'host' });
  const filter = (action: SeccompAction, errnoRet = 1) =>
    seccompFilter({
      defaultAction: 'SCMP_ACT_ALLOW',
      defaultErrnoRet: 1,
      architectures: [],
      syscalls: [{ names: ['uname'], action, errnoRet, args: [] }],
    });
  const asked = (...filters: SeccompFilter[]) => {
    const made = callSystem(kernel, kernel.init, 'clone', { flags: [] });
    assert.ok(made.ok);
    for (const each of filters) assert.ok(callSystem(kernel, made.value, 'seccomp', { filter: each }).ok);
    const answer = callSystem(kernel, made.value, 'gethostname', {});
    const { state } = made.value;
    return state.kind === 'zombie' ? state.end : answer.ok ? answer.value : answer.errno;
  };

  // seccomp(2), "Filters": SECCOMP_RET_KILL_PROCESS, …_TRAP, …_ERRNO, …_USER_NOTIF, …_TRACE, …_LOG, …_ALLOW, from the highest precedence on.
  it('lets through, lets fail, or kills, as seccomp(2) says of each action', () => {
    assert.equal(asked(filter('SCMP_ACT_LOG')), 'host');
    assert.equal(asked(filter('SCMP_ACT_ERRNO', 61)), 'ENODATA');
    assert.equal(asked(filter('SCMP_ACT_TRACE')), 'ENOSYS');
    assert.deepEqual(asked(filter('SCMP_ACT_TRAP')), { kind: 'killed', signal: 'SIGSYS' });
    assert.deepEqual(asked(filter('SCMP_ACT_KILL_PROCESS')), { kind: 'killed', signal: 'SIGSYS' });
  });
  it('is overruled by a severer one, and by an equal one that was added later', () => {
    assert.equal(asked(filter('SCMP_ACT_ERRNO', 61), filter('SCMP_ACT_TRACE')), 'ENODATA');
    assert.equal(asked(filter('SCMP_ACT_ERRNO', 61), filter('SCMP_ACT_ERRNO', 38)), 'ENOSYS');
    const killed = asked(filter('SCMP_ACT_KILL_PROCESS'), filter('SCMP_ACT_ERRNO', 38));
    assert.deepEqual(killed, { kind: 'killed', signal: 'SIGSYS' });
  });
});

describe('container.seccomp', () => {
  it('says why a container whose execve is blocked does not start', () => {
    const reading = readSeccompProfile(
      '{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": ["execve"], "action": "SCMP_ACT_ERRNO"}]}',
    );
    assert.ok(reading.ok);
    const submission = { start: () => ({}), documents: { profile: reading.value } };
    const outcome = seccomp.execute({ submission });
    assert.ok(outcome.ok);
    const witness = seccomp.checks['serviceWorks']!.violated(outcome.run, {});
    assert.match(witness!.because, /installs the filter and then starts the program with execve/);
    assert.equal(outcome.run.trace.placeOf(witness!.event), '/syscalls/0');
  });
  it('knows the system calls by their numbers', () => {
    assert.deepEqual(
      ['read', 'execve', 'clone', 'io_uring_setup', 'clone3', 'close_range'].map((name) =>
        x86Syscalls.get(name),
      ),
      [0, 59, 56, 425, 435, 436],
    );
  });
});
