import { defineDocument } from '../kernel/document.ts';
import { readYamlDocument } from '../kernel/structuredDocument.ts';
import { boundaries, boundaryNames, type Boundary } from './boundaries.ts';
import { placementCases } from './placementCases.ts';

/** Which boundary each request gets, by the request's name. */
export type Placement = ReadonlyMap<string, Boundary>;

const isFields = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const ids = placementCases.map(({ id }) => id);

/** A file `placement.yaml`: a boundary for each request to the platform team. */
export const placementDocument = defineDocument<Placement>({
  doc: 'A boundary for each request: container, gvisor or vm, by the name of the request under `placement`.',
  file: 'placement.yaml',
  language: 'yaml',
  builtIn: `placement:\n${ids.map((id) => `  ${id}: container`).join('\n')}\n`,
  schema: {
    type: 'object',
    additionalProperties: false,
    required: ['placement'],
    properties: {
      placement: {
        type: 'object',
        additionalProperties: false,
        required: ids,
        properties: Object.fromEntries(
          placementCases.map(({ id, story }) => [
            id,
            {
              description: story,
              enum: boundaryNames,
              enumDescriptions: boundaryNames.map((name) => boundaries[name]),
            },
          ]),
        ),
      },
    },
  },
  read: (text) =>
    readYamlDocument(text, (yaml, problems) => {
      const given = isFields(yaml.value) ? yaml.value['placement'] : undefined;
      if (isFields(yaml.value)) {
        for (const key of Object.keys(yaml.value)) {
          if (key !== 'placement')
            problems.unknownKey(
              [key],
              ['placement'],
              `There is no field "${key}".`,
              'The only one is "placement".',
            );
        }
      }
      if (!isFields(given)) {
        problems.missing(
          ['placement'],
          'There is no "placement".',
          'Write "placement:" and below it a line for each request: "  cache: container".',
        );
        return undefined;
      }
      const placed = new Map<string, Boundary>();
      for (const [id, value] of Object.entries(given)) {
        if (!ids.includes(id)) {
          problems.unknownKey(
            ['placement', id],
            ids,
            `There is no request "${id}".`,
            `Requests: ${ids.join(', ')}.`,
          );
          continue;
        }
        const boundary = boundaryNames.find((name) => name === value);
        if (boundary === undefined) {
          problems.value(
            ['placement', id],
            `"${id}" is ${JSON.stringify(value)}, which is no boundary.`,
            `It may be ${boundaryNames.join(', ')}.`,
          );
        } else placed.set(id, boundary);
      }
      // Where a name is misspelt, one is missing for that alone.
      const missing = ids.filter((id) => !(id in given));
      if (missing.length > 0 && Object.keys(given).every((id) => ids.includes(id)))
        problems.value(['placement'], `The file says nothing of ${missing.join(', ')}.`);
      return placed;
    }),
});
