/** Exception codes (Privileged Architecture 1.12, tables 3.6 and 8.6). */
export const exception = {
  fetchMisaligned: 0,
  fetchAccess: 1,
  illegalInstruction: 2,
  breakpoint: 3,
  loadMisaligned: 4,
  loadAccess: 5,
  storeMisaligned: 6,
  storeAccess: 7,
  userEcall: 8,
  supervisorEcall: 9,
  virtualSupervisorEcall: 10,
  machineEcall: 11,
  fetchPageFault: 12,
  loadPageFault: 13,
  storePageFault: 15,
  fetchGuestPageFault: 20,
  loadGuestPageFault: 21,
  virtualInstruction: 22,
  storeGuestPageFault: 23,
} as const;

/** Interrupt codes, which are also bit numbers of `mip` and `mie`. */
export const interrupt = {
  supervisorSoftware: 1,
  machineSoftware: 3,
  supervisorTimer: 5,
  machineTimer: 7,
  supervisorExternal: 9,
  machineExternal: 11,
} as const;

/** Bit 31 of `mcause` and `scause`: the trap is an interrupt. */
export const interruptBit = 0x8000_0000;

const exceptionNames: Readonly<Record<number, string>> = {
  0: 'instruction address misaligned',
  1: 'instruction access fault',
  2: 'illegal instruction',
  3: 'breakpoint',
  4: 'load address misaligned',
  5: 'load access fault',
  6: 'store address misaligned',
  7: 'store access fault',
  8: 'environment call from U-mode',
  9: 'environment call from S-mode',
  10: 'environment call from VS-mode',
  11: 'environment call from M-mode',
  12: 'instruction page fault',
  13: 'load page fault',
  15: 'store page fault',
  20: 'instruction guest-page fault',
  21: 'load guest-page fault',
  22: 'virtual instruction',
  23: 'store guest-page fault',
};
const interruptNames: Readonly<Record<number, string>> = {
  1: 'supervisor software interrupt',
  3: 'machine software interrupt',
  5: 'supervisor timer interrupt',
  7: 'machine timer interrupt',
  9: 'supervisor external interrupt',
  11: 'machine external interrupt',
};

/** A cause in words. @param cause as in `mcause`: bit 31 marks interrupts */
export function causeName(cause: number): string {
  const code = cause & 0x7fff_ffff;
  const names = cause >>> 31 === 1 ? interruptNames : exceptionNames;
  return names[code] ?? `cause ${code}`;
}
