import type { Nanoseconds } from '../../kernel/time.ts';
import { yamlOf } from '../../kernel/yamlText.ts';
import type { AnyObject, ObjectMeta } from '../api/apiObjects.ts';
import { apiVersions } from '../api/apiVersions.ts';

/** What `-o` takes. */
export const formats: readonly string[] = ['json', 'name', 'wide', 'yaml'];

/** Objects as `-o yaml` and `-o json` print them: one alone, several as a List. */
export function printedAs(format: 'yaml' | 'json', objects: readonly AnyObject[], single: boolean): string {
  const items = objects.map(written);
  const value = single ? items[0] : { apiVersion: 'v1', items, kind: 'List' };
  return format === 'yaml' ? yamlOf(value).trimEnd() : JSON.stringify(value, undefined, 4);
}

/** An object as the store holds it, without what is empty, and without its place in the manifest. */
function written({ kind, metadata, spec, status }: AnyObject): object {
  return {
    apiVersion: apiVersions[kind],
    kind,
    metadata: filled(writtenMetadata(metadata)),
    ...(kind === 'RuntimeClass' ? spec : filled({ spec, status: withTimes(status) })),
  };
}

const writtenMetadata = ({ ownerReferences, resourceVersion, ...rest }: ObjectMeta): object => ({
  ...withTimes(rest),
  ownerReferences: ownerReferences.map((owner) => ({ apiVersion: apiVersions[owner.kind], ...owner })),
  resourceVersion: String(resourceVersion),
});

const filled = (value: object): object =>
  Object.fromEntries(
    Object.entries(value as Readonly<Record<string, unknown>>).filter(
      ([, each]) => typeof each !== 'object' || each === null || Object.keys(each).length > 0,
    ),
  );

/** What the API calls the times of the store that it has too. */
const timeNames: Readonly<Record<string, string>> = {
  creationNs: 'creationTimestamp',
  deletionNs: 'deletionTimestamp',
  lastScaleNs: 'lastScaleTime',
  startNs: 'startTime',
};

/** Fields with times as the API writes them. */
const withTimes = (value: object): object =>
  Object.fromEntries(
    Object.entries(value as Readonly<Record<string, unknown>>).map(([key, each]) =>
      key.endsWith('Ns') && typeof each === 'number'
        ? [timeNames[key] ?? key.replace(/Ns$/, 'Time'), timestamp(each)]
        : [key, each],
    ),
  );

/** An instant of the simulation, which has no calendar: its start counts as the start of 1970. RFC 3339, whole seconds. */
const timestamp = (ns: Nanoseconds): string =>
  new Date(Math.floor(ns / 1e9) * 1000).toISOString().replace('.000Z', 'Z');
