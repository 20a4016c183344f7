import type { CallOutcome } from '../../kernel/policy.ts';
import { csrName } from '../machine/csrNumbers.ts';
import { decode } from '../machine/decode.ts';

/** Answers of the engine to calls of a VMM. */
export const nothing: CallOutcome<void> = { ok: true, value: undefined };
export const found = (value: number): CallOutcome<number> => ({ ok: true, value });
export const failed = (errno: string): { readonly ok: false; readonly errno: string } => ({
  ok: false,
  errno,
});

/** The instruction at which a guest trapped, as a VMM is told of it. @param word 0 when there is none */
export function trappedInstruction(word: number) {
  const decoded = word === 0 ? undefined : decode(word);
  if (decoded === undefined) return undefined;
  const { name, rd, rs1, rs2, csr, immediate } = decoded;
  return { name, rd, rs1, rs2, immediate, csr: csr === 0 ? '' : (csrName(csr) ?? `0x${csr.toString(16)}`) };
}
