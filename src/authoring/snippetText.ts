import * as z from 'zod';
import { bare, isRequired, keysOf } from './schemaShape.ts';

/** Texts with tab stops, in the snippet syntax that editors share: `title: ${1:Who runs when}`. */

/** A text that stands for itself inside a snippet. */
export const literal = (text: string): string => text.replace(/[\\$}]/g, '\\$&');

/** What a snippet inserts when nobody fills its tab stops. */
export const plainText = (snippet: string): string =>
  snippet
    .replace(/(?<!\\)\$\{\d+\|((?:\\.|[^,|])*)(?:,[^|]*)?\|\}/g, '$1')
    .replace(/(?<!\\)\$\{\d+:?((?:\\.|[^}\\])*)\}|(?<!\\)\$\d+/g, (_, text: string | undefined) => text ?? '')
    .replace(/\\([\\$}])/g, '$1');

/**
 * A key with a place for its value, as a snippet.
 * @param inFlow inside `{ … }`, where everything stands on one line
 */
export const keySnippet = (key: string, schema: z.ZodType, inFlow: boolean): string =>
  new Writer().key(key, schema, inFlow, '');

class Writer {
  #stops = 0;

  key(key: string, schema: z.ZodType, inFlow: boolean, indent: string): string {
    const value = bare(schema);
    if (value instanceof z.ZodArray) {
      const element = bare(value.element as z.ZodType);
      const fields = keysOf(element, undefined);
      if (inFlow || fields === undefined) return `${key}: [${this.#stop()}]`;
      return `${key}:\n${indent}  - ${this.#required(fields, `${indent}    `)}`;
    }
    if (value instanceof z.ZodTuple) return `${key}: [${this.#stop()}, ${this.#stop()}]`;
    if (value instanceof z.ZodRecord) return `${key}: { ${this.#stop()} }`;
    if (value instanceof z.ZodBoolean) return `${key}: ${this.#stop('true')}`;
    return proseKeys.has(key) ? `${key}: "${this.#stop()}"` : `${key}: ${this.#stop()}`;
  }

  #required(fields: ReadonlyMap<string, z.ZodType>, indent: string): string {
    const lines = [...fields]
      .filter(([, schema]) => isRequired(schema))
      .map(([key, schema]) => this.key(key, schema, true, indent));
    return lines.length === 0 ? this.#stop() : lines.join(`\n${indent}`);
  }

  #stop(text = ''): string {
    this.#stops++;
    return text === '' ? `$${this.#stops}` : `\${${this.#stops}:${literal(text)}}`;
  }
}

/** Keys whose values are words of the author, which are safest in quotes: a colon or a brace means something in YAML. */
const proseKeys: ReadonlySet<string> = new Set([
  'ask',
  'brief',
  'caption',
  'claim',
  'explain',
  'say',
  'summary',
  'text',
  'title',
]);
