import { describe, expect, it } from 'vitest';
import type { Fact, Workload } from '../../src/domain/facts.ts';
import { hours, minutes } from '../../src/domain/time.ts';
import { UNPRICED_USD_PER_HOUR } from '../../src/domain/words.ts';
import { observedBy } from '../../src/keeper/observedBy.ts';
import type { ScalingQuestion } from '../../src/policy/scaling.ts';
import { countedUpTo, nothingPaid, paidTogether, spentAt, withOver } from '../../src/pool/spending.ts';
import { aLease, anOffer } from '../support/aBlock.ts';
import { aKeeper } from '../support/aKeeper.ts';
import { aPool } from '../support/aPool.ts';

const TUESDAY = Date.UTC(2026, 5, 30); // the last of a month
const leaseOf = (usdPerHour: number, startsAt: number) => aLease({ offer: anOffer({ usdPerHour }), startsAt });

describe('what blocks have cost', () => {
  it('is their price by the second, what lives and what is over alike', () => {
    const over = withOver(nothingPaid, leaseOf(0.2, TUESDAY), TUESDAY + minutes(30));
    expect(spentAt(over, [leaseOf(0.4, TUESDAY)], TUESDAY + hours(1) + 900)).toEqual({
      todayUsd: 0.5,
      monthUsd: 0.5,
    });
  });

  it('begins anew with the day and with the month, for leases that go on too', () => {
    const lease = leaseOf(0.5, TUESDAY - hours(2));
    expect(spentAt(nothingPaid, [lease], TUESDAY + hours(1))).toMatchObject({ todayUsd: 0.5, monthUsd: 1.5 });
    expect(spentAt(nothingPaid, [lease], TUESDAY + hours(25))).toMatchObject({ todayUsd: 0.5, monthUsd: 0.5 });
    const over = withOver(nothingPaid, lease, TUESDAY + hours(3));
    expect(spentAt(over, [], TUESDAY + hours(23))).toMatchObject({ todayUsd: 1.5, monthUsd: 2.5 });
    expect(spentAt(over, [], TUESDAY + hours(24))).toMatchObject({ todayUsd: 0, monthUsd: 0 });
  });

  it('is counted once across a restart, and what went meanwhile is paid up to what was written down', () => {
    const [stays, goes] = [leaseOf(0.5, TUESDAY), leaseOf(1, TUESDAY)];
    const written = countedUpTo(nothingPaid, [stays, goes], TUESDAY + hours(2));
    const next = paidTogether(written, nothingPaid);
    expect(spentAt(next, [stays], TUESDAY + hours(4))).toMatchObject({ todayUsd: 4 });
  });

  it('is nothing where an instant is before the lease, and of a clock that was set back the day stays', () => {
    expect(spentAt(nothingPaid, [leaseOf(1, TUESDAY)], TUESDAY - hours(1)).todayUsd).toBe(0);
    const over = withOver(nothingPaid, leaseOf(1, TUESDAY), TUESDAY + hours(1));
    expect(spentAt(over, [], TUESDAY - hours(1)).todayUsd).toBe(1);
  });
});

describe('the money in a scaling question', () => {
  const workload: Workload = { waiting: 0, onBlocks: {}, held: 0, overflow: 0, arrived: 0, jobsPerBlock: 1 };
  const observed = (at: number): Fact => ({ type: 'workload.observed', at, pool: 'ci', takenAt: at, workload });

  function following() {
    const asked: ScalingQuestion[] = [];
    const wantedNow = (question: ScalingQuestion) => {
      asked.push(structuredClone({ ...question, prices: { ...question.prices }, spent: { ...question.spent } }));
      return { blocks: 1 };
    };
    return { asked, keeper: aKeeper(aPool(3, { scaling: { wantedNow } })) };
  }

  it('shows prices as long as they may be bought at, and what blocks cost', () => {
    const { asked, keeper } = following();
    keeper.begins(TUESDAY).hears(observed(TUESDAY + 2));
    expect(asked.at(-1)).toMatchObject({ prices: { blockUsdPerHour: anOffer().usdPerHour } });
    expect(asked.at(-1)?.prices).not.toHaveProperty('onDemandUsdPerHour');
    const offers = [anOffer({ usdPerHour: 0.3 }), anOffer({ usdPerHour: 0.2, zone: 'b' })];
    keeper.hears({ type: 'offers.quoted', at: TUESDAY + 3, pool: 'ci', offers, onDemandUsdPerHour: 0.4 });
    expect(asked.at(-1)?.prices).toEqual({ blockUsdPerHour: 0.2, onDemandUsdPerHour: 0.4 });
    keeper.serves('ci-0.1', TUESDAY + minutes(1), { offer: anOffer({ usdPerHour: 0.3 }) });
    keeper.hears(observed(TUESDAY + minutes(31)));
    expect(asked.at(-1)).toMatchObject({
      prices: { onDemandUsdPerHour: 0.4, leasedUsdPerHour: 0.3 },
      spent: { todayUsd: 0.15 },
    });
    expect(asked.at(-1)?.prices).not.toHaveProperty('blockUsdPerHour');
  });

  it('shows what blocks cost on average that stay or arrive, of those whose price is known', () => {
    const { asked, keeper } = following();
    keeper.begins(TUESDAY);
    for (const [place, usdPerHour] of [0.1, 0.4, Number.NaN, UNPRICED_USD_PER_HOUR].entries())
      keeper.serves(`ci-${place}.1`, TUESDAY + minutes(1), { offer: anOffer({ usdPerHour }) });
    keeper.hears(observed(TUESDAY + minutes(2)));
    expect(asked.at(-1)?.prices.leasedUsdPerHour).toBe(0.25);
    const unpriced = [anOffer({ usdPerHour: UNPRICED_USD_PER_HOUR })];
    keeper.hears({ type: 'offers.quoted', at: TUESDAY + minutes(2) + 1, pool: 'ci', offers: unpriced });
    expect(asked.at(-1)?.prices).toEqual({ leasedUsdPerHour: 0.25 });
    keeper.hears({ type: 'instance.gone', at: TUESDAY + minutes(3), blockId: 'ci-1.1', cause: 'unknown' });
    expect(asked.at(-1)?.prices.leasedUsdPerHour).toBe(0.1);
  });

  it('is the same in the next life of the keeper', () => {
    const { keeper } = following();
    keeper.begins(TUESDAY).hears(observed(TUESDAY + 2));
    keeper.serves('ci-0.1', TUESDAY + minutes(1), { offer: anOffer({ usdPerHour: 0.3 }) });
    keeper.hears({ type: 'instance.gone', at: TUESDAY + minutes(61), blockId: 'ci-0.1', cause: 'unknown' });
    const observations = JSON.parse(JSON.stringify(observedBy(keeper.keeper, TUESDAY + hours(2)))) as Record<
      string,
      unknown
    >;
    const next = following();
    const sightings: never[] = [];
    next.keeper.hears(
      { type: 'inventory.taken', at: TUESDAY + hours(3), sightings, generations: {}, complete: true, observations },
      observed(TUESDAY + hours(3) + 1),
    );
    expect(next.asked.at(-1)?.spent).toEqual({ todayUsd: 0.3, monthUsd: 0.3 });
  });
});
