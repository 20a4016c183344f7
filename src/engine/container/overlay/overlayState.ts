import type { Trace } from '../../kernel/trace.ts';
import type { StateModel } from '../../kernel/view.ts';
import type { OverlayEvents } from './overlayEvents.ts';
import { ociOpaque, ociWhiteout } from './overlayFileSystem.ts';
import {
  childOf,
  entryAt,
  flatten,
  isOpaque,
  isWhiteout,
  layerChanges,
  newDirectory,
  plainAt,
  type LayerDirectory,
  type LayerEntry,
} from './overlayLayer.ts';

/** Every path with what each layer holds there, right after an event. */
export function layerStackAt(
  trace: Trace<OverlayEvents>,
  event: number,
  lowers: readonly LayerDirectory[],
): StateModel {
  const upper = newDirectory();
  for (let row = 0; row <= event; row++) {
    if (trace.kind(row) !== 'change') continue;
    const { call, path, value } = trace.textsOf(row) as { call: string; path: string; value: string };
    repeat(upper, call, path, value);
  }
  const layers = [upper, ...lowers];
  const seen = flatten(layers);
  const paths = [...new Set(layers.flatMap((layer) => pathsIn(layer, '/')))].toSorted();
  const sees = (path: string): string => {
    const entry = plainAt(seen, path);
    return entry === undefined ? 'nothing' : entry.kind === 'file' ? `file: ${entry.content}` : 'directory';
  };
  return {
    kind: 'state',
    groups: [
      {
        title: 'Where paths resolve, the topmost layer first',
        columns: [
          'path',
          'the container sees',
          'upper layer',
          ...lowers.map((_, index) => `lower layer ${index + 1}`),
          'upper layer as OCI archive',
        ],
        rows: paths.map((path) => [
          path,
          sees(path),
          ...layers.map((layer) => sayEntry(entryAt(layer, path))),
          asArchive(path, entryAt(upper, path)),
        ]),
        whenEmpty: 'All layers are empty.',
      },
    ],
  };
}

function repeat(upper: LayerDirectory, call: string, path: string, value: string): void {
  switch (call) {
    case 'write':
      layerChanges.write(upper, path, value);
      break;
    case 'mkdir':
      layerChanges.add(upper, path, newDirectory());
      break;
    case 'mknod': {
      const [major = 0, minor = 0] = value.split('/').map(Number);
      layerChanges.add(upper, path, { kind: 'device', major, minor });
      break;
    }
    case 'setxattr': {
      const [name = '', set = ''] = value.split('=');
      layerChanges.setxattr(upper, path, name, set);
      break;
    }
    case 'unlink':
      layerChanges.unlink(upper, path);
      break;
    default:
      layerChanges.rmdir(upper, path);
  }
}

const pathsIn = (layer: LayerDirectory, at: string): string[] =>
  [...layer.children].flatMap(([name, entry]) => {
    const path = childOf(at, name);
    return entry.kind === 'directory' ? [path, ...pathsIn(entry, path)] : [path];
  });

function sayEntry(entry: LayerEntry | undefined): string {
  if (entry === undefined) return '';
  if (isWhiteout(entry)) return 'whiteout (0/0 device)';
  switch (entry.kind) {
    case 'file':
      return `file: ${entry.content}`;
    case 'directory':
      return isOpaque(entry) ? 'directory, opaque' : 'directory';
    case 'device':
      return `device ${entry.major}/${entry.minor}`;
  }
}

function asArchive(path: string, entry: LayerEntry | undefined): string {
  if (entry === undefined) return '';
  if (isWhiteout(entry)) return ociWhiteout(path);
  return entry.kind === 'directory' && isOpaque(entry) ? `${path}/, ${ociOpaque(path)}` : path;
}
