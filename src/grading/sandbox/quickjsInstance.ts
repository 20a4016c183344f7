import type { GuestExports, Value } from './quickjsExports.ts';
import type { SandboxLimits } from './sandboxLimits.ts';
import { fill, takeSnapshot, type Snapshot } from './snapshot.ts';

/**
 * One QuickJS machine in one WebAssembly instance. Beside `quickjsExports.ts` the only file that knows the exports of
 * quickjs-wasi 3.6.2; it drives them itself, because that package's own class is asynchronous to create, writes guest
 * output to the host's standard output, and converts values.
 *
 * An instance is used up by an interrupt and by an exception that a host function throws through it: the stack of
 * the machine is then left as it was. `usedUp` says so, and every later call throws.
 */
export class QuickjsInstance {
  readonly #exports: GuestExports;
  readonly #undefined: Value;
  #limits: SandboxLimits;
  #host: HostFunctions;
  #float64: Float64Array;
  #int32: Int32Array;
  #ticks = 0;
  #tickLimit = 0;
  #interrupted = false;
  #usedUp = false;
  /** Used up by nothing but an exception of the host that passed through. */
  #passedThrough = false;

  /** A fresh machine. */
  static boot(module: WebAssembly.Module, limits: SandboxLimits, host: HostFunctions): QuickjsInstance {
    return new QuickjsInstance(module, limits, host, (exports) => {
      exports._initialize();
      if (exports.qjs_init2(intrinsics) !== 0) throw new Error('QuickJS could not be initialized.');
      exports.qjs_set_memory_limit(limits.memoryBytes);
      exports.qjs_set_max_stack_size(limits.stackBytes);
      exports.qjs_set_interrupt_handler(1);
    });
  }

  /** A machine in exactly the state of a snapshot; values and addresses of the snapshotted machine are valid in it. */
  static restore(
    module: WebAssembly.Module,
    limits: SandboxLimits,
    host: HostFunctions,
    snapshot: Snapshot,
  ): QuickjsInstance {
    return new QuickjsInstance(module, limits, host, (exports) => fill(exports, snapshot));
  }

