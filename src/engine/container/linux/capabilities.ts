/**
 * The capabilities of capabilities(7), in the order of their numbers (include/uapi/linux/capability.h): the powers of
 * root in pieces.
 */
export const capabilityNames = [
  'CAP_CHOWN',
  'CAP_DAC_OVERRIDE',
  'CAP_DAC_READ_SEARCH',
  'CAP_FOWNER',
  'CAP_FSETID',
  'CAP_KILL',
  'CAP_SETGID',
  'CAP_SETUID',
  'CAP_SETPCAP',
  'CAP_LINUX_IMMUTABLE',
  'CAP_NET_BIND_SERVICE',
  'CAP_NET_BROADCAST',
  'CAP_NET_ADMIN',
  'CAP_NET_RAW',
  'CAP_IPC_LOCK',
  'CAP_IPC_OWNER',
  'CAP_SYS_MODULE',
  'CAP_SYS_RAWIO',
  'CAP_SYS_CHROOT',
  'CAP_SYS_PTRACE',
  'CAP_SYS_PACCT',
  'CAP_SYS_ADMIN',
  'CAP_SYS_BOOT',
  'CAP_SYS_NICE',
  'CAP_SYS_RESOURCE',
  'CAP_SYS_TIME',
  'CAP_SYS_TTY_CONFIG',
  'CAP_MKNOD',
  'CAP_LEASE',
  'CAP_AUDIT_WRITE',
  'CAP_AUDIT_CONTROL',
  'CAP_SETFCAP',
  'CAP_MAC_OVERRIDE',
  'CAP_MAC_ADMIN',
  'CAP_SYSLOG',
  'CAP_WAKE_ALARM',
  'CAP_BLOCK_SUSPEND',
  'CAP_AUDIT_READ',
  'CAP_PERFMON',
  'CAP_BPF',
  'CAP_CHECKPOINT_RESTORE',
] as const;
export type Capability = (typeof capabilityNames)[number];

/** A set of capabilities: bit n is capability number n, as in the CapEff line of /proc/pid/status. */
export type CapabilitySet = bigint;

export const noCapabilities: CapabilitySet = 0n;
export const allCapabilities: CapabilitySet = (1n << BigInt(capabilityNames.length)) - 1n;

const bitOf: ReadonlyMap<string, bigint> = new Map(
  capabilityNames.map((name, number) => [name, 1n << BigInt(number)]),
);

export function capabilitySet(names: Iterable<Capability>): CapabilitySet {
  let set = noCapabilities;
  for (const name of names) set |= bitOf.get(name)!;
  return set;
}

export const hasCapability = (set: CapabilitySet, name: Capability): boolean =>
  (set & bitOf.get(name)!) !== 0n;

export const isSubset = (inner: CapabilitySet, outer: CapabilitySet): boolean => (inner & ~outer) === 0n;

export const capabilitiesIn = (set: CapabilitySet): readonly Capability[] =>
  capabilityNames.filter((name) => hasCapability(set, name));

/** As /proc/pid/status writes a set. */
export const capabilityHex = (set: CapabilitySet): string => set.toString(16).padStart(16, '0');
