import type { Cost, ValueFrom } from '../sim/outcome.ts';
import { billOf } from '../sim/result/bill.ts';
import { wantedBy } from '../sim/result/coverage.ts';
import { Wants } from '../sim/result/wants.ts';
import type { Scenario } from '../sim/scenario/scenario.ts';
import { lived, worldOf } from '../sim/simulate.ts';
import type { Truth } from '../sim/world/simulatedWorld.ts';
import { type Instant, NEVER } from '../src/domain/time.ts';
import { type Keeper, newKeeper } from '../src/keeper/keeper.ts';
import { observedBy } from '../src/keeper/observedBy.ts';
import type { Turn } from '../src/keeper/run.ts';
import { step } from '../src/keeper/step.ts';
import type { Pool, PoolSpec } from '../src/pool/pool.ts';
import { dryStretches, type Stretch, without } from './dry.ts';
import { anEar, type Heard } from './heard.ts';

/** One life of a pool in a world, as far as promises are judged by it. */
export interface PoolLife {
  readonly truth: Truth;
  readonly cost: Cost;
  /** When capacity was asked for. */
  readonly requests: readonly { readonly at: Instant; readonly blockId: string }[];
  /** What the pool is held to. */
  readonly spec: PoolSpec;
  /** How many jobs a block has room for. */
  readonly jobsPerBlock: number;
  /** What was heard and asked of a block. */
  readonly heardOf: (blockId: string) => Heard;
  /** What the keeper said of its policies' answers: fallbacks decided from there on. */
  readonly faults: readonly { readonly at: Instant; readonly note: string }[];
  /** What the operating hours allowed. */
  readonly wanted: readonly ValueFrom[];
  /** What was wanted of that, seeing the jobs. */
  readonly asked: readonly ValueFrom[];
  /** When nothing could be bought, and for a while after. */
  readonly dry: readonly Stretch[];
  /** Wanted but not serving while there was something to buy. */
  readonly missing: Missing;
}

export interface Missing {
  readonly blockMs: number;
  /** Stretches in which fewer served than were wanted, in order. */
  readonly stretches: readonly { readonly from: Instant; readonly until: Instant; readonly blocks: number }[];
}

export async function liveIn(scenario: Scenario, pool: Pool): Promise<PoolLife> {
  const requests: { at: Instant; blockId: string }[] = [];
  const faults: { at: Instant; note: string }[] = [];
  const ear = anEar();
  const wants = new Wants();
  const start = newKeeper([pool]);
  const watch = ({ fact, effects, state }: Turn<Keeper>): void => {
    ear.turn(fact, effects, state === start);
    wants.note(fact.at, state.memories);
    for (const effect of effects) {
      if (effect.type === 'requestCapacity') requests.push({ at: fact.at, blockId: effect.blockId });
      if (effect.type === 'announce' && effect.reason === 'PolicyFault')
        faults.push({ at: fact.at, note: effect.note });
    }
  };
  const truth = await lived(scenario, start, step, watch, {
    world: worldOf(scenario, [pool]),
    ledgerOf: observedBy,
  });
  const wanted = wantedBy(pool.policies.operatingHours, truth.from, truth.until);
  const dry = dryStretches(scenario, truth);
  return {
    truth,
    cost: billOf(truth, scenario.onDemandGroup, scenario.service),
    spec: pool.spec,
    jobsPerBlock: scenario.cluster.jobsPerNode,
    heardOf: ear.of,
    requests,
    faults,
    wanted,
    asked: wants.of(pool.spec.name) ?? [],
    missing: missingIn(truth, wanted, pool.spec, dry),
    dry,
  };
}

function missingIn(truth: Truth, wanted: readonly ValueFrom[], spec: Pool['spec'], dry: readonly Stretch[]): Missing {
  const stretches: { from: Instant; until: Instant; blocks: number }[] = [];
  const { samples, until } = truth;
  const edges = [...new Set([...wanted.map(({ at }) => at), ...samples.map(({ at }) => at)])].sort((a, b) => a - b);
  let want = 0;
  let serving = 0;
  let nextWanted = 0;
  let nextSample = 0;
  for (const [index, at] of edges.entries()) {
    while ((wanted[nextWanted]?.at ?? NEVER) <= at) want = Math.min(wanted[nextWanted++]!.value, spec.maxBlocks);
    while ((samples[nextSample]?.at ?? NEVER) <= at) serving = samples[nextSample++]!.serving[spec.name] ?? 0;
    const to = edges[index + 1] ?? until;
    const blocks = want - serving;
    const last = stretches.at(-1);
    if (blocks <= 0 || to <= at) continue;
    for (const { from, until: end } of without({ from: at, until: to }, dry)) {
      if (last?.until === from && last.blocks === blocks) last.until = end;
      else stretches.push({ from, until: end, blocks });
    }
  }
  const blockMs = stretches.reduce((sum, stretch) => sum + stretch.blocks * (stretch.until - stretch.from), 0);
  return { blockMs, stretches };
}
