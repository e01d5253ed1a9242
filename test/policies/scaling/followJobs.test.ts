import { describe, expect, it } from 'vitest';
import { followJobs } from '../../../policies/scaling/followJobs.ts';
import { NEVER } from '../../../src/domain/time.ts';
import { neededBlocks, type ScalingQuestion } from '../../../src/policy/scaling.ts';
import { aShelf } from '../../support/aShelf.ts';
import { minutes, seconds } from '../../support/lengths.ts';

interface Counts {
  readonly waiting?: number;
  readonly running?: number;
  readonly busy?: number;
  readonly idle?: number;
  readonly arriving?: number;
  readonly jobsPerBlock?: number;
  readonly allowed?: number;
  readonly arrivals?: readonly number[];
  readonly bootSeconds?: number;
  /** What a block costs by the hour, where a node on demand costs one dollar. */
  readonly blockUsd?: number;
  readonly leasedUsd?: number;
  readonly elsewhere?: number;
}

/** A pool that may have twenty blocks, by the figures that differ. */
function asked(counts: Counts): ScalingQuestion {
  const { waiting = 0, busy = 0, running = busy, idle = 0, arriving = 0, jobsPerBlock = 1, allowed = 20 } = counts;
  const allowance = { blocks: allowed, until: NEVER };
  const bootMs = seconds(counts.bootSeconds ?? 0);
  return {
    now: minutes(600),
    allowance,
    next: allowance,
    jobs: {
      waiting,
      ...(waiting === 0 ? {} : { waitingSince: minutes(599) }),
      running,
      overflow: 0,
      elsewhere: counts.elsewhere ?? 0,
    },
    blocks: { arriving, busy, idle, draining: 0 },
    jobsPerBlock,
    arrivals: counts.arrivals ?? [],
    week: { likeThisHour: [], likeNextHour: [] },
    prices: {
      ...(counts.blockUsd === undefined ? {} : { blockUsdPerHour: counts.blockUsd, onDemandUsdPerHour: 1 }),
      ...(counts.leasedUsd === undefined ? {} : { leasedUsdPerHour: counts.leasedUsd }),
    },
    spent: { todayUsd: 0, monthUsd: 0 },
    ...(bootMs === 0 ? {} : { boots: { count: 30, p50Ms: bootMs, p95Ms: bootMs, p99Ms: bootMs } }),
  };
}

const wantedOf = (options: Record<string, unknown>, counts: Counts) =>
  followJobs.create(followJobs.options.parse(options), aShelf).wantedNow(asked(counts));

describe('what jobs need', () => {
  it.each<[what: string, counts: Counts, blocks: number]>([
    ['nothing without jobs, whatever is idle', { idle: 3, arriving: 2 }, 0],
    ['a block for each that waits', { waiting: 3 }, 3],
    ['the blocks that have jobs, too', { waiting: 3, busy: 2 }, 5],
    ['room that is left on blocks is for what comes next', { busy: 2, running: 2, jobsPerBlock: 2 }, 1],
    ['and not for jobs that it did not take', { waiting: 3, busy: 2, running: 2, jobsPerBlock: 2 }, 4],
    ['a block that is begun is a whole one', { waiting: 4, jobsPerBlock: 3 }, 2],
    ['a crowded block gives no room, and takes none', { waiting: 1, busy: 1, running: 3, jobsPerBlock: 2 }, 2],
  ])('%s', (_, counts, blocks) => {
    expect(neededBlocks(asked(counts))).toBe(blocks);
    expect(wantedOf({ headroom: 0 }, counts).blocks).toBe(blocks);
  });

  it('is never more than the hours allow, and never less than is held at least', () => {
    expect(wantedOf({ headroom: 0 }, { waiting: 9, allowed: 4 }).blocks).toBe(4);
    expect(wantedOf({ headroom: 0, atLeast: 2 }, {}).blocks).toBe(2);
    expect(wantedOf({ headroom: 0, atLeast: 2 }, { busy: 3 }).blocks).toBe(3);
    expect(wantedOf({ atLeast: 2 }, { allowed: 0 }).blocks).toBe(0);
  });
});

