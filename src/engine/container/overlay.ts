import { choice, count, quantity } from '../kernel/parameters.ts';
import type { CallHandlers, CallOutcome, RunningPolicy } from '../kernel/policy.ts';
import { randomStreams, type RandomStream, type RandomStreams } from '../kernel/random.ts';
import { defineScenario } from '../kernel/scenario.ts';
import { noCause, type Trace } from '../kernel/trace.ts';
import { overlayChecks } from './overlay/overlayChecks.ts';
import { overlayEvents, sayFound, sayNames, type OverlayEvents } from './overlay/overlayEvents.ts';
import { overlayFileSystem } from './overlay/overlayFileSystem.ts';
import {
  childOf,
  entryAt,
  flatten,
  isOpaque,
  isWhiteout,
  layerChanges,
  nameOf,
  newDirectory,
  parentOf,
  pathsOf,
  plainAt,
  type LayerDirectory,
  type LayerEntry,
  type PlainDirectory,
} from './overlay/overlayLayer.ts';
import { overlayPolicies, type OverlayPolicy } from './overlay/overlayPolicy.ts';
import { layerStackAt } from './overlay/overlayState.ts';
import {
  exampleImage,
  imageFiles,
  randomLayer,
  somePaths,
  type OverlayOperation,
} from './overlay/overlayStory.ts';

type Running = RunningPolicy<typeof OverlayPolicy>;

/** The lower layers of a run, topmost first. The same for the same parameters and seed. */
export function lowerLayers(
  params: { readonly story: string; readonly lowers: number },
  random: RandomStreams,
): LayerDirectory[] {
  if (params.story !== 'random') return exampleImage();
  const layers = random.stream('layers');
  return Array.from({ length: params.lowers }, (_, index) => randomLayer(layers, index === 0)).toReversed();
}

/** Image layers, a container's changes on them, and the union that it sees. */
export const overlay = defineScenario({
  id: 'container.overlay',
  title: 'Layers of an image, seen as one file system',
  doc: 'A container sees the layers of its image as one tree. They never change: all that it writes and deletes is kept in an upper layer of its own, in overlayfs’s representation.',
  params: {
    story: choice({
      label: 'Story',
      doc: 'What the container does.',
      values: {
        read: 'It only looks around in a small image.',
        edit: 'It appends twice to each of the first files of `/bin`.',
        delete: 'It deletes the first files of `/bin`.',
        replace: 'It deletes `/bin` with all that is in it, and makes a new one with a single file.',
        random: 'Random operations on random layers.',
      },
      default: 'edit',
    }),
    files: count({
      label: 'Files',
      doc: 'How many files are edited or deleted.',
      min: 1,
      max: imageFiles.length,
      default: 2,
      say: (files) => (files === 1 ? '1 file' : `${files} files`),
    }),
    fileKiB: quantity('KiB', {
      label: 'Size of a file',
      doc: 'Size of each file of the image.',
      min: 1,
      max: 1_000_000,
      step: 100,
      default: 400,
      say: (size) => `of ${size} KiB`,
    }),
    lowers: count({
      label: 'Lower layers',
      doc: 'Layers of the random image. The other stories have two.',
      min: 1,
      max: 5,
      default: 2,
      say: (lowers) => (lowers === 1 ? '1 lower layer' : `${lowers} lower layers`),
    }),
    operations: count({
      label: 'Operations',
      doc: 'How many the random story has.',
      min: 0,
      max: 60,
      default: 10,
      say: (operations) => `${operations} operations`,
    }),
  },
  metrics: {
    copiedUp: {
      label: 'Files copied up',
      doc: 'Files of the image that were copied into the upper layer to be changed.',
      better: 'lower',
    },
    upperKiB: {
      label: 'Upper layer',
      doc: 'Size of the upper layer: files that were copied up and are still there, at the size of an image file.',
      better: 'lower',
    },
    imageKiB: {
      label: 'Image',
      doc: 'Size of all lower layers together: what is stored and shipped.',
      better: 'lower',
    },
    seenKiB: {
      label: 'Seen',
      doc: 'Size of the files of the image that the container still sees.',
      better: 'neither',
    },
    whiteouts: { label: 'Whiteouts', doc: 'Whiteouts in the upper layer at the end.', better: 'lower' },
    opaqueDirectories: {
      label: 'Opaque directories',
      doc: 'Opaque directories in the upper layer at the end.',
      better: 'lower',
    },
    changes: { label: 'Changes', doc: 'Changes made to the upper layer.', better: 'lower' },
  },
  events: overlayEvents,
  policies: overlayPolicies,
  builtIn: { overlay: overlayFileSystem },
  checks: overlayChecks,
  views: {
    state: {
      doc: 'Every path: what the container sees, and what each layer holds there, after any event; with the name that an OCI image layer has for it.',
      model: (run, event) => layerStackAt(run.trace, event, lowerLayers(run.params, randomStreams(run.seed))),
    },
  },
  oracle:
    'The kernel’s own overlayfs: it makes the same changes, and it mounts the layers that the engine made, and must show the same tree (test/conformance/overlayKernel.test.ts, where the machine allows it); elsewhere changesets applied bottom up.',
  stepBudget: 100_000,
  run({ params, trace, random, start }) {
    const lowers = lowerLayers(params, random);
    const layers = [newDirectory(), ...lowers];
    const recorder = new Recorder(trace);
    const running = start({ overlay: layerCalls(layers, recorder) }).overlay;
    const expected = flatten(layers);
    const draw = (): RandomStream => random.stream('operations');
    const container = new Container(running, layers, expected, recorder);

    container.look(params.story === 'random' ? somePaths : interesting(expected));
    for (let number = 0; ; number++) {
      const operation = nextOperation(params, number, expected, draw);
      if (operation === undefined) break;
      if (!container.perform(operation)) break;
      const probes =
        params.story === 'random' ? Array.from({ length: 4 }, () => pick(somePaths, draw())) : [];
      container.look([operation.path, parentOf(operation.path), ...probes]);
    }
    const upper = layers[0]!;
    const copied = [...container.copied].filter((path) => entryAt(upper, path)?.kind === 'file');
    const entries = allEntries(upper);
    return {
      copiedUp: container.copied.size,
      upperKiB: copied.length * params.fileKiB,
      imageKiB: lowers.reduce((sum, layer) => sum + filesIn(layer), 0) * params.fileKiB,
      seenKiB:
        pathsOf(flatten(layers)).filter(([path]) =>
          lowers.some((layer) => entryAt(layer, path)?.kind === 'file'),
        ).length * params.fileKiB,
      whiteouts: entries.filter(isWhiteout).length,
      opaqueDirectories: entries.filter((entry) => entry.kind === 'directory' && isOpaque(entry)).length,
      changes: recorder.changes,
    };
  },
});

