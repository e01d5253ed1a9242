/**
 * The natural logarithm, to about one unit in the last place.
 *
 * `Math.log` and `Math.exp` may change in their last digit with V8, and a digest over a simulated week would change with
 * them. What is here uses only operations that IEEE 754 defines exactly, so it is the same on every release of Node.
 *
 * @returns NaN below zero, -Infinity at zero, as `Math.log` does
 */
export function ln(x: number): number {
  if (Number.isNaN(x) || x < 0) return Number.NaN;
  if (x === 0) return Number.NEGATIVE_INFINITY;
  if (x === Number.POSITIVE_INFINITY) return x;
  // Subnormal numbers have no exponent of their own; lifted by 2^54 they have one.
  const lift = x < SMALLEST_NORMAL ? 54 : 0;
  VIEW.setFloat64(0, lift === 0 ? x : x * TWO_TO_54);
  const high = VIEW.getUint32(0);
  let exponent = (high >>> 20) - 1023 - lift;
  VIEW.setUint32(0, (high & 0xf_ffff) | 0x3ff0_0000);
  let mantissa = VIEW.getFloat64(0);
  // Around 1 the mantissa must not be halved or doubled, or the two summands below would cancel.
  if (mantissa > SQRT_2) {
    mantissa /= 2;
    exponent += 1;
  }
  // ln m = 2 artanh s; |s| < 0.172, so that 13 terms are below the last place.
  const s = (mantissa - 1) / (mantissa + 1);
  const square = s * s;
  let series = 0;
  for (let odd = 25; odd >= 3; odd -= 2) series = (series + 1 / odd) * square;
  return exponent * LN2_HIGH + (2 * s + (2 * s * series + exponent * LN2_LOW));
}

/** e^x, to about one unit in the last place; the same on every release of Node. */
export function exp(x: number): number {
  if (Number.isNaN(x)) return x;
  if (x > 709.782712893384) return Number.POSITIVE_INFINITY;
  if (x < -745.1332191019412) return 0;
  const twos = Math.floor(x / (LN2_HIGH + LN2_LOW) + 0.5);
  const rest = x - twos * LN2_HIGH - twos * LN2_LOW;
  // |rest| < 0.35, so that 16 terms of the series are below the last place.
  let series = 1;
  for (let term = 16; term >= 1; term -= 1) series = 1 + (rest * series) / term;
  // Two factors, because the ends of the range need powers of two that are no normal numbers.
  const half = Math.floor(twos / 2);
  return series * powerOfTwo(half) * powerOfTwo(twos - half);
}

/**
 * The quantile of the standard normal distribution: how many standard deviations lie below a share of it.
 *
 * Algorithm AS 241 (Wichura 1988), the variant of 16 digits.
 *
 * @param share above 0 and below 1; NaN for anything else but 0 and 1, which lie at the infinities
 */
export function inverseNormal(share: number): number {
  if (share === 0) return Number.NEGATIVE_INFINITY;
  if (share === 1) return Number.POSITIVE_INFINITY;
  if (!(share > 0 && share < 1)) return Number.NaN;
  const fromMiddle = share - 0.5;
  if (fromMiddle >= -0.425 && fromMiddle <= 0.425)
    return fromMiddle * ratio(CENTRAL, 0.180625 - fromMiddle * fromMiddle);
  const depth = Math.sqrt(-ln(fromMiddle < 0 ? share : 1 - share));
  const distance = depth <= 5 ? ratio(MIDDLE, depth - 1.6) : ratio(FAR, depth - 5);
  return fromMiddle < 0 ? -distance : distance;
}

interface Rational {
  /** Coefficients, highest power first. */
  readonly above: readonly number[];
  readonly below: readonly number[];
}

function ratio({ above, below }: Rational, x: number): number {
  let numerator = 0;
  let denominator = 0;
  for (const coefficient of above) numerator = numerator * x + coefficient;
  for (const coefficient of below) denominator = denominator * x + coefficient;
  return numerator / denominator;
}

function powerOfTwo(exponent: number): number {
  VIEW.setUint32(0, (exponent + 1023) << 20);
  VIEW.setUint32(4, 0);
  return VIEW.getFloat64(0);
}

const VIEW = new DataView(new ArrayBuffer(8));
const SMALLEST_NORMAL = 2.2250738585072014e-308;
const TWO_TO_54 = 18_014_398_509_481_984;
const SQRT_2 = 1.4142135623730951;

/** ln 2 in two parts; the first ends in zeros, so that its products with an exponent are exact. */
const LN2_HIGH = 6.9314718036912381649e-1;
const LN2_LOW = 1.90821492927058770002e-10;

const CENTRAL: Rational = {
  above: [
    2509.0809287301226727, 33430.575583588128105, 67265.770927008700853, 45921.953931549871457, 13731.693765509461125,
    1971.5909503065514427, 133.14166789178437745, 3.387132872796366608,
  ],
  below: [
    5226.495278852854561, 28729.085735721942674, 39307.89580009271061, 21213.794301586595867, 5394.1960214247511077,
    687.1870074920579083, 42.313330701600911252, 1,
  ],
};

const MIDDLE: Rational = {
  above: [
    7.7454501427834140764e-4, 0.0227238449892691845833, 0.24178072517745061177, 1.27045825245236838258,
    3.64784832476320460504, 5.7694972214606914055, 4.6303378461565452959, 1.42343711074968357734,
  ],
  below: [
    1.05075007164441684324e-9, 5.475938084995344946e-4, 0.0151986665636164571966, 0.14810397642748007459,
    0.68976733498510000455, 1.6763848301838038494, 2.05319162663775882187, 1,
  ],
};

const FAR: Rational = {
  above: [
    2.01033439929228813265e-7, 2.71155556874348757815e-5, 0.0012426609473880784386, 0.026532189526576123093,
    0.29656057182850489123, 1.7848265399172913358, 5.4637849111641143699, 6.6579046435011037772,
  ],
  below: [
    2.04426310338993978564e-15, 1.4215117583164458887e-7, 1.8463183175100546818e-5, 7.868691311456132591e-4,
    0.0148753612908506148525, 0.13692988092273580531, 0.59983220655588793769, 1,
  ],
};
