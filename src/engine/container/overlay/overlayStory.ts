import type { RandomStream } from '../../kernel/random.ts';
import { childOf, newDirectory, opaqueXattr, type LayerDirectory, type LayerEntry } from './overlayLayer.ts';

/** Something that a process in the container does. */
export type OverlayOperation =
  | { readonly kind: 'append'; readonly path: string; readonly added: string }
  | { readonly kind: 'create'; readonly path: string; readonly content: string }
  | { readonly kind: 'remove' | 'makeDirectory' | 'removeDirectory'; readonly path: string };

const file = (content: string): LayerEntry => ({ kind: 'file', content });
const whiteout: LayerEntry = { kind: 'device', major: 0, minor: 0 };

function directory(children: Readonly<Record<string, LayerEntry>>, opaque = false): LayerDirectory {
  const made = newDirectory();
  for (const [name, entry] of Object.entries(children)) made.children.set(name, entry);
  if (opaque) made.xattrs.set(opaqueXattr, 'y');
  return made;
}

/** A small image: a base, and a layer of an application on it that removed and replaced things. Topmost first. */
export function exampleImage(): LayerDirectory[] {
  return [
    directory({
      app: directory({ 'server.js': file('serve'), 'config.json': file('{}') }),
      etc: directory({ motd: whiteout }),
      cache: directory({ 'new.idx': file('new') }, true),
    }),
    directory({
      etc: directory({ hosts: file('localhost'), motd: file('welcome'), passwd: file('root') }),
      cache: directory({ 'a.idx': file('a'), 'b.idx': file('b') }),
      bin: directory({
        sh: file('shell'),
        ls: file('list'),
        cat: file('cat'),
        cp: file('cp'),
        mv: file('mv'),
        rm: file('rm'),
      }),
    }),
  ];
}

export const imageFiles = ['/bin/sh', '/bin/ls', '/bin/cat', '/bin/cp', '/bin/mv', '/bin/rm'] as const;

/** A random lower layer over few names, so that layers meet. */
export function randomLayer(random: RandomStream, lowest: boolean, depth = 0): LayerDirectory {
  const made = newDirectory();
  if (depth > 0 && !lowest && random.integer(0, 3) === 0) made.xattrs.set(opaqueXattr, 'y');
  for (const name of ['a', 'b', 'c']) {
    const draw = random.integer(0, lowest ? 5 : 8);
    if (draw <= 2 && depth < 2) made.children.set(name, randomLayer(random, lowest, depth + 1));
    else if (draw === 3 || draw === 4) made.children.set(name, file(`${name}${random.integer(0, 99)}`));
    else if (draw >= 7) made.children.set(name, whiteout);
  }
  return made;
}

export const someNames = ['a', 'b', 'c'] as const;

/** Every path of up to three of those names. */
export const somePaths: readonly string[] = (() => {
  const one = someNames.map((name) => childOf('/', name));
  const two = one.flatMap((path) => someNames.map((name) => childOf(path, name)));
  return [...one, ...two, ...two.flatMap((path) => someNames.map((name) => childOf(path, name)))];
})();
