import { describe, expect, it } from 'vitest';
import type { CheckWorld } from '../../../check/checkWorld.ts';
import { opensAtOf, scenarioOf } from '../../../check/scenarioOf.ts';
import { choicesIn } from '../../../check/subject.ts';
import { catalogue } from '../../../policies/catalogue.ts';
import { minutes, seconds } from '../../../src/domain/time.ts';
import { poolsOf } from '../../../src/pool/assemble.ts';
import { livesInTurn } from '../../support/livesInTurn.ts';

/** Three blocks that serve long before the first keeper is gone. */
const WORLD: CheckWorld = {
  ...{ seed: 11, zone: 'UTC', date: 0, opensAt: { hour: 8, minute: 0 }, quarters: 2, blocks: 3, moreBlocks: 0 },
  ...{ moreSurge: 0, maxUnavailable: 1, term: 'spot', leaseHours: 4, prices: [30, 20], priceMoves: [], droughts: [] },
  longJobs: [],
  ...{ reclaims: [], bootSeconds: 60, restarts: [], repeats: 0, delays: 0, jobs: [] },
};
const scenario = scenarioOf(WORLD, choicesIn({ slot: 'renewal', name: 'surge', options: {}, catalogue }, WORLD), []);
const pools = poolsOf(scenario.pools, catalogue);

/** A list of several as one that shows nobody; what is asked for by its id is told. */
const withoutAny = (answer: string): string =>
  answer.split('<instanceId>').length > 2
    ? answer.replace(/<reservationSet>.*<\/reservationSet>/s, '<reservationSet/>')
    : answer;

describe('the first list of a life', () => {
  it('is not believed while EC2 shows by its id an instance of the fleet that it leaves out', async () => {
    const launches = await livesInTurn(scenario, pools, async ({ world, begin, passes, away, still }) => {
      const first = await begin();
      await passes(opensAtOf(WORLD) + minutes(8) - world.now());
      await still();
      await first.end();
      const before = world.aws.calls.get('RunInstances') ?? 0;
      const over = world.aws.faults.add({ action: 'DescribeInstances', kind: 'body', text: withoutAny });
      await away(seconds(8));
      await begin();
      await passes(seconds(45));
      over();
      await passes(minutes(3));
      await still();
      const alive = world.account.instances.all().filter(({ state }) => state === 'running');
      return { first: before, later: (world.aws.calls.get('RunInstances') ?? 0) - before, alive: alive.length };
    });
    expect(launches).toEqual({ first: 3, later: 0, alive: 3 });
  });
});