  /**
   * Brings the machine to exactly the state of a snapshot, whatever ran in it before: its state is its memory and its
   * stack pointer, and nothing else of it can change. That takes a thirtieth of the time of a machine of its own.
   * An exception of the host that passed through has left only those two in disorder. False, and nothing is done, when
   * the machine was stopped otherwise, or has grown, which it cannot undo.
   */
  rewind(limits: SandboxLimits, host: HostFunctions, snapshot: Snapshot): boolean {
    if (this.#usedUp && !this.#passedThrough) return false;
    if (this.memoryBytes > snapshot.memoryBytes) return false;
    fill(this.#exports, snapshot);
    this.#usedUp = false;
    this.#passedThrough = false;
    this.#limits = limits;
    this.#host = host;
    this.#ticks = 0;
    this.#tickLimit = 0;
    return true;
  }

  private constructor(
    module: WebAssembly.Module,
    limits: SandboxLimits,
    host: HostFunctions,
    initialize: (exports: GuestExports) => void,
  ) {
    this.#limits = limits;
    this.#host = host;
    this.#exports = new WebAssembly.Instance(module, this.#imports()).exports as unknown as GuestExports;
    initialize(this.#exports);
    this.#undefined = this.#exports.qjs_get_undefined();
    this.#float64 = new Float64Array(this.#exports.memory.buffer);
    this.#int32 = new Int32Array(this.#exports.memory.buffer);
  }

  get usedUp(): boolean {
    return this.#usedUp;
  }

  /** Whether the guest was stopped because its ticks ran out. */
  get interrupted(): boolean {
    return this.#interrupted;
  }

  /** Size of the machine's memory, which never shrinks. */
  get memoryBytes(): number {
    return this.#exports.memory.buffer.byteLength;
  }

  /** Ticks used since the machine was made. */
  get ticks(): number {
    return this.#ticks;
  }

  /** Sets how many ticks the guest may still use; returns the earlier allowance, for {@link restoreAllowance}. */
  allowTicks(ticks: number): number {
    const earlier = this.#tickLimit;
    this.#tickLimit = this.#ticks + ticks;
    return earlier;
  }

  restoreAllowance(earlier: number): void {
    this.#tickLimit = earlier;
  }

  /** Lets the guest describe why it failed, after its memory or its ticks ran out. */
  allowDescription(): void {
    this.#interrupted = false;
    this.#usedUp = false;
    this.allowTicks(descriptionTicks);
    this.#exports.qjs_set_memory_limit(this.#limits.memoryBytes + descriptionBytes);
  }

  /** The machine's memory as float64 words. Valid until the guest runs again, which may move it. */
  words(): Float64Array {
    if (this.#float64.buffer !== this.#exports.memory.buffer) {
      this.#float64 = new Float64Array(this.#exports.memory.buffer);
    }
    return this.#float64;
  }

  runScript(code: string, file: string): Completion {
    return this.#evaluate(code, file, 0);
  }

  /** Compiles and links a module and starts its evaluation. The value is a promise: see {@link settled}. */
  runModule(code: string, file: string): Completion {
    return this.#evaluate(code, file, moduleFlag);
  }

  /** Calls a guest function. A thrown exception stays in the machine until {@link takeException}. */
  call(guestFunction: Value, ...args: readonly Value[]): Completion {
    const argv = args.length === 0 ? 0 : this.#exports.wasm_malloc(args.length * pointerBytes);
    const view = new DataView(this.#exports.memory.buffer);
    args.forEach((arg, index) => view.setUint32(argv + index * pointerBytes, arg, true));
    const value = this.#enter(() =>
      this.#exports.qjs_call(guestFunction, this.#undefined, args.length, argv),
    );
    if (argv !== 0) this.#exports.wasm_free(argv);
    return this.#completion(value);
  }

  /** Calls a guest function without arguments for its effect: the cheapest way in. False when it threw. */
  run(guestFunction: Value): boolean {
    const result = this.#enter(() => this.#exports.qjs_call(guestFunction, this.#undefined, 0, 0));
    const completion = this.#completion(result);
    this.#exports.qjs_free_value(result);
    return completion.completed;
  }

  /** What became of a promise that {@link runModule} gave; `none` when its value is no promise. */
  settled(promise: Value): Settled {
    const state = this.#exports.qjs_promise_state(promise);
    if (state === 0) return { state: 'pending' };
    if (state < 0) return { state: 'none' };
    return {
      state: state === 1 ? 'fulfilled' : 'rejected',
      value: this.#exports.qjs_promise_result(promise),
    };
  }

  /** Where the object lies that a guest function without arguments returns. Valid while the guest holds the object. */
  addressOf(guestFunction: Value): number {
    const value = this.#enter(() => this.#exports.qjs_call(guestFunction, this.#undefined, 0, 0));
    const address = this.#exports.qjs_get_value_ptr(value);
    this.#exports.qjs_free_value(value);
    return address;
  }

  /** How many references the guest holds to the object at an address. */
  referencesTo(address: number): number {
    if (this.#int32.buffer !== this.#exports.memory.buffer)
      this.#int32 = new Int32Array(this.#exports.memory.buffer);
    return this.#int32[(address - referenceCountOffset) / pointerBytes]!;
  }

  hasJobs(): boolean {
    return this.#exports.qjs_is_job_pending() !== 0;
  }

  /** Runs one promise callback. False when the machine stopped it. */
  runJob(): boolean {
    return this.#enter(() => this.#exports.qjs_execute_pending_job()) >= 0 && !this.#interrupted;
  }

  takeException(): Value {
    return this.#exports.qjs_get_exception();
  }

  /** An own or inherited property of a value that trusted guest code made. */
  property(object: Value, name: string): Value {
    const key = this.#text(name);
    const value = this.#exports.qjs_get_prop_string(object, key.address);
    this.#exports.wasm_free(key.address);
    return value;
  }

  number(value: Value): number {
    return this.#exports.qjs_get_float64(value);
  }

  newNumber(value: number): Value {
    return this.#exports.qjs_new_number(value);
  }

  /** A guest function that calls one of the {@link HostFunctions}. */
  hostFunction(name: keyof HostFunctions): Value {
    const text = this.#text(name);
    const made = this.#exports.qjs_new_host_function(text.address, text.bytes, 0);
    this.#exports.wasm_free(text.address);
    return made;
  }

  /** A guest ArrayBuffer, and the index of its first word in {@link words}. It must never be handed to a learner. */
  newSharedBuffer(wordCount: number): { readonly buffer: Value; readonly firstWord: number } {
    const byteCount = wordCount * wordBytes;
    const zeros = this.#exports.wasm_malloc(byteCount);
    new Uint8Array(this.#exports.memory.buffer).fill(0, zeros, zeros + byteCount);
    const buffer = this.#exports.qjs_new_array_buffer(zeros, byteCount);
    this.#exports.wasm_free(zeros);
    const length = this.#exports.wasm_malloc(pointerBytes);
    const address = this.#exports.qjs_get_array_buffer(buffer, length);
    this.#exports.wasm_free(length);
    if (address === 0 || address % wordBytes !== 0)
      throw new Error('QuickJS gave a buffer that is not aligned.');
    return { buffer, firstWord: address / wordBytes };
  }

  /** The whole state, for {@link restore}. @param before a state that it was brought to, which the new one refers to */
  snapshot(before?: Snapshot): Snapshot {
    return takeSnapshot(this.#exports, before);
  }

  #evaluate(code: string, file: string, flags: number): Completion {
    const source = this.#text(code);
    const name = this.#text(file);
    const value = this.#enter(() =>
      this.#exports.qjs_eval(source.address, source.bytes, name.address, flags),
    );
    this.#exports.wasm_free(source.address);
    this.#exports.wasm_free(name.address);
    return this.#completion(value);
  }

  #completion(value: Value): Completion {
    // Machinery of promises can swallow an interrupt.
    return { completed: this.#exports.qjs_is_exception(value) === 0 && !this.#interrupted, value };
  }

  /** Lets the guest run. A host function may enter again, below. */
  #enter<T>(run: () => T): T {
    if (this.#usedUp) throw new Error('This QuickJS machine is used up.');
    try {
      const result = run();
      this.#usedUp = this.#interrupted;
      return result;
    } catch (thrown) {
      this.#usedUp = true;
      throw thrown;
    }
  }

  /** Text as UTF-8 in the machine's memory, ended by a zero byte. */
  #text(text: string): { readonly address: number; readonly bytes: number } {
    const encoded = new TextEncoder().encode(text);
    const address = this.#exports.wasm_malloc(encoded.length + 1);
    if (address === 0) throw new Error('QuickJS has no memory for a text of the host.');
    const memory = new Uint8Array(this.#exports.memory.buffer);
    memory.set(encoded, address);
    memory[address + encoded.length] = 0;
    return { address, bytes: encoded.length };
  }

  #imports(): WebAssembly.Imports {
    const memory = (): ArrayBuffer => this.#exports.memory.buffer;
    const badFile = (): number => wasiBadFile;
    return {
      env: {
        host_call: (name: number): Value => {
          const letter = String.fromCharCode(new Uint8Array(memory(), name, 1)[0]!);
          try {
            this.#host[letter as keyof HostFunctions]();
          } catch (thrown) {
            this.#passedThrough = !this.#interrupted;
            throw thrown;
          }
          return this.#exports.qjs_get_undefined();
        },
        host_interrupt: (): number => {
          if (++this.#ticks <= this.#tickLimit) return 0;
          this.#interrupted = true;
          return 1;
        },
        host_promise_rejection: (): void => {},
        host_module_normalize: (): number => 0,
        host_module_load: (): number => 0,
        host_get_timezone_offset: (): number => 0,
      },
      wasi_snapshot_preview1: {
        clock_time_get: (_clock: number, _precision: bigint, result: number): number => {
          new DataView(memory()).setBigUint64(result, frozenClockNs, true);
          return 0;
        },
        random_get: (address: number, length: number): number => {
          new Uint8Array(memory(), address, length).fill(0);
          return 0;
        },
        fd_write: badFile,
        fd_close: badFile,
        fd_fdstat_get: badFile,
        fd_seek: badFile,
      },
    };
  }
}

export interface Completion {
  /** False when the guest threw or was interrupted: {@link QuickjsInstance.takeException} has what it threw. */
  readonly completed: boolean;
  readonly value: Value;
}

export type Settled =
  | { readonly state: 'none' | 'pending' }
  | { readonly state: 'fulfilled' | 'rejected'; readonly value: Value };

/**
 * What the trusted guest prelude may ask of the host; each takes and returns words in the shared buffer. One that
 * throws ends the machine: the exception passes through the guest, which cannot catch it.
 */
export interface HostFunctions {
  /** `c`: a call into the engine. */
  readonly c: () => void;
  /** `l`: a line for the learner's output. */
  readonly l: () => void;
  /** `f`: the decision cannot go on. */
  readonly f: () => void;
}

const wordBytes = 8;
const pointerBytes = 4;
/** In quickjs-ng 0.17 an object's count of references stands in the word before it. */
const referenceCountOffset = 4;
const moduleFlag = 1;
const wasiBadFile = 8;
/** 2026-01-01T00:00:00Z: what every clock of the guest shows. It seeds `Math.random`, too. */
const frozenClockNs = 1_767_225_600_000_000_000n;
const descriptionTicks = 50;
const descriptionBytes = 1024 * 1024;

/**
 * Date, eval (without it QuickJS evaluates nothing), RegExp, JSON, Proxy, Map and Set, typed arrays, Promise, BigInt.
 * Not WeakRef (shows when garbage is collected), performance, DOMException, atob.
 */
const intrinsics = 0x1ff;
