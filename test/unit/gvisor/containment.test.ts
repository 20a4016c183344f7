import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  answer,
  withArguments,
  type Answer,
  type Interruption,
  type SystemCall,
} from '../../../src/engine/gvisor/callRecords.ts';
import { containment } from '../../../src/engine/gvisor/containmentScenario.ts';
import { attacksAt } from '../../../src/engine/gvisor/containmentViews.ts';
import { attackAreaNames } from '../../../src/engine/gvisor/containmentEvents.ts';
import { gvisorSentry } from '../../../src/engine/gvisor/gvisorSentry.ts';
import {
  sentryPolicies,
  SentryPolicy,
  systemCallNames,
  type SignalName,
} from '../../../src/engine/gvisor/sentryPolicy.ts';
import type { Calls, PolicyImplementation } from '../../../src/engine/kernel/policy.ts';
import type { ParameterInput } from '../../../src/engine/kernel/parameters.ts';
import { submissionOf, type Run } from '../../../src/engine/kernel/scenario.ts';
import { valueLiteral } from '../../../src/grading/valueLiteral.ts';

type Sentry = PolicyImplementation<typeof SentryPolicy>;
type SentryCalls = Calls<typeof SentryPolicy>;

function run(sentry: () => Sentry, params: ParameterInput = {}, seed = 1): Run {
  const outcome = containment.execute({
    params,
    seed,
    submission: submissionOf(sentryPolicies, { sentry }) as never,
  });
  assert.ok(outcome.ok);
  assert.equal(outcome.run.end.kind, 'finished');
  return outcome.run;
}

/** The scenario's own Sentry with some calls answered otherwise. */
const sentryBut =
  (instead: (request: SystemCall, calls: SentryCalls, usual: () => Answer) => Answer) => (): Sentry => {
    const usual = gvisorSentry();
    return {
      boot: usual.boot,
      syscall: (request, calls) => answer(instead(request, calls, () => usual.syscall(request, calls))),
    };
  };

/** Passes every call on to the host, which its filter lets it. */
const passesOn = (): Sentry => ({
  boot: () => ({ hostCalls: [...systemCallNames] }),
  syscall: ({ call, args }, calls) => answer(calls.host({ call, args })),
});

const areasThatFell = ({ trace }: Run): readonly string[] => [
  ...new Set(
    Array.from({ length: trace.length }, (_, row) => row)
      .filter((row) => trace.kind(row) === 'probe' && trace.field(row, 1) === 1)
      .map((row) => attackAreaNames[trace.field(row, 0)]!),
  ),
];

const violated = (of: Run, check: string, args: Readonly<Record<string, unknown>> = {}) =>
  containment.checks[check]!.violated(of, args as never);

