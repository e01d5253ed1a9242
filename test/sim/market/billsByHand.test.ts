import { describe, expect, it } from 'vitest';
import { catalogue } from '../../../policies/catalogue.ts';
import type { Cost } from '../../../sim/outcome.ts';
import { billOf } from '../../../sim/result/bill.ts';
import type { Scenario } from '../../../sim/scenario/scenario.ts';
import { usualExtras, usualService } from '../../../sim/scenario/usual.ts';
import { simulate } from '../../../sim/simulate.ts';
import { simulatedWorld, type Truth } from '../../../sim/world/simulatedWorld.ts';
import type { Fact } from '../../../src/domain/facts.ts';
import { hours, minutes } from '../../../src/domain/time.ts';
import type { Lease, Term } from '../../../src/domain/words.ts';
import { poolsOf } from '../../../src/pool/assemble.ts';
import { anOffer } from '../../support/aBlock.ts';
import { aPoolConfig, aScenario, jobsEvery, MONDAY } from '../../support/aScenario.ts';

/*
 * Whole worlds of one instance, small enough to be reckoned by hand. In each of them the instance is asked for at 08:00:00 and
 * granted at 08:00:02.698; one that is told to end at T ends at T + 1.833 s. Spot costs 0.36 USD an hour, which is 0.0001 a
 * second, and on-demand twice that.
 */
const EIGHT = MONDAY + hours(8);
const GRANTED = EIGHT + 2_698;
const ENDS_AFTER = 1_833;

interface Life {
  readonly term?: Term;
  readonly billing?: Scenario['billing'];
  readonly extras?: Partial<Scenario['extras']>;
  /** When spot begins to cost 0.72 an hour. */
  readonly dearerAt?: number;
  /** When AWS takes the market back. */
  readonly takenAt?: number;
  /** When the instance is told to end. */
  readonly endAt?: number;
}

/** The bill of one instance's life, and how it went. */
async function billOfOne(life: Life): Promise<{ readonly cost: Cost; readonly truth: Truth; readonly lease: Lease }> {
  const { term = 'spot', billing = 'per-second', extras, dearerAt, takenAt, endAt } = life;
  const base = aScenario();
  const place = { instanceType: 'm5.2xlarge', zone: 'us-east-1a' };
  const price = (at: number, usdPerHour: number) => ({ at, ...place, product: 'Linux/UNIX', usdPerHour });
  const room = (at: number, instances: number) => ({ at, ...place, instances });
  const lease = { term, durationMs: hours(1), overrunMs: 0 };
  const scenario = aScenario({
    until: MONDAY + hours(12),
    jobs: [],
    billing,
    extras: { ...usualExtras, ...extras },
    pools: { fleet: 'test', pools: [aPoolConfig({ lease })] },
    market: {
      ...base.market,
      onDemand: { 'm5.2xlarge': 0.72 },
      prices: [price(MONDAY, 0.36), ...(dearerAt === undefined ? [] : [price(dearerAt, 0.72)])],
      availability: takenAt === undefined ? [] : [room(MONDAY, 1), room(takenAt, 0)],
    },
  });
  const world = simulatedWorld(scenario);
  const facts: Fact[] = [];
  const goOn = async (until: number): Promise<void> => {
    for (;;) {
      const fact = await world.next(until);
      if (fact === undefined || fact.type === 'clock.reached') return;
      facts.push(fact);
    }
  };
  await goOn(EIGHT);
  world.perform([{ type: 'requestCapacity', blockId: 'ci-0.1', token: 'ci-0.1.1', offer: anOffer(lease) }]);
  await goOn(endAt ?? scenario.until);
  const granted = facts.find(({ type }) => type === 'capacity.granted');
  if (granted?.type !== 'capacity.granted') throw new Error('expected a grant');
  expect(granted.lease.startsAt).toBe(GRANTED);
  if (endAt !== undefined) {
    world.perform([{ type: 'terminateInstance', blockId: 'ci-0.1', instanceId: granted.lease.instanceId }]);
    await goOn(scenario.until);
    expect(facts.find(({ type }) => type === 'instance.gone')?.at).toBe(endAt + ENDS_AFTER);
  }
  const truth = world.truth();
  const cost = billOf(truth, scenario.onDemandGroup, usualService);
  expect(cost.total).toBe(cost.leases);
  return { cost, truth, lease: granted.lease };
}

const usd = async (life: Life): Promise<number> => (await billOfOne(life)).cost.leases;

