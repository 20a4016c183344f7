/** Powers of ten and two that a quantity's suffix stands for, as Kubernetes writes them. */
const decimalSuffixes: Readonly<Record<string, number>> = {
  n: -9,
  u: -6,
  m: -3,
  '': 0,
  k: 3,
  M: 6,
  G: 9,
  T: 12,
  P: 15,
  E: 18,
};
const binarySuffixes: Readonly<Record<string, bigint>> = {
  Ki: 2n ** 10n,
  Mi: 2n ** 20n,
  Gi: 2n ** 30n,
  Ti: 2n ** 40n,
  Pi: 2n ** 50n,
  Ei: 2n ** 60n,
};

/**
 * The value of a Kubernetes quantity (`500m`, `1.5`, `64Mi`, `1e3`) in thousandths, rounded up, as `MilliValue` gives it.
 * Undefined for what is no quantity. Source: k8s.io/apimachinery/pkg/api/resource.
 */
export function milliValue(quantity: string | number): number | undefined {
  return scaledValue(quantity, 3);
}

/** The same in units, rounded up, as `Value` gives it: bytes of memory, whole CPUs. */
export function unitValue(quantity: string | number): number | undefined {
  return scaledValue(quantity, 0);
}

function scaledValue(quantity: string | number, places: number): number | undefined {
  const match = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,2})|([numkMGTPE]|[KMGTPE]i)?)$/.exec(
    String(quantity).trim(),
  );
  if (match === null) return undefined;
  const [, sign, whole = '', fraction = '', exponent, suffix = ''] = match;
  if (whole === '' && fraction === '') return undefined;
  const factor = binarySuffixes[suffix] ?? 1n;
  const power = places - fraction.length + Number(exponent ?? decimalSuffixes[suffix] ?? 0);
  const digits = BigInt(whole + fraction) * factor;
  const up = power >= 0 ? digits * 10n ** BigInt(power) : ceilDivide(digits, 10n ** BigInt(-power));
  const value = Number(up);
  return Number.isSafeInteger(value) ? (sign === '-' ? 0 - value : value) : undefined;
}

const ceilDivide = (a: bigint, b: bigint): bigint => (a + b - 1n) / b;
