import {
  Position,
  Range,
  Selection,
  ViewColumn,
  window,
  workspace,
  type TextDocument,
  type WebviewPanel,
} from 'vscode';
import type { Lesson, Problem } from '../course/model.ts';
import type { FileOfPack } from './authorPacks.ts';
import type { PreviewSession } from './previewSession.ts';

/** The preview that is open, and where it and its text are. */
export interface OpenPreview {
  readonly panel: WebviewPanel;
  readonly session: PreviewSession;
  file: FileOfPack;
  /** The page listens. */
  ready: boolean;
  /** In the files of the lesson, as they are listed on the page. */
  problems: readonly Problem[];
  /** Where the cursor was last. */
  place: PreviewPlace | undefined;
}

/** A place in a lesson, the same in its text and on its page. */
export interface PreviewPlace {
  /** Index of the part. */
  readonly part: number;
  /** From 0, its first line, to 1. */
  readonly share: number;
}

/** Whether a document is the file that is previewed. */
export const isOf = (document: TextDocument, { files, path }: FileOfPack): boolean =>
  document.uri.toString() === files.uriOf(path).toString();

/**
 * The place of a line of the lesson's text. Above the first part, in the front matter, a lesson is at its start.
 * @param line from 1
 */
export function placeOf(lesson: Lesson, line: number, lineCount: number): PreviewPlace | undefined {
  if (lesson.parts.length === 0) return undefined;
  const part = Math.max(
    0,
    lesson.parts.findLastIndex(({ at }) => at.line <= line),
  );
  const start = lesson.parts[part]!.at.line;
  const end = lesson.parts[part + 1]?.at.line ?? lineCount + 1;
  return { part, share: Math.min(1, Math.max(0, (line - start) / Math.max(1, end - start))) };
}

/** Shows a place of the previewed pack in the editor that has its file, or in the first column. */
export async function goTo(
  { file }: OpenPreview,
  { file: path, line, column }: Problem['at'],
): Promise<void> {
  const place = new Position(line - 1, column - 1);
  const document = await workspace.openTextDocument(file.files.uriOf(path));
  const shown = window.visibleTextEditors.find((editor) => editor.document === document);
  const editor = await window.showTextDocument(document, shown?.viewColumn ?? ViewColumn.One);
  editor.selection = new Selection(place, place);
  editor.revealRange(new Range(place, place));
}
