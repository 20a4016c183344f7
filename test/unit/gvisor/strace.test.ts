import assert from 'node:assert/strict';
import fc from 'fast-check';
import { importStrace } from '../../../src/engine/gvisor/strace.ts';

describe('a log of strace', () => {
  it('is a summary, with or without errors in a row', () => {
    const { calls, unread, unknown, seconds } = importStrace(
      [
        '% time     seconds  usecs/call     calls    errors syscall',
        '------ ----------- ----------- --------- --------- ----------------',
        ' 35.00    0.000700           7       100         3 openat',
        ' 30.00    0.000600           1       600           read',
        ' 25.00    0.000500          50        10           keyctl',
        '------ ----------- ----------- --------- --------- ----------------',
        '100.00    0.002000                   710         3 total',
      ].join('\n'),
    );
    assert.deepEqual(
      [...calls],
      [
        ['openat', 100],
        ['read', 600],
      ],
    );
    assert.deepEqual([...unknown], [['keyctl', 10]]);
    assert.deepEqual([unread, seconds], [[], undefined]);
  });

  it('is a list of calls, in which threads interrupt each other', () => {
    const { calls, files, created, seconds } = importStrace(
      [
        '10 23:59:59.500000 openat(AT_FDCWD, "/etc/a", O_RDONLY) = 3 <0.1>',
        '[pid 11] 23:59:59.600000 futex(0x7f, FUTEX_WAIT, 0, NULL <unfinished ...>',
        '10 23:59:59.700000 openat(AT_FDCWD, "b", O_WRONLY|O_CREAT, 0644) = 4',
        '10 23:59:59.800000 stat("/missing", 0x7f) = -1 ENOENT (No such file or directory)',
        '[pid 11] 00:00:00.100000 <... futex resumed>) = 0',
        '10 00:00:00.200000 clone(child_stack=0x7f, flags=CLONE_VM|CLONE_THREAD) = 12',
        '10 00:00:00.250000 --- SIGCHLD {si_signo=SIGCHLD} ---',
        '10 00:00:00.500000 exit_group(0) = ?',
        '10 00:00:00.600000 +++ exited with 0 +++',
      ].join('\n'),
    );
    assert.deepEqual(
      [...calls],
      [
        ['openat', 2],
        ['futex', 2],
        ['stat', 1],
        ['exit_group', 1],
      ],
    );
    assert.deepEqual([[...files], [...created], Number(seconds!.toFixed(6))], [['/etc/a'], ['b'], 1.1]);
  });

  it('lasts until its programs have ended, also when they compute at last', () => {
    const log = '7 1700000000.500000 brk(NULL) = 0x1000\n7 1700000009.500000 +++ killed by SIGKILL +++\n';
    assert.equal(importStrace(log).seconds, 9);
    assert.deepEqual(importStrace(log).unread, []);
  });

  it('may have times since the line before', () => {
    const log = ['0.000000 brk(NULL) = 0x1000', '2.250000 getpid() = 7', '0.500000 +++ exited with 0 +++'];
    assert.equal(importStrace(log.map((row) => `7      ${row}`).join('\n')).seconds, 2.75);
  });

  it('says which lines are no call', () => {
    assert.deepEqual(importStrace('read(3, "", 1) = 0\nnot a call at all\n').unread, [
      { line: 2, text: 'not a call at all' },
    ]);
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.string({ maxLength: 200 }), (text) => void importStrace(text)));
  });
});
