import { hours, type Instant, minutes, seconds } from '../src/domain/time.ts';
import type { Term } from '../src/domain/words.ts';

/**
 * A random world in the few numbers that make it: small, so that it shrinks to what matters, and plain, so that it can be
 * written down as a scenario folder. Times are minutes from the opening of the window.
 */
export interface CheckWorld {
  readonly seed: number;
  readonly zone: (typeof ZONES)[number];
  /** Index into the dates of `DATES`: some days are those on which a clock changes. */
  readonly date: number;
  /** The wall-clock hour and minute at which the window opens. */
  readonly opensAt: { readonly hour: number; readonly minute: number };
  /** How long it is open, by the wall clock, in quarters of an hour. */
  readonly quarters: number;
  readonly blocks: number;
  /** More blocks for the second half of the window; 0 for none. */
  readonly moreBlocks: number;
  /** Surge above that which gives every block a successor at once. */
  readonly moreSurge: number;
  readonly maxUnavailable: number;
  readonly term: Term;
  readonly leaseHours: number;
  /** The spot price of each zone, as a percentage of on-demand. */
  readonly prices: readonly number[];
  readonly priceMoves: readonly { readonly zone: number; readonly at: number; readonly percent: number }[];
  /** Nothing can be bought in a zone. */
  readonly droughts: readonly { readonly zone: number; readonly at: number; readonly minutes: number }[];
  /** A zone takes its plain spot instances back, and has none for a while. */
  readonly reclaims: readonly { readonly zone: number; readonly at: number; readonly minutes: number }[];
  readonly bootSeconds: number;
  readonly jobs: readonly { readonly at: number; readonly minutes: number }[];
  /** Jobs of up to hours, longer than a lead that makes sense. */
  readonly longJobs: readonly { readonly at: number; readonly minutes: number }[];
  readonly restarts: readonly number[];
  /** Percentages of the facts that are told twice, and late. */
  readonly repeats: number;
  readonly delays: number;
  /** How many jobs a node has room for; one if left out. */
  readonly jobsPerNode?: number;
}

export const ZONES = ['UTC', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe'] as const;

/** Days on which some clock of `ZONES` changes, and ordinary ones. The first is where shrinking ends. */
export const DATES = ['2026-06-01', '2026-03-29', '2026-10-25', '2026-03-08', '2026-11-01', '2026-04-05', '2026-10-04'];

export const INSTANCE_TYPE = 'm5.large';
export const USD_ON_DEMAND = 0.1;
export const zoneNameOf = (index: number): string => `us-east-1${'abcdef'.charAt(index)}`;

/**
 * Most jobs are no longer than this: every policy with a sensible lead saves them from an end that AWS imposes, however many
 * blocks drain in turn.
 */
export const SHORT_JOB_MINUTES = 12;
/** The others are no longer than this, which is longer than any lease. */
export const LONGEST_JOB_MINUTES = 600;

/** The simulated time goes on for this long after the window closes, besides the length of a lease. */
export const AFTERWARDS_MS = minutes(30);
/** It begins this long before the window opens. */
export const BEFORE_MS = minutes(30);

/** What a job may run past the end of its lease: longer than any job here takes. */
export const OVERRUN_MS = hours(24);

export const leaseMsOf = ({ leaseHours }: CheckWorld): number => hours(leaseHours);
export const bootOf = ({ bootSeconds }: CheckWorld) => ({
  medianMs: seconds(bootSeconds),
  p95Ms: seconds(bootSeconds * 2),
  never: 0,
});

/** An instant so many minutes after the opening. */
export const minuteOf = (opensAt: Instant, minute: number): Instant => opensAt + minutes(minute);

/** The wall-clock times of the window as `weekly` writes them: from, middle, to. */
export function wallTimes({ opensAt, quarters }: Pick<CheckWorld, 'opensAt' | 'quarters'>): {
  readonly from: string;
  readonly middle: string;
  readonly to: string;
} {
  const start = opensAt.hour * 60 + opensAt.minute;
  return { from: wall(start), middle: wall(start + Math.floor(quarters / 2) * 15), to: wall(start + quarters * 15) };
}

function wall(minute: number): string {
  const two = (count: number): string => String(count).padStart(2, '0');
  if (minute === 24 * 60) return '24:00';
  return `${two(Math.floor(minute / 60) % 24)}:${two(minute % 60)}${minute > 24 * 60 ? '+1' : ''}`;
}
