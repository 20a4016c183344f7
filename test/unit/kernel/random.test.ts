import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { murmur3, RandomStream, randomStreams } from '../../../src/engine/kernel/random.ts';

describe('RandomStream', () => {
  it('gives the outputs of PractRand 0.94 for sfc32', () => {
    // Apache Commons RNG, DotyHumphreySmallFastCounting32Test.java, recorded there from PractRand's own C++ code.
    const stream = new RandomStream(0xbb3c4104, 0x02294965, 0xda1ce2a9);
    const published = [
      0x89b5c414, 0x7ee57639, 0xdbe18f7b, 0x94aa0162, 0xa22bff0a, 0x21c91fb8, 0x2c6fd6fe, 0xcda90d13,
      0x019684ca, 0xe5b400c0, 0x459d8590, 0x3aec0a1e, 0x254dac77, 0xbe10ae80, 0x9ac27819, 0xd17d10c6,
      0x71a69026, 0x4bb2bdda, 0x70853646, 0xda28f272, 0x879200d9, 0x8c2f8b5b, 0x8a87cb78, 0x27ffdced,
      0x988a2b7b, 0xf220ef9b, 0x13b8984f, 0x345d1732, 0x8f5bc6fc, 0x092b09ff, 0x046bd2b0, 0xa5a99fc5,
      0x19400604, 0xb76e7394, 0x037addd5, 0xe916ed79, 0x94f10dc6, 0xf2ecb45e, 0x69834355, 0xb814aeb2,
    ];
    assert.deepEqual(
      published.map(() => stream.uint32()),
      published,
    );
  });

  it('makes a uniform double of 53 bits from two outputs', () => {
    const words = new RandomStream(1, 2, 3);
    const doubles = new RandomStream(1, 2, 3);
    for (let draw = 0; draw < 1000; draw++) {
      const expected = (BigInt(words.uint32() >>> 5) << 26n) | BigInt(words.uint32() >>> 6);
      assert.equal(doubles.uniform(), Number(expected) / 2 ** 53);
    }
  });

  it('draws integers within their bounds, whatever these are', () => {
    const bound = fc.maxSafeInteger();
    fc.assert(
      fc.property(bound, bound, fc.integer(), (x, y, seed) => {
        const [min, max] = x < y ? [x, y] : [y, x];
        fc.pre(max - min < 2 ** 53);
        const drawn = new RandomStream(seed, 0, 0).integer(min, max);
        assert.ok(Number.isSafeInteger(drawn) && drawn >= min && drawn <= max, `${drawn}`);
      }),
    );
  });

  it('draws every integer of a range equally often, also where a remainder would favour the first', () => {
    // 2^32 mod 3·2^30 is 2^30: without a second draw, the first third would come in half of all cases.
    const stream = new RandomStream(11, 12, 13);
    let first = 0;
    for (let draw = 0; draw < 30_000; draw++) if (stream.integer(0, 3 * 2 ** 30 - 1) < 2 ** 30) first++;
    assert.ok(
      Math.abs(first - 10_000) < 4 * Math.sqrt(30_000 * (1 / 3) * (2 / 3)),
      `${first} of 30,000 in the first third`,
    );

    const faces = [0, 0, 0, 0, 0, 0];
    for (let draw = 0; draw < 60_000; draw++) faces[stream.integer(1, 6) - 1]!++;
    const chiSquare = faces.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0);
    assert.ok(
      chiSquare < 20.515,
      `chi-square ${chiSquare} is above its 99.9 % quantile for 5 degrees of freedom`,
    );
  });

  it('refuses a range that holds no integer', () => {
    const stream = new RandomStream(1, 1, 1);
    for (const [min, max] of [
      [2, 1],
      [0.5, 2],
      [0, NaN],
      [-(2 ** 53) + 1, 2 ** 53 - 1],
    ] as const) {
      assert.throws(() => stream.integer(min, max), RangeError);
    }
    assert.throws(() => stream.choose([]), /empty list/);
  });

  it('shuffles into every order equally often, and loses nothing', () => {
    const stream = new RandomStream(5, 5, 5);
    const seen = new Map<string, number>();
    const items = ['a', 'b', 'c', 'd'];
    for (let round = 0; round < 24_000; round++) {
      const order = stream.shuffle(items).join('');
      seen.set(order, (seen.get(order) ?? 0) + 1);
    }
    assert.equal(seen.size, 24);
    const chiSquare = [...seen.values()].reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
    assert.ok(
      chiSquare < 49.728,
      `chi-square ${chiSquare} is above its 99.9 % quantile for 23 degrees of freedom`,
    );
    assert.deepEqual(items, ['a', 'b', 'c', 'd']);
  });
});

