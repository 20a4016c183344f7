/** Files that start a pack, a lesson or a task, before anything is written. */
export interface Plan {
  /** New files, by their path in the pack; the first is the one to go on with. */
  readonly made: ReadonlyMap<string, string>;
  /** Files of the pack that change, and how, for the person. */
  readonly changed: readonly { readonly path: string; readonly text: string; readonly how: string }[];
  /** What the person should know beside the notes in the files. */
  readonly remarks: readonly string[];
}

export type Planned =
  | { readonly ok: true; readonly value: Plan }
  /** Why not, in a sentence with a next step. */
  | { readonly ok: false; readonly error: string };
