/** A start of VS Code with the tests of `suite/<name>` in its extension host. */
export interface Phase {
  readonly name: string;
  readonly restricted?: true;
  readonly web?: true;
}

/** In the order in which they run. */
export const phases: readonly Phase[] = [
  { name: 'node' },
  { name: 'restricted', restricted: true },
  { name: 'web', web: true },
];
