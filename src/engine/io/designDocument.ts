import { defineDocument } from '../kernel/document.ts';
import { nearest } from '../kernel/parameters.ts';
import { readYamlDocument } from '../kernel/structuredDocument.ts';
import { designPaths, type DesignPath } from './hostPlan.ts';

export interface HostDesign {
  /** VM to path, in the order of the file. */
  readonly paths: ReadonlyMap<string, DesignPath>;
  readonly postedInterrupts: boolean;
}

const names = Object.keys(designPaths);
const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A host design: a path for each VM. Which VMs there are, the scenario knows. */
export const designDocument = defineDocument<HostDesign>({
  doc: 'Which way each VM of a host has to the network, and whether the host posts interrupts.',
  file: 'design.yaml',
  language: 'yaml',
  schema: {
    type: 'object',
    additionalProperties: false,
    required: ['vms'],
    properties: {
      postedInterrupts: {
        type: 'boolean',
        description:
          'Whether interrupts of virtual functions reach a running guest without an exit. Default false.',
      },
      vms: {
        type: 'object',
        description: 'The path of each VM, by its name.',
        additionalProperties: {
          enum: names,
          description: Object.entries(designPaths)
            .map(([name, doc]) => `${name}: ${doc}`)
            .join('\n'),
        },
      },
    },
  },
  builtIn: [
    'vms:',
    '  station: sr-iov',
    '  files: vhost',
    '  desk-1: virtio-qemu',
    '  desk-2: virtio-qemu',
    '',
  ].join('\n'),
  read: (text) =>
    readYamlDocument(text, (yaml, problems) => {
      const { value } = yaml;
      if (!isMap(value)) {
        problems.value([], 'The file is no mapping.', 'Begin with "vms:", and a line for each VM below it.');
        return undefined;
      }
      let sound = true;
      const wrong = (report: () => void): void => {
        sound = false;
        report();
      };
      for (const key of Object.keys(value)) {
        if (key === 'vms' || key === 'postedInterrupts') continue;
        wrong(() =>
          problems.unknownKey(
            [key],
            ['vms', 'postedInterrupts'],
            `There is no field "${key}".`,
            'Fields: vms, postedInterrupts.',
          ),
        );
      }
      const posted = value['postedInterrupts'] ?? false;
      if (typeof posted !== 'boolean') {
        wrong(() => problems.value(['postedInterrupts'], 'This must be true or false.'));
      }
      const vms = value['vms'];
      if (!isMap(vms)) {
        wrong(() =>
          problems.value(
            ['vms'],
            '"vms" must name a path for each VM.',
            'Write a line such as "web-1: vhost" below it.',
          ),
        );
        return undefined;
      }
      const paths = new Map<string, DesignPath>();
      for (const [vm, path] of Object.entries(vms)) {
        if (typeof path === 'string' && Object.hasOwn(designPaths, path)) {
          paths.set(vm, path as DesignPath);
          continue;
        }
        const near = typeof path === 'string' ? nearest(path, names) : undefined;
        wrong(() =>
          problems.value(
            ['vms', vm],
            `"${vm}" has the path ${JSON.stringify(path)}, which there is not.`,
            near === undefined ? `Paths: ${names.join(', ')}.` : `Did you mean "${near}"?`,
          ),
        );
      }
      return sound ? { paths, postedInterrupts: posted === true } : undefined;
    }),
});
