/**
 * A module whose policies have every method, and each does nothing. It passes every check that only judges what is done.
 * @param policies names of what it exports
 */
export const idleModule = (policies: readonly string[]): string =>
  policies.map((name) => `export const ${name} = new Proxy({}, { get: () => () => undefined });\n`).join('');
