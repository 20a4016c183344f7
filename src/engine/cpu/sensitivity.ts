import { defineDocument, type ReadDocument } from '../kernel/document.ts';
import { choice } from '../kernel/parameters.ts';
import { defineScenario, type Witness } from '../kernel/scenario.ts';
import { readYamlDocument } from '../kernel/structuredDocument.ts';
import { pointerOf } from '../kernel/structuredText.ts';
import { defineEvents, noCause, type Trace } from '../kernel/trace.ts';
import { classifiedInstructions, classify } from './guests/classifiedInstructions.ts';

const processors = {
  clean: 'Every sensitive instruction is privileged, as on RISC-V.',
  leaky:
    'Some read or drop state in user mode instead of trapping, as PUSHF, POPF, SIDT and SGDT do on the x86.',
} as const;
type Cpu = keyof typeof processors;
const cpus = ['clean', 'leaky'] as const satisfies readonly Cpu[];
type Answers = Readonly<
  Record<Cpu, Readonly<Record<string, Readonly<Record<'privileged' | 'sensitive', boolean>>>>>
>;

const answer = {
  type: 'object',
  additionalProperties: false,
  required: ['privileged', 'sensitive'],
  properties: {
    privileged: {
      type: 'boolean',
      description: 'Whether it traps in user mode, and not in supervisor mode.',
    },
    sensitive: {
      type: 'boolean',
      description:
        'Whether it changes or shows the mode or the resources of the machine where it does not trap.',
    },
  },
};

/** A classification as a document: for each processor and instruction, whether it is privileged and whether it is sensitive. */
const classification = defineDocument<Answers>({
  doc: 'Which instructions are privileged and which are sensitive, on the clean and on the leaky processor.',
  file: 'classification.yaml',
  language: 'yaml',
  schema: {
    type: 'object',
    additionalProperties: false,
    required: [...cpus],
    properties: Object.fromEntries(
      cpus.map((cpu) => [
        cpu,
        {
          type: 'object',
          description: processors[cpu],
          additionalProperties: false,
          required: [...classifiedInstructions],
          properties: Object.fromEntries(classifiedInstructions.map((instruction) => [instruction, answer])),
        },
      ]),
    ),
  },
  builtIn: cpus
    .map((cpu) =>
      [
        `${cpu}:`,
        ...classifiedInstructions.map((instruction) => {
          const { privileged, sensitive } = classify(instruction, cpu === 'leaky');
          return `  "${instruction}": { privileged: ${privileged}, sensitive: ${sensitive} }`;
        }),
      ].join('\n'),
    )
    .join('\n'),
  read: (text) =>
    readYamlDocument(text, (yaml, problems) => {
      const fields = ['privileged', 'sensitive'] as const;
      const known: readonly string[] = classifiedInstructions;
      const root = recordOf(yaml.value);
      if (root === undefined) {
        problems.value([], 'The file must have two parts, clean and leaky.');
        return undefined;
      }
      for (const key of Object.keys(root)) {
        if (!(cpus as readonly string[]).includes(key))
          problems.unknownKey([key], cpus, `There is no processor "${key}".`, 'They are clean and leaky.');
      }
      for (const cpu of cpus) {
        const part = recordOf(root[cpu]);
        if (part === undefined) {
          problems.missing(
            [cpu],
            `The part for the ${cpu} processor is missing.`,
            `Add ${cpu}: with a line for each instruction.`,
          );
          continue;
        }
        for (const instruction of Object.keys(part)) {
          if (known.includes(instruction)) continue;
          problems.unknownKey([cpu, instruction], known, `"${instruction}" is not asked for.`);
        }
        for (const instruction of known) {
          const given = recordOf(part[instruction]);
          if (given === undefined) {
            problems.missing(
              [cpu, instruction],
              `"${instruction}" is missing under ${cpu}.`,
              'Write { privileged: true or false, sensitive: true or false } after it.',
            );
            continue;
          }
          for (const field of Object.keys(given)) {
            if (!(fields as readonly string[]).includes(field))
              problems.unknownKey(
                [cpu, instruction, field],
                fields,
                `There is no field "${field}" here.`,
                'Fields: privileged, sensitive.',
              );
          }
          for (const field of fields) {
            const at = [cpu, instruction, field];
            const wrong = `"${field}" of "${instruction}" must be true or false.`;
            if (given[field] === undefined) problems.missing(at, wrong);
            else if (typeof given[field] !== 'boolean') problems.value(at, wrong);
          }
        }
      }
      return problems.found.length > 0 ? undefined : (yaml.value as Answers);
    }),
});

const recordOf = (value: unknown): Readonly<Record<string, unknown>> | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : undefined;

const events = defineEvents({
  classify: {
    doc: 'An instruction as the machine shows it and as the document says: bit 0 is privileged, bit 1 sensitive.',
    fields: ['instruction', 'shown', 'said', 'observed'],
    texts: ['instruction', 'observed'],
    say: ({ shown, said }, { instruction, observed }) =>
      `${instruction}: ${sayBits(shown!)}${shown === said ? '' : `, said to be ${sayBits(said!)}`}. ${observed}`,
  },
});
const sayBits = (bits: number): string =>
  `${(bits & 1) !== 0 ? 'privileged' : 'not privileged'} and ${(bits & 2) !== 0 ? 'sensitive' : 'not sensitive'}`;

