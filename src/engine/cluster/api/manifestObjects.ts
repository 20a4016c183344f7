import type { DataPath } from '../../kernel/structuredText.ts';
import type { Labels } from './apiObjects.ts';
import type { ManifestObject } from './manifests.ts';

/** Says what is allowed, and rarely meant. */
export type Note = (place: string, path: DataPath, message: string, suggestion?: string) => void;

/** Where an object stands in the text: the JSON pointer of its document, or of an item of a List. */
export const placeOf = ({ place }: ManifestObject): string => place ?? '';

/** The labels of the Pods that an object is or makes; undefined for what makes none. */
export const podLabels = (object: ManifestObject): Labels | undefined =>
  object.kind === 'Pod'
    ? (object.metadata.labels ?? {})
    : 'template' in object.spec
      ? (object.spec.template.metadata?.labels ?? {})
      : undefined;

/** How many Pods with fitting labels the objects ask for. */
export function podsWanted(objects: readonly ManifestObject[], fits: (labels: Labels) => boolean): number {
  let wanted = 0;
  for (const object of objects) {
    const labels = podLabels(object);
    if (labels === undefined || !fits(labels)) continue;
    wanted += 'replicas' in object.spec ? object.spec.replicas : 1;
  }
  return wanted;
}
