/** Numbers of the control and status registers of this machine, by name (Privileged Architecture 1.12, chapter 2). */
export const csrNumber = {
  cycle: 0xc00,
  time: 0xc01,
  instret: 0xc02,
  cycleh: 0xc80,
  timeh: 0xc81,
  instreth: 0xc82,
  sstatus: 0x100,
  sie: 0x104,
  stvec: 0x105,
  scounteren: 0x106,
  senvcfg: 0x10a,
  sscratch: 0x140,
  sepc: 0x141,
  scause: 0x142,
  stval: 0x143,
  sip: 0x144,
  stimecmp: 0x14d,
  stimecmph: 0x15d,
  satp: 0x180,
  mvendorid: 0xf11,
  marchid: 0xf12,
  mimpid: 0xf13,
  mhartid: 0xf14,
  mconfigptr: 0xf15,
  mstatus: 0x300,
  misa: 0x301,
  medeleg: 0x302,
  mideleg: 0x303,
  mie: 0x304,
  mtvec: 0x305,
  mcounteren: 0x306,
  menvcfg: 0x30a,
  mstatush: 0x310,
  menvcfgh: 0x31a,
  mcountinhibit: 0x320,
  mscratch: 0x340,
  mepc: 0x341,
  mcause: 0x342,
  mtval: 0x343,
  mip: 0x344,
  mcycle: 0xb00,
  minstret: 0xb02,
  mcycleh: 0xb80,
  minstreth: 0xb82,
  tselect: 0x7a0,
  tdata1: 0x7a1,
  tdata2: 0x7a2,
  tdata3: 0x7a3,
} as const;

export type CsrName = keyof typeof csrNumber;

const names = new Map<number, string>(Object.entries(csrNumber).map(([name, number]) => [number, name]));
for (let entry = 0; entry < 16; entry++) names.set(0x3b0 + entry, `pmpaddr${entry}`);
for (let register = 0; register < 4; register++) names.set(0x3a0 + register, `pmpcfg${register}`);
for (let counter = 3; counter < 32; counter++) {
  names.set(0xc00 + counter, `hpmcounter${counter}`);
  names.set(0xc80 + counter, `hpmcounter${counter}h`);
  names.set(0xb00 + counter, `mhpmcounter${counter}`);
  names.set(0xb80 + counter, `mhpmcounter${counter}h`);
  names.set(0x320 + counter, `mhpmevent${counter}`);
}
const numbers = new Map([...names].map(([number, name]) => [name, number]));
numbers.set('sptbr', csrNumber.satp).set('mbadaddr', csrNumber.mtval).set('sbadaddr', csrNumber.stval);

/** The name of a CSR; undefined when this machine has none of that number. */
export const csrName = (number: number): string | undefined => names.get(number);
/** The number of a CSR by name, old names included. */
export const csrNamed = (name: string): number | undefined => numbers.get(name);
