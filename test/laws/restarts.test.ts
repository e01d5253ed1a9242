import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkWorlds } from '../../check/arbitrary.ts';
import { opensAtOf, scenarioOf } from '../../check/scenarioOf.ts';
import { choicesIn } from '../../check/subject.ts';
import { catalogue } from '../../policies/catalogue.ts';
import { billOf } from '../../sim/result/bill.ts';
import type { Scenario } from '../../sim/scenario/scenario.ts';
import { lived } from '../../sim/simulate.ts';
import { after, type Instant, minutes } from '../../src/domain/time.ts';
import { newKeeper } from '../../src/keeper/keeper.ts';
import { observedBy } from '../../src/keeper/observedBy.ts';
import { step } from '../../src/keeper/step.ts';
import { poolsOf } from '../../src/pool/assemble.ts';

/** `npm run restarts` tries a thousand worlds; with every change a few must do. */
const WORLDS = Number(process.env['RESTARTS_WORLDS'] ?? 60);

const RESTARTS = 20;

/**
 * A day in which nothing is told late, refused or taken back, for what a life has met of that is forgotten on purpose; and the twenty minutes after its opening at which the keeper begins anew.
 */
const days = fc.record({
  world: checkWorlds(),
  at: fc.uniqueArray(fc.integer({ min: 1, max: 600 }), { minLength: RESTARTS, maxLength: RESTARTS }),
});

type Day = typeof days extends fc.Arbitrary<infer Value> ? Value : never;

async function liveDay({ world }: Day, restarts: readonly Instant[]) {
  const calm = { ...world, droughts: [], reclaims: [], restarts: [], repeats: 0, delays: 0 };
  const choices = choicesIn({ slot: 'renewal', name: 'surge', options: {}, catalogue }, calm);
  const plain = scenarioOf(calm, choices, []);
  const scenario: Scenario = { ...plain, disturbances: { ...plain.disturbances, restarts } };
  const truth = await lived(scenario, newKeeper(poolsOf(scenario.pools, catalogue)), step, () => undefined, {
    ledgerOf: observedBy,
  });
  return { truth, usd: billOf(truth, scenario.onDemandGroup, scenario.service).total };
}

describe('a day with twenty restarts', () => {
  it('is the day without them: nobody is killed for it, and it costs the same', async () => {
    const shares: number[] = [];
    await fc.assert(
      fc.asyncProperty(days, async (day) => {
        const opensAt = opensAtOf(day.world);
        const restarts = day.at.map((minute) => after(opensAt, minutes(minute))).sort((a, b) => a - b);
        const [calm, restarted] = [await liveDay(day, []), await liveDay(day, restarts)];
        // Whose jobs meet an end that AWS imposes is luck; the keeper ends none.
        const kills = ({ truth }: typeof calm) =>
          truth.kills.filter(({ by }) => by === 'keeper' || day.world.term !== 'spot-block').length;
        expect(kills(restarted)).toBe(kills(calm));
        shares.push(restarted.usd / calm.usd);
      }),
      { numRuns: WORLDS },
    );
    const off = shares.map((share) => Math.abs(share - 1)).sort((one, other) => one - other);
    // A new life asks for quotes first, so a block may be opened a moment later, in another slot, with a boot of its own.
    expect(off[Math.floor(0.98 * off.length)]).toBeLessThan(0.01);
    expect(off.reduce((sum, one) => sum + one, 0) / off.length).toBeLessThan(0.01);
  });
});
