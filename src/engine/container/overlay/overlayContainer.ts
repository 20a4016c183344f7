import type { RunningPolicy } from '../../kernel/policy.ts';
import type { Recorder } from './layerCalls.ts';
import { sayFound, sayNames } from './overlayEvents.ts';
import {
  childOf,
  entryAt,
  flatten,
  isOpaque,
  isWhiteout,
  nameOf,
  parentOf,
  pathsOf,
  plainAt,
  type LayerDirectory,
  type PlainDirectory,
} from './overlayLayer.ts';
import type { OverlayPolicy } from './overlayPolicy.ts';
import type { OverlayOperation } from './overlayStory.ts';

type Running = RunningPolicy<typeof OverlayPolicy>;

/** A process in the container: does things, and compares what it sees with a plain tree on which the same was done. */
export class Container {
  readonly #running: Running;
  readonly #layers: readonly LayerDirectory[];
  readonly #expected: PlainDirectory;
  readonly #recorder: Recorder;
  /** Files of lower layers that were copied up. */
  readonly copied = new Set<string>();

  constructor(
    running: Running,
    layers: readonly LayerDirectory[],
    expected: PlainDirectory,
    recorder: Recorder,
  ) {
    this.#running = running;
    this.#layers = layers;
    this.#expected = expected;
    this.#recorder = recorder;
  }

  /** Looks paths up, and lists those that are directories. */
  look(paths: readonly string[]): void {
    const layers = this.#layers.length;
    for (const path of new Set(paths)) {
      this.#recorder.begin();
      const found = this.#running.lookup({ path, layers });
      this.#recorder.record('lookup', path, sayFound(found), sayFound(seenAt(this.#layers, path)));
      const entry = plainAt(this.#expected, path);
      if (entry?.kind !== 'directory') continue;
      const names = this.#running.list({ path, layers });
      this.#recorder.record('list', path, sayNames(names), sayNames([...entry.children.keys()]));
    }
  }

  /** False when the layers then stand for something else than they should; nothing sensible can follow. */
  perform(operation: OverlayOperation): boolean {
    const { path } = operation;
    const layers = this.#layers.length;
    const directory = plainAt(this.#expected, parentOf(path)) as PlainDirectory;
    const fromBelow = entryAt(this.#layers[0]!, path)?.kind !== 'file';
    this.#recorder.begin();
    this.#recorder.record('operation', operation.kind, path);
    switch (operation.kind) {
      case 'append': {
        if (fromBelow) this.copied.add(path);
        const entry = directory.children.get(nameOf(path));
        if (entry?.kind === 'file') entry.content += operation.added;
        this.#running.append({ path, added: operation.added, layers });
        break;
      }
      case 'create':
        directory.children.set(nameOf(path), { kind: 'file', content: operation.content });
        this.#running.create({ path, content: operation.content, layers });
        break;
      case 'remove':
        directory.children.delete(nameOf(path));
        this.#running.remove({ path, layers });
        break;
      case 'makeDirectory':
        directory.children.set(nameOf(path), { kind: 'directory', children: new Map() });
        this.#running.makeDirectory({ path, layers });
        break;
      case 'removeDirectory':
        directory.children.delete(nameOf(path));
        this.#running.removeDirectory({ path, layers });
        break;
    }
    const [at, expected, actual] = firstDifference(this.#expected, flatten(this.#layers)) ?? ['', '', ''];
    this.#recorder.record('result', at, expected, actual, needless(this.#layers));
    return at === '';
  }
}

/** The object that shows at a path, found by hiding layers from the bottom up until it changes; undefined for nothing. */
function seenAt(
  layers: readonly LayerDirectory[],
  path: string,
): { layer: number; type: 'file' | 'directory' } | undefined {
  const entry = plainAt(flatten(layers), path);
  if (entry === undefined) return undefined;
  // The topmost layer that holds something there: were it hidden, the path would not show.
  const layer = layers.findIndex((each) => {
    const held = entryAt(each, path);
    return held !== undefined && !isWhiteout(held);
  });
  return { layer, type: entry.kind };
}

function firstDifference(
  expected: PlainDirectory,
  actual: PlainDirectory,
): [path: string, expected: string, actual: string] | undefined {
  const say = (tree: Map<string, string | undefined>, path: string): string => {
    if (!tree.has(path)) return 'nothing';
    const content = tree.get(path);
    return content === undefined ? 'a directory' : `a file with “${content}”`;
  };
  const wanted = new Map(pathsOf(expected));
  const seen = new Map(pathsOf(actual));
  for (const path of [...new Set([...wanted.keys(), ...seen.keys()])].toSorted()) {
    const [a, b] = [say(wanted, path), say(seen, path)];
    if (a !== b) return [path, a, b];
  }
  return undefined;
}

/** A whiteout of the upper layer that hides nothing; the empty text when there is none. */
function needless(layers: readonly LayerDirectory[]): string {
  const below = flatten(layers.slice(1));
  const search = (layer: LayerDirectory, at: string, hidden: boolean): string => {
    for (const [name, entry] of layer.children) {
      const path = childOf(at, name);
      if (isWhiteout(entry) && (hidden || plainAt(below, path) === undefined)) return path;
      if (entry.kind !== 'directory') continue;
      const found = search(entry, path, hidden || isOpaque(entry));
      if (found !== '') return found;
    }
    return '';
  };
  return search(layers[0]!, '/', false);
}