const pick = <T>(of: readonly T[], random: RandomStream): T => of[random.integer(0, of.length - 1)]!;

const allEntries = (layer: LayerDirectory): LayerEntry[] =>
  [...layer.children.values()].flatMap((entry) =>
    entry.kind === 'directory' ? [entry, ...allEntries(entry)] : [entry],
  );
const filesIn = (layer: LayerDirectory): number =>
  allEntries(layer).filter((entry) => entry.kind === 'file').length;

/** What is worth looking up in a tree: all that is there, and what the example image hides. */
const interesting = (tree: PlainDirectory): string[] => [
  '/',
  ...pathsOf(tree).map(([path]) => path),
  '/etc/motd',
  '/cache/a.idx',
  '/nowhere',
];

function nextOperation(
  params: { readonly story: string; readonly files: number; readonly operations: number },
  number: number,
  tree: PlainDirectory,
  random: () => RandomStream,
): OverlayOperation | undefined {
  const files = imageFiles.slice(0, params.files);
  switch (params.story) {
    case 'edit': {
      const path = files[number % files.length]!;
      return number < 2 * files.length ? { kind: 'append', path, added: '+' } : undefined;
    }
    case 'delete':
      return number < files.length ? { kind: 'remove', path: files[number]! } : undefined;
    case 'replace':
      return [
        ...imageFiles.map((path) => ({ kind: 'remove', path }) as const),
        { kind: 'removeDirectory', path: '/bin' } as const,
        { kind: 'makeDirectory', path: '/bin' } as const,
        { kind: 'create', path: '/bin/tool', content: 'tool' } as const,
      ][number];
    case 'random':
      return number < params.operations ? randomOperation(tree, random()) : undefined;
    default:
      return undefined;
  }
}

function randomOperation(tree: PlainDirectory, random: RandomStream): OverlayOperation | undefined {
  for (let tries = 0; tries < 100; tries++) {
    const path = pick(somePaths, random);
    const entry = plainAt(tree, path);
    const coin = random.integer(0, 2) === 0;
    if (entry?.kind === 'file')
      return coin ? { kind: 'append', path, added: String(random.integer(0, 9)) } : { kind: 'remove', path };
    if (entry?.kind === 'directory' && entry.children.size === 0) return { kind: 'removeDirectory', path };
    if (entry !== undefined || plainAt(tree, parentOf(path))?.kind !== 'directory') continue;
    return coin ? { kind: 'create', path, content: `${nameOf(path)}!` } : { kind: 'makeDirectory', path };
  }
  return undefined;
}

/** Appends to the trace; one event follows from the one before, within an operation. */
class Recorder {
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
function layerCalls(
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

/** A process in the container: does things, and compares what it sees with a plain tree on which the same was done. */
class Container {
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
