import type { Witness } from '../../kernel/scenario.ts';
import { finisherBase, uartBase } from '../machine/devices.ts';
import { hex } from './guestState.ts';
import { ramBase, status } from '../machine/hart.ts';
import { pageBytes, pte } from '../machine/sv32.ts';
import { interrupt, interruptBit } from '../machine/trapCause.ts';
import type { Vcpu } from '../vmm/vcpu.ts';

/** A call that a guest's kernel makes to its VMM with `ecall`: its number is in a7, its arguments are in a0 and a1. */
export interface Hypercall {
  /** As the guest's source calls it. */
  readonly name: string;
  readonly number: number;
  readonly arguments: string;
  readonly doc: string;
}

/**
 * What the VMM offers to a kernel that knows of it. Made after Xen's (Barham et al., "Xen and the Art of Virtualization", SOSP 2003,
 * section 3): `set_trap_table` and its bounce frames, the mask in a shared page, `mmu_update` with a list, `set_timer_op`,
 * `console_io`, `sched_op`, `iret`. The way to call is that of RISC-V's SBI.
 */
export const hypercalls = [
  {
    name: 'SET_TRAPS',
    number: 1,
    arguments: 'a0: the handler, a1: the top of the kernel’s stack',
    doc:
      'From now on every trap pushes a frame onto the kernel’s stack, and enters the handler with sp at the frame and interrupts masked. From the process the stack is ' +
      'the one that a1 names; from the kernel it is the one in use.',
  },
  {
    name: 'SHARE_FLAG',
    number: 2,
    arguments: 'a0: a word of memory',
    doc:
      'From now on the kernel’s interrupts are enabled while the word is 1, and masked while it is 0. The VMM reads it when an interrupt is due, ' +
      'and writes 0 when it enters the handler. A change takes no call.',
  },
  {
    name: 'SET_TABLE',
    number: 3,
    arguments: 'a0: the root of a page table',
    doc: 'Turns paging on with this table.',
  },
  {
    name: 'UPDATE_TABLES',
    number: 4,
    arguments: 'a0: a list, a1: how many',
    doc: 'Each of the list is two words, the address of a page-table entry and its new value. Old translations are forgotten.',
  },
  {
    name: 'CONSOLE_WRITE',
    number: 5,
    arguments: 'a0: a text, a1: its bytes',
    doc: 'Writes the text to the console.',
  },
  {
    name: 'SET_TIMER',
    number: 6,
    arguments: 'a0: ticks from now, or -1',
    doc: 'Asks for one tick; -1 for none. An older one is forgotten.',
  },
  { name: 'WAIT', number: 7, arguments: '', doc: 'Gives the processor away until the next tick.' },
  {
    name: 'RETURN',
    number: 8,
    arguments: 'a0: a frame',
    doc: 'Leaves a handler, or starts a process: registers, pc, mode and interrupt mask are those of the frame.',
  },
  {
    name: 'GET_STATE',
    number: 9,
    arguments: 'a0: four words of memory',
    doc: 'Writes the kernel’s own sstatus, stvec, satp and sscratch there.',
  },
] as const satisfies readonly Hypercall[];
export type HypercallName = (typeof hypercalls)[number]['name'];

/** A frame in bytes: x0 to x31, then pc, cause (as in `scause`) and status (as in `sstatus`); a multiple of 16. */
export const frame = { bytes: 144, pc: 128, cause: 132, status: 136 } as const;
const stackPointer = 2;
const tick = interruptBit + interrupt.supervisorTimer;
const listEntryBytes = 8;
/** The most bytes of a text, and of updates in a list, in one call. */
const longestText = 4096;
const longestList = 1024;

type Going = { readonly pc: number; readonly mode: 'user' | 'supervisor' };

/** What hypercalls need of the host. */
export interface HypercallHost {
  vcpu(guest: number): Vcpu;
  /** The guest's memory, which begins at {@link ramBase} of its addresses. */
  memory(guest: number): Uint8Array;
  /** Records a call, after it was understood. @param amount of entries, bytes or ticks */
  called(guest: number, name: HypercallName, amount: number, pc: number): void;
  /** Writes a CSR of the guest's virtual CPU, as the VMM does it. */
  writeCsr(guest: number, csr: string, value: number): void;
  /** Forgets the translations of the guest. */
  flush(guest: number): void;
  /** Lets the guest's time pass until its timer is due; false when it is not set. */
  sleep(guest: number): boolean;
  refuse(witness: Omit<Witness, 'event'>): never;
}

