/** What was found, beside what it may be. */
export interface Line {
  readonly name: string;
  readonly found: number;
  /** `MB`, `s`, `calls`. */
  readonly unit: string;
  /** At most so much; left out where there is no limit. */
  readonly limit?: number;
  /** What the same costs where nothing is done, measured in the same run. */
  readonly floor?: number;
}

/** `memory at rest, 15 blocks   92.1 MB   at most 120   2.1 × floor`, and MISSED where it is more. */
export function lineOf({ name, found, unit, limit, floor }: Line): string {
  const isKept = limit === undefined || found <= limit;
  return [
    name.padEnd(44),
    `${Number(found.toPrecision(3))} ${unit}`.padStart(12),
    (limit === undefined ? '' : `at most ${Number(limit.toPrecision(3))}`).padStart(14),
    (floor === undefined ? '' : `${(found / floor).toFixed(2)} × floor`).padStart(14),
    isKept ? '' : '  MISSED',
  ]
    .join('')
    .trimEnd();
}

/** The most describes a minute while nothing is due: a list of a thousand is one call, and may be two. */
export const describesAMinute = (blocks: number): number => 4 + Math.ceil(blocks / 1_000) * 2;

/** What a keeper may cost. Memory in MB of a million bytes. */
export const LIMITS = {
  rssMb: { small: 90, large: 200 },
  startCpuSeconds: 1.5,
  cpuShare: 0.25,
  changesAtRest: 0,
  awsCallsPerReplacement: 6,
  kubernetesCallsPerReplacement: 8,
  failoverSeconds: 25,
} as const;
