import { viewers, tables, type IsolationEvents } from './isolationEvents.ts';
import { mountOptions, propagationText, visibleMounts } from '../linux/mountInfo.ts';
import { pathName } from '../linux/mounts.ts';
import type { Process } from '../linux/process.ts';
import type { Trace } from '../../kernel/trace.ts';
import type { StateGroup, StateModel } from '../../kernel/view.ts';

const columns: Readonly<Record<(typeof tables)[number], readonly string[]>> = {
  processes: ['number', 'program', 'user'],
  mounts: ['at', 'what', 'options'],
  network: ['interface', 'addresses', 'what'],
};

/** What a process can see of the system, as lines of cells with tabs between them. */
export function visibleLines(viewer: Process): Readonly<Record<(typeof tables)[number], readonly string[]>> {
  const { userNamespace } = viewer.credentials;
  const processes = [...viewer.pidNamespace.processes.values()].filter((process) => process.alive);
  return {
    processes: processes.map((process) =>
      [
        process.pidIn(viewer.pidNamespace)!,
        process.argv.join(' ') || process.name,
        userNamespace.seen('uid', process.credentials.uid.effective),
      ].join('\t'),
    ),
    mounts: visibleMounts(viewer).map((mount) =>
      [
        pathName({ mount, node: mount.root }, viewer.root),
        mount.fs.type,
        [mountOptions(mount), propagationText(mount).replaceAll(/:\d+/g, '')]
          .filter((text) => text !== '')
          .join(' '),
      ].join('\t'),
    ),
    network: [...viewer.namespaces.net.interfaces.values()].map((device) =>
      [
        device.name,
        device.addresses.map(({ ip, prefix }) => `${ip}/${prefix}`).join(' ') || 'none',
        `${device.kind}${device.bridge === undefined ? '' : ` on ${device.bridge.name}`}${device.up ? '' : ', down'}`,
      ].join('\t'),
    ),
  };
}

/** Records what changed in what the two viewers see. */
export class SystemWatcher {
  readonly #trace: Trace<IsolationEvents>;
  readonly #seen = new Map<string, readonly string[]>();

  constructor(trace: Trace<IsolationEvents>) {
    this.#trace = trace;
  }

  /** @param inside the container's process; undefined before there is one */
  look(outside: Process, inside: Process | undefined, atNs: number, cause: number): void {
    [inside, outside].forEach((process, viewer) => {
      const lines = process?.alive === true ? visibleLines(process) : undefined;
      tables.forEach((table, number) => {
        const key = `${viewer} ${table}`;
        const before = this.#seen.get(key) ?? [];
        const now = lines?.[table] ?? [];
        this.#seen.set(key, now);
        for (const line of before)
          if (!now.includes(line)) this.#record('hide', viewer, number, line, atNs, cause);
        for (const line of now)
          if (!before.includes(line)) this.#record('show', viewer, number, line, atNs, cause);
      });
    });
  }

  #record(
    kind: 'show' | 'hide',
    viewer: number,
    table: number,
    line: string,
    atNs: number,
    cause: number,
  ): void {
    const { codes } = this.#trace;
    this.#trace.append(codes[kind], atNs, cause, viewer, table, this.#trace.text(line));
  }
}

/** The two views side by side, as they stood after an event. */
export function systemStateAt(trace: Trace<IsolationEvents>, event: number): StateModel {
  const shown = new Map<string, string[]>();
  for (let row = 0; row <= event && row < trace.length; row++) {
    const kind = trace.kind(row);
    if (kind !== 'show' && kind !== 'hide') continue;
    const key = `${trace.field(row, 0)} ${trace.field(row, 1)}`;
    const line = trace.textOf(trace.field(row, 2));
    const lines = shown.get(key) ?? [];
    shown.set(key, kind === 'show' ? [...lines, line] : lines.filter((each) => each !== line));
  }
  const groups = tables.flatMap((table, number) =>
    viewers.map((viewer, index): StateGroup => ({
      title: `${table[0]!.toUpperCase()}${table.slice(1)}, seen from ${viewer}`,
      columns: columns[table],
      rows: (shown.get(`${index} ${number}`) ?? []).map((line) => line.split('\t')),
      whenEmpty: viewer === 'inside' ? 'There is no container yet.' : 'None.',
    })),
  );
  return { kind: 'state', groups };
}
