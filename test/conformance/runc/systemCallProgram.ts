/** An argument of a system call: a number, or bytes that it gets the address of. */
type Argument = number | Buffer;

/** A call by its number on x86-64 (arch/x86/entry/syscalls/syscall_64.tbl). */
export type RawCall = readonly [number: number, ...args: Argument[]];

const loadedAt = 0x400000;
const headerBytes = 64 + 56;
/** How `movabs` into rdi, rsi, rdx, r10, r8 and r9 starts: where the kernel takes arguments. syscall(2) */
const intoRegister = ['48bf', '48be', '48ba', '49ba', '49b8', '49b9'];
const exitWith = 'b83c0000000f05';
/** test rax, rax; js +9; xor edi, edi; exit; neg rax; mov rdi, rax; exit */
const ending = `4885c0780931ff${exitWith}48f7d84889c7${exitWith}`;

/**
 * A static program for Linux on x86-64 that makes some system calls, one after the other, without a C library: what no tool of busybox
 * does. It ends with 0 when the last call succeeds, and else with the call's error number.
 */
export function systemCallProgram(calls: readonly RawCall[]): Buffer {
  const codeBytes = calls.reduce((sum, [, ...args]) => sum + 9 + args.length * 10, 0) + ending.length / 2;
  const data: Buffer[] = [];
  let dataAt = loadedAt + headerBytes + codeBytes;
  const placed = (argument: Argument): bigint => {
    if (typeof argument === 'number') return BigInt(argument);
    const at = dataAt;
    data.push(argument);
    dataAt += argument.length;
    return BigInt(at);
  };
  const code = calls.map(([number, ...args]) => {
    const registers = args.map((argument, index) => {
      const value = Buffer.alloc(8);
      value.writeBigUInt64LE(placed(argument));
      return intoRegister[index]! + value.toString('hex');
    });
    const rax = Buffer.alloc(4);
    rax.writeInt32LE(number);
    return `${registers.join('')}48c7c0${rax.toString('hex')}0f05`;
  });
  const body = Buffer.concat([Buffer.from(code.join('') + ending, 'hex'), ...data]);
  return Buffer.concat([header(headerBytes + body.length), body]);
}

/** The header of an ELF file with one segment that holds everything. elf(5) */
function header(size: number): Buffer {
  const elf = Buffer.alloc(headerBytes);
  elf.write('7f454c46020101', 'hex');
  elf.writeUInt16LE(2, 16);
  elf.writeUInt16LE(62, 18);
  elf.writeUInt32LE(1, 20);
  elf.writeBigUInt64LE(BigInt(loadedAt + headerBytes), 24);
  elf.writeBigUInt64LE(64n, 32);
  elf.writeUInt16LE(64, 52);
  elf.writeUInt16LE(56, 54);
  elf.writeUInt16LE(1, 56);
  elf.writeUInt32LE(1, 64);
  elf.writeUInt32LE(7, 68);
  elf.writeBigUInt64LE(BigInt(loadedAt), 80);
  elf.writeBigUInt64LE(BigInt(loadedAt), 88);
  elf.writeBigUInt64LE(BigInt(size), 96);
  elf.writeBigUInt64LE(BigInt(size), 104);
  elf.writeBigUInt64LE(4096n, 112);
  return elf;
}

const words = (path: string): Buffer => Buffer.from(`${path}\0`, 'latin1');
const cloneNewUser = 0x1000_0000;
const sigchld = 17;

/** `struct clone_args`: flags first, the signal at the end fifth. clone(2) */
function cloneArguments(): Buffer {
  const args = Buffer.alloc(88);
  args.writeBigUInt64LE(BigInt(cloneNewUser), 0);
  args.writeBigUInt64LE(BigInt(sigchld), 32);
  return args;
}

/** `struct sockaddr_un` of an abstract socket. unix(7) */
const abstractAddress = (name: string): Buffer =>
  Buffer.concat([Buffer.from([1, 0, 0]), Buffer.from(name, 'latin1')]);

/** Makes a user namespace in each of the three ways. */
export const userNamespacePrograms = {
  'by-unshare': systemCallProgram([[272, cloneNewUser]]),
  'by-clone': systemCallProgram([[56, cloneNewUser + sigchld, 0, 0, 0, 0]]),
  'by-clone3': systemCallProgram([[435, cloneArguments(), 88]]),
};

/** The way out of a chroot: a second one below, and `..` from outside of it, up to a file of the host. */
export const chrootClimb = (file: string): Buffer =>
  systemCallProgram([
    [83, words('/tmp/deeper'), 0o755],
    [161, words('/tmp/deeper')],
    ...Array.from({ length: 16 }, (): RawCall => [80, words('..')]),
    [2, words(file.slice(1)), 0],
  ]);

/** Connects to an abstract socket; descriptor 3 is free at first. */
export function abstractConnect(name: string): Buffer {
  const address = abstractAddress(name);
  return systemCallProgram([
    [3, 3],
    [41, 1, 1, 0],
    [42, 3, address, address.length],
  ]);
}