describe('billed per second, one instance costs', () => {
  it('a minute if it lives for twenty seconds', async () => {
    // 08:00:02.698 to 08:00:21.833 are 19.135 s; 60 s × 0.0001 = 0.0060.
    const endAt = EIGHT + 20_000;
    expect(await usd({ endAt })).toBeCloseTo(0.006, 4);
    // On demand 60 s × 0.0002 = 0.0120.
    expect(await usd({ endAt, term: 'on-demand' })).toBeCloseTo(0.012, 4);
  });

  it('nothing if AWS interrupts it within its first hour', async () => {
    // Taken at 09:00:02.697, a millisecond before its hour is over.
    expect(await usd({ takenAt: GRANTED + hours(1) - 1 })).toBe(0);
    // Taken after 20 s, it does not cost a minute either.
    expect(await usd({ takenAt: EIGHT + 20_000 })).toBe(0);
  });

  it('its time if AWS interrupts it later', async () => {
    // The whole hour: 3600 s × 0.0001 = 0.3600.
    expect(await usd({ takenAt: GRANTED + hours(1) })).toBeCloseTo(0.36, 4);
    // To 09:30:00, 5397.302 s × 0.0001 = 0.5397. The bill stops when it is taken, not when that shows.
    expect(await usd({ takenAt: EIGHT + minutes(90) })).toBeCloseTo(0.5397, 4);
  });

  it('the price of each moment', async () => {
    // 08:00:02.698 to 09:00:00, 3597.302 s × 0.0001 = 0.3597; on to 10:00:01.833, 3601.833 s × 0.0002 = 0.7204.
    expect(await usd({ dearerAt: EIGHT + hours(1), endAt: EIGHT + hours(2) })).toBeCloseTo(0.3597 + 0.7204, 4);
  });

  it('its time so far if it still runs', async () => {
    // 08:00:02.698 to the end of the run at 12:00:00, 14397.302 s × 0.0001 = 1.4397.
    expect(await usd({})).toBeCloseTo(1.4397, 4);
  });

  it('the price of its purchase on demand', async () => {
    // 08:00:02.698 to 09:00:01.833, 3599.135 s × 0.0002 = 0.7198.
    expect(await usd({ term: 'on-demand', dearerAt: EIGHT + minutes(5), endAt: EIGHT + hours(1) })).toBeCloseTo(
      0.7198,
      4,
    );
  });
});

describe('billed by started hours, one instance costs', () => {
  const billing = 'hour-start';

  it('every hour that it began, at the price of that instant, if we end it', async () => {
    // 08:00:02.698 at 0.36 and 09:00:02.698 at 0.72, the price since 08:30: 0.36 + 0.72 = 1.0800.
    const life: Life = { billing, dearerAt: EIGHT + minutes(30), endAt: EIGHT + minutes(90) };
    expect(await usd(life)).toBeCloseTo(1.08, 4);
    // On demand 2 × 0.72 = 1.4400.
    expect(await usd({ ...life, term: 'on-demand' })).toBeCloseTo(1.44, 4);
    // Ended after 20 s it is an hour: 0.3600.
    expect(await usd({ billing, endAt: EIGHT + 20_000 })).toBeCloseTo(0.36, 4);
  });

  it('its whole hours if AWS interrupts it', async () => {
    const life: Life = { billing, dearerAt: EIGHT + minutes(30) };
    // Taken at 08:50 in its first hour: 0. Taken at 09:30 in its second: 0.3600.
    expect(await usd({ ...life, takenAt: EIGHT + minutes(50) })).toBe(0);
    expect(await usd({ ...life, takenAt: EIGHT + minutes(90) })).toBeCloseTo(0.36, 4);
  });
});

describe('a spot block of one hour costs', () => {
  it.each(['per-second', 'hour-start'] as const)('0.55 of on-demand at its end, %s', async (billing) => {
    // AWS ends it at 09:00:02.698, which shows some seconds later: 1 h × 0.55 × 0.72 = 0.3960.
    const { cost, truth } = await billOfOne({ billing, term: 'spot-block' });
    expect(truth.instances).toMatchObject([{ endedBy: 'aws', instance: { endedAt: GRANTED + hours(1) } }]);
    expect(cost.leases).toBeCloseTo(0.396, 4);
  });

  it.each(['per-second', 'hour-start'] as const)('nothing if AWS ends it early, %s', async (billing) => {
    // No world ends a block before its time, so the bill is asked as if AWS had.
    const { truth, lease } = await billOfOne({ billing, term: 'spot-block' });
    expect(truth.market.leaseUsd(lease, lease.expiresAt - 1, 'aws')).toBe(0);
  });
});

