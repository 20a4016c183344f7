import { nearest } from '../../kernel/parameters.ts';
import type { Labels } from './apiObjects.ts';
import { noteAutoscaler } from './autoscalerRules.ts';
import { budgetStatus } from '../controllers/disruptionBudget.ts';
import { matches, matchesLabels, saySelector } from './labelSelector.ts';
import { placeOf, podLabels, podsWanted, type Note } from './manifestObjects.ts';
import type { ManifestObject } from './manifests.ts';

/** Says of selectors that they match no Pod of the manifests, of budgets that they never allow an eviction, of names that they stand twice. */
export function noteDoubts(objects: readonly ManifestObject[], note: Note): void {
  const seen = new Set<string>();
  for (const object of objects) {
    const { name, namespace } = object.metadata;
    const key = `${object.kind} ${namespace} ${name}`;
    if (seen.has(key))
      note(
        placeOf(object),
        ['metadata', 'name'],
        `There is another ${object.kind} "${name}" above: applied after it, this one takes its place.`,
        'Rename one of them if both are meant.',
      );
    seen.add(key);
    if (object.kind === 'Service' && object.spec.selector !== undefined) {
      const { selector } = object.spec;
      if (podsWanted(objects, (labels) => matchesLabels(selector, labels)) > 0) {
        notePorts(object, objects, note);
        continue;
      }
      const near = nearestLabels(objects, selector);
      note(
        placeOf(object),
        ['spec', 'selector'],
        `No Pod of this file has the labels ${saySelector(selector)}.`,
        near === undefined ? undefined : `Did you mean ${near}?`,
      );
    }
    if (object.kind === 'HorizontalPodAutoscaler') noteAutoscaler(object, objects, note);
    if (object.kind === 'PodDisruptionBudget') {
      const { selector, minAvailable, maxUnavailable } = object.spec;
      const wanted = podsWanted(objects, (labels) => matches(selector, labels));
      if (wanted === 0) {
        note(placeOf(object), ['spec', 'selector'], 'This budget selects no Pod of this file.');
        continue;
      }
      const budget = maxUnavailable === undefined ? { minAvailable: minAvailable ?? 0 } : { maxUnavailable };
      if (budgetStatus(budget, wanted, wanted)?.disruptionsAllowed !== 0) continue;
      note(
        placeOf(object),
        ['spec', maxUnavailable === undefined ? 'minAvailable' : 'maxUnavailable'],
        `With ${wanted} wanted Pods this budget never allows an eviction, even when all are healthy: a drain of their nodes would not end.`,
        'Leave at least one Pod to be evicted: "maxUnavailable: 1".',
      );
    }
  }
}

/** Says of a Service that no Pod it selects has a port of the name that it sends to. */
function notePorts(
  { spec, place }: Extract<ManifestObject, { kind: 'Service' }>,
  objects: readonly ManifestObject[],
  note: Note,
): void {
  const named = objects.flatMap((object) => {
    const labels = podLabels(object);
    if (labels === undefined || !matchesLabels(spec.selector!, labels)) return [];
    const pod =
      object.kind === 'Pod' ? object.spec : 'template' in object.spec ? object.spec.template.spec : undefined;
    return [...(pod?.containers ?? []), ...(pod?.initContainers ?? [])]
      .flatMap(({ ports = [] }) => ports)
      .flatMap(({ name }) => (name === undefined ? [] : [name]));
  });
  for (const [index, { targetPort }] of (spec.ports ?? []).entries()) {
    if (typeof targetPort !== 'string' || named.includes(targetPort)) continue;
    const near = nearest(targetPort, named);
    note(
      place ?? '',
      ['spec', 'ports', index, 'targetPort'],
      `No Pod that this Service selects has a port named "${targetPort}".`,
      near === undefined
        ? 'Give a port of the container that name, or write its number.'
        : `Did you mean "${near}"?`,
    );
  }
}

/** The labels of a Pod of the file that a selector most likely means. */
function nearestLabels(objects: readonly ManifestObject[], selector: Labels): string | undefined {
  const all = objects.flatMap((object) => {
    const labels = podLabels(object);
    return labels === undefined || Object.keys(labels).length === 0 ? [] : [saySelector(labels)];
  });
  return nearest(saySelector(selector), all);
}
