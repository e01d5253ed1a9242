import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkWorlds } from '../../check/arbitrary.ts';
import { scenarioOf } from '../../check/scenarioOf.ts';
import { choicesIn } from '../../check/subject.ts';
import { catalogue } from '../../policies/catalogue.ts';
import type { Scenario } from '../../sim/scenario/scenario.ts';
import { lived } from '../../sim/simulate.ts';
import { type Block, viewOf } from '../../src/block/block.ts';
import type { Fact } from '../../src/domain/facts.ts';
import { hours, type Instant, minutes } from '../../src/domain/time.ts';
import { placeOf } from '../../src/domain/words.ts';
import { type Keeper, newKeeper } from '../../src/keeper/keeper.ts';
import { observedBy } from '../../src/keeper/observedBy.ts';
import type { Turn } from '../../src/keeper/run.ts';
import { step } from '../../src/keeper/step.ts';
import { poolsOf } from '../../src/pool/assemble.ts';
import { learnLife } from '../../src/pool/lives.ts';
import { noMemory, type PoolMemory, remember } from '../../src/pool/memory.ts';
import type { Observations } from '../../src/pool/observations.ts';
import type { PoolSpec } from '../../src/pool/pool.ts';
import { aScenario, jobsEvery, MONDAY } from '../support/aScenario.ts';

/** A day of a keeper that writes down what it has seen when it ends, and how it stood in the end. */
async function aDay(
  scenario: Scenario,
  restarts: readonly Instant[],
  watch: (turn: Turn<Keeper>, before: Keeper, beginsAnew: boolean) => void = () => undefined,
): Promise<Keeper> {
  const start = newKeeper(poolsOf(scenario.pools, catalogue));
  let keeper = start;
  const disturbances = { ...scenario.disturbances, restarts: restarts.toSorted((a, b) => a - b) };
  const turned = (turn: Turn<Keeper>): void => {
    watch(turn, keeper, turn.state === start);
    keeper = turn.state;
  };
  await lived({ ...scenario, disturbances }, start, step, turned, { ledgerOf: observedBy });
  return keeper;
}

const seenBy = (keeper: Keeper): Observations | undefined => keeper.memories.get('ci')?.observations;

/** Of what a pool learns something that outlives it. */
const TEACHES: ReadonlySet<Fact['type']> = new Set<Fact['type']>([
  ...(['node.seen', 'capacity.granted', 'capacity.refused', 'instance.interrupted'] as const),
]);

describe('what a pool has seen', () => {
  it('is the same after a day with twenty restarts as after one without', async () => {
    // A quiet day of two blocks, which is the same after a restart. A fact that comes while nobody listens is lost to the
    // simulated keeper, so restarts are in the minutes between those in which there is something to learn.
    const scenario = aScenario({ jobs: jobsEvery(minutes(30), minutes(10), MONDAY, MONDAY + hours(24)) });
    const lessons: Instant[] = [];
    const undisturbed = await aDay(scenario, [], ({ fact }) => {
      if (TEACHES.has(fact.type)) lessons.push(fact.at);
    });
    expect(seenBy(undisturbed)?.durations.weight).toBeGreaterThan(40_000);
    expect(seenBy(undisturbed)?.boots.weight).toBeGreaterThan(10_000);
    const quiet = Array.from({ length: 24 * 60 - 20 }, (_, minute) => MONDAY + minutes(minute + 10)).filter(
      (at) => !lessons.some((lesson) => lesson > at - minutes(2) && lesson < at + minutes(3)),
    );
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(quiet, { minLength: 20, maxLength: 20 }), async (restarts) => {
        expect(seenBy(await aDay(scenario, restarts))).toEqual(seenBy(undisturbed));
      }),
      { numRuns: 25 },
    );
  });

  it('is all that its keepers have heard, in any world and however often they begin anew', async () => {
    let compared = 0;
    await fc.assert(
      fc.asyncProperty(checkWorlds(), restartMinutes, async (world, restarts) => {
        const subject = { slot: 'renewal', name: 'surge', options: {}, catalogue } as const;
        const scenario = scenarioOf(world, choicesIn(subject, world), []);
        // An inventory that is told late or twice would reach the next life; a real keeper hears no fact of the one before.
        const disturbances = { ...scenario.disturbances, repeats: 0, delays: 0 };
        const heard = anEar();
        const keeper = await aDay(
          { ...scenario, disturbances },
          restarts.map((minute) => scenario.from + minutes(minute)),
          heard.turn,
        );
        if (!isInventoried(keeper)) return;
        compared += 1;
        for (const { spec } of keeper.pools)
          expect(heardOf(keeper.memories.get(spec.name))).toEqual(heardOf(heard.by(spec)));
      }),
      { numRuns: 60 },
    );
    expect(compared).toBeGreaterThan(50);
  });
});

/**
 * Without for how long markets kept blocks: that goes by the blocks and not by facts alone. The plain keeper counts them anew, and the day
 * with restarts above holds it.
 */
function heardOf(memory: PoolMemory | undefined) {
  if (memory === undefined) return undefined;
  const { markets, ...others } = memory.observations;
  const seen = Object.entries(markets.seen).map(([market, one]) => {
    const heard = Object.entries(one).filter(([name]) => !name.startsWith('kept'));
    // Known: all others stay.
    return [market, Object.fromEntries(heard) as unknown as typeof one] as const;
  });
  const met = seen.filter(([, { grants, refusals, interruptions }]) => grants + refusals + interruptions > 0);
  return { ...others, markets: { day: markets.day, seen: Object.fromEntries(met) } };
}

const restartMinutes = fc.array(fc.integer({ min: 1, max: 22 * 60 }), { maxLength: 20 });

/** Hears what all lives of a keeper hear, and begins never anew. */
function anEar() {
  type Heard = readonly [fact: Fact, was: Block | undefined, is: Block | undefined];
  const all: Heard[] = [];
  let life: Heard[] = [];
  return {
    turn: ({ fact, state }: Turn<Keeper>, before: Keeper, beginsAnew: boolean): void => {
      // A life that ends before it knows what exists writes nothing down, and nobody hears the fact at which it ends.
      if (beginsAnew) {
        life = [];
        return;
      }
      const block = 'blockId' in fact ? before.blocks.get(fact.blockId) : undefined;
      const is = 'blockId' in fact ? state.blocks.get(fact.blockId) : undefined;
      if (fact.type !== 'inventory.taken') life.push([fact, block, is]);
      if (isInventoried(state)) all.push(...life.splice(0));
    },
    by: (spec: PoolSpec): PoolMemory =>
      all.reduce((memory, [fact, was, is]) => {
        if (!('blockId' in fact) || placeOf(fact.blockId)?.pool !== spec.name) return memory;
        const heard = remember(memory, spec, fact, was === undefined ? undefined : viewOf(was));
        return was === undefined || is === undefined ? heard : learnLife(heard, spec, was, is, fact);
      }, noMemory),
  };
}

const isInventoried = ({ memories }: Keeper): boolean => [...memories.values()].every(({ inventoried }) => inventoried);