describe('what an instance has beside it costs', () => {
  const endAt = EIGHT + hours(1);

  it('a disk by the second', async () => {
    // 08:00:02.698 to 09:00:01.833 are 3599.135 s, at 0.0001 a second 0.3599.
    // 100 GiB × 0.08 USD / 730 h = 0.010959 an hour, for 3599.135 s 0.0110.
    expect(await usd({ extras: { diskGib: 100 }, endAt })).toBeCloseTo(0.3599 + 0.011, 4);
  });

  it('a public address by the second', async () => {
    // 0.005 USD an hour for 3599.135 s = 0.0050.
    expect(await usd({ extras: { publicIpv4: true }, endAt })).toBeCloseTo(0.3599 + 0.005, 4);
    // Beside a started hour, 0.3600, it is still paid by the second.
    expect(await usd({ extras: { publicIpv4: true }, billing: 'hour-start', endAt })).toBeCloseTo(0.36 + 0.005, 4);
  });

  it('what it costs, in a free first hour too', async () => {
    // 08:00:02.698 to 08:50:00 are 2997.302 s; (0.010959 + 0.005) USD an hour = 0.000004433 a second: 0.0133.
    const extras = { diskGib: 100, publicIpv4: true };
    expect(await usd({ extras, takenAt: EIGHT + minutes(50) })).toBeCloseTo(0.0133, 4);
  });
});

describe('a whole day under a keeper', () => {
  it.each([
    ['bare', usualExtras, 0],
    // 50 GiB × 0.08 / 730 = 0.005479 an hour, and 0.005 for the address.
    ['with disks and addresses', { ...usualExtras, diskGib: 50, publicIpv4: true }, 0.005479 + 0.005],
  ])('costs what its facts come to, %s', async (_, extras, extraUsdPerHour) => {
    const [from, until, dearerAt] = [MONDAY, MONDAY + hours(24), MONDAY + hours(10)];
    const base = aScenario();
    const rows = ['us-east-1a', 'us-east-1b'].flatMap((zone) => {
      const place = { instanceType: 'm5.2xlarge', zone, product: 'Linux/UNIX' };
      return [
        { at: from, ...place, usdPerHour: 0.12 },
        { at: dearerAt, ...place, usdPerHour: 0.18 },
      ];
    });
    // Three jobs at once for two blocks: the third goes to the group.
    const jobs = [0, 1, 2].flatMap((nth) =>
      jobsEvery(hours(6), minutes(30), from + hours(1), until).map((job) => ({ ...job, job: `${job.job}.${nth}` })),
    );
    const scenario = aScenario({ extras, jobs, market: { ...base.market, prices: rows } });

    const granted = new Map<string, number>();
    const lived: (readonly [number, number])[] = [];
    const outcome = await simulate(scenario, poolsOf(scenario.pools, catalogue), 'by hand', {
      turn: (fact) => {
        if (fact.type === 'capacity.granted') granted.set(fact.blockId, fact.lease.startsAt);
        if (fact.type !== 'instance.gone') return;
        lived.push([granted.get(fact.blockId) ?? Number.NaN, fact.at]);
        granted.delete(fact.blockId);
      },
    });
    for (const startsAt of granted.values()) lived.push([startsAt, until]);
    expect(lived.length).toBeGreaterThan(4);

    // Each life at 0.12 until 10:00 and at 0.18 from then on.
    const hoursIn = (a: number, b: number): number => Math.max(0, b - a) / 3_600_000;
    const usdOf = ([start, end]: readonly [number, number]): number =>
      hoursIn(start, Math.min(end, dearerAt)) * 0.12 +
      hoursIn(Math.max(start, dearerAt), end) * 0.18 +
      hoursIn(start, end) * extraUsdPerHour;
    expect(outcome.cost.leases).toBeCloseTo(
      lived.reduce((sum, life) => sum + usdOf(life), 0),
      4,
    );
    // Every paid hour of a node of the group at 0.4; a node shows when it is decided on, and is paid five seconds later.
    const { overflow } = outcome.timeline;
    const nodeHours = overflow.reduce((sum, { at, value }, index) => {
      const launched = Math.max(0, value - (overflow[index - 1]?.value ?? 0));
      return sum + value * hoursIn(at, overflow[index + 1]?.at ?? until) - (launched * 5) / 3600;
    }, 0);
    expect(nodeHours).toBeGreaterThan(1);
    expect(outcome.cost.overflow).toBeCloseTo(nodeHours * (0.4 + extraUsdPerHour), 4);
  });
});
