import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readElf } from '../../src/engine/cpu/machine/elf.ts';
import { runProgram } from '../../src/engine/cpu/machine/testProgram.ts';
import { isInstalled } from './installedTool.ts';

const gcc = 'riscv64-unknown-elf-gcc';
const qemu = 'qemu-system-riscv32';
const sources = join(import.meta.dirname, 'compiled');
const ramBytes = 16 << 20;

/** What a program printed, and the number of the test that it said had failed; 0: none. */
interface Outcome {
  readonly printed: string;
  readonly failed: number;
}

function here(file: string): Outcome {
  const reading = readElf(readFileSync(file), ramBytes);
  assert.ok(reading.ok, JSON.stringify(reading));
  const { end, output } = runProgram(reading.value, {
    ramBytes,
    misaligned: 'hardware',
    maxInstructions: 1e6,
  });
  assert.ok(end.kind === 'passed' || end.kind === 'failed', JSON.stringify(end));
  return {
    printed: Buffer.from(output).toString('latin1'),
    failed: end.kind === 'failed' ? end.test : 0,
  };
}

/** The same on the machine after Spike of QEMU, which has the host-target interface too. */
function onQemu(file: string): Outcome {
  const options = '-M spike -bios none -display none -monitor none -serial stdio -kernel';
  const { stdout, status } = spawnSync(qemu, [...options.split(' '), file], {
    encoding: 'latin1',
    timeout: 60_000,
  });
  return { printed: stdout, failed: status ?? -1 };
}

/** Programs that a compiler made, as riscv-tests are made: linked by ld, ended by `tohost`, in machine mode and as a process. */
describe('programs of a real compiler', function () {
  let folder = '';
  before(function () {
    if (!isInstalled(gcc)) {
      console.log(
        `    ${gcc} is not installed: no programs to run (apt-get install gcc-riscv64-unknown-elf)`,
      );
      this.skip();
    }
    folder = mkdtempSync(join(tmpdir(), 'trapframe-compiled-'));
  });
  after(() => {
    if (folder !== '') rmSync(folder, { recursive: true });
  });

  const compiled = (environment: 'machine' | 'virtual', optimization: string, result: number): string => {
    const file = join(folder, `${environment}${optimization}${result}`);
    const flags =
      '-march=rv32ima_zicsr_zifencei -mabi=ilp32 -mcmodel=medany -nostdlib -nostartfiles -ffreestanding -static';
    const { status, stderr } = spawnSync(
      gcc,
      [
        ...flags.split(' '),
        optimization,
        `-DRESULT=${result}`,
        '-Wl,--no-warn-rwx-segments',
        '-T',
        join(sources, 'memory.ld'),
        '-o',
        file,
        join(sources, `${environment}.S`),
        join(sources, 'ending.S'),
        join(sources, 'work.c'),
        '-lgcc',
      ],
      { encoding: 'utf8' },
    );
    assert.equal(status, 0, stderr);
    return file;
  };

  for (const environment of ['machine', 'virtual'] as const) {
    for (const optimization of ['-O0', '-O2', '-Os']) {
      it(`give the numbers of C: ${environment}, ${optimization}`, () => {
        const outcome = here(compiled(environment, optimization, 0));
        assert.deepEqual(outcome, { printed: expected(7), failed: 0 });
      });
    }
  }

  it('say which test failed, and everything as QEMU', function () {
    const files = (['machine', 'virtual'] as const).flatMap((environment) =>
      [0, 1, 5, 100].map((result) => compiled(environment, '-O2', result)),
    );
    const seen = files.map(here);
    assert.deepEqual(
      seen.map(({ failed }) => failed),
      [0, 1, 5, 100, 0, 1, 5, 100],
    );
    if (!isInstalled(qemu)) this.skip();
    assert.deepEqual(files.map(onQemu), seen);
  });
});

/** What work.c prints, reckoned here: by numbers of any size, cut to 32 bits. */
function expected(seed: number): string {
  const u32 = (value: bigint): bigint => BigInt.asUintN(32, value);
  const i32 = (value: bigint): bigint => BigInt.asIntN(32, value);
  const printed: string[] = [];
  const word = (value: bigint): void => void printed.push(`${u32(value).toString(16).padStart(8, '0')}\n`);
  let state = BigInt(seed);
  const drawn = Array.from({ length: 64 }, () => {
    state = u32(state ^ (state << 13n));
    state ^= state >> 17n;
    state = u32(state ^ (state << 5n));
    return state;
  });
  let crc = 0xffff_ffffn;
  for (const each of drawn) {
    crc ^= each;
    for (let bit = 0; bit < 8; bit++) crc = (crc >> 1n) ^ ((crc & 1n) === 1n ? 0xedb8_8320n : 0n);
  }
  word(crc);
  const table = drawn.toSorted((a, b) => Number(i32(a) - i32(b)));
  for (const at of [0, 21, 42, 63]) word(table[at]!);
  let [signs, product] = [0n, 1n];
  for (let at = 0; at < 63; at++) {
    const [ua, ub] = [table[at]!, table[at + 1]!];
    const [a, b] = [i32(ua), i32(ub)];
    signs = u32(signs * 31n + a / b + (a % b) + ua / ub + (ua % ub));
    product = u32(product * 33n + ((a * b) >> 32n) + ((ua * ub) >> 32n));
  }
  word(signs);
  word(product);
  let lock = 0n;
  for (let round = 0; round < 100; round++) lock = u32((u32(lock + table[round & 63]!) ^ BigInt(seed)) + 1n);
  word(lock);
  word(table[0]! + table[1]! * 3n + table[2]! * 5n);
  return printed.join('');
}
