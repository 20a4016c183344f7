import {
  keyOf,
  type Deployment,
  type HorizontalPodAutoscaler,
  type LabelSelector,
  type Pod,
  type ReplicaSet,
} from '../api/apiObjects.ts';
import { matches, sayLabelSelector } from '../api/labelSelector.ts';

/**
 * Which Pods each autoscaler selects. The selector of a target becomes known when its autoscaler first comes to look at
 * metrics: of two autoscalers over the same Pods the first may so decide once, and from then on neither does.
 * Source: validateAndParseSelector in pkg/controller/podautoscaler/horizontal.go of Kubernetes 1.34.
 */
export class AutoscalerSelectors {
  readonly #selectors = new Map<string, LabelSelector>();

  /**
   * Notes what an autoscaler selects.
   * @returns why it cannot decide, in Kubernetes' words, when another one selects some of its Pods too
   */
  conflictOf(
    autoscaler: HorizontalPodAutoscaler,
    { spec: { selector } }: Deployment | ReplicaSet,
    pods: readonly Pod[],
  ): string | undefined {
    this.#selectors.set(keyOf(autoscaler), selector);
    const inNamespace = `${autoscaler.metadata.namespace}/`;
    const selecting = [...this.#selectors]
      .filter(
        ([key, each]) =>
          key.startsWith(inNamespace) && pods.some((pod) => matches(each, pod.metadata.labels)),
      )
      .map(([key]) => key)
      .toSorted();
    return selecting.length < 2
      ? undefined
      : `pods by selector ${sayLabelSelector(selector)} are controlled by multiple HPAs: [${selecting.join(' ')}]`;
  }
}
