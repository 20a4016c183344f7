import { nearest } from '../../kernel/parameters.ts';
import type { DocumentProblems } from '../../kernel/structuredDocument.ts';
import { cgroupSettingFiles, leftOutFile } from '../linux/cgroupFiles.ts';
import type { OciConfig } from './ociSpec.ts';

const at = ['linux', 'resources'] as const;
const ofVersion1 = 'is of cgroup version 1 and has no file in version 2: runtimes leave it out there, too.';
const intoFile = (file: string): string => {
  return `is left out here. A runtime writes it into ${file}: ${leftOutFile(file)!.why}`;
};
const disks =
  'is left out here: the disks of this host carry no load. A runtime writes it into io.max or io.weight; the scenario container.noisy-neighbour shows what that does.';

/**
 * Keys of `linux.resources` that a runtime uses and the simulation does not, by their path, with what becomes of them. Files of version 2 by
 * the conversion of runc and crun (crun(1), "cgroup v2").
 */
const ignored: Readonly<Record<string, string>> = {
  'memory.reservation': intoFile('memory.low'),
  'memory.swap': intoFile('memory.swap.max'),
  'memory.kernel': ofVersion1,
  'memory.kernelTCP': ofVersion1,
  'memory.swappiness': ofVersion1,
  'memory.disableOOMKiller': ofVersion1,
  'memory.useHierarchy': ofVersion1,
  'memory.checkBeforeUpdate':
    'is left out here: a runtime compares a new limit with what is in use, and a container that starts uses nothing yet.',
  'cpu.burst': intoFile('cpu.max.burst'),
  'cpu.idle': intoFile('cpu.idle'),
  'cpu.cpus': intoFile('cpuset.cpus'),
  'cpu.mems': intoFile('cpuset.mems'),
  'cpu.realtimeRuntime': ofVersion1,
  'cpu.realtimePeriod': ofVersion1,
  blockIO: disks,
  hugepageLimits:
    'is left out here: nothing is simulated that uses huge pages. A runtime writes it into hugetlb.<size>.max.',
  network: ofVersion1,
  rdma: 'is left out here: there is no RDMA device on this host. A runtime writes it into rdma.max.',
};

/** What the simulation leaves out of `linux.resources`, as notes; and what no kernel would take in `unified`. */
export function resourceProblems({ linux = {} }: OciConfig, problems: DocumentProblems): void {
  const { resources = {} } = linux;
  const parts = resources as Readonly<Record<string, unknown>>;
  for (const [name, words] of Object.entries(ignored)) {
    const [part = '', key] = name.split('.');
    const object = parts[part] as Readonly<Record<string, unknown>> | undefined;
    if (object === undefined || (key !== undefined && object[key] === undefined)) continue;
    problems.noteKey([...at, ...name.split('.')], `"${name}" ${words}`);
  }
  for (const [file, value] of Object.entries(resources.unified ?? {})) unifiedProblems(file, value, problems);
}

/** Whether a file of `unified` is one that the simulated kernel has. */
export const isSimulatedFile = (file: string): boolean => cgroupSettingFiles[file] !== undefined;

function unifiedProblems(file: string, value: string, problems: DocumentProblems): void {
  const path = [...at, 'unified', file];
  const setting = cgroupSettingFiles[file];
  if (setting !== undefined) {
    const accepted = setting.accept(value.trim(), setting.initial);
    if (!accepted.ok)
      problems.value(
        path,
        `The kernel refuses "${value}" for ${file} (${accepted.errno}).`,
        setting.initial === ''
          ? 'Write a disk and its limits, such as "8:0 rbps=30000000".'
          : `Without this line it is "${setting.initial}".`,
      );
    return;
  }
  if (['cgroup.procs', 'cgroup.kill', 'cgroup.subtree_control'].includes(file)) {
    problems.key(
      path,
      `"${file}" is no setting of a container: the runtime itself moves its process into the group, which can then control no children.`,
      'Remove it.',
    );
    return;
  }
  const leftOut = leftOutFile(file);
  if (leftOut?.isLimit === true) {
    problems.noteKey(path, `"${file}" is left out here, and a runtime writes it: ${leftOut.why}`);
    return;
  }
  if (leftOut !== undefined) {
    problems.key(path, `"${file}" is no limit of a container: ${leftOut.why}`, leftOut.instead);
    return;
  }
  const near = nearest(file, Object.keys(cgroupSettingFiles));
  problems.key(
    path,
    `Control groups have no file "${file}": a runtime fails to write it.`,
    near === undefined
      ? `Files: ${Object.keys(cgroupSettingFiles).toSorted().join(', ')}.`
      : `Did you mean "${near}"?`,
  );
}
