import { roundRobin } from '../../src/engine/scheduling/roundRobin.ts';
import type { TimelineModel } from '../../src/engine/kernel/view.ts';
import type { TaskReport } from '../../src/grading/report.ts';
import type {
  CritiquePagePart,
  ExerciseState,
  FigurePagePart,
  LessonPage,
  PredictionPagePart,
  QuestionPagePart,
  TaskPagePart,
} from '../../src/protocol/lessonPanel.ts';

/** A page with every kind of part, and its exercises in every kind of state. */

export const figurePart: FigurePagePart = {
  kind: 'figure',
  id: 'one-request',
  scenario: 'scheduling.round-robin',
  title: 'One request in the rotation',
  captionHtml:
    '<p>Each lane is one virtual machine. The request arrives at the <strong>worst instant</strong>, just as VM 1’s slice has ended.</p>',
  controls: ['vms', 'sliceMs', 'model'],
  set: { vms: 4, sliceMs: 30 },
  metrics: ['worstWaitMs', 'worstResponseMs'],
};

export const numberPart: QuestionPagePart = {
  kind: 'question',
  id: 'worst-wait',
  askHtml:
    '<p>4 VMs share one CPU in slices of 30 ms. A request for VM 1 arrives just as VM 1’s slice has ended. After how many milliseconds, at worst, does VM 1 <strong>run</strong>?</p>',
  input: { form: 'number', unit: 'ms' },
  hintCount: 2,
  points: 2,
};

export const onePart: QuestionPagePart = {
  kind: 'question',
  id: 'who-waits',
  askHtml: '<p>What makes the request wait?</p>',
  input: {
    form: 'choice',
    pick: 'one',
    optionsHtml: [
      '<p>The network.</p>\n',
      '<p>The slices of the <em>other</em> VMs.</p>\n',
      '<p>The disk.</p>\n',
    ],
  },
  hintCount: 0,
  points: 1,
};

export const severalPart: QuestionPagePart = {
  kind: 'question',
  id: 'gains-and-losses',
  askHtml: '<p>What does a smaller slice change, with 50 µs for each switch?</p>',
  input: {
    form: 'choice',
    pick: 'several',
    optionsHtml: [
      '<p>The wait shrinks in proportion to the slice.</p>',
      '<p>A larger share of the CPU goes to switching: <code>C/T</code>.</p>',
      '<p>Requests that need more than one slice wait several rounds.</p>',
      '<p>CPU-bound VMs get more done.</p>',
    ],
  },
  hintCount: 1,
  points: 2,
};

export const predictionPart: PredictionPagePart = {
  kind: 'prediction',
  id: 'longer-work',
  askHtml:
    '<p>4 VMs, slices of <strong>1 ms</strong>. The request needs <strong>5 ms</strong> of CPU time. After how many milliseconds has the response left? Commit a number before you see the run.</p>',
  unit: 'ms',
  scenario: 'scheduling.round-robin',
  params: { vms: 4, sliceMs: 1, serviceMs: 5 },
  axis: [0, 50],
  points: 1,
};

export const critiquePart: CritiquePagePart = {
  kind: 'critique',
  id: 'any-service',
  claimHtml:
    '<p>With 4 VMs and a slice of 1 ms, the worst response time is 4 ms, whatever the request needs.</p>',
  askHtml: '<p>What is wrong with your classmate’s statement?</p>',
  optionsHtml: [
    '<p>Nothing: n·T bounds the response time in every rotation.</p>',
    '<p>It holds only for requests that need at most one slice of CPU time.</p>',
    '<p>The response time is 3 ms, because VM 1’s own slice does not count.</p>',
  ],
  points: 1,
};

export const taskPart: TaskPagePart = {
  kind: 'task',
  id: 'round-robin',
  title: 'Write the scheduler',
  briefHtml:
    '<p>Write <code>pickNext</code>: of the vCPUs that are ready, the one that has waited longest runs next, for one slice.</p>',
  file: 'scheduler.ts',
  checks: [
    { id: 'rotates', title: 'Every VM has its turn, in the same order', points: 4 },
    { id: 'work-conserving', title: 'The CPU never idles while a VM is ready', points: 3 },
    { id: 'bounded-wait', title: 'Nobody waits longer than (n − 1)·T', points: 3 },
  ],
  hintCount: 3,
  points: 10,
};