describe('a Sentry', () => {
  it('serves its applications in whatever order their processes run', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1 << 30 }),
        fc.constantFrom('pipes', 'locks', 'network', 'signals', 'masks'),
        (seed, application) => {
          const { metrics } = run(() => gvisorSentry(), { application }, seed);
          assert.equal(metrics['failures'], 0);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('that refuses everything is contained, whatever the error, and runs no application', () => {
    for (const errno of ['ENOSYS', 'EPERM', 'EBADF', 'ENOENT'] as const) {
      const refuses = (): Sentry => ({ boot: () => ({ hostCalls: [] }), syscall: () => answer({ errno }) });
      const { metrics } = run(refuses, { hostWall: false, hostBug: 'splice' });
      assert.equal(metrics['escapes'], 0);
      assert.ok(metrics['failures']! > 0);
    }
  });

  it('that passes calls on is no wall: every attack of an application can succeed', () => {
    const fell = areasThatFell(run(passesOn, { hostWall: false, hostBug: 'keyctl', application: 'none' }));
    assert.deepEqual(fell.toSorted(), attackAreaNames.filter((area) => area !== 'host').toSorted());
    // With the other wall in place its process has nothing to give away but what it has open, and the bugs of the host.
    assert.deepEqual(areasThatFell(run(passesOn, { hostBug: 'keyctl', application: 'none' })).toSorted(), [
      'calls',
      'descriptors',
      'kernel',
    ]);
  });

  it('is shown addresses in hexadecimal, as the events show them, and other numbers in decimal', () => {
    const { input } = SentryPolicy.decisions.syscall;
    const args = withArguments({ address: 0x4000, number: 16 });
    const shown = valueLiteral({ process: 0, call: 'futex', args }, input);
    assert.match(shown, /address: 0x4000/);
    assert.match(shown, /number: 16\b/);
  });

  it('hears which signal it got wrong', () => {
    const signalled = (change: (given: Interruption) => Interruption) => (): Sentry => {
      const usual = gvisorSentry();
      return {
        boot: usual.boot,
        syscall: (request, calls) =>
          usual.syscall(request, { ...calls, interrupt: (given) => calls.interrupt(change(given)) }),
      };
    };
    const handles = signalled((given) =>
      given.signal === 'SIGUSR1' ? { ...given, signal: 'SIGTERM' } : given,
    );
    assert.match(
      violated(run(handles, { application: 'signals' }), 'works')!.because,
      /^The process has installed none: SIGTERM does what/,
    );
    const never = signalled((given) => ({ ...given, restart: undefined }));
    assert.match(
      violated(run(never, { application: 'masks' }), 'works')!.because,
      /^With SA_RESTART a call that a signal interrupts is made again\.$/,
    );
  });

  it('delivers signals without a call of the host, and answers ESRCH for the numbers of the host', () => {
    for (const application of ['endings', 'signals', 'masks']) {
      assert.equal(run(() => gvisorSentry(), { application, attacks: false }).metrics['hostCalls'], 0);
    }
    const { trace } = run(() => gvisorSentry(), { application: 'none', hostWall: false });
    const kills = Array.from({ length: trace.length }, (_, row) => row).filter(
      (row) => trace.kind(row) === 'enter' && /^(tg)?kill\(/.test(trace.textsOf(row)['call']!),
    );
    assert.ok(kills.length > 1);
    for (const row of kills) assert.match(trace.say(row + 1), /= -1 ESRCH$/);
  });

  it('is ended by its own filter, whichever call it leaves out', () => {
    for (const left of ['read', 'write', 'clock_gettime', 'getrandom', 'close']) {
      const narrow = (): Sentry => {
        const usual = gvisorSentry();
        return {
          boot: (given, calls) => ({
            hostCalls: usual.boot(given, calls).hostCalls.filter((call) => call !== left),
          }),
          syscall: usual.syscall,
        };
      };
      const { actual } = violated(run(narrow), 'works')!;
      assert.match(actual, new RegExp(`^${left}\\(.*, and the end of the sandbox$`));
    }
  });
});

describe('the table of attacks', () => {
  it('shows, at any event, what came of the attacks and failures until then and nothing that comes later', () => {
    const breaksReads = sentryBut(({ call }, _calls, usual) => (call === 'read' ? { value: 0 } : usual()));
    const of = run(breaksReads, { application: 'files', sentryBug: true });
    const failed = (kind: string): boolean => ['wrong', 'stuck', 'killed'].includes(kind);
    let [attacks, failures, attacked] = [0, 0, false];
    for (let row = 0; row < of.trace.length; row++) {
      const kind = of.trace.kind(row);
      attacked ||= kind === 'attacked';
      if (kind === 'probe') attacks++;
      if (failed(kind) && !attacked) failures++;
      assert.deepEqual(
        attacksAt(of.trace as never, row)
          .groups.slice(0, 2)
          .map(({ rows }) => rows.length),
        [attacks, failures],
        `at event ${row}`,
      );
    }
    assert.ok(attacks > 1 && failures > 0);
  });
});

describe('a Sentry that lets its application wait for ever', () => {
  const reasonOf = (sentry: () => Sentry, application: string): string => {
    for (let seed = 1; seed < 60; seed++) {
      const witness = violated(run(sentry, { application }, seed), 'goesOn');
      if (witness !== undefined) return witness.because;
    }
    return 'it goes on';
  };

  /** The scenario's own Sentry, but at some calls it forgets to finish those that wait. */
  const forgetsAt =
    (...names: readonly string[]) =>
    (): Sentry => {
      const usual = gvisorSentry();
      return {
        boot: usual.boot,
        syscall: (request, calls) =>
          usual.syscall(
            request,
            names.includes(request.call) ? { ...calls, finish: () => undefined } : calls,
          ),
      };
    };

  /** The scenario's own Sentry, but this signal takes no effect. */
  const neverDelivers = (signal: SignalName) => (): Sentry => {
    const usual = gvisorSentry();
    return {
      boot: usual.boot,
      syscall: (request, calls) =>
        usual.syscall(request, {
          ...calls,
          interrupt: (given) => (given.signal === signal ? undefined : calls.interrupt(given)),
        }),
    };
  };

  const cases: readonly (readonly [string, () => Sentry, string, RegExp])[] = [
    [
      'a pipe that has come to its end',
      forgetsAt('close', 'exit_group'),
      'pipes',
      /^Process 0 waits in read\(3\): nobody has the writing end open any more since process 1 closed it at event \d+: that is the end of the file, and the read has to be finished with nothing\.$/,
    ],
    [
      'data in a pipe',
      forgetsAt('write'),
      'pipes',
      /^Process 0 waits in read\(3\): 14 characters are in the pipe, written by process 1 at event \d+: finish the read with them\.$/,
    ],
    [
      'a child that has ended',
      forgetsAt('exit_group'),
      'locks',
      /^Process 0 waits in wait4\(\d\): process \d, its child, has ended at event \d+: finish the call with the child's number and exit status\.$/,
    ],
    [
      'a wake that wakes nobody',
      forgetsAt('futex'),
      'locks',
      /^Process \d waits in futex\(0x100[08], FUTEX_WAIT, [02]\): process \d woke 0x100[08] at event \d+, and the Sentry finished nobody's call there\.$/,
    ],
    [
      'a word that has changed already',
      sentryBut(({ call, args }, calls, usual) => {
        if (call !== 'futex' || !args.flags.includes('FUTEX_WAIT')) return usual();
        return calls.load({ address: args.address }) === args.number ? usual() : { waits: true };
      }),
      'locks',
      /^Process \d waits in futex\(.*\): the word at 0x100[08] was \d when the call came, and no longer the \d that the caller had seen\. Whoever changed it has woken already, or found nobody to wake: FUTEX_WAIT must look at the word, and fail with EAGAIN\.$/,
    ],
    [
      'a connection that nobody accepts',
      forgetsAt('connect'),
      'network',
      /^Process 0 waits in accept4\(3\): for somebody who connects\.$|^Process 1 waits in read\(4\): for what the other end of the connection may still send\.$/,
    ],
    [
      'a handler that never runs',
      neverDelivers('SIGUSR1'),
      'signals',
      /^Process 1 waits in read\(5\): process 0 sent it SIGUSR1 at event \d+, for which it has a handler: interrupt it, so that the handler runs\.$/,
    ],
    [
      'a process that SIGKILL does not end',
      neverDelivers('SIGKILL'),
      'signals',
      /^Process 1 waits in read\(5\): process 0 sent it SIGKILL at event \d+, which ends a process in whatever call it waits: interrupt it, with ends\.$/,
    ],
    [
      'a process that SIGTERM does not end, which has decided nothing about it',
      neverDelivers('SIGTERM'),
      'endings',
      /^Process 1 waits in read\(3\): process 0 sent it SIGTERM at event \d+, which ends a process in whatever call it waits: interrupt it, with ends\.$/,
    ],
    [
      'a call that has nothing to wait for',
      sentryBut(({ call }, _, usual) => (call === 'getpid' ? { waits: true } : usual())),
      'numbers',
      /^Process 0 waits in getpid\(\): getpid has nothing to wait for: answer it at once\.$/,
    ],
  ];
  for (const [what, sentry, application, expected] of cases) {
    it(`hears of ${what}`, () => {
      assert.match(reasonOf(sentry, application), expected);
    });
  }
});
