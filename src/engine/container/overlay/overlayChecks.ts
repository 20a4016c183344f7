import type { Witness } from '../../kernel/scenario.ts';
import type { Trace } from '../../kernel/trace.ts';
import type { OverlayEvents } from './overlayEvents.ts';

interface OverlayRun {
  readonly trace: Trace<OverlayEvents>;
}

/** What a union file system owes a container. */
export const overlayChecks = {
  findsFiles: {
    title: 'A lookup finds the right layer',
    doc: 'Every lookup finds what is seen at the path, in the layer that it is seen from, or nothing.',
    args: {},
    violated: (run: OverlayRun) => wrongLookup(run.trace),
  },
  listsDirectories: {
    title: 'A directory lists what is seen in it',
    doc: 'Every listing has each name that is seen in the directory once, and no other.',
    args: {},
    violated: (run: OverlayRun) => wrongListing(run.trace),
  },
  keepsChanges: {
    title: 'The layers stand for what was done',
    doc: 'After every change the layers, read as the kernel’s overlayfs reads them, show exactly what a plain file system would.',
    args: {},
    violated: (run: OverlayRun) => wrongResult(run.trace),
  },
  nothingNeedless: {
    title: 'No whiteout hides nothing',
    doc: 'The upper layer never has a whiteout where no lower layer shows anything.',
    args: {},
    violated: (run: OverlayRun) => needlessWhiteout(run.trace),
  },
};

const rowsOf = (trace: Trace<OverlayEvents>, kind: keyof OverlayEvents): number[] =>
  Array.from({ length: trace.length }, (_, row) => row).filter((row) => trace.kind(row) === kind);

function wrongLookup(trace: Trace<OverlayEvents>): Witness | undefined {
  for (const row of rowsOf(trace, 'lookup')) {
    const { path, found, expected } = trace.textsOf(row);
    if (found === expected) continue;
    return {
      event: row,
      expected: `${path}: ${expected}`,
      actual: found!,
      because:
        expected === 'nothing'
          ? 'From the top down, a whiteout or an opaque directory on the way hides what lower layers have there; or none of them has it.'
          : 'The search goes from the top down. The first layer that has a file decides; directories of several layers are merged until a whiteout, a file or an opaque directory ends the search.',
    };
  }
  return undefined;
}

function wrongListing(trace: Trace<OverlayEvents>): Witness | undefined {
  for (const row of rowsOf(trace, 'list')) {
    const { path, names, expected } = trace.textsOf(row);
    if (names === expected) continue;
    const seen = names!.split(', ');
    const twice = new Set(seen).size < seen.length;
    return {
      event: row,
      expected: `in ${path}: ${expected}`,
      actual: names!,
      because: twice
        ? 'A name that several layers have is one name.'
        : 'The names of all merged directories together, without those that a whiteout in a higher layer hides, and without the whiteouts.',
    };
  }
  return undefined;
}

const whys: Readonly<Record<string, string>> = {
  append:
    'The whole file moves up with the change, into the same directory of the upper layer; what it held before is still in it.',
  create:
    'A new file belongs into the upper layer, under directories that exist there too, and in place of a whiteout of that name.',
  remove:
    'A lower layer cannot change, so its file is hidden by a whiteout in the upper one: a character device with numbers 0/0. A copy in the upper layer has to go as well.',
  makeDirectory:
    'A new directory is empty. Where a whiteout stood, a lower layer has something of that name: only an opaque directory keeps its content from showing through.',
  removeDirectory:
    'The directory itself goes as files do: away from the upper layer, with the whiteouts that were in it, and hidden by a whiteout where a lower layer has it.',
};

function wrongResult(trace: Trace<OverlayEvents>): Witness | undefined {
  for (const row of rowsOf(trace, 'result')) {
    const { path, expected, actual } = trace.textsOf(row);
    if (path === '') continue;
    let operation = row;
    while (trace.kind(operation) !== 'operation') operation--;
    const done = trace.textsOf(operation)['operation']!;
    return {
      event: row,
      expected: `at ${path} ${expected}`,
      actual: `${actual}, as the layers are after this: ${trace.say(operation)}`,
      because: whys[done]!,
    };
  }
  return undefined;
}

function needlessWhiteout(trace: Trace<OverlayEvents>): Witness | undefined {
  for (const row of rowsOf(trace, 'result')) {
    const { needless } = trace.textsOf(row);
    if (needless === '') continue;
    return {
      event: row,
      expected: `no whiteout at ${needless}`,
      actual: 'a whiteout that hides nothing',
      because:
        'No lower layer shows anything there. Whiteouts are stored and shipped with the image, so they stand only where something has to be hidden.',
    };
  }
  return undefined;
}
