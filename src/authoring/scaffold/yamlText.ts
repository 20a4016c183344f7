import { stringify } from 'yaml';

/** A text as YAML in double quotes, whatever is in it. */
export const quoted = (text: string): string => JSON.stringify(text);

/** Data as YAML on one line: `{ vms: { int: [2, 8] } }`. */
export function inline(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inline).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return stringify(value, { lineWidth: 0 }).trim();
  const entries = Object.entries(value).map(([key, each]) => `${inline(key)}: ${inline(each)}`);
  return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
}

/** `fair-share` as a title: `Fair share`. */
export function titleOf(id: string): string {
  const words = id.replaceAll('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
