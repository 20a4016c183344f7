/** A pipe of the Sentry's, or one direction of a connection on its loopback. */
export interface Pipe {
  text: string;
  writers: number;
  readers: number;
  /** Processes that wait to read. */
  readonly waiting: number[];
}

/** What a descriptor of the application stands for. */
export type OpenFile =
  | { readonly kind: 'host'; readonly fd: number; users: number }
  | { readonly kind: 'text'; text: string }
  | { readonly kind: 'null'; readonly reads: boolean; readonly writes: boolean }
  | { readonly kind: 'pipe'; readonly pipe: Pipe; readonly writes: boolean }
  | Socket;

/** A socket of the Sentry's own network stack, which knows one address: the loopback of the sandbox. */
export interface Socket {
  readonly kind: 'socket';
  /** Descriptors that refer to it. */
  users: number;
  port: number;
  listener: Listener | undefined;
  /** Once connected: where it reads, and where it writes. */
  stream: { readonly reads: Pipe; readonly writes: Pipe } | undefined;
}

export interface Listener {
  /** Connections that nobody has accepted yet, by their other end. */
  readonly pending: Socket[];
  /** Processes that wait to accept one. */
  readonly waiting: number[];
}

export const newPipe = (): Pipe => ({ text: '', writers: 1, readers: 1, waiting: [] });

/** The descriptors of a child: what they refer to has one user more. fork(2) */
export function copyOf(files: ReadonlyMap<number, OpenFile>): Map<number, OpenFile> {
  for (const file of files.values()) {
    if (file.kind === 'host' || file.kind === 'socket') file.users++;
    if (file.kind === 'pipe' && file.writes) file.pipe.writers++;
    else if (file.kind === 'pipe') file.pipe.readers++;
  }
  return new Map(files);
}

/** A path without empty, `.` and `..` parts, from the root. */
export function normal(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}
