/** Where the panel stands in which run, as VS Code keeps it while the panel is hidden: JSON. */
export interface SavedPlace {
  readonly format: 1;
  /** Of the runs shown: their trace hashes. */
  readonly fingerprint: string;
  readonly event: number;
}

/** The event that was saved for this very run; undefined for another run, another format, damage. */
export function savedEvent(saved: unknown, fingerprint: string): number | undefined {
  const place = saved as Partial<SavedPlace> | null | undefined;
  return place?.format === 1 && place.fingerprint === fingerprint && Number.isInteger(place.event)
    ? place.event
    : undefined;
}
