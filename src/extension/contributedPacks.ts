import { Uri, extensions, type Extension } from 'vscode';
import { t } from '../course/messages.ts';
import { readText } from './workspaceFiles.ts';

/** A folder with a pack that another extension brings, or the reason why it brings none. */
export type ContributedPack =
  | {
      readonly ok: true;
      readonly root: Uri;
      /** The extension, as its users know it. */
      readonly from: string;
    }
  | { readonly ok: false; readonly message: string };

/** The name in the manifest: `"contributes": { "trapframe.lessons": [{ "path": "./lessons" }] }`. */
export const lessonsPoint = 'trapframe.lessons';

/** Packs of installed extensions, from their manifests alone: none of their code is run. */
export function contributedPacks(): readonly ContributedPack[] {
  return extensions.all.flatMap(packsOf);
}

function packsOf(extension: Extension<unknown>): readonly ContributedPack[] {
  const manifest = extension.packageJSON as {
    readonly displayName?: unknown;
    readonly contributes?: Readonly<Record<string, unknown>>;
  };
  const entries = manifest.contributes?.[lessonsPoint];
  if (entries === undefined) return [];
  const from = typeof manifest.displayName === 'string' ? manifest.displayName : extension.id;
  const wrong = (what: string): ContributedPack => ({
    ok: false,
    message: t(
      'The extension {0} contributes no lessons: {1} Write {2}.',
      extension.id,
      what,
      `"${lessonsPoint}": [{ "path": "./lessons" }]`,
    ),
  });
  if (!Array.isArray(entries)) return [wrong(t('"{0}" is no list.', lessonsPoint))];
  return entries.map((entry: unknown) => {
    const path = typeof entry === 'object' && entry !== null && 'path' in entry ? entry.path : undefined;
    if (typeof path !== 'string') return wrong(t('an entry has no "path".'));
    const steps = path.split('/').filter((step) => step !== '' && step !== '.');
    if (path.startsWith('/') || steps.includes('..') || path.includes('\\') || path.includes(':'))
      return wrong(t('the path "{0}" leads out of the extension.', path));
    return { ok: true, root: Uri.joinPath(extension.extensionUri, ...steps), from };
  });
}

/** Reads a file of a pack. */
export const readerOf =
  (root: Uri) =>
  async (path: string): Promise<string> => {
    const text = await readText(Uri.joinPath(root, ...path.split('/')));
    if (text === undefined) throw new Error(`there is no ${path}`);
    return text;
  };
