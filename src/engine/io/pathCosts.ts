/**
 * Every constant of the path model, with its unit, where it comes from, and its role: *calibrated* to a published row, which
 * then proves nothing, or *assumed*. Cycles are those of the Xeon E5-2450 of Dall et al., at 2.1 GHz.
 */
export interface CostConstant {
  readonly value: number;
  readonly unit: 'ns' | 'ns per KiB';
  readonly role: 'calibrated' | 'assumed';
  readonly source: string;
}

const cycles = (count: number): number => Math.round(count / 2.1);
const dall = (what: string): string => `Dall et al., ISCA 2016, Table II, x86 KVM: ${what}`;
const calibrated = (value: number, source: string): CostConstant => ({
  value,
  unit: 'ns',
  role: 'calibrated',
  source,
});
const assumed = (value: number, source: string): CostConstant => ({
  value,
  unit: 'ns',
  role: 'assumed',
  source,
});

export const pathCosts = {
  hypercall: calibrated(cycles(1300), dall('null hypercall, 1300 cycles')),
  exitToKernel: calibrated(cycles(2565), dall('exit handled in the host kernel, 2565 cycles')),
  exitToUser: calibrated(cycles(6732), dall('exit handled in host user space, 6732 cycles')),
  injection: calibrated(
    cycles(3102),
    dall('virtual IPI, 3102 cycles, for a virtual interrupt sent to a guest'),
  ),
  endOfInterrupt: calibrated(cycles(1556), dall('virtual interrupt completion, 1556 cycles')),
  registerAccess: assumed(100, 'An uncached access to a device over PCIe'),
  interruptHandling: assumed(1000, 'Entry, handler and wake-up of whoever waits'),
  blockStack: assumed(4000, 'System call, file system and block layer of one request, one kernel'),
  networkStackTcp: calibrated(
    37_700,
    'Felter et al. 2014, Fig. 3: TCP_RR native, a whole round trip over 10 GbE',
  ),
  networkStackUdp: calibrated(
    35_900,
    'Felter et al. 2014, Fig. 3: UDP_RR native, a whole round trip over 10 GbE',
  ),
  loopbackExchange: calibrated(17_299, 'Measured, Linux 6.18: loopback round trip, mean of one CPU and two'),
  flashAccess: assumed(20_000, 'Access of a fast flash disk'),
  flashTransfer: { value: 400, unit: 'ns per KiB', role: 'assumed', source: 'About 2.5 GB/s' },
  copy: { value: 125, unit: 'ns per KiB', role: 'assumed', source: 'About 8 GB/s' },
  contextSwitch: assumed(2000, 'Switch between two threads or domains with a cold start'),
  userKernelCrossing: assumed(300, 'A system call of the backend'),
  threadWake: assumed(3000, 'Waking a sleeping thread on another CPU'),
  grantMap: assumed(2500, 'Mapping and unmapping a granted page: two hypercalls and a TLB flush'),
  domainUpcall: assumed(700, 'Delivery of an event channel upcall'),
  netHop: calibrated(
    11_204,
    'Felter et al. 2014, Fig. 3: TCP_RR with KVM, what remains per direction of vhost, tap and bridge',
  ),
  nat2014: calibrated(35_100, 'Felter et al. 2014, Fig. 3: TCP_RR with Docker NAT, less native'),
  veth: calibrated(769, 'Measured, Linux 6.18, one CPU: one veth pair, per round trip'),
  bridge: calibrated(
    1217,
    'Measured, Linux 6.18, one CPU: host to container over a bridge, less a veth pair',
  ),
  routing: calibrated(619, 'Measured, Linux 6.18, one CPU: routed to a container without NAT, less its hops'),
  conntrack: calibrated(1481, 'Measured, Linux 6.18, one CPU: connection tracking between two containers'),
  vxlan: calibrated(6400, 'ONCache, NSDI 2025, Table 2: overlay network, less bare metal'),
  cgroupCharge: assumed(80, 'Charging a request to its control group'),
  seccompFilter: assumed(25, 'A tenth of a system call: measured ratio 1.1 for an allowing filter'),
  overlayLookup: assumed(400, 'Looking up a name in one more layer'),
} as const satisfies Readonly<Record<string, CostConstant>>;

export type PathCost = keyof typeof pathCosts;

/** A constant as whole nanoseconds, for `KiB` of data where it is per KiB. */
export function costNs(name: PathCost, bytes = 1024): number {
  const constant: CostConstant = pathCosts[name];
  return constant.unit === 'ns' ? constant.value : Math.round((constant.value * bytes) / 1024);
}
