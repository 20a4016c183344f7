/** A folder of submitted files: on disk or inside an archive. Nothing is ever written into one, and no link is followed. */
export interface FolderTree {
  /** What lies directly in it, sorted by name. Rejects when it cannot be read. */
  entries(): Promise<readonly TreeEntry[]>;
}

export type TreeEntry =
  | { readonly kind: 'folder'; readonly name: string; readonly tree: FolderTree }
  | { readonly kind: 'file'; readonly name: string; readonly file: SubmittedFile }
  /** A symbolic link, a device, or a name that leads out of the folder. */
  | { readonly kind: 'refused'; readonly name: string; readonly why: string };

/** A file that is read when it is needed, and in parts. */
export interface SubmittedFile {
  /** In bytes, as its folder or archive says. */
  readonly size: number;
  /** @param limit rejects with {@link TooLarge} when more bytes come out */
  read(limit: number): Promise<Uint8Array>;
  /** Bytes from a place on, for archives that are larger than memory; absent where only reading all is possible. */
  readAt?(offset: number, length: number): Promise<Uint8Array>;
  /** Gives back what {@link readAt} holds open. */
  close?(): Promise<void>;
}

export class TooLarge extends Error {
  override readonly name = 'TooLarge';
  readonly limit: number;
  constructor(limit: number) {
    super(`more than ${limit} bytes`);
    this.limit = limit;
  }
}

/** Folders that hold no work: version control, packages, what systems leave behind. */
const skippedFolders = new Set(['.git', '.hg', '.svn', 'node_modules', '__MACOSX', '.vscode', '.idea']);

export interface FoundFile {
  /** From the folder, with forward slashes. */
  readonly path: string;
  readonly file: SubmittedFile;
}

export interface Walked {
  readonly files: readonly FoundFile[];
  readonly refused: readonly { readonly path: string; readonly why: string }[];
  /** Whether there were more files than anybody hands in, so that the rest was not looked at. */
  readonly cut: boolean;
}

/** A work folder has a few dozen files; what has more is something else, and is not walked to its end. */
export const maxFiles = 2000;
const maxDepth = 12;

/** Every file below a folder, breadth first, so that what lies near the top is found before a limit is reached. */
export async function walk(tree: FolderTree): Promise<Walked> {
  const files: FoundFile[] = [];
  const refused: { path: string; why: string }[] = [];
  const waiting = [{ tree, path: '', depth: 0 }];
  let seen = 0;
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    let entries: readonly TreeEntry[];
    try {
      entries = await next.tree.entries();
    } catch (error) {
      refused.push({ path: next.path === '' ? '.' : next.path, why: `it cannot be read (${codeOf(error)})` });
      continue;
    }
    for (const entry of entries) {
      if (++seen > maxFiles) return { files, refused, cut: true };
      const path = next.path === '' ? entry.name : `${next.path}/${entry.name}`;
      if (entry.kind === 'file') files.push({ path, file: entry.file });
      else if (entry.kind === 'refused') refused.push({ path, why: entry.why });
      else if (!skippedFolders.has(entry.name)) {
        if (next.depth === maxDepth)
          refused.push({ path, why: `it lies more than ${maxDepth} folders deep` });
        else waiting.push({ tree: entry.tree, path, depth: next.depth + 1 });
      }
    }
  }
  return { files, refused, cut: false };
}

/** `EACCES` of an error of the system, else its message. */
export function codeOf(error: unknown): string {
  if (error instanceof Error) return (error as NodeJS.ErrnoException).code ?? error.message;
  return String(error);
}
