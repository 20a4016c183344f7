import { disassemble } from './decode.ts';
import { causeName, exception, interruptBit } from './trapCause.ts';

/** A trap, where it came. */
export interface TrapAt {
  /** As in `mcause`. */
  readonly cause: number;
  readonly pc: number;
  /** The instruction that trapped; undefined when it could not be fetched. */
  readonly word: number | undefined;
}

/** Traps in a row of one cause at one place, from which on they are called endless when a program does not end. */
export const endlessTraps = 64;

/** A trap that comes again and again, in words: which, how often, and why. */
export interface EndlessTrap {
  readonly trap: string;
  readonly because: string;
}

/** The exceptions that a guest's own trap handler was entered for. */
export class HandledTraps {
  /** The last one, and how often it came in a row. */
  last: TrapAt | undefined;
  count = 0;
  /** The one before, which was another. */
  before: TrapAt | undefined;
  #handler = 0;
  #by: 's' | 'm' = 's';

  /** @param handler where it was entered. @param by the mode that it runs in, as the names of its CSRs begin */
  took(trap: TrapAt, handler: number, by: 's' | 'm' = 's'): void {
    if (trap.cause >= interruptBit) return;
    const { last } = this;
    this.#handler = handler;
    this.#by = by;
    if (last?.cause === trap.cause && last.pc === trap.pc) this.count++;
    else {
      this.before = last;
      this.last = trap;
      this.count = 1;
    }
  }

  /** What comes again and again, and why; undefined when the handler gets on. */
  get endless(): EndlessTrap | undefined {
    const { last, before, count } = this;
    if (last === undefined || count < endlessTraps) return undefined;
    const trap = `${sayTrap(last)}, ${count} times in a row`;
    if (last.pc !== this.#handler && last.word === undefined) {
      return {
        trap,
        because: `No instruction can be fetched there: who goes on has to go on at code. The trap handler would be at ${hex(this.#handler)}.`,
      };
    }
    if (last.pc !== this.#handler) {
      return {
        trap,
        because:
          'Its trap handler goes back to the very instruction that traps, or the program runs in circles around it. ' +
          `A handler has to step over the instruction, at ${this.#by}epc + 4, or mend what was wrong.`,
      };
    }
    const first = before === undefined ? '' : ` It was entered for: ${sayTrap(before)}.`;
    const why =
      last.word === undefined || last.word === 0
        ? `${this.#by}tvec leads to where no handler is`
        : `${this.#by}tvec leads to where no handler is, or the handler begins with what traps`;
    return {
      trap,
      because: `Its trap handler, at ${hex(last.pc)}, traps at its own first instruction: ${why}.${first}`,
    };
  }
}

export const sayTrap = ({ cause, pc, word }: TrapAt): string =>
  `${causeName(cause)} at ${hex(pc)}${word === undefined ? '' : `, ${sayInstruction(cause, word, pc)}`}`;

/** Words that do not end in 11 hold an instruction of 16 bits (Unprivileged ISA, section 1.5); 0 is no instruction on purpose. */
function sayInstruction(cause: number, word: number, pc: number): string {
  if (cause !== exception.illegalInstruction || (word & 3) === 3 || word === 0) return disassemble(word, pc);
  return `0x${(word & 0xffff).toString(16).padStart(4, '0')}: data, or a compressed instruction, which this machine does not know`;
}

/** Causes whose trap comes before there is an instruction. */
const fetchFaults: ReadonlySet<number> = new Set([
  exception.fetchAccess,
  exception.fetchPageFault,
  exception.fetchGuestPageFault,
]);

/** Whether the instruction at which a trap came was fetched. @param cause as in `mcause` */
export const wasFetched = (cause: number): boolean => !fetchFaults.has(cause);

const hex = (value: number): string => `0x${(value >>> 0).toString(16).padStart(8, '0')}`;
