import type { JSX } from 'preact';
import type { ExerciseState, PicturePair, PinnedShown, TaskPagePart } from '../../protocol/lessonPanel.ts';
import { Html, OwnText } from '../page/html.tsx';
import { Icon, type IconName } from '../page/icons.tsx';
import { useLesson } from '../page/lessonContext.ts';
import { Said, SaidIn } from '../page/said.tsx';
import { sayTime } from '../timeline/axis.ts';
import { Heading } from './exerciseCard.tsx';
import { RunsCompared } from './runsCompared.tsx';
import { said, t } from '../page/messages.ts';

type TaskState = Extract<ExerciseState, { readonly kind: 'task' }>;
type TaskReport = NonNullable<TaskState['report']>;
type CheckReport = TaskReport['checks'][number];
type CheckFailure = NonNullable<CheckReport['failure']>;

interface VerdictLook {
  readonly icon: IconName;
  readonly word: string;
  readonly tone: string;
}

function lookOf(verdict: TaskReport['verdict']): VerdictLook {
  switch (verdict) {
    case 'passed':
      return { icon: 'right', word: t('Passed'), tone: 'right' };
    case 'failed':
      return { icon: 'wrong', word: t('Failed'), tone: 'wrong' };
    case 'not reached':
      return { icon: 'notReached', word: t('Not reached'), tone: 'unreadable' };
    case 'ungradable':
      return { icon: 'ungradable', word: t('Could not be checked'), tone: 'unreadable' };
  }
}

/** The verdict in one line, for the live region. */
export function TaskVerdict({
  report,
  checking,
}: {
  readonly report: TaskReport | undefined;
  readonly checking: boolean;
}): JSX.Element {
  if (checking) return <p class="verdict unreadable">{t('Checking…')}</p>;
  if (report === undefined) return <p class="verdict unreadable">{t('Not checked yet.')}</p>;
  const { icon, word, tone } = lookOf(report.verdict);
  return (
    <>
      <p class={`verdict ${tone}`}>
        <Icon name={icon} />{' '}
        <span>
          <strong>{report.verdict === 'passed' ? t('All checks pass') : word}</strong>:{' '}
          {t('{0} of {1} points', report.points, report.maxPoints)}
        </span>
      </p>
      {report.fault !== undefined && (
        <p class="fault">
          <Said text={report.fault.message} />
          {report.fault.line !== undefined && ` (${t('line {0}', report.fault.line)})`}
        </p>
      )}
    </>
  );
}

interface CheckListProps {
  readonly part: TaskPagePart;
  readonly level: number;
  readonly task: TaskState;
}

/** The checks in the author's order, each with its verdict, and what failed. */
export function CheckList({ part, level, task }: CheckListProps): JSX.Element {
  const reports = new Map(task.report?.checks.map((check) => [check.id, check]));
  return (
    <>
      <ul class={task.checking ? 'checks stale' : 'checks'}>
        {part.checks.map((check) => {
          const report = reports.get(check.id);
          return (
            <li key={check.id}>
              <CheckLine title={check.title} points={check.points} report={report} />
              <PinnedCases taskId={part.id} pinned={task.pinned.filter((pin) => pin.checkId === check.id)} />
              {report?.failure !== undefined && (
                <Failure
                  taskId={part.id}
                  pinned={task.pinned}
                  redraw={task.undrawn === true && !task.checking}
                  check={report}
                  failure={report.failure}
                  level={level}
                  sayHtml={task.sayHtml[check.id]}
                  pictures={task.pictures[check.id]}
                />
              )}
            </li>
          );
        })}
      </ul>
      {task.report !== undefined && task.report.output.length > 0 && (
        <details class="output">
          <summary>{t('What your code printed ({0} lines)', task.report.output.length)}</summary>
          <pre tabIndex={0}>{task.report.output.join('\n')}</pre>
        </details>
      )}
    </>
  );
}

function CheckLine({
  title,
  points,
  report,
}: {
  readonly title: string;
  readonly points: number;
  readonly report: CheckReport | undefined;
}): JSX.Element {
  const shown = report === undefined ? undefined : lookOf(report.verdict);
  return (
    <div class={`check-line ${shown?.tone ?? ''}`}>
      {shown === undefined ? <span class="dot" aria-hidden="true" /> : <Icon name={shown.icon} />}
      <span class="check-title">
        {shown !== undefined && <strong>{shown.word}: </strong>}
        <OwnText text={title} />
      </span>
      <span class="check-points">
        {report !== undefined
          ? t('{0} of {1} points', report.points, report.maxPoints)
          : points === 1
            ? t('1 point')
            : t('{0} points', points)}
      </span>
    </div>
  );
}

