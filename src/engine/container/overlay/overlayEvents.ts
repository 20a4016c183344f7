import { defineEvents } from '../../kernel/trace.ts';

/** A lookup's answer in words. */
export const sayFound = (found: { readonly layer: number; readonly type: string } | undefined): string =>
  found === undefined ? 'nothing' : `a ${found.type} of ${layerName(found.layer)}`;

export const layerName = (layer: number): string =>
  layer === 0 ? 'the upper layer' : `lower layer ${layer}`;

/** Names in one order, each as often as it was given. */
export const sayNames = (names: readonly string[]): string =>
  names.length === 0 ? 'no names' : names.toSorted().join(', ');

const operationWords: Readonly<Record<string, string>> = {
  append: 'appends to',
  create: 'creates',
  remove: 'deletes',
  makeDirectory: 'makes the directory',
  removeDirectory: 'removes the directory',
};

/** What happens between a container and the layers below it. */
export const overlayEvents = defineEvents({
  operation: {
    doc: 'The container changes something.',
    fields: ['operation', 'path'],
    texts: ['operation', 'path'],
    say: (_, { operation, path }) => `the container ${operationWords[operation!]} ${path}`,
  },
  change: {
    doc: 'A change to the upper layer.',
    fields: ['call', 'path', 'value'],
    texts: ['call', 'path', 'value'],
    say: (_, { call, path, value }) => `upper layer: ${call} ${path}${value === '' ? '' : ` ${value}`}`,
  },
  refused: {
    doc: 'A change to the upper layer that its file system refused.',
    fields: ['call', 'path', 'errno'],
    texts: ['call', 'path', 'errno'],
    say: (_, { call, path, errno }) => `upper layer: ${call} ${path} fails with ${errno}`,
  },
  result: {
    doc: 'After a change: the first path at which the layers stand for something else than they should, and the first whiteout that hides nothing; empty for none.',
    fields: ['path', 'expected', 'actual', 'needless'],
    texts: ['path', 'expected', 'actual', 'needless'],
    decides: true,
    say: (_, { path, expected, actual }) =>
      path === ''
        ? 'the layers stand for what the container did'
        : `at ${path} the layers show ${actual} in place of ${expected}`,
  },
  lookup: {
    doc: 'The container looks a path up.',
    fields: ['path', 'found', 'expected'],
    texts: ['path', 'found', 'expected'],
    decides: true,
    say: (_, { path, found }) => `lookup of ${path} finds ${found}`,
  },
  list: {
    doc: 'The container lists a directory.',
    fields: ['path', 'names', 'expected'],
    texts: ['path', 'names', 'expected'],
    decides: true,
    say: (_, { path, names }) => `${path} lists ${names}`,
  },
});

export type OverlayEvents = typeof overlayEvents;
