/** How an instruction's operands are laid out and written. */
export type Format =
  | 'R' // rd, rs1, rs2
  | 'I' // rd, rs1, immediate
  | 'shift' // rd, rs1, shift amount
  | 'load' // rd, offset(rs1)
  | 'store' // rs2, offset(rs1)
  | 'branch' // rs1, rs2, target
  | 'U' // rd, upper immediate
  | 'jal' // rd, target
  | 'csr' // rd, csr, rs1
  | 'csrImmediate' // rd, csr, 5-bit immediate
  | 'amo' // rd, rs2, (rs1)
  | 'lr' // rd, (rs1)
  | 'fence' // order is not read
  | 'sfence' // rs1, rs2
  | 'none';

/** One instruction: the bits that `mask` selects are those of `match`. */
export interface Instruction {
  readonly name: string;
  readonly format: Format;
  readonly match: number;
  readonly mask: number;
}

const row = (name: string, format: Format, match: number, mask: number): Instruction => ({
  name,
  format,
  match: match >>> 0,
  mask: mask >>> 0,
});
const funct3Mask = 0x0000_707f;
const funct7Mask = 0xfe00_707f;

const r = (name: string, funct7: number, funct3: number): Instruction =>
  row(name, 'R', (funct7 << 25) | (funct3 << 12) | 0x33, funct7Mask);
const i = (name: string, funct3: number): Instruction => row(name, 'I', (funct3 << 12) | 0x13, funct3Mask);
const shift = (name: string, funct7: number, funct3: number): Instruction =>
  row(name, 'shift', (funct7 << 25) | (funct3 << 12) | 0x13, funct7Mask);
const loadRow = (name: string, funct3: number): Instruction =>
  row(name, 'load', (funct3 << 12) | 0x03, funct3Mask);
const store = (name: string, funct3: number): Instruction =>
  row(name, 'store', (funct3 << 12) | 0x23, funct3Mask);
const branch = (name: string, funct3: number): Instruction =>
  row(name, 'branch', (funct3 << 12) | 0x63, funct3Mask);
const csr = (name: string, format: 'csr' | 'csrImmediate', funct3: number): Instruction =>
  row(name, format, (funct3 << 12) | 0x73, funct3Mask);
/** The ordering bits aq and rl are not part of the mask. */
const amo = (name: string, funct5: number): Instruction =>
  row(name, 'amo', (funct5 << 27) | (2 << 12) | 0x2f, 0xf800_707f);
const whole = (name: string, word: number): Instruction => row(name, 'none', word, 0xffff_ffff);

/** RV32IMA_Zicsr_Zifencei and the privileged instructions (Unprivileged ISA 20191213, chapter 24; Privileged 1.12). */
export const instructions: readonly Instruction[] = [
  row('lui', 'U', 0x37, 0x7f),
  row('auipc', 'U', 0x17, 0x7f),
  row('jal', 'jal', 0x6f, 0x7f),
  row('jalr', 'load', 0x67, funct3Mask),
  branch('beq', 0),
  branch('bne', 1),
  branch('blt', 4),
  branch('bge', 5),
  branch('bltu', 6),
  branch('bgeu', 7),
  loadRow('lb', 0),
  loadRow('lh', 1),
  loadRow('lw', 2),
  loadRow('lbu', 4),
  loadRow('lhu', 5),
  store('sb', 0),
  store('sh', 1),
  store('sw', 2),
  i('addi', 0),
  i('slti', 2),
  i('sltiu', 3),
  i('xori', 4),
  i('ori', 6),
  i('andi', 7),
  shift('slli', 0x00, 1),
  shift('srli', 0x00, 5),
  shift('srai', 0x20, 5),
  r('add', 0x00, 0),
  r('sub', 0x20, 0),
  r('sll', 0x00, 1),
  r('slt', 0x00, 2),
  r('sltu', 0x00, 3),
  r('xor', 0x00, 4),
  r('srl', 0x00, 5),
  r('sra', 0x20, 5),
  r('or', 0x00, 6),
  r('and', 0x00, 7),
  r('mul', 0x01, 0),
  r('mulh', 0x01, 1),
  r('mulhsu', 0x01, 2),
  r('mulhu', 0x01, 3),
  r('div', 0x01, 4),
  r('divu', 0x01, 5),
  r('rem', 0x01, 6),
  r('remu', 0x01, 7),
  row('fence', 'fence', 0x0000_000f, funct3Mask),
  row('fence.i', 'fence', 0x0000_100f, funct3Mask),
  row('lr.w', 'lr', 0x1000_202f, 0xf9f0_707f),
  amo('sc.w', 0x03),
  amo('amoswap.w', 0x01),
  amo('amoadd.w', 0x00),
  amo('amoxor.w', 0x04),
  amo('amoand.w', 0x0c),
  amo('amoor.w', 0x08),
  amo('amomin.w', 0x10),
  amo('amomax.w', 0x14),
  amo('amominu.w', 0x18),
  amo('amomaxu.w', 0x1c),
  csr('csrrw', 'csr', 1),
  csr('csrrs', 'csr', 2),
  csr('csrrc', 'csr', 3),
  csr('csrrwi', 'csrImmediate', 5),
  csr('csrrsi', 'csrImmediate', 6),
  csr('csrrci', 'csrImmediate', 7),
  whole('ecall', 0x0000_0073),
  whole('ebreak', 0x0010_0073),
  whole('mret', 0x3020_0073),
  whole('sret', 0x1020_0073),
  whole('wfi', 0x1050_0073),
  row('sfence.vma', 'sfence', 0x1200_0073, 0xfe00_7fff),
];

export const instructionNamed: ReadonlyMap<string, Instruction> = new Map(
  instructions.map((instruction) => [instruction.name, instruction]),
);

const byOpcode = new Map<number, Instruction[]>();
for (const instruction of instructions) {
  const opcode = instruction.match & 0x7f;
  byOpcode.set(opcode, [...(byOpcode.get(opcode) ?? []), instruction]);
}

/** The instruction that a word is; undefined for an illegal one. */
export function instructionOf(word: number): Instruction | undefined {
  return byOpcode.get(word & 0x7f)?.find(({ match, mask }) => (word & mask) >>> 0 === match);
}

/** Names of the registers in the calling convention. */
export const registerNames: readonly string[] = [
  'zero',
  'ra',
  'sp',
  'gp',
  'tp',
  't0',
  't1',
  't2',
  's0',
  's1',
  ...Array.from({ length: 8 }, (_, n) => `a${n}`),
  ...Array.from({ length: 10 }, (_, n) => `s${n + 2}`),
  ...Array.from({ length: 4 }, (_, n) => `t${n + 3}`),
];

const registers = new Map<string, number>([
  ...registerNames.map((name, number): [string, number] => [name, number]),
  ...registerNames.map((_, number): [string, number] => [`x${number}`, number]),
  ['fp', 8],
]);
export const registerNamed = (name: string): number | undefined => registers.get(name);
