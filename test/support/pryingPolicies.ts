import { hours, minutes } from '../../src/domain/time.ts';
import type { Catalogue } from '../../src/policy/definePolicy.ts';
import { definePolicy, neededBlocks, z } from '../../src/policy/index.ts';

/** A shelf with policies beside its own that look at nearly all that there is to see, in ways that a policy may. */
export const withPrying = (shelf: Catalogue): Catalogue => ({
  ...shelf,
  renewal: { ...shelf.renewal, hourly, prying, moody },
  purchase: { ...shelf.purchase, byQuarters, moodyBuyer },
  scaling: { ...shelf.scaling, byTheHalfHour, byWhatItPays, moodyFollower },
});

/** Goes by the hour of the clock, and says how long that holds. */
const hourly = definePolicy({
  slot: 'renewal',
  name: 'hourly',
  about: 'Relieves earlier in odd hours.',
  options: z.strictObject({}),
  create: () => ({
    timesFor({ lease: { startsAt, expiresAt, hardEndAt }, now, spec }) {
      const endBy = Math.min(expiresAt + spec.overrunMs, hardEndAt);
      const hour = Math.floor(now / hours(1));
      const lastQuarter = Math.floor(Math.min(expiresAt, hardEndAt) - (expiresAt - startsAt) / 4);
      const relieveAt = lastQuarter - (hour % 2) * minutes(5);
      return { relieveAt, drainAt: lastQuarter, endBy, until: (hour + 1) * hours(1) };
    },
  }),
});

/** Looks at nearly all that there is to see of a block, in ways that a policy may. */
const prying = definePolicy({
  slot: 'renewal',
  name: 'prying',
  about: 'Moves the drain by everything that it is shown.',
  options: z.strictObject({}),
  create: () => ({
    timesFor({ slot, jobs, lease, market, allowance: demand, next, boots, spec, ...question }) {
      const endBy = Math.min(lease.expiresAt + spec.overrunMs, lease.hardEndAt);
      const seen =
        slot +
        jobs.running +
        ('busySince' in jobs ? 1 : 0) +
        (Object.values(market).length + market.interruptions) +
        (next.blocks - demand.blocks) +
        (boots === undefined ? 0 : 1) +
        ('atRiskAt' in question ? 2 : 0) +
        JSON.stringify(jobs.durations ?? '').length;
      const middle = Math.ceil((lease.startsAt + Math.min(lease.expiresAt, lease.hardEndAt)) / 2);
      return { relieveAt: middle + minutes(Math.abs(seen % 7)), drainAt: middle + minutes(8), endBy };
    },
  }),
});

/** Buys at some times only, and says when the next one is. */
const byQuarters = definePolicy({
  slot: 'purchase',
  name: 'byQuarters',
  about: 'Buys in every second quarter of an hour, where it has fewer than its zones.',
  options: z.strictObject({}),
  create: () => ({
    rank(offers, { now, zones }) {
      const quarter = Math.floor(now / minutes(15));
      const until = (quarter + 1) * minutes(15);
      const byZone = offers.toSorted((a, b) => (a.zone < b.zone ? -1 : 1));
      return quarter % 2 === 0 || zones.length === 0 ? { ranked: byZone, until } : { ranked: [], until };
    },
  }),
});

/** Holds one spare block more where what it has costs an odd number of tenths of a cent. */
const byWhatItPays = definePolicy({
  slot: 'scaling',
  name: 'byWhatItPays',
  about: 'Holds one or two spare blocks, by what those that it has cost on average.',
  options: z.strictObject({}),
  create: () => ({
    wantedNow(question) {
      const spare = 1 + (Math.round((question.prices.leasedUsdPerHour ?? 0) * 1_000) % 2);
      return { blocks: Math.min(question.allowance.blocks, neededBlocks(question) + spare) };
    },
  }),
});

/** Holds a spare block in every second half hour, says how long that holds, and looks at more than it needs. */
const byTheHalfHour = definePolicy({
  slot: 'scaling',
  name: 'byTheHalfHour',
  about: 'Holds a spare block in every second half hour, and one for each that drains.',
  options: z.strictObject({}),
  create: () => ({
    wantedNow(question) {
      const half = Math.floor(question.now / minutes(30));
      const { allowance, blocks, arrivals, durations } = question;
      const spare = (half % 2) + (blocks.draining > 0 ? 1 : 0) + ((arrivals.at(-2) ?? 0) > 2 ? 1 : 0);
      return {
        blocks: Math.min(allowance.blocks, neededBlocks(question) + spare),
        until: (half + 1) * minutes(30),
        giveBackIdleAfterMs: durations === undefined ? minutes(1) : minutes(2),
      };
    },
  }),
});

const inAMood = (now: number): void => {
  if (Math.floor(now / minutes(20)) % 3 === 0) throw new Error('not now');
};

/** Throws at some times. */
const moody = definePolicy({
  slot: 'renewal',
  name: 'moody',
  about: 'Throws in every third of an hour.',
  options: z.strictObject({}),
  create: () => ({
    timesFor({ lease: { startsAt, expiresAt, hardEndAt }, now, spec }) {
      inAMood(now);
      const relieveAt = Math.ceil((startsAt + Math.min(expiresAt, hardEndAt)) / 2);
      return { relieveAt, drainAt: relieveAt, endBy: Math.min(expiresAt + spec.overrunMs, hardEndAt) };
    },
  }),
});

/** Throws at some times. */
const moodyBuyer = definePolicy({
  slot: 'purchase',
  name: 'moodyBuyer',
  about: 'Throws in every third of an hour.',
  options: z.strictObject({}),
  create: () => ({
    rank(offers, { now }) {
      inAMood(now);
      return offers;
    },
  }),
});

/** Throws at some times. */
const moodyFollower = definePolicy({
  slot: 'scaling',
  name: 'moodyFollower',
  about: 'Throws in every third of an hour.',
  options: z.strictObject({}),
  create: () => ({
    wantedNow(question) {
      inAMood(question.now);
      return { blocks: neededBlocks(question) };
    },
  }),
});
