/**
 * `log` and `exp` that give the same bits everywhere. ECMAScript leaves Math.log, Math.exp and Math.pow to the engine,
 * and engines differ in the last bit; + - * / and Math.sqrt are exact by IEEE 754.
 *
 * The algorithms and constants are those of fdlibm 5.3 (e_log.c and e_exp.c, Copyright 1993 Sun Microsystems:
 * "Permission to use, copy, modify, and distribute this software is freely granted, provided that this notice is
 * preserved."), with an error below 1 ulp.
 */
const double = new Float64Array(1);
const words = new Int32Array(double.buffer);
double[0] = 1;
/** Index of the word with sign and exponent, which depends on the platform's byte order. */
const high = words[1] === 0 ? 0 : 1;

/**
 * 2^k at k + 1024, for k from -1024 to 1023. Multiplying by one of them is exact, and faster than writing half of a
 * double and reading it whole, for which a processor waits.
 */
const powersOfTwo = new Float64Array(2048);
powersOfTwo[1024] = 1;
for (let k = 1; k <= 1023; k++) powersOfTwo[1024 + k] = powersOfTwo[1023 + k]! * 2;
for (let k = 1; k <= 1024; k++) powersOfTwo[1024 - k] = powersOfTwo[1025 - k]! / 2;

/** ln 2 in two parts: the first has 32 trailing zero bits, so that k * ln2High is exact for any exponent k. */
const ln2High = 6.9314718036912381649e-1;
const ln2Low = 1.90821492927058770002e-10;
const two54 = 1.8014398509481984e16;

/** The natural logarithm: -Infinity at 0, NaN below. */
export function log(x: number): number {
  double[0] = x;
  let normal = x;
  let k = 0;
  let highWord = words[high]!;
  if (highWord < 0x00100000) {
    if (!(x > 0)) return x === 0 ? -Infinity : NaN;
    // Subnormal: scale it up first.
    normal = x * two54;
    double[0] = normal;
    k = -54;
    highWord = words[high]!;
  }
  // Infinity or NaN.
  if (highWord >= 0x7ff00000) return x;
  const mantissa = highWord & 0x000fffff;
  // Write x as 2^k * (1 + f) with sqrt(2)/2 < 1 + f < sqrt(2).
  const exponent = (highWord >> 20) - 1023 + ((mantissa + 0x95f64) >> 20);
  k += exponent;
  const f = normal * powersOfTwo[1024 - exponent]! - 1;

  if ((0x000fffff & (2 + mantissa)) < 3) {
    // |f| < 2^-20: a short series is exact enough.
    if (f === 0) return k * ln2High + k * ln2Low;
    const remainder = f * f * (0.5 - (1 / 3) * f);
    return k * ln2High - (remainder - k * ln2Low - f);
  }
  const s = f / (2 + f);
  const z = s * s;
  const w = z * z;
  const odd = w * (3.999999999940941908e-1 + w * (2.222219843214978396e-1 + w * 1.531383769920937332e-1));
  const even =
    z *
    (6.66666666666673513e-1 +
      w * (2.857142874366239149e-1 + w * (1.818357216161805012e-1 + w * 1.479819860511658591e-1)));
  const remainder = even + odd;
  if (((mantissa - 0x6147a) | (0x6b851 - mantissa)) > 0) {
    const halfSquare = 0.5 * f * f;
    return k * ln2High - (halfSquare - (s * (halfSquare + remainder) + k * ln2Low) - f);
  }
  return k * ln2High - (s * (f - remainder) - k * ln2Low - f);
}

const overflowAbove = 7.09782712893383973096e2;
const underflowBelow = -7.4513321910194110842e2;

/** e to the power x: Infinity above 709.78, 0 below -745.13. */
export function exp(x: number): number {
  if (Number.isNaN(x)) return NaN;
  if (x > overflowAbove) return Infinity;
  if (x < underflowBelow) return 0;
  const magnitude = Math.abs(x);
  if (magnitude < 2 ** -28) return 1 + x;

  // Write x as k * ln 2 + r with |r| <= ln 2 / 2.
  let k = 0;
  let rHigh = x;
  let rLow = 0;
  if (magnitude > 0.5 * Math.LN2) {
    k = magnitude < 1.5 * Math.LN2 ? Math.sign(x) : Math.trunc(1.442695040888963387 * x + 0.5 * Math.sign(x));
    rHigh = x - k * ln2High;
    rLow = k * ln2Low;
  }
  const r = rHigh - rLow;
  const t = r * r;
  const c =
    r -
    t *
      (1.66666666666666019037e-1 +
        t *
          (-2.77777777770155933842e-3 +
            t *
              (6.61375632143793436117e-5 + t * (-1.6533902205465251539e-6 + t * 4.13813679705723846039e-8))));
  if (k === 0) return 1 - ((r * c) / (c - 2) - r);
  const power = 1 - (rLow - (r * c) / (2 - c) - rHigh);
  if (k >= -1021) {
    // 2^1024 is no double, so the largest results take the last doubling apart.
    return k === 1024 ? power * powersOfTwo[2047]! * 2 : power * powersOfTwo[1024 + k]!;
  }
  return power * powersOfTwo[1024 + k + 1000]! * powersOfTwo[24]!;
}
