/**
 * What the process in a container does: the simulation runs no images, so every image stands for one of these. All
 * numbers are the simulation's own, named here and in the task that uses them.
 */
export interface Program {
  readonly doc: string;
  /** From its start until it answers. */
  readonly startsInSeconds: number;
  /** TCP ports that it listens on, whatever the manifest declares: `containerPort` only documents. */
  readonly listens: readonly number[];
  /** Ends by itself after this long, with this code; never when absent. */
  readonly exits?: { readonly afterSeconds: number; readonly code: number };
  /** From here on it runs, but answers nobody; never when absent. */
  readonly hangsAfterSeconds?: number;
  /** From the signal to end until it has ended; it answers nobody in between. */
  readonly endsInSeconds: number;
  /** A file that it appends to, by its path in the container. */
  readonly writes?: string;
  /** A file that it follows; without it the program ends with an error. */
  readonly reads?: string;
  /** A port on localhost without which it ends with an error. */
  readonly needsPort?: number;
}

const web = (doc: string, more: Partial<Program> = {}): Program => ({
  doc,
  startsInSeconds: 5,
  listens: [8080],
  endsInSeconds: 1,
  ...more,
});

/** The images that the course uses. The registry's name is reserved for examples (RFC 2606). */
export const programs: Readonly<Record<string, Program>> = {
  'registry.example/shop:1.0': web('A web server on port 8080; answers 5 s after its start.'),
  'registry.example/shop:1.1': web('The next version of the shop; answers 5 s after its start.'),
  'registry.example/shop:1.2-crashes': web('A bad version: ends with code 1 after 2 s.', {
    listens: [],
    exits: { afterSeconds: 2, code: 1 },
  }),
  'registry.example/shop:1.3-mute': web('A bad version: runs, but never listens.', { listens: [] }),
  'registry.example/shop:1.4-slow': web('A version that takes 60 s until it answers.', {
    startsInSeconds: 60,
  }),
  'registry.example/shop:1.5-hangs': web('A version that hangs 120 s after each start.', {
    hangsAfterSeconds: 120,
  }),
  'registry.example/web-log:1.0': web('A web server on port 8080 that appends to /var/log/web/access.log.', {
    writes: '/var/log/web/access.log',
  }),
  'registry.example/log-shipper:1.0': web(
    'Follows /logs/access.log and ships it; ends with an error while the file cannot exist.',
    { startsInSeconds: 3, listens: [], reads: '/logs/access.log' },
  ),
  'registry.example/db-proxy:1.0': web('Listens on localhost:5432 for the database; answers after 4 s.', {
    startsInSeconds: 4,
    listens: [5432],
  }),
  'registry.example/migrate:1.0': web(
    'Changes the database through localhost:5432 and ends after 6 s; with an error when nothing answers there.',
    { startsInSeconds: 1, listens: [], needsPort: 5432, exits: { afterSeconds: 6, code: 0 } },
  ),
  'registry.example/report:1.0': web('Reads the database through localhost:5432 for 20 s, then ends.', {
    startsInSeconds: 1,
    listens: [],
    needsPort: 5432,
    exits: { afterSeconds: 20, code: 0 },
  }),
};

/** An image that the course does not know: runs, and listens on the ports that its container declares. */
export const unknownProgram = (ports: readonly number[]): Program =>
  web('Not known to the simulation: runs, and listens on the declared ports after 5 s.', { listens: ports });