/** The VMM's side of {@link hypercalls}. What a guest asks for concerns that guest alone. */
export class HypercallInterface {
  readonly #host: HypercallHost;
  /** By guest: the top of the stack for traps from its process. */
  readonly #stackTop = new Map<number, number>();

  constructor(host: HypercallHost) {
    this.#host = host;
  }

  /** Does what the guest's kernel asks for. @param pc of the `ecall` */
  call(guest: number, pc: number): Going {
    const vcpu = this.#host.vcpu(guest);
    const { registers } = vcpu;
    const [a0, a1, a7] = [registers[10]! >>> 0, registers[11]! >>> 0, registers[17]!];
    const known = hypercalls.find(({ number }) => number === a7);
    if (known === undefined) {
      return this.#host.refuse({
        place: hex(pc),
        expected: `a number from 1 to ${hypercalls.length} in a7`,
        actual: `${a7}`,
        because: 'The VMM has no such call, so the guest cannot go on.',
      });
    }
    const { name } = known;
    const at: Asked = { guest, name, pc };
    const next: Going = { pc: (pc + 4) >>> 0, mode: 'supervisor' };
    switch (name) {
      case 'SET_TRAPS':
        this.#memory(at, a1 - frame.bytes, frame.bytes, 'the stack below a1');
        this.#host.called(guest, name, 0, pc);
        this.#host.writeCsr(guest, 'stvec', a0);
        this.#stackTop.set(guest, a1);
        break;
      case 'SHARE_FLAG': {
        const word = this.#memory(at, a0, 4, 'a0');
        this.#host.called(guest, name, 0, pc);
        vcpu.interruptFlag = {
          read: () => (word.getUint32(0, true) & 1) !== 0,
          write: (enabled) => word.setUint32(0, enabled ? 1 : 0, true),
        };
        break;
      }
      case 'SET_TABLE':
        this.#memory(at, a0, pageBytes, 'a0', pageBytes);
        this.#host.called(guest, name, 0, pc);
        this.#host.writeCsr(guest, 'satp', (1 << 31) | (a0 >>> 12));
        this.#host.flush(guest);
        break;
      case 'UPDATE_TABLES':
        this.#update(at, a0, a1);
        break;
      case 'CONSOLE_WRITE': {
        this.#atMost(at, a1, longestText, 'bytes');
        const text = this.#memory(at, a0, a1, 'a0', 1);
        this.#host.called(guest, name, a1, pc);
        for (let byte = 0; byte < a1; byte++) vcpu.console += String.fromCharCode(text.getUint8(byte));
        break;
      }
      case 'SET_TIMER':
        this.#host.called(guest, name, a0 | 0, pc);
        vcpu.stimecmp = a0 === 0xffff_ffff ? Infinity : vcpu.now + a0;
        this.#host.writeCsr(guest, 'sie', 1 << interrupt.supervisorTimer);
        break;
      case 'WAIT':
        this.#host.called(guest, name, 0, pc);
        if (!this.#host.sleep(guest)) {
          return this.#host.refuse({
            place: hex(pc),
            expected: 'a tick that ends the wait',
            actual: 'no timer is set',
            because: 'Nothing would ever wake the guest up. SET_TIMER asks for one tick only.',
          });
        }
        break;
      case 'RETURN':
        return this.#return(at, a0);
      case 'GET_STATE': {
        const words = this.#memory(at, a0, 16, 'a0');
        this.#host.called(guest, name, 0, pc);
        ['sstatus', 'stvec', 'satp', 'sscratch'].forEach((csr, index) =>
          words.setInt32(4 * index, vcpu.readCsr(csr)!, true),
        );
        break;
      }
    }
    registers[10] = 0;
    return next;
  }

  /** Pushes a frame for a trap that the guest's handler is entered for; nothing when it did not ask for frames. */
  pushFrame(guest: number, from: Going): void {
    const top = this.#stackTop.get(guest);
    if (top === undefined) return;
    const vcpu = this.#host.vcpu(guest);
    if (vcpu.readCsr('scause')! >>> 0 === tick) vcpu.stimecmp = Infinity;
    const to = (from.mode === 'user' ? top : vcpu.registers[stackPointer]! >>> 0) - frame.bytes;
    const words = this.#view(guest, to, frame.bytes, 4);
    if (words === undefined) {
      return this.#host.refuse({
        place: hex(from.pc),
        expected: `a stack of which ${frame.bytes} bytes lie in the guest’s memory`,
        actual: `sp = ${hex(to + frame.bytes)}`,
        because: 'A trap pushes a frame onto the kernel’s stack.',
      });
    }
    vcpu.registers.forEach((value, register) => words.setInt32(4 * register, value, true));
    words.setUint32(frame.pc, from.pc, true);
    words.setInt32(frame.cause, vcpu.readCsr('scause')!, true);
    words.setInt32(frame.status, vcpu.readCsr('sstatus')!, true);
    vcpu.registers[stackPointer] = to;
  }

  #return(at: Asked, address: number): Going {
    const { guest, name, pc } = at;
    const words = this.#memory(at, address, frame.bytes, 'a0');
    this.#host.called(guest, name, 0, pc);
    const { registers } = this.#host.vcpu(guest);
    for (let register = 1; register < 32; register++)
      registers[register] = words.getInt32(4 * register, true);
    const saved = words.getInt32(frame.status, true);
    const enabled = (saved & status.spie) !== 0 ? status.sie : 0;
    this.#host.writeCsr(guest, 'sstatus', (saved & ~(status.sie | status.spp)) | enabled | status.spie);
    const mode = (saved & status.spp) !== 0 ? 'supervisor' : 'user';
    return { pc: (words.getUint32(frame.pc, true) & ~3) >>> 0, mode };
  }

  #update(at: Asked, list: number, count: number): void {
    const { guest, name, pc } = at;
    this.#atMost(at, count, longestList, 'entries');
    const pairs = this.#memory(at, list, count * listEntryBytes, 'a0');
    this.#host.called(guest, name, count, pc);
    for (let index = 0; index < count; index++) {
      const [entry, value] = [0, 4].map((part) => pairs.getUint32(index * listEntryBytes + part, true)) as [
        number,
        number,
      ];
      const word = this.#memory(at, entry, 4, `the address of entry ${index}`);
      const page = (value >>> 10) * pageBytes;
      const isOwn =
        this.#view(guest, page, pageBytes, 1) !== undefined || page === uartBase || page === finisherBase;
      if ((value & pte.v) !== 0 && !isOwn) {
        return this.#host.refuse({
          place: hex(pc),
          expected: 'page-table entries that lead to the guest’s own memory',
          actual: `entry ${index} is ${hex(value)}, which leads to ${hex(page)}`,
          because:
            'A guest that could map any page would reach the memory of others, so the VMM looks at each entry.',
        });
      }
      word.setUint32(0, value, true);
    }
    this.#host.flush(guest);
  }

  #atMost({ name, pc }: Asked, count: number, most: number, what: string): void {
    if (count <= most) return;
    this.#host.refuse({
      place: hex(pc),
      expected: `at most ${most} ${what} in a1 of ${name}`,
      actual: `${count | 0}`,
      because: 'The VMM works on one call for so long at most, so that others get their turn.',
    });
  }

  /** A part of the guest's memory that a call names. */
  #memory({ guest, name, pc }: Asked, address: number, bytes: number, what: string, align = 4): DataView {
    const view = this.#view(guest, address, bytes, align);
    if (view !== undefined) return view;
    const end = ramBase + this.#host.memory(guest).length;
    return this.#host.refuse({
      place: hex(pc),
      expected: `${bytes} bytes of the guest’s memory, from ${hex(ramBase)} to ${hex(end - 1)}${align === 1 ? '' : `, at a multiple of ${align}`}`,
      actual: `${what} of ${name} is ${hex(address)}`,
      because: 'The VMM reads and writes the memory of the guest that asks, and no other.',
    });
  }

  #view(guest: number, address: number, bytes: number, align: number): DataView | undefined {
    const memory = this.#host.memory(guest);
    const offset = address - ramBase;
    if (offset < 0 || offset + bytes > memory.length || offset % align !== 0) return undefined;
    return new DataView(memory.buffer, memory.byteOffset + offset, bytes);
  }
}

interface Asked {
  readonly guest: number;
  readonly name: HypercallName;
  /** Of the `ecall`. */
  readonly pc: number;
}
