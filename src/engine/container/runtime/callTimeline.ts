import type { Trace } from '../../kernel/trace.ts';
import { SpanBuilder, type TimelineMark, type TimelineModel } from '../../kernel/view.ts';
import type { IsolationEvents } from './isolationEvents.ts';

/** How long a call takes on the timeline. Calls have an order here, and no duration. */
export const callNs = 1000;

/** One lane per process that made calls: each call as a span, and what was found at the end. */
export function callTimeline(trace: Trace<IsolationEvents>): TimelineModel {
  const lanes = new Map<number, number>();
  const latest = new Map<number, number>();
  for (let row = 0; row < trace.length; row++)
    if (trace.kind(row) === 'call') latest.set(trace.field(row, 0), row);
  const spans = new SpanBuilder();
  const marks: TimelineMark[] = [];
  for (let row = 0; row < trace.length; row++) {
    const atNs = trace.timeNs(row);
    const kind = trace.kind(row);
    if (kind === 'call') {
      const pid = trace.field(row, 0);
      if (!lanes.has(pid)) lanes.set(pid, lanes.size);
      const { call, result } = trace.textsOf(row);
      const failed = /^E[A-Z]+$/.test(result!);
      // Code that does not catch an error ends with it.
      const style = !failed ? styleOf(call!) : latest.get(pid) === row ? 1 : 5;
      spans.add(lanes.get(pid)!, style, atNs, atNs + callNs, row);
    }
    if (kind === 'probe' && trace.field(row, 1) === 1) {
      marks.push({ atNs, label: `a probe succeeds: ${trace.textsOf(row)['attempt']}`, tone: 'arrival' });
    }
  }
  return {
    kind: 'timeline',
    title: 'System calls in their order',
    fromNs: 0,
    toNs: trace.length === 0 ? callNs : trace.timeNs(trace.length - 1) + callNs,
    lanes: [...lanes.keys()].map((pid, index) => ({
      label: index === 0 ? `runtime (${pid})` : `container (${pid})`,
    })),
    styles: [
      { label: 'other call', tone: 'busy', letter: '' },
      { label: 'failed, and nothing came after it', tone: 'failed', letter: '!' },
      { label: 'namespaces', tone: 'focus', letter: 'n' },
      { label: 'mounts and root', tone: 'io', letter: 'm' },
      { label: 'privileges', tone: 'waiting', letter: 'p' },
      { label: 'failed, and the runtime went on', tone: 'idle', letter: '' },
    ],
    spans: spans.build(),
    marks,
    measures: [],
  };
}

function styleOf(call: string): number {
  if (['clone', 'unshare', 'setns'].includes(call)) return 2;
  if (['mount', 'umount', 'pivotRoot', 'chroot', 'chdir', 'mkdir', 'mknod', 'symlink'].includes(call))
    return 3;
  const privileges = [
    'setuid',
    'setgid',
    'setgroups',
    'capset',
    'dropBounding',
    'raiseAmbient',
    'keepCapabilities',
    'setNoNewPrivileges',
    'closeRange',
  ];
  return privileges.includes(call) ? 4 : 0;
}
