import type { Instruction, Trap, VmmPolicyCalls, VmmPolicy } from 'trapframe';

const SIE = 1 << 1;
const SPIE = 1 << 5;
const SPP = 1 << 8;
const TIMER = 1 << 5;
const INTERRUPT = 0x80000000;

type Going = { pc: number; mode: 'user' | 'supervisor' };

/** Where each guest goes on when it has its turn. */
const going = new Map<number, Going>();

export const vmm: VmmPolicy = {
  place({ guest, placed }) {
    going.set(guest, { pc: 0x80000000, mode: 'supervisor' });
    let end = 0;
    for (const other of placed) end = Math.max(end, other.base + other.sizeBytes);
    return end;
  },

  onTrap(trap, calls) {
    const { guest, timerBound } = trap;
    going.set(guest, interrupted(guest, handle(trap, calls), calls));
    let next = guest;
    if (trap.cause === 'timer' || calls.isHalted({ guest })) {
      for (let step = 1; step <= going.size; step++) {
        next = ((guest - 1 + step) % going.size) + 1;
        if (!calls.isHalted({ guest: next })) break;
      }
    }
    const { pc, mode } = going.get(next)!;
    return { guest: next, pc, mode, runFor: 8 };
  },
};

function handle(trap: Trap, calls: VmmPolicyCalls): Going {
  const { cause, pc, mode, instruction } = trap;
  if (cause === 'start') return { pc, mode: 'supervisor' };
  if (cause === 'timer') return { pc, mode };
  try {
    if (cause === 'illegal-instruction' && mode === 'supervisor' && instruction !== undefined) {
      return emulate(trap, instruction, calls);
    }
    if ((cause === 'load-access-fault' || cause === 'store-access-fault') && instruction !== undefined) {
      return device(trap, instruction, calls);
    }
  } catch {
    // There is no such register or device: that is for the guest's kernel to know.
  }
  const code = cause === 'environment-call' && mode === 'supervisor' ? 9 : trap.code;
  return enterHandler(trap.guest, code, trap.value, { pc, mode }, calls);
}

/** Applies a privileged instruction to the virtual CPU. */
function emulate(trap: Trap, instruction: Instruction, calls: VmmPolicyCalls): Going {
  const { guest, pc } = trap;
  const { name, rd, rs1, csr, immediate } = instruction;
  const next: Going = { pc: pc + 4, mode: 'supervisor' };
  if (name === 'wfi') {
    calls.sleepUntilTimer({ guest });
    return next;
  }
  if (name === 'sfence.vma') {
    calls.flushTranslations({ guest });
    return next;
  }
  if (name === 'sret') {
    const sstatus = calls.readCsr({ guest, csr: 'sstatus' });
    const sie = (sstatus & SPIE) !== 0 ? SIE : 0;
    calls.writeCsr({ guest, csr: 'sstatus', value: (sstatus & ~(SIE | SPP)) | SPIE | sie });
    return {
      pc: calls.readCsr({ guest, csr: 'sepc' }) >>> 0,
      mode: (sstatus & SPP) !== 0 ? 'supervisor' : 'user',
    };
  }
  // csrrw, csrrs, csrrc and their immediate forms.
  const operand = name.endsWith('i') ? immediate : calls.readRegister({ guest, register: rs1 });
  const before = calls.readCsr({ guest, csr });
  if (name.startsWith('csrrw')) calls.writeCsr({ guest, csr, value: operand });
  else if (name.startsWith('csrrs') && operand !== 0) calls.writeCsr({ guest, csr, value: before | operand });
  else if (name.startsWith('csrrc') && operand !== 0) calls.writeCsr({ guest, csr, value: before & ~operand });
  calls.writeRegister({ guest, register: rd, value: before });
  return next;
}

/** Passes a load or store to the guest's virtual device. */
function device(trap: Trap, instruction: Instruction, calls: VmmPolicyCalls): Going {
  const { guest, pc, mode, physical: address } = trap;
  const { name, rd, rs2 } = instruction;
  const bytes = name.includes('b') ? 1 : name.includes('h') ? 2 : 4;
  if (name.startsWith('s')) {
    calls.deviceWrite({ guest, address, bytes, value: calls.readRegister({ guest, register: rs2 }) });
  } else {
    calls.writeRegister({ guest, register: rd, value: calls.deviceRead({ guest, address, bytes }) });
  }
  return { pc: pc + 4, mode };
}

/** What the processor does when it takes a trap into supervisor mode, on the virtual CPU. */
function enterHandler(guest: number, cause: number, value: number, from: Going, calls: VmmPolicyCalls): Going {
  const sstatus = calls.readCsr({ guest, csr: 'sstatus' });
  const spie = (sstatus & SIE) !== 0 ? SPIE : 0;
  const spp = from.mode === 'supervisor' ? SPP : 0;
  calls.writeCsr({ guest, csr: 'sstatus', value: (sstatus & ~(SIE | SPIE | SPP)) | spie | spp });
  calls.writeCsr({ guest, csr: 'scause', value: cause });
  calls.writeCsr({ guest, csr: 'sepc', value: from.pc });
  calls.writeCsr({ guest, csr: 'stval', value });
  return { pc: (calls.readCsr({ guest, csr: 'stvec' }) & ~3) >>> 0, mode: 'supervisor' };
}

/** Delivers the guest's timer interrupt once it is due, enabled and not masked. */
function interrupted(guest: number, to: Going, calls: VmmPolicyCalls): Going {
  const pending = calls.readCsr({ guest, csr: 'sip' }) & calls.readCsr({ guest, csr: 'sie' }) & TIMER;
  const masked = to.mode === 'supervisor' && (calls.readCsr({ guest, csr: 'sstatus' }) & SIE) === 0;
  if (pending === 0 || masked) return to;
  return enterHandler(guest, INTERRUPT + 5, 0, to, calls);
}