describe('blocks to spare', () => {
  it('are a number beside those that jobs need', () => {
    expect(wantedOf({ headroom: 2 }, {}).blocks).toBe(2);
    expect(wantedOf({ headroom: 2 }, { waiting: 1, busy: 1 }).blocks).toBe(4);
  });

  /** Minutes, the present one last: it is not over and does not count. */
  const quietThen = (...last: readonly number[]) => [...Array<number>(40).fill(0), ...last, 0];

  it('are learned from stretches as long as a boot, those without a job counted too', () => {
    const service = { headroom: { service: 0.9 } };
    // One burst of 30 in forty quiet minutes is in few of the stretches of one minute.
    expect(wantedOf(service, { arrivals: quietThen(30), bootSeconds: 60 }).blocks).toBe(0);
    // Two jobs in each of the last ten minutes are in a fifth of them.
    const busy = quietThen(...Array<number>(10).fill(2));
    expect(wantedOf(service, { arrivals: busy, bootSeconds: 60 }).blocks).toBe(2);
    // A boot of three minutes meets three times as many.
    expect(wantedOf(service, { arrivals: busy, bootSeconds: 180 }).blocks).toBe(6);
  });

  it('do not count the minute that is not over', () => {
    const steady = { arrivals: [2, 2, 2, 2, 2, 2, 50], bootSeconds: 60 };
    expect(wantedOf({ headroom: { service: 0.9 } }, steady).blocks).toBe(2);
  });

  it('are none while fewer minutes were watched than a boot takes', () => {
    expect(wantedOf({}, { arrivals: [9, 9], bootSeconds: 180 }).blocks).toBe(0);
    expect(wantedOf({}, { arrivals: [] }).blocks).toBe(0);
  });

  it('are room: several jobs share a block', () => {
    const arrivals = Array<number>(30).fill(4);
    expect(wantedOf({ headroom: { service: 0.9 } }, { arrivals, bootSeconds: 60, jobsPerBlock: 2 }).blocks).toBe(2);
  });

  it('cost no more, with the blocks that jobs need, than nodes on demand for those jobs', () => {
    const wide = { arrivals: Array<number>(30).fill(4), bootSeconds: 60, jobsPerBlock: 4 };
    expect(wantedOf({}, { ...wide, busy: 1, running: 4, blockUsd: 0.6 }).blocks).toBe(1);
    expect(wantedOf({}, { ...wide, busy: 1, running: 4, blockUsd: 0.5 }).blocks).toBe(2);
    // One may stand ready though nothing runs: a node on demand would wait for its next job as well.
    expect(wantedOf({}, { ...wide, blockUsd: 0.6 }).blocks).toBe(1);
    // While spot is taken back often blocks are bought on demand, though there are cheaper offers.
    expect(wantedOf({}, { ...wide, busy: 1, running: 4, blockUsd: 0.3, leasedUsd: 1 }).blocks).toBe(1);
    // Nobody can say what costs too much while a price is not known.
    expect(wantedOf({}, { ...wide, busy: 1, running: 4 }).blocks).toBe(2);
  });

  it('are held for jobs that ran elsewhere, at any price: each stands in for a node of the group', () => {
    expect(wantedOf({}, { elsewhere: 5, blockUsd: 0.9 }).blocks).toBe(5);
    expect(wantedOf({}, { elsewhere: 5, busy: 2, blockUsd: 0.9 }).blocks).toBe(7);
  });
});

it('A block above what is wanted is given back after a minute, or as the option says', () => {
  expect(wantedOf({}, {}).giveBackIdleAfterMs).toBe(minutes(1));
  expect(wantedOf({ giveBackIdleAfter: '10m' }, {}).giveBackIdleAfterMs).toBe(minutes(10));
  expect(wantedOf({}, {})).not.toHaveProperty('giveBackBeforeHourMs');
  expect(wantedOf({ paidBy: 'hour' }, {}).giveBackBeforeHourMs).toBe(minutes(3));
});
