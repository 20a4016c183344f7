import { numberText, type Codec } from '../engine/kernel/codec.ts';

/**
 * A value as a TypeScript literal on one line, for people: at most `limit` characters, then an ellipsis.
 * @param codec how it was declared, which says how its numbers are written
 */
export function valueLiteral(value: unknown, codec?: Codec, limit = 400): string {
  const whole = literal(value, codec);
  return whole.length <= limit ? whole : `${whole.slice(0, limit - 1)}…`;
}

function literal(value: unknown, codec: Codec | undefined): string {
  if (codec?.kind === 'optional') return literal(value, codec.of);
  if (typeof value === 'number' && codec?.kind === 'int') return numberText(codec, value);
  if (typeof value === 'string') return JSON.stringify(value);
  if (value instanceof Uint8Array) return `Uint8Array [${[...value].join(', ')}]`;
  if (Array.isArray(value)) {
    const item = codec?.kind === 'list' ? codec.of : undefined;
    return `[${value.map((each) => literal(each, item)).join(', ')}]`;
  }
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).flatMap(([name, each]) => {
      const field = codec?.kind === 'record' ? codec.fields[name] : undefined;
      const isLeftOut = each === undefined && field?.kind === 'optional';
      return isLeftOut ? [] : [`${name}: ${literal(each, field)}`];
    });
    return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
  }
  return String(value);
}