type Run = { readonly trace: Trace<typeof events>; readonly params: { readonly cpu: Cpu } };

function mismatch({ trace, params }: Run, bit: number, field: string, because: string): Witness | undefined {
  for (let row = 0; row < trace.length; row++) {
    if (((trace.field(row, 1) ^ trace.field(row, 2)) & bit) === 0) continue;
    const { instruction, observed } = trace.textsOf(row);
    const value = (trace.field(row, 2) & bit) !== 0;
    return {
      event: row,
      expected: `"${instruction}" on the ${params.cpu} processor: ${field} ${!value}`,
      actual: `${field}: ${value}`,
      because: `${observed} ${because}`,
      place: pointerOf([params.cpu, instruction!, field]),
    };
  }
  return undefined;
}

/** Which instructions are privileged and which are sensitive: found by running them. */
export const sensitivity = defineScenario({
  id: 'cpu.sensitivity',
  title: 'Privileged and sensitive instructions',
  doc:
    'Runs instructions in user and in supervisor mode, under two settings of the machine, and says which are privileged and which are sensitive. ' +
    'On the leaky processor some sensitive instructions do not trap in user mode, as on an x86 without hardware support for virtualization.',
  params: {
    cpu: choice({
      label: 'Processor',
      doc: 'Which processor.',
      values: processors,
      default: 'clean',
    }),
  },
  metrics: {
    privileged: {
      label: 'Privileged',
      doc: 'Instructions that trap in user mode and not in supervisor mode.',
      better: 'neither',
    },
    sensitive: {
      label: 'Sensitive',
      doc: 'Instructions that change mode or resources, or whose result depends on them.',
      better: 'neither',
    },
    holes: {
      label: 'Sensitive, not privileged',
      doc: 'Instructions that a VMM never hears of.',
      better: 'lower',
    },
  },
  events,
  policies: {},
  documents: { classification },
  builtIn: {},
  checks: {
    privileged: {
      title: 'Which instructions are privileged',
      doc: 'The document says of every instruction whether it traps in user mode and not in supervisor mode.',
      args: {},
      violated: (run: Run) =>
        mismatch(
          run,
          1,
          'privileged',
          'Privileged means: it traps in user mode, and does not in supervisor mode.',
        ),
    },
    sensitive: {
      title: 'Which instructions are sensitive',
      doc: 'The document says of every instruction whether it changes, or shows, mode or resource configuration.',
      args: {},
      violated: (run: Run) =>
        mismatch(
          run,
          2,
          'sensitive',
          'Sensitive means: when it does not trap, it changes mode or resources, or its result depends on them.',
        ),
    },
  },
  views: {
    state: {
      doc: 'What each instruction does in user and in supervisor mode.',
      model: (run, event) => ({
        kind: 'state',
        groups: [
          {
            title: `On the ${run.params.cpu} processor`,
            columns: ['instruction', 'privileged', 'sensitive', 'seen'],
            rows: Array.from({ length: event + 1 }, (_, row) => {
              const { instruction, observed } = run.trace.textsOf(row);
              const bits = run.trace.field(row, 1);
              return [
                instruction!,
                (bits & 1) !== 0 ? 'yes' : 'no',
                (bits & 2) !== 0 ? 'yes' : 'no',
                observed!,
              ];
            }),
            whenEmpty: 'No instruction yet.',
          },
        ],
      }),
    },
  },
  oracle:
    'The table of the RISC-V privileged specification (which CSRs and instructions trap in U-mode), and Robin and Irvine’s list for the x86 ' +
    'through the stated correspondence, both written out in test/conformance/sensitivity.test.ts.',
  stepBudget: 1000,
  run({ params, trace, documents }) {
    const answers: ReadDocument<Answers> = documents.classification;
    let [privileged, sensitive, holes] = [0, 0, 0];
    for (const instruction of classifiedInstructions) {
      const seen = classify(instruction, params.cpu === 'leaky');
      const said = answers.value[params.cpu][instruction]!;
      const bits = (one: { readonly privileged: boolean; readonly sensitive: boolean }): number =>
        (one.privileged ? 1 : 0) | (one.sensitive ? 2 : 0);
      if (seen.privileged) privileged++;
      if (seen.sensitive) sensitive++;
      if (seen.sensitive && !seen.privileged) holes++;
      const observed =
        seen.inUser === seen.inSupervisor
          ? `In both modes it ${seen.inUser}.`
          : `In user mode it ${seen.inUser}; in supervisor mode it ${seen.inSupervisor}.`;
      trace.append(
        trace.codes.classify,
        0,
        noCause,
        trace.text(instruction),
        bits(seen),
        bits(said),
        trace.text(observed),
      );
    }
    return { privileged, sensitive, holes };
  },
});
