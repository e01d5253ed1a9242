import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkWorlds } from '../../check/arbitrary.ts';
import type { CheckWorld } from '../../check/checkWorld.ts';
import { scenarioOf } from '../../check/scenarioOf.ts';
import { choicesIn } from '../../check/subject.ts';
import { catalogue } from '../../policies/catalogue.ts';
import type { Scenario } from '../../sim/scenario/scenario.ts';
import { lived } from '../../sim/simulate.ts';
import type { Truth } from '../../sim/world/simulatedWorld.ts';
import type { Block } from '../../src/block/block.ts';
import { hours, type Instant, isoOf, minutes } from '../../src/domain/time.ts';
import type { BlockState } from '../../src/domain/words.ts';
import { type Keeper, newKeeper } from '../../src/keeper/keeper.ts';
import { observedBy } from '../../src/keeper/observedBy.ts';
import type { Turn } from '../../src/keeper/run.ts';
import { step } from '../../src/keeper/step.ts';
import { poolsOf } from '../../src/pool/assemble.ts';
import { answersWithin } from '../support/answers.ts';

/** `npm run answers` tries ten thousand worlds; with every change some hundred must do. */
const WORLDS = Number(process.env['ANSWERS_WORLDS'] ?? 150);

/** Whatever is asked is done or refused within minutes, and facts are late by a minute at most. */
const PATIENCE_MS = minutes(5);

/** Each state that waits asks again after five minutes at most. */
const SILENT_MS = minutes(6);

/** With a fifth lost of each kind, three dozen tries in a row do not fail by chance. */
const STUCK_MS = hours(3);

/** Whether a block waits for an answer: also one that drains a node that was never heard to be closed. */
const waits = ({ state, context }: Block): boolean =>
  state === 'requesting' || state === 'terminating' || (state === 'draining' && context.cordonedAt === null);

const shareUpTo = (most: number) => fc.integer({ min: 0, max: most }).map((percent) => percent / 100);
const share = shareUpTo(30);

function scenarioIn(world: CheckWorld, disturbances: Partial<Scenario['disturbances']>): Scenario {
  const renewal = { slot: 'renewal', name: 'surge', options: {}, catalogue } as const;
  // In half of the worlds blocks follow the jobs.
  const scaling = { slot: 'scaling', name: 'followJobs', options: {}, catalogue } as const;
  const subject = world.seed % 2 === 0 ? scaling : renewal;
  const scenario = scenarioOf(world, choicesIn(subject, world), []);
  return { ...scenario, disturbances: { ...scenario.disturbances, ...disturbances } };
}

const live = (scenario: Scenario, watch: (turn: Turn<Keeper>) => void): Promise<Truth> =>
  lived(scenario, newKeeper(poolsOf(scenario.pools, catalogue)), step, watch, { ledgerOf: observedBy });

const killedByKeeper = ({ kills }: Truth): number => kills.filter(({ by }) => by === 'keeper').length;

/** Blocks that stayed in a state that waits for an answer, though they asked. */
function stuckIn(): { watch: (turn: Turn<Keeper>) => void; readonly stuck: ReadonlySet<string> } {
  const since = new Map<string, { readonly state: BlockState; readonly at: Instant }>();
  const stuck = new Set<string>();
  return {
    watch({ fact, state }) {
      // A life after a restart may use the name of a block that EC2 never heard of.
      for (const id of since.keys()) if (!state.blocks.has(id)) since.delete(id);
      for (const [id, block] of state.blocks) {
        const known = since.get(id);
        if (known?.state !== block.state) since.set(id, { state: block.state, at: fact.at });
        else if (waits(block) && fact.at - known.at > STUCK_MS)
          stuck.add(`${id} ${block.state} since ${isoOf(known.at)}`);
      }
    },
    stuck,
  };
}

/** Blocks that wait for an answer and do not ask again: chance may lose many answers in a row, but asking must not end. */
function silentIn(): { watch: (turn: Turn<Keeper>) => void; readonly silent: ReadonlySet<string> } {
  const asked = new Map<string, { readonly state: BlockState; readonly at: Instant }>();
  const silent = new Set<string>();
  return {
    watch({ fact, effects, state }) {
      for (const id of asked.keys()) if (!state.blocks.has(id)) asked.delete(id);
      const asking = new Set(effects.map((effect) => ('blockId' in effect ? effect.blockId : '')));
      for (const [id, block] of state.blocks) {
        const last = asked.get(id);
        if (last?.state !== block.state || asking.has(id)) asked.set(id, { state: block.state, at: fact.at });
        else if (waits(block) && fact.at - last.at > SILENT_MS)
          silent.add(`${id} ${block.state}, silent since ${isoOf(last.at)}`);
      }
    },
    silent,
  };
}

describe('every effect is answered', () => {
  it('in any world: performed, refused, failed, or not tried', async () => {
    let answered = 0;
    await fc.assert(
      fc.asyncProperty(checkWorlds(), share, async (world, untried) => {
        const answers = answersWithin(PATIENCE_MS);
        await live(scenarioIn({ ...world, restarts: [] }, { untried }), ({ fact, effects }) => {
          answers.turn(fact, effects);
        });
        expect(answers.missing).toEqual([]);
        answered += answers.answered;
      }),
      { numRuns: WORLDS },
    );
    expect(answered).toBeGreaterThan(WORLDS);
  });

  it('and where that is not so, the law says it', async () => {
    const missing: string[] = [];
    for (const world of fc.sample(checkWorlds(), { numRuns: 10, seed: 1 })) {
      const answers = answersWithin(PATIENCE_MS);
      await live(scenarioIn({ ...world, restarts: [] }, { lostEffects: 0.2 }), ({ fact, effects }) => {
        answers.turn(fact, effects);
      });
      missing.push(...answers.missing);
    }
    expect(missing).not.toEqual([]);
  });
});

describe('a keeper whose effects are not tried or lost, and whose answers never come', () => {
  it('gets on, where no more than a fifth of each kind is lost', async () => {
    const few = shareUpTo(20);
    await fc.assert(
      fc.asyncProperty(checkWorlds(), few, few, few, async (world, untried, lostEffects, lostAnswers) => {
        const { watch, stuck } = stuckIn();
        await live(scenarioIn(world, { untried, lostEffects, lostAnswers }), watch);
        expect([...stuck]).toEqual([]);
      }),
      { numRuns: WORLDS },
    );
  });

  it('asks again until it is answered, and kills no job over it', async () => {
    await fc.assert(
      fc.asyncProperty(checkWorlds(), share, share, share, async (world, untried, lostEffects, lostAnswers) => {
        const scenario = scenarioIn(world, { untried, lostEffects, lostAnswers });
        const { watch, silent } = silentIn();
        const truth = await live(scenario, watch);
        expect([...silent]).toEqual([]);
        expect(killedByKeeper(truth)).toBe(0);
      }),
      { numRuns: WORLDS },
    );
  });
});
