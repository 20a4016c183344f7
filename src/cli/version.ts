import packageJson from '../../package.json' with { type: 'json' };

/** The version of engine, course and command line: they are released together. */
export const { version } = packageJson;
