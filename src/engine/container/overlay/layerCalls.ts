import type { CallHandlers, CallOutcome } from '../../kernel/policy.ts';
import { noCause, type Trace } from '../../kernel/trace.ts';
import type { OverlayEvents } from './overlayEvents.ts';
import { entryAt, layerChanges, newDirectory, type LayerDirectory } from './overlayLayer.ts';
import type { OverlayPolicy } from './overlayPolicy.ts';

/** Appends to the trace; one event follows from the one before, within an operation. */
export class Recorder {
  readonly #trace: Trace<OverlayEvents>;
  #timeNs = 0;
  #cause = noCause;
  changes = 0;

  constructor(trace: Trace<OverlayEvents>) {
    this.#trace = trace;
  }

  begin(): void {
    this.#cause = noCause;
  }

  record(kind: keyof OverlayEvents, ...texts: string[]): void {
    this.#timeNs += 1000;
    if (kind === 'change') this.changes++;
    const fields = texts.map((each) => this.#trace.text(each));
    this.#cause = this.#trace.append(this.#trace.codes[kind], this.#timeNs, this.#cause, ...fields);
  }
}

/** The layers as the policy may read and change them. */
export function layerCalls(
  layers: readonly LayerDirectory[],
  recorder: Recorder,
): CallHandlers<typeof OverlayPolicy> {
  const upper = layers[0]!;
  const change = (
    call: string,
    path: string,
    value: string,
    outcome: { readonly ok: true } | { readonly ok: false; readonly errno: string },
  ): CallOutcome<void> => {
    if (!outcome.ok) {
      recorder.record('refused', call, path, outcome.errno);
      return outcome;
    }
    recorder.record('change', call, path, value);
    return { ok: true, value: undefined };
  };
  const at = (layer: number, path: string) => {
    const root = layers[layer];
    return root === undefined ? undefined : entryAt(root, path);
  };
  return {
    stat({ layer, path }) {
      const entry = at(layer, path);
      if (entry === undefined) return { ok: true, value: undefined };
      const { major, minor } = entry.kind === 'device' ? entry : { major: 0, minor: 0 };
      return { ok: true, value: { type: entry.kind, major, minor } };
    },
    getxattr({ layer, path, name }) {
      const entry = at(layer, path);
      return { ok: true, value: entry?.kind === 'directory' ? entry.xattrs.get(name) : undefined };
    },
    readdir({ layer, path }) {
      const entry = at(layer, path);
      if (entry?.kind !== 'directory')
        return { ok: false, errno: entry === undefined ? 'ENOENT' : 'ENOTDIR' };
      return { ok: true, value: [...entry.children.keys()].toSorted() };
    },
    read({ layer, path }) {
      const entry = at(layer, path);
      if (entry === undefined) return { ok: false, errno: 'ENOENT' };
      if (entry.kind === 'file') return { ok: true, value: entry.content };
      return { ok: false, errno: entry.kind === 'directory' ? 'EISDIR' : 'ENXIO' };
    },
    write: ({ path, content }) => change('write', path, content, layerChanges.write(upper, path, content)),
    mkdir: ({ path }) => change('mkdir', path, '', layerChanges.add(upper, path, newDirectory())),
    mknod: ({ path, major, minor }) =>
      change(
        'mknod',
        path,
        `${major}/${minor}`,
        layerChanges.add(upper, path, { kind: 'device', major, minor }),
      ),
    setxattr: ({ path, name, value }) =>
      change('setxattr', path, `${name}=${value}`, layerChanges.setxattr(upper, path, name, value)),
    unlink: ({ path }) => change('unlink', path, '', layerChanges.unlink(upper, path)),
    rmdir: ({ path }) => change('rmdir', path, '', layerChanges.rmdir(upper, path)),
  };
}
