import fc from 'fast-check';
import { expect, it } from 'vitest';
import { checkWorlds } from '../../check/arbitrary.ts';
import { scenarioOf } from '../../check/scenarioOf.ts';
import { choicesIn } from '../../check/subject.ts';
import { catalogue as shelf } from '../../policies/catalogue.ts';
import { simulate } from '../../sim/simulate.ts';
import type { PolicyChoice } from '../../src/config/pools.ts';
import { hours, minutes } from '../../src/domain/time.ts';
import type { Catalogue, PolicySlots } from '../../src/policy/definePolicy.ts';
import { definePolicy, neededBlocks, z } from '../../src/policy/index.ts';
import { poolsOf } from '../../src/pool/assemble.ts';
import type { Pool } from '../../src/pool/pool.ts';
import { writtenOptions } from './writtenOptions.ts';

const WORLDS = Number(process.env['KEPT_WORLDS'] ?? 150);

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

const catalogue: Catalogue = {
  ...shelf,
  renewal: { ...shelf.renewal, hourly, prying },
  purchase: { ...shelf.purchase, byQuarters },
  scaling: { ...shelf.scaling, byTheHalfHour },
};

const anyOf = (slot: 'renewal' | 'purchase' | 'scaling'): fc.Arbitrary<PolicyChoice> =>
  fc
    .constantFrom(...Object.keys(catalogue[slot]))
    .chain((policy) => (writtenOptions[policy] ?? fc.constant({})).map((options) => ({ policy, options })));

/** Worlds tried on the way to a smaller one, at most: each is lived twice. */
const MOST_SHRINKING = 60;

it('A keeper that keeps answers decides as one that asks in every turn', async () => {
  const count = { kept: 0, afresh: 0 };
  let failures = 0;
  let shrinking = 0;
  const property = fc.asyncProperty(
    checkWorlds(),
    anyOf('renewal'),
    anyOf('purchase'),
    anyOf('scaling'),
    async (world, renewal, purchase, scaling) => {
      if (failures > 0 && ++shrinking > MOST_SHRINKING) return;
      const choices = choicesIn({ slot: 'renewal', name: renewal.policy, options: renewal.options, catalogue }, world);
      const scenario = scenarioOf(world, { ...choices, purchase, scaling }, []);
      const pools = poolsOf(scenario.pools, catalogue);
      const digest = async (asked: (pool: Pool) => Pool) => (await simulate(scenario, pools.map(asked), 'x')).digest;
      const kept = await digest(counting(() => (count.kept += 1)));
      const afresh = await digest((pool) => askedAlways(counting(() => (count.afresh += 1))(pool)));
      if (afresh !== kept) failures += 1;
      expect(afresh).toBe(kept);
    },
  );
  await fc.assert(property, { numRuns: WORLDS });
  // Else keeping would be no use, and the law would say nothing.
  expect(count.kept).toBeLessThan(count.afresh / 2);
});

/** A pool whose policies are counted as they are asked. */
const counting =
  (asked: () => void) =>
  ({ policies: { operatingHours, scaling, renewal, purchase }, ...pool }: Pool): Pool => ({
    ...pool,
    policies: {
      operatingHours,
      scaling: {
        ...scaling,
        wantedNow: (question) => {
          asked();
          return scaling.wantedNow(question);
        },
      },
      renewal: {
        timesFor: (question) => {
          asked();
          return renewal.timesFor(question);
        },
      },
      purchase: {
        rank: (offers, need) => {
          asked();
          return purchase.rank(offers, need);
        },
      },
    },
  });

/** A pool that keeps no answer: of a question that was cloned nobody knows what was read. */
function askedAlways({ policies: { operatingHours, scaling, renewal, purchase }, ...pool }: Pool): Pool {
  const afresh: PolicySlots = {
    operatingHours,
    scaling: {
      ...scaling,
      wantedNow: (question) => {
        structuredClone(question);
        return scaling.wantedNow(question);
      },
    },
    renewal: {
      timesFor: (question) => {
        structuredClone(question);
        return renewal.timesFor(question);
      },
    },
    purchase: {
      rank: (offers, need) => {
        structuredClone(need);
        return purchase.rank(offers, need);
      },
    },
  };
  return { ...pool, policies: afresh };
}