describe('randomStreams', () => {
  const take = (seed: number, name: string, count = 8): number[] => {
    const stream = randomStreams(seed).stream(name);
    return Array.from({ length: count }, () => stream.uint32());
  };

  it('gives each name a stream of its own that other draws do not move', () => {
    const streams = randomStreams(42);
    streams.stream('service').uint32();
    assert.equal(streams.stream('service'), streams.stream('service'));
    const arrivals = streams.stream('arrivals');
    assert.deepEqual(
      Array.from({ length: 8 }, () => arrivals.uint32()),
      take(42, 'arrivals'),
    );
  });

  it('differs between any two seeds, between any two names, and from seeds that agree in 32 bits', () => {
    const name = fc.stringMatching(/^[ -~]{0,12}$/);
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.maxSafeInteger(), name, name, (seed, otherSeed, one, other) => {
        fc.pre(seed !== otherSeed && one !== other);
        assert.notDeepEqual(take(seed, one), take(otherSeed, one));
        assert.notDeepEqual(take(seed, one), take(seed, other));
      }),
    );
    assert.notDeepEqual(take(7, 'x'), take(7 + 2 ** 32, 'x'));
    assert.notDeepEqual(take(-1, 'x'), take(2 ** 32 - 1, 'x'));
  });

  it('gives uncorrelated streams for neighbouring seeds and names', () => {
    const draws = 20_000;
    const series = (
      [
        [1, 'a'],
        [2, 'a'],
        [1, 'b'],
      ] as const
    ).map(([seed, name]) => take(seed, name, draws));
    for (const [one, other] of [
      [0, 1],
      [0, 2],
      [1, 2],
    ] as const) {
      let sum = 0;
      for (let draw = 0; draw < draws; draw++) {
        sum += (series[one]![draw]! / 2 ** 32 - 0.5) * (series[other]![draw]! / 2 ** 32 - 0.5);
      }
      const correlation = (sum / draws) * 12;
      assert.ok(Math.abs(correlation) < 4 / Math.sqrt(draws), `correlation ${correlation}`);
    }
  });

  it('names the seed or the stream that it cannot take', () => {
    assert.throws(() => randomStreams(0.5), /A seed is an integer within ±2\^53; this one is 0\.5/);
    assert.throws(
      () => randomStreams(1).stream('naïve'),
      /"naïve" has a character that is not printable ASCII/,
    );
  });
});

describe('murmur3', () => {
  // The usual vectors for MurmurHash3_x86_32, collected by Ian Boyd (stackoverflow.com/a/31929528).
  const vectors: readonly (readonly [string, number, number])[] = [
    ['', 0, 0],
    ['', 1, 0x514e28b7],
    ['', 0xffffffff, 0x81f16f39],
    ['aaaa', 0x9747b28c, 0x5a97808a],
    ['aaa', 0x9747b28c, 0x283e0130],
    ['aa', 0x9747b28c, 0x5d211726],
    ['a', 0x9747b28c, 0x7fa09ea6],
    ['abcd', 0x9747b28c, 0xf0478627],
    ['Hello, world!', 0x9747b28c, 0x24884cba],
    ['The quick brown fox jumps over the lazy dog', 0x9747b28c, 0x2fa826cd],
  ];
  for (const [text, seed, hash] of vectors) {
    it(`hashes ${JSON.stringify(text)} with seed 0x${seed.toString(16)}`, () =>
      assert.equal(murmur3(text, seed), hash));
  }
});
