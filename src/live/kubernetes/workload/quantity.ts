/**
 * A Kubernetes quantity in thousandths, rounded up: `100m` is 100, `2` is 2000, `1Ki` is 1024000. Undefined for a text that is
 * none. Source: Kubernetes API reference, "Quantity", which also rounds up, to its own smallest unit.
 */
export function quantityIn(text: string | number): number | undefined {
  const parts = QUANTITY.exec(String(text));
  if (parts === null) return undefined;
  const [, digits = '', exponent, suffix = ''] = parts;
  const factor = exponent === undefined ? FACTORS[suffix] : 10 ** Number(exponent);
  if (factor === undefined) return undefined;
  // 0.3 and the like are no whole numbers to a machine: what differs in the sixteenth digit is meant to be whole.
  const thousandths = Math.ceil(Number((Number(digits) * factor * 1_000).toPrecision(15)));
  return Number.isFinite(thousandths) ? thousandths : undefined;
}

/** `E` alone is a suffix, and with digits behind it an exponent. Digits can be read in one way only: a long text costs no square. */
const QUANTITY = /^([+-]?(?:\d+(?:\.\d*)?|\.\d+))(?:[eE]([+-]?\d+)|([KMGTPE]i|[numkMGTPE])?)$/;

const FACTORS: Readonly<Record<string, number>> = {
  ...{ n: 1e-9, u: 1e-6, m: 1e-3, '': 1, k: 1e3, M: 1e6, G: 1e9, T: 1e12, P: 1e15, E: 1e18 },
  ...{ Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40, Pi: 2 ** 50, Ei: 2 ** 60 },
};
