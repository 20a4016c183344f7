import {
  defaultOf,
  unitSymbol,
  type Parameter,
  type ParameterSchema,
  type ParameterValue,
} from './parameters.ts';

/** Which values a parameter takes, in words: `0.1 to 1000 ms`. */
export function allowedText(parameter: Parameter): string {
  switch (parameter.kind) {
    case 'count':
    case 'quantity':
      return `${parameter.min} to ${parameter.max} ${unitSymbol(parameter.unit)}`.trimEnd();
    case 'choice':
      return Object.keys(parameter.values).join(', ');
    case 'flag':
      return 'true, false';
  }
}

/** The value of every parameter when none is given. */
export function defaultsOf(schema: ParameterSchema): Readonly<Record<string, ParameterValue>> {
  const values: Record<string, ParameterValue> = {};
  for (const [name, parameter] of Object.entries(schema)) values[name] = defaultOf(parameter, values);
  return values;
}
