import { flag, float, int, nothing, oneOf, optional, record } from '../../kernel/codec.ts';
import { definePolicy } from '../../kernel/policy.ts';

export const failureReasons = ['timeout', 'error', 'rejected'] as const;

const nowMs = float('The time, in milliseconds since the run started.', { min: 0, max: 1e9 });
const attempt = int('Which attempt at this request it was, from 1.', { min: 1, max: 1000 });

/** What a client library decides for every call: whether to send, and whether and when to try again. */
export const ClientPolicy = definePolicy({
  id: 'client',
  typeName: 'ClientPolicy',
  doc: 'The part of a client library that decides whether to send a request, and whether and when to try it again.',
  decisions: {
    send: {
      doc:
        'Asked once for each new request. Return `false` to fail it at once, without sending anything: a circuit breaker that is ' +
        'open does that. Leave it out to send every request.',
      mayBeAbsent: true,
      input: record('A new request.', 'NewRequest', { nowMs }),
      output: flag('Whether the request is sent.'),
    },
    failed: {
      doc: 'An attempt failed. Return after how many milliseconds to try again, or `undefined` to give the request up.',
      input: record('A failed attempt.', 'FailedAttempt', {
        nowMs,
        attempt,
        reason: oneOf(
          'Why: `timeout` when no answer came in time (the server may still work on it), `error` when the server answered with an error, `rejected` when its queue was full.',
          failureReasons,
        ),
      }),
      output: optional(
        'The delay, or nothing to give up.',
        float('Milliseconds until the next attempt.', { min: 0, max: 1e6 }),
      ),
    },
    succeeded: {
      doc: 'An attempt was answered in time. Leave it out if you do not need it.',
      mayBeAbsent: true,
      input: record('An attempt that succeeded.', 'SucceededAttempt', {
        nowMs,
        attempt,
        latencyMs: float('From sending this attempt to its answer, in milliseconds.', { min: 0, max: 1e9 }),
      }),
      output: nothing,
    },
  },
  calls: {},
});
