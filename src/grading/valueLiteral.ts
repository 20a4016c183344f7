/** A value as a TypeScript literal on one line, for people: at most `limit` characters, then an ellipsis. */
export function valueLiteral(value: unknown, limit = 400): string {
  const whole = literal(value);
  return whole.length <= limit ? whole : `${whole.slice(0, limit - 1)}…`;
}

function literal(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (value instanceof Uint8Array) return `Uint8Array [${[...value].join(', ')}]`;
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).map(([name, each]) => `${name}: ${literal(each)}`);
    return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
  }
  return String(value);
}
