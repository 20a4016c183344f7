import { yamlOf } from '../../kernel/yamlText.ts';
import type { AnyObject } from '../api/apiObjects.ts';
import { apiVersions } from '../api/apiVersions.ts';

/** What `-o` takes. */
export const formats: readonly string[] = ['json', 'name', 'wide', 'yaml'];

/** Objects as `-o yaml` and `-o json` print them: one alone, several as a List. */
export function printedAs(format: 'yaml' | 'json', objects: readonly AnyObject[], single: boolean): string {
  const items = objects.map(written);
  const value = single ? items[0] : { apiVersion: 'v1', items, kind: 'List' };
  return format === 'yaml' ? yamlOf(value).trimEnd() : JSON.stringify(value, undefined, 4);
}

/** An object as the store holds it, with its times in ns since the start; without what is empty, and without its place in the manifest. */
function written({ kind, metadata, spec, status }: AnyObject): object {
  const filled = (value: object): object =>
    Object.fromEntries(
      Object.entries(value as Readonly<Record<string, unknown>>).filter(
        ([, each]) => typeof each !== 'object' || each === null || Object.keys(each).length > 0,
      ),
    );
  return {
    apiVersion: apiVersions[kind],
    kind,
    metadata: filled(metadata),
    ...(kind === 'RuntimeClass' ? spec : filled({ spec, status })),
  };
}
