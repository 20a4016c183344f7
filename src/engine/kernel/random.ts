/**
 * Random numbers that are the same on every platform and in every run: 32-bit integer arithmetic only.
 *
 * One root seed, one named stream per use, so that drawing more in one place changes nothing in another.
 */
export interface RandomStreams {
  readonly seed: number;
  /** Whether anybody asked for the seed or a stream. As long as nobody did, every seed gives the same. */
  readonly used: boolean;
  /**
   * The stream of that name, the same object on every call within one run.
   * @param name printable ASCII, such as `arrivals` or `host3/disk`
   */
  stream(name: string): RandomStream;
}

/** The named streams that belong to one root seed, any safe integer. */
export function randomStreams(seed: number): RandomStreams {
  if (!Number.isSafeInteger(seed))
    throw new RangeError(`A seed is an integer within ±2^53; this one is ${seed}.`);
  const streams = new Map<string, RandomStream>();
  let used = false;
  return {
    get seed() {
      used = true;
      return seed;
    },
    get used() {
      return used;
    },
    stream(name) {
      used = true;
      let stream = streams.get(name);
      if (stream === undefined) {
        stream = namedStream(seed, name);
        streams.set(name, stream);
      }
      return stream;
    },
  };
}

/**
 * The state words are hashes of the name keyed by the two halves of the seed. For one name, MurmurHash3 maps keys one
 * to one, so different seeds never share a state; for one seed, 64 bits keep two names apart.
 */
function namedStream(seed: number, name: string): RandomStream {
  const low = seed | 0;
  const high = Math.floor(seed / 2 ** 32) | 0;
  return new RandomStream(murmur3(name, low), murmur3(name, high ^ 0x9e3779b9), murmur3(name, 0x85ebca6b));
}

/**
 * The generator sfc32 ("small fast counting", C. Doty-Humphrey, PractRand 0.94): 128 bits of state, period at least
 * 2^32 and 2^127 on average, passes PractRand to 32 TB.
 */
export class RandomStream {
  // A typed array, because engines keep 32-bit integers unboxed there on every platform.
  readonly #state = new Int32Array(4);

  /** Three seed words, as PractRand seeds it: counter 1, first 15 outputs discarded. */
  constructor(a: number, b: number, c: number) {
    this.#state[0] = a;
    this.#state[1] = b;
    this.#state[2] = c;
    this.#state[3] = 1;
    for (let round = 0; round < 15; round++) this.uint32();
  }

  /** A uniform integer in [0, 2^32). */
  uint32(): number {
    const state = this.#state;
    const b = state[1]!;
    const c = state[2]!;
    const output = (state[0]! + b + state[3]!) | 0;
    state[3] = state[3]! + 1;
    state[0] = b ^ (b >>> 9);
    state[1] = c + (c << 3);
    state[2] = ((c << 21) | (c >>> 11)) + output;
    return output >>> 0;
  }

  /** A uniform double in [0, 1): one of the 2^53 multiples of 2^-53. Draws two words. */
  uniform(): number {
    // Two rounds of uint32() with the state kept in registers between them.
    const state = this.#state;
    const b = state[1]!;
    const c = state[2]!;
    const counter = state[3]!;
    const first = (state[0]! + b + counter) | 0;
    const b1 = (c + (c << 3)) | 0;
    const c1 = (((c << 21) | (c >>> 11)) + first) | 0;
    const second = ((b ^ (b >>> 9)) + b1 + counter + 1) | 0;
    state[0] = b1 ^ (b1 >>> 9);
    state[1] = c1 + (c1 << 3);
    state[2] = ((c1 << 21) | (c1 >>> 11)) + second;
    state[3] = counter + 2;
    return ((first >>> 5) * 0x4000000 + (second >>> 6)) / 0x20000000000000;
  }

  /**
   * A uniform integer in [min, max], both included and safe integers, every value equally likely.
   * @throws RangeError when the range is empty, not of integers, or wider than 2^53
   */
  integer(min: number, max: number): number {
    const width = max - min + 1;
    if (!Number.isSafeInteger(min) || !Number.isSafeInteger(max) || width < 1 || width > 2 ** 53) {
      throw new RangeError(
        `No integer between ${min} and ${max} can be drawn: expected integers with min <= max.`,
      );
    }
    const bits32 = width <= 2 ** 32;
    const range = bits32 ? 2 ** 32 : 2 ** 53;
    // Draws beyond the last whole multiple of the width would favour small values: draw again.
    const limit = range - (range % width);
    let drawn: number;
    do drawn = bits32 ? this.uint32() : this.uniform() * 2 ** 53;
    while (drawn >= limit);
    return min + (drawn % width);
  }

  /** One of the items, each equally likely. */
  choose<T>(items: readonly T[]): T {
    if (items.length === 0) throw new RangeError('Nothing can be chosen from an empty list.');
    return items[this.integer(0, items.length - 1)]!;
  }

  /** A new list with the items in a random order, every order equally likely (Fisher–Yates). */
  shuffle<T>(items: readonly T[]): T[] {
    const shuffled = [...items];
    for (let last = shuffled.length - 1; last > 0; last--) {
      const other = this.integer(0, last);
      const item = shuffled[last]!;
      shuffled[last] = shuffled[other]!;
      shuffled[other] = item;
    }
    return shuffled;
  }
}

/**
 * MurmurHash3_x86_32 (A. Appleby, SMHasher, public domain), as an unsigned 32-bit integer.
 * @param text printable ASCII: each character is one byte
 */
export function murmur3(text: string, seed: number): number {
  let hash = seed | 0;
  const whole = text.length & ~3;
  for (let at = 0; at < whole; at += 4) {
    const block =
      byteAt(text, at) |
      (byteAt(text, at + 1) << 8) |
      (byteAt(text, at + 2) << 16) |
      (byteAt(text, at + 3) << 24);
    hash ^= scramble(block);
    hash = (hash << 13) | (hash >>> 19);
    hash = (Math.imul(hash, 5) + 0xe6546b64) | 0;
  }
  let tail = 0;
  for (let at = text.length - 1; at >= whole; at--) tail = (tail << 8) | byteAt(text, at);
  hash ^= scramble(tail) ^ text.length;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

function scramble(block: number): number {
  const mixed = Math.imul(block, 0xcc9e2d51);
  return Math.imul((mixed << 15) | (mixed >>> 17), 0x1b873593);
}

function byteAt(text: string, at: number): number {
  const code = text.charCodeAt(at);
  if (code < 0x20 || code > 0x7e) {
    throw new RangeError(
      `The stream name ${JSON.stringify(text)} has a character that is not printable ASCII.`,
    );
  }
  return code;
}