export const examplePage: LessonPage = {
  language: 'en',
  id: 'round-robin-latency',
  title: 'Round robin and I/O latency',
  moduleTitle: 'I/O and scheduling',
  summary:
    'Compute how long an I/O request waits when virtual machines take turns on a CPU, and write the scheduler that makes them.',
  minutes: 35,
  parts: [
    {
      kind: 'prose',
      html:
        '<p>A virtual machine does not run because its request has arrived. It runs because a <strong>scheduler</strong> gave one of its virtual CPUs a physical one. While it waits for its turn, every request that arrives for it waits too.</p>' +
        '<h2 id="section-the-model">The model</h2><p>Numbers mean nothing without the model behind them. See also <a href="trapframe:boosting">boosting</a>, <a href="#section-the-cost">the cost</a> and <a href="https://www.kernel.org/">the kernel</a>.</p>' +
        '<ul><li>There are <em>n</em> virtual machines on <strong>one CPU</strong>, in strict rotation, one slice of <em>T</em> milliseconds each.</li><li>A request that arrives at the very instant at which VM 1’s slice ends has missed that slice.</li></ul>' +
        '<pre><code class="language-ts">export const scheduler: SchedulerPolicy = {\n  pickNext({ ready }) {\n    return ready[0];\n  },\n};\n</code></pre>',
    },
    figurePart,
    numberPart,
    onePart,
    {
      kind: 'prose',
      html: '<h2 id="section-the-cost">What a short slice costs</h2><p>Switching is not free.</p>',
    },
    severalPart,
    predictionPart,
    critiquePart,
    {
      kind: 'prose',
      html: '<h2>Write it</h2><table><thead><tr><th>Slice</th><th>Wait</th><th>Response</th></tr></thead><tbody><tr><td>30 ms</td><td>90 ms</td><td>120 ms</td></tr><tr><td>1 ms</td><td>3 ms</td><td>4 ms</td></tr></tbody></table>',
    },
    taskPart,
  ],
  next: { id: 'boosting', title: 'Boosting, and what it costs' },
};

/** A page of one part, for tests that are about it alone. */
export const pageWith = (...parts: LessonPage['parts']): LessonPage => ({ ...examplePage, parts });

export const unanswered: ExerciseState = { kind: 'unanswered', hintsHtml: [] };

export const numberWrong: ExerciseState = {
  kind: 'answered',
  hintsHtml: ['<p>Draw the rotation from the instant at which VM 1’s slice ends.</p>'],
  response: { form: 'number', text: '120' },
  right: false,
  points: 0,
  feedbackHtml: '<p>That counts VM 1’s own slice as waiting. When its turn comes, VM 1 runs at once.</p>',
  attempts: 1,
};

export const numberRight: ExerciseState = {
  kind: 'answered',
  hintsHtml: [],
  response: { form: 'number', text: '90' },
  right: true,
  points: 2,
  feedbackHtml: '<p>90 ms it is.</p>',
  explainHtml:
    '<p>Every other VM has one whole slice before VM 1 has its turn again: (4 − 1) × 30 ms = 90 ms.</p>',
  attempts: 2,
};

export const numberUnreadable: ExerciseState = {
  kind: 'unreadable',
  hintsHtml: [],
  response: { form: 'number', text: 'abc' },
  message: '“abc” is not a number. Type a number of milliseconds, such as 12 or 12.5.',
};

export const severalWrong: ExerciseState = {
  kind: 'answered',
  hintsHtml: [],
  response: { form: 'choice', chosen: [0, 3] },
  right: false,
  points: 0,
  feedbackHtml: '<p>One of your choices holds, one does not, and something is missing.</p>',
  optionFeedback: [
    { option: 0, right: true, html: '<p>Yes: the wait is (n − 1)·T.</p>' },
    { option: 3, right: false, html: '<p>They lose: each switch costs them time.</p>' },
  ],
  attempts: 1,
};

export const oneRight: ExerciseState = {
  kind: 'answered',
  hintsHtml: [],
  response: { form: 'choice', chosen: [1] },
  right: true,
  points: 1,
  feedbackHtml: '<p>They all run before VM 1 does.</p>',
  optionFeedback: [{ option: 1, right: true, html: '<p>Every one of them has a whole slice.</p>' }],
  attempts: 1,
};

export const predictionCommitted: ExerciseState = {
  kind: 'answered',
  hintsHtml: [],
  response: { form: 'prediction', text: '14', confidence: 70 },
  right: false,
  points: 1,
  feedbackHtml: '<p>Your prediction was 6 ms too short.</p>',
  explainHtml:
    '<p>5 ms of work need five slices of 1 ms, and before each of them three others run: 5 + 5 × 3 = 20 ms.</p>',
  attempts: 1,
  actual: 20,
};

const taskState = {
  kind: 'task',
  hintsHtml: [],
  opened: true,
  checking: false,
  sayHtml: {},
  pictures: {},
  pinned: [],
} as const;
export const taskUnopened: ExerciseState = { ...taskState, opened: false };
export const taskOpened: ExerciseState = taskState;
export const taskChecking: ExerciseState = { ...taskState, checking: true };

