import type { PoolConfig, PoolsFile } from '../../src/config/pools.ts';
import type { Pool } from '../../src/pool/pool.ts';
import type { Outcome, Rival } from '../outcome.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { simulate } from '../simulate.ts';
import { guessesOf } from './fixedGuess.ts';
import { leastWhere, lowestAround } from './search.ts';

/** Share of the jobs that must start in the instant in which they are queued, for a fixed count to be enough. */
const ENOUGH = 0.99;

/** The best that a keeper can do with the same number of blocks at any hour. */
export interface FixedCounts {
  /** The smallest count at which nearly all jobs start without waiting. */
  readonly enough: Rival;
  /** The count whose money and service together are least. */
  readonly cheapest: Rival;
}

/**
 * Looks for both counts by running the real keeper, with the renewal and purchase policies of the scenario's first pool and
 * hours `always`. A quick count of the jobs says where to begin; what is returned was simulated.
 */
export async function fixedCounts(
  scenario: Scenario,
  poolsOf: (file: PoolsFile) => readonly Pool[],
): Promise<FixedCounts> {
  const runs = new Map<number, Promise<Outcome>>();
  const at = (blocks: number): Promise<Outcome> => {
    const known = runs.get(blocks) ?? run(blocks);
    runs.set(blocks, known);
    return known;
  };
  const run = (blocks: number): Promise<Outcome> => {
    const file = fixedFile(scenario.pools, blocks);
    return simulate({ ...scenario, pools: file }, poolsOf(file), `always ${blocks}`, { digest: false });
  };
  const guesses = guessesOf(scenario, ENOUGH);
  const isEnough = async (blocks: number): Promise<boolean> => shareAtOnce(await at(blocks)) >= ENOUGH;
  const enough = await leastWhere(isEnough, guesses.enough, guesses.most);
  const cheapest = await lowestAround(
    async (blocks) => (await at(blocks)).cost.together,
    guesses.cheapest,
    guesses.most,
  );
  return {
    enough: rivalOf('bestFixed', enough, await at(enough)),
    cheapest: rivalOf('cheapestFixed', cheapest, await at(cheapest)),
  };
}

const shareAtOnce = ({ jobs }: Outcome): number => (jobs.total === 0 ? 1 : jobs.atOnce / jobs.total);

function rivalOf(name: 'bestFixed' | 'cheapestFixed', blocks: number, outcome: Outcome): Rival {
  const share = shareAtOnce(outcome);
  const what = `${blocks} ${blocks === 1 ? 'block' : 'blocks'} at any hour: ${(share * 100).toFixed(1)} % of the jobs start at once`;
  // More blocks than jobs that ever run at once are no help: what keeps jobs waiting then is something else.
  const about = name === 'bestFixed' && share < ENOUGH ? `no number is enough; ${what}` : what;
  return { name, blocks, about, outcome };
}

/** One pool, at any hour so many blocks; nothing else of the file limits them. */
export function fixedFile(file: PoolsFile, blocks: number): PoolsFile {
  const [first] = file.pools;
  if (first === undefined) return file;
  const pool: PoolConfig = {
    ...first,
    policies: {
      ...first.policies,
      operatingHours: { policy: 'always', options: { blocks } },
      // One that looks at the jobs would not hold them.
      scaling: { policy: 'scheduled', options: {} },
    },
    maxBlocks: Math.max(1, blocks + first.surge),
    launchRate: { ...first.launchRate, launches: Math.max(first.launchRate.launches, blocks) },
  };
  return { ...file, pools: [pool] };
}
