import { describe, expect, it } from 'vitest';
import type { Workload } from '../../src/domain/facts.ts';
import { NEVER } from '../../src/domain/time.ts';
import { awaitedUntil, type Holding, holding, holdsFor } from '../../src/pool/holds.ts';
import { aLease } from '../support/aBlock.ts';
import { aSpec } from '../support/aPool.ts';
import { minutes, seconds } from '../support/lengths.ts';

const NOW = minutes(100);
const spec = aSpec();
/** Nearly all boots take 80 seconds at most, so a block is waited for 140. */
const boots = { count: 30, p50Ms: seconds(60), p95Ms: seconds(80), p99Ms: seconds(90) };

const jobs = (over: Partial<Workload> = {}): Workload => ({
  ...{ waiting: 0, onBlocks: {}, held: 0, overflow: 0, arrived: 0, jobsPerBlock: 1 },
  ...over,
});

/** Asked for so many seconds ago. */
const asked = (ago: number) => ({
  state: 'requesting' as const,
  lease: null,
  deadlineAt: NOW - seconds(ago) + spec.timeouts.launchMs,
});

/** Granted so many seconds ago. */
const granted = (ago: number) => ({
  state: 'joining' as const,
  lease: aLease({ startsAt: NOW - seconds(ago) }),
  deadlineAt: NEVER,
});

const holdsOf = (workload: Workload, ...arriving: readonly (ReturnType<typeof asked> | ReturnType<typeof granted>)[]) =>
  holdsFor(workload, arriving, spec, boots, NOW).map((hold) => [hold.jobs, (hold.until - NOW) / seconds(1)]);

describe('a block on its way', () => {
  it('is waited for 20 seconds until it is granted, and then as long as nearly all boots take, and a minute', () => {
    expect(awaitedUntil(asked(5), spec, boots)).toBe(NOW + seconds(15));
    expect(awaitedUntil(granted(30), spec, boots)).toBe(NOW + seconds(110));
  });

  it('is waited for four minutes where no boot was timed yet', () => {
    expect(awaitedUntil(granted(30), spec)).toBe(NOW + seconds(210));
  });

  it('holds as many jobs as it has room for, and no more than wait', () => {
    expect(holdsOf(jobs({ waiting: 3 }), granted(30))).toEqual([[1, 110]]);
    expect(holdsOf(jobs({ waiting: 3, jobsPerBlock: 2 }), granted(30), granted(30))).toEqual([[3, 110]]);
    expect(holdsOf(jobs({ waiting: 0 }), granted(30))).toEqual([]);
    expect(holdsOf(jobs({ waiting: 2 }))).toEqual([]);
  });

  it('holds none once it is late', () => {
    expect(holdsOf(jobs({ waiting: 1 }), granted(140))).toEqual([]);
    expect(holdsOf(jobs({ waiting: 1 }), asked(20))).toEqual([]);
    expect(holdsOf(jobs({ waiting: 1 }), granted(139))).toEqual([[1, 1]]);
  });
});

describe('what is asked for', () => {
  const ask = (before: Holding | null, holds: Holding['holds'], workload: Workload, takenAt = NOW) =>
    holding(before, holds, workload, { pool: 'ci', takenAt, boots, now: NOW });
  const hold = { jobs: 1, until: NOW + seconds(60) };
  const before: Holding = { holds: [hold], askedAt: NOW - seconds(5), takenAt: NOW, waiting: 1, failedAt: NEVER };

  it('is the whole level, with the longest that a job is held in all', () => {
    const { effect, wakeAt } = ask(null, [hold], jobs({ waiting: 1 }));
    expect(effect).toEqual({ type: 'holdJobs', pool: 'ci', holds: [hold], mostMs: seconds(300) });
    expect(wakeAt).toBe(NOW + seconds(10));
    const slow = { ...boots, p95Ms: seconds(250) };
    const later = holding(null, [hold], jobs({ waiting: 1 }), { pool: 'ci', takenAt: NOW, boots: slow, now: NOW });
    expect(later.effect).toMatchObject({ mostMs: seconds(340) });
  });

  it('is nothing while what was asked for stands and is seen', () => {
    const { effect, wakeAt } = ask(before, [hold], jobs({ waiting: 1, held: 1 }));
    expect(effect).toBeUndefined();
    expect(wakeAt).toBe(hold.until);
  });

  it('is a release at once when no block is on its way any more', () => {
    expect(ask(before, [], jobs({ waiting: 1, held: 1 })).effect).toMatchObject({ holds: [] });
  });

  it('is the same again once other jobs wait: levels are by age', () => {
    const other = jobs({ waiting: 1, held: 1, arrived: 1 });
    expect(ask(before, [hold], other, NOW + 1).effect).toMatchObject({ holds: [hold] });
    expect(ask(before, [hold], jobs({ waiting: 1, held: 1 }), NOW + 1).effect).toBeUndefined();
  });

  it('is asked for again after ten seconds where it is not seen, or was told to have failed', () => {
    const unseen = ask(before, [hold], jobs({ waiting: 1, held: 0 }));
    expect([unseen.effect, unseen.wakeAt]).toEqual([undefined, NOW + seconds(5)]);
    const old = { ...before, askedAt: NOW - seconds(10) };
    expect(ask(old, [hold], jobs({ waiting: 1, held: 0 })).effect).toMatchObject({ holds: [hold] });
    const failed = { ...old, failedAt: NOW - seconds(9) };
    expect(ask(failed, [hold], jobs({ waiting: 1, held: 1 })).effect).toMatchObject({ holds: [hold] });
  });

  it('says how long a bought node takes where more jobs wait than are held, and is asked for again meanwhile', () => {
    const short = jobs({ waiting: 2, held: 1 });
    const { effect, wakeAt } = ask(null, [hold], short);
    expect(effect).toEqual({
      type: 'holdJobs',
      pool: 'ci',
      holds: [hold],
      mostMs: seconds(300),
      boughtMs: seconds(140),
    });
    expect(wakeAt).toBe(NOW + seconds(10));
    const old = { ...before, waiting: 2, askedAt: NOW - seconds(10) };
    expect(ask(old, [hold], short).effect).toMatchObject({ boughtMs: seconds(140) });
    // Where none is held for a block, the autoscaler reckons right.
    expect(ask(null, [], jobs({ waiting: 2, held: 1 })).effect).not.toHaveProperty('boughtMs');
  });
});