/** Cases that the learner keeps: they run before all others whenever the task is checked. */
function PinnedCases({
  taskId,
  pinned,
}: {
  readonly taskId: string;
  readonly pinned: readonly PinnedShown[];
}): JSX.Element | null {
  const { send } = useLesson();
  if (pinned.length === 0) return null;
  return (
    <ul class="pinned" aria-label={t('Cases that you keep')}>
      {pinned.map(({ key, words, verdict }) => (
        <li key={key}>
          <Icon name="pin" />
          <span class="check-title">
            <Said text={words} />
            <span class="unit">
              :{' '}
              {verdict === undefined
                ? t('runs first from the next check on')
                : lookOf(verdict).word.toLowerCase()}
            </span>
          </span>
          <button
            type="button"
            class="quiet"
            aria-label={t('Keep no more: {0}', said(words))}
            onClick={() => send({ type: 'unpinCase', id: taskId, key })}
          >
            {t('Keep no more')}
          </button>
        </li>
      ))}
    </ul>
  );
}

interface FailureProps {
  readonly taskId: string;
  readonly check: CheckReport;
  readonly failure: CheckFailure;
  readonly level: number;
  readonly sayHtml: string | undefined;
  readonly pictures: PicturePair | undefined;
  readonly pinned: readonly PinnedShown[];
  /** The runs were compared in an earlier window; checking again draws them. */
  readonly redraw: boolean;
}

/** The smallest failing case: in words, what was expected and seen, both runs, and the way to the line that decided. */
function Failure({
  taskId,
  check,
  failure,
  level,
  sayHtml,
  pictures,
  pinned,
  redraw,
}: FailureProps): JSX.Element {
  const { send } = useLesson();
  const { decision } = failure;
  const line = decision?.line ?? failure.fault?.line;
  return (
    <div class="failure">
      <Heading level={level}>
        <SaidIn
          text={failure.case.words}
          sentence={(words) => t('The smallest case that fails: {0}', words)}
        />
      </Heading>
      {sayHtml !== undefined && <Html html={sayHtml} class="say" />}
      <dl class="expected-actual">
        <dt>{t('Expected')}</dt>
        <dd>
          <Said text={failure.expected} />
        </dd>
        <dt>{t('Your run')}</dt>
        <dd>
          <Said text={failure.actual} />
        </dd>
        <dt>{t('Why')}</dt>
        <dd>
          <Said text={failure.because} />
        </dd>
        {failure.fault !== undefined && (
          <>
            <dt>{t('Error')}</dt>
            <dd>
              <Said text={failure.fault.message} />
            </dd>
          </>
        )}
      </dl>
      {decision !== undefined && (
        <div class="decision">
          <p>
            {t('Decided at {0}, by call {1} of your code:', sayTime(failure.atNs), decision.ordinal + 1)}{' '}
            <code>
              {decision.policy}.{decision.decision}
            </code>
          </p>
          <dl class="decision-values">
            <dt>{t('Given')}</dt>
            <dd>
              <code>{decision.input}</code>
            </dd>
            {decision.output !== undefined && (
              <>
                <dt>{t('Returned')}</dt>
                <dd>
                  <code>{decision.output}</code>
                </dd>
              </>
            )}
          </dl>
        </div>
      )}
      <div class="answer-row">
        {line !== undefined && (
          <button type="button" onClick={() => send({ type: 'goToDecision', id: taskId, checkId: check.id })}>
            <Icon name="go" />{' '}
            {decision === undefined
              ? t('Go to the line of the error (line {0})', line)
              : t('Go to the line that decided (line {0})', line)}
          </button>
        )}
        <button type="button" onClick={() => send({ type: 'stepThrough', id: taskId, checkId: check.id })}>
          <Icon name="stepThrough" /> {t('Step through this case')}
        </button>
        {!pinned.some((pin) => pin.checkId === check.id && pin.words === failure.case.words) && (
          <button type="button" onClick={() => send({ type: 'pinCase', id: taskId, checkId: check.id })}>
            <Icon name="pin" /> {t('Keep this case')}
          </button>
        )}
        {pictures === undefined && redraw && (
          <button type="button" onClick={() => send({ type: 'checkTask', id: taskId })}>
            <Icon name="reset" /> {t('Check again to draw the runs')}
          </button>
        )}
      </div>
      {pictures !== undefined && (
        <RunsCompared
          pair={pictures}
          expected={failure.case.ties === undefined ? t('Expected') : t('Your run in the usual order')}
        />
      )}
    </div>
  );
}
