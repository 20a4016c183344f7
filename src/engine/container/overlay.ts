import { choice, count, quantity } from '../kernel/parameters.ts';
import { randomStreams, type RandomStream, type RandomStreams } from '../kernel/random.ts';
import { defineScenario } from '../kernel/scenario.ts';
import { layerCalls, Recorder } from './overlay/layerCalls.ts';
import { overlayChecks } from './overlay/overlayChecks.ts';
import { Container } from './overlay/overlayContainer.ts';
import { overlayEvents } from './overlay/overlayEvents.ts';
import { overlayFileSystem } from './overlay/overlayFileSystem.ts';
import {
  entryAt,
  flatten,
  isOpaque,
  isWhiteout,
  nameOf,
  newDirectory,
  parentOf,
  pathsOf,
  plainAt,
  type LayerDirectory,
  type LayerEntry,
  type PlainDirectory,
} from './overlay/overlayLayer.ts';
import { overlayPolicies } from './overlay/overlayPolicy.ts';
import { layerStackAt } from './overlay/overlayState.ts';
import {
  exampleImage,
  imageFiles,
  randomLayer,
  somePaths,
  type OverlayOperation,
} from './overlay/overlayStory.ts';

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
