/** An operand as written. */
export interface Operand {
  readonly text: string;
  readonly column: number;
}

/** A real instruction with its operands as written. */
export interface RealInstruction {
  readonly name: string;
  readonly operands: readonly Operand[];
}

/** The upper 20 and the lower, signed, 12 bits of a value: what LUI or AUIPC and an immediate make together. */
export const halves = (value: number): { readonly high: number; readonly low: number } => ({
  high: ((value + 0x800) >>> 12) & 0xf_ffff,
  low: (value << 20) >> 20,
});