const provenance = { lessonHash: 'a', engineVersion: '1', seed: 7, submissionHash: 'b' };

const failedReport: TaskReport = {
  task: 'round-robin',
  verdict: 'failed',
  points: 3,
  maxPoints: 10,
  checks: [
    {
      id: 'rotates',
      title: 'Every VM has its turn, in the same order',
      verdict: 'failed',
      points: 0,
      maxPoints: 4,
      casesRun: 12,
      failure: {
        case: {
          scenario: 'scheduling.round-robin',
          params: { vms: 3, sliceMs: 10 },
          seed: 7,
          words: '3 VMs, 10 ms slices',
        },
        say: 'never moves on',
        expected: 'VM 3 runs at 50 ms: it has waited longest.',
        actual: 'VM 1 runs again at 50 ms.',
        because: 'In strict rotation a VM that has used its slice goes to the tail of the queue.',
        atNs: 50_000_000,
        decision: {
          policy: 'scheduler',
          decision: 'pickNext',
          ordinal: 1,
          line: 14,
          input:
            '{ ready: [{ id: 2, waitedNs: 10_000_000 }, { id: 3, waitedNs: 10_000_000 }, { id: 1, waitedNs: 0 }] }',
          output: '{ vcpu: 1, runForNs: 10_000_000 }',
        },
        actualText: ['0 ms to 10 ms: VM 1, running'],
        expectedText: ['0 ms to 10 ms: VM 1, running'],
      },
    },
    {
      id: 'work-conserving',
      title: 'The CPU never idles while a VM is ready',
      verdict: 'passed',
      points: 3,
      maxPoints: 3,
      casesRun: 100,
    },
    {
      id: 'bounded-wait',
      title: 'Nobody waits longer',
      verdict: 'not reached',
      points: 0,
      maxPoints: 3,
      casesRun: 0,
    },
  ],
  output: ['picked 1', 'picked 1'],
  provenance,
};

/** The timeline of a run of `scheduling.round-robin`. */
export function scheduleOf(params: Readonly<Record<string, number | string>>): TimelineModel {
  const outcome = roundRobin.execute({ params });
  if (!outcome.ok) throw new Error(outcome.problems.map((problem) => problem.message).join(' '));
  return roundRobin.views.timeline!.model(outcome.run);
}

/** The failed run in its place: VM 1 alone. */
function stuckSchedule(expected: TimelineModel): TimelineModel {
  const rows = [0, 1, 2];
  return {
    ...expected,
    marks: [],
    measures: [],
    spans: {
      lane: Int32Array.from(rows),
      style: Uint8Array.from([1, 2, 2]),
      startNs: Float64Array.from([expected.fromNs, expected.fromNs, expected.fromNs]),
      endNs: Float64Array.from([expected.toNs, expected.toNs, expected.toNs]),
      event: Int32Array.from(rows),
    },
  };
}

export function taskFailed(): ExerciseState {
  const expected = scheduleOf({ vms: 3, sliceMs: 10 });
  return {
    ...taskState,
    hintsHtml: ['<p>The vCPUs come in the order in which they became ready.</p>'],
    report: failedReport,
    sayHtml: {
      rotates:
        '<p>Your scheduler never moves on: it always picks <strong>VM 1</strong>. Look at who stands first.</p>',
    },
    pictures: {
      rotates: { expected, actual: stuckSchedule(expected), decidingNs: 50_000_000 },
    },
  };
}

export const taskPassed: ExerciseState = {
  ...taskState,
  report: {
    ...failedReport,
    verdict: 'passed',
    points: 10,
    checks: failedReport.checks.map(({ id, title, maxPoints }) => ({
      id,
      title,
      verdict: 'passed',
      points: maxPoints,
      maxPoints,
      casesRun: 100,
    })),
    output: [],
  },
};

export const taskUngradable: ExerciseState = {
  ...taskState,
  report: {
    ...failedReport,
    verdict: 'ungradable',
    points: 0,
    checks: failedReport.checks.map(({ id, title, maxPoints }) => ({
      id,
      title,
      verdict: 'ungradable',
      points: 0,
      maxPoints,
      casesRun: 0,
    })),
    fault: { kind: 'syntax', message: 'The file has a syntax error: “)” was expected.', line: 9, column: 12 },
    output: [],
  },
};

export const untouchedStates: Readonly<Record<string, ExerciseState>> = {};

/** Everything answered, some of it wrong. */
export const answeredStates = (): Readonly<Record<string, ExerciseState>> => ({
  [numberPart.id]: numberWrong,
  [onePart.id]: oneRight,
  [severalPart.id]: severalWrong,
  [predictionPart.id]: predictionCommitted,
  [critiquePart.id]: { ...oneRight, response: { form: 'choice', chosen: [1] } },
  [taskPart.id]: taskFailed(),
});
