import { keyOf, type Endpoint, type EndpointSlice, type Service } from '../api/apiObjects.ts';
import { nameSuffix } from '../api/podNames.ts';
import type { ObjectStore } from '../api/objectStore.ts';

/** `--max-endpoints-per-slice` of the controller. */
const endpointsPerSlice = 100;
export const serviceNameLabel = 'kubernetes.io/service-name';

/**
 * The endpoints of one Service, in slices of at most 100 as the API has them: a Pod that changes is one small write, and
 * not the whole list. Source: https://kubernetes.io/docs/concepts/services-networking/endpoint-slices/
 */
export class EndpointSlices {
  readonly #store: ObjectStore;
  readonly #service: Service;
  /** Keys of the Pods about which something has changed since they were looked at last. */
  readonly #changed = new Set<string>();
  readonly #slices: { readonly key: string; readonly endpoints: Map<string, Endpoint>; written: boolean }[] =
    [];
  readonly #sliceOf = new Map<string, number>();
  /** Slices with room, the first one last. */
  #roomy: number[] = [];

  constructor(store: ObjectStore, service: Service) {
    this.#store = store;
    this.#service = service;
  }

  /** Whether there are any, if only an empty one. */
  get written(): boolean {
    return this.#slices.length > 0;
  }

  /** Endpoints in all of them. */
  get size(): number {
    return this.#sliceOf.size;
  }

  podChanged(pod: string): void {
    this.#changed.add(pod);
  }

  /** The Service itself is another one: everything is to be looked at. */
  allChanged(): void {
    for (const pod of this.#sliceOf.keys()) this.#changed.add(pod);
  }

  takeChanged(): readonly string[] {
    const changed = [...this.#changed];
    this.#changed.clear();
    return changed;
  }

  /** @param endpoint undefined when the Pod is none any more */
  set(pod: string, endpoint: Endpoint | undefined): void {
    let index = this.#sliceOf.get(pod);
    if (endpoint === undefined) {
      if (index === undefined) return;
      const slice = this.#slices[index]!;
      if (slice.endpoints.size === endpointsPerSlice) this.#roomy.push(index);
      slice.endpoints.delete(pod);
      slice.written = false;
      this.#sliceOf.delete(pod);
      return;
    }
    if (index === undefined) {
      index = this.#roomy.at(-1) ?? this.#addSlice();
      this.#sliceOf.set(pod, index);
    }
    const slice = this.#slices[index]!;
    slice.endpoints.set(pod, endpoint);
    slice.written = false;
    if (slice.endpoints.size === endpointsPerSlice)
      this.#roomy = this.#roomy.filter((each) => each !== index);
  }

  /** Writes the slices that have changed. A Service without endpoints has one empty slice. */
  write(): void {
    if (this.#slices.length === 0) this.#addSlice();
    for (const slice of this.#slices) {
      if (slice.written) continue;
      slice.written = true;
      const spec = { endpoints: [...slice.endpoints.values()] };
      this.#store.update({ ...this.#store.get('EndpointSlice', slice.key)!, spec });
    }
  }

  #addSlice(): number {
    const { name, namespace } = this.#service.metadata;
    const index = this.#slices.length;
    const created = this.#store.create<'EndpointSlice'>({
      kind: 'EndpointSlice',
      metadata: {
        name: `${name}-${nameSuffix(index)}`,
        namespace,
        labels: { [serviceNameLabel]: name },
        ownerReferences: [{ kind: 'Service', name, uid: this.#service.metadata.uid }],
      },
      spec: { endpoints: [] },
      status: {},
    });
    if (!created.ok) throw new Error(`An EndpointSlice of ${name}: ${created.error}`);
    this.#slices.push({ key: keyOf(created.value), endpoints: new Map(), written: false });
    this.#roomy.push(index);
    return index;
  }
}

/** The slices of a Service, as whoever reads the API finds them. */
export const slicesOf = (store: ObjectStore, { metadata }: Service): readonly EndpointSlice[] =>
  [...store.list('EndpointSlice')].filter(
    (slice) =>
      slice.metadata.namespace === metadata.namespace &&
      slice.metadata.labels[serviceNameLabel] === metadata.name,
  );
