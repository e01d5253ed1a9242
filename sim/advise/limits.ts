import { millisOf } from '../../src/policy/options.ts';
import type { Figures } from '../result/figures.ts';

/** A limit that a recommendation must keep in every run. */
export interface Limit {
  /** As it was written: `waitP95<=2m`. */
  readonly text: string;
  readonly of: LimitName;
  /** Greatest value that is kept. */
  readonly most: number;
}

const READ = {
  killed: ({ jobs }: Figures) => jobs.killed,
  killedByAws: ({ jobs }: Figures) => jobs.killedByAws,
  killedByKeeper: ({ jobs }: Figures) => jobs.killedByKeeper,
  killedByTerm: ({ jobs }: Figures) => jobs.killedByTerm,
  neverFinished: ({ jobs }: Figures) => jobs.neverFinished,
  waiting: ({ jobs }: Figures) => jobs.waiting,
  waitP50: ({ jobs }: Figures) => jobs.waitMs.p50,
  waitP95: ({ jobs }: Figures) => jobs.waitMs.p95,
  waitMax: ({ jobs }: Figures) => jobs.waitMs.max,
  queuedMean: ({ jobs }: Figures) => jobs.queuedMs.mean,
  queuedP95: ({ jobs }: Figures) => jobs.queuedMs.p95,
  queuedP99: ({ jobs }: Figures) => jobs.queuedMs.p99,
  money: ({ cost }: Figures) => cost.total,
  peakBlocks: ({ blocks }: Figures) => blocks.peak,
} as const;

export type LimitName = keyof typeof READ;

const LENGTHS = /^(?:wait|queued)[A-Z]/;

/** The limits in a text such as `killedByKeeper=0, waitP95<=2m`, and what is wrong with it, a message for each part. */
export function limitsIn(text: string): { readonly limits: readonly Limit[]; readonly wrong: readonly string[] } {
  const limits: Limit[] = [];
  const wrong: string[] = [];
  for (const part of text.split(',').map((one) => one.trim())) {
    const [, name = '', sign = '', value = ''] = /^(\w+)\s*(<=|=)\s*(\S+)$/.exec(part) ?? [];
    if (!Object.hasOwn(READ, name)) {
      wrong.push(
        `expected NAME<=VALUE or NAME=0 with one of ${Object.keys(READ).join(', ')}, found ${JSON.stringify(part)}`,
      );
      continue;
    }
    const isLength = LENGTHS.test(name);
    const most = isLength ? millisOf(value) : /^\d+(?:\.\d+)?$/.test(value) ? Number(value) : undefined;
    if (most === undefined)
      wrong.push(
        `expected ${isLength ? 'a length such as 2m' : 'a number'} for ${name}, found ${JSON.stringify(value)}`,
      );
    else if (sign === '=' && most !== 0)
      wrong.push(`expected ${name}<=${value}, found ${JSON.stringify(part)}: only 0 is met exactly`);
    // Known: it is one of the names.
    else limits.push({ text: part, of: name as LimitName, most });
  }
  return { limits, wrong };
}

/** By how much runs miss limits: 0 where each run keeps each. */
export const excessOf = (limits: readonly Limit[], runs: readonly Figures[]): number =>
  runs.reduce(
    (sum, figures) =>
      sum + limits.reduce((over, { of, most }) => over + Math.max(0, READ[of](figures) - most) / Math.max(1, most), 0),
    0,
  );
