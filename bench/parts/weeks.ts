import { simulate } from '../../sim/simulate.ts';
import { contest, type Span } from '../contest.ts';
import { against, alone, type Figure } from '../figure.ts';
import { unmatched } from '../hand/matches.ts';
import type { FrozenWorld } from '../world.ts';
import { allocatedIn } from './allocated.ts';
import { handLoopOf, WEEK_CONTENDERS } from './weekContenders.ts';

/**
 * What a simulated week costs beside a hand-written loop of it, and what it allocates.
 *
 * @throws Error where the loop does not come to the same results
 */
export async function weekFigures(world: FrozenWorld, span: Span): Promise<readonly Figure[]> {
  const { name, scenario, pools } = world;
  const settled = handLoopOf(world)();
  const { bytes, turns, outcome } = await allocatedIn((turn) =>
    simulate(scenario, pools, name, { digest: false, turn }),
  );
  const wrong = unmatched(settled, outcome);
  if (wrong.length > 0) throw new Error(`the hand-written loop of ${name} does other work: ${wrong.join('; ')}`);
  const ms = await contest(name, WEEK_CONTENDERS, span);
  return [
    against(`${name}/vs-hand-loop`, 'ms a week', ms.week, ms.hand),
    against(`${name}/with-digest-vs-hand-loop`, 'ms a week', ms.digest, ms.hand),
    against(`${name}/core-alone-vs-hand-loop`, 'ms a week', ms.core, ms.hand),
    against(`${name}/world-alone-vs-hand-loop`, 'ms a week', ms.world, ms.hand),
    alone(`${name}/hand-loop-event`, 'ns an event', (ms.hand * 1e6) / settled.events),
    alone(`${name}/turn`, 'ns a turn', (ms.week * 1e6) / turns),
    alone(`${name}/allocated`, 'kB a turn', bytes / turns / 1_000),
  ];
}
