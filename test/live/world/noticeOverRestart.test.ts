import { describe, expect, it } from 'vitest';
import type { CheckWorld } from '../../../check/checkWorld.ts';
import { opensAtOf, scenarioOf } from '../../../check/scenarioOf.ts';
import { choicesIn } from '../../../check/subject.ts';
import { objectAt } from '../../../fakes/kubernetes/json.ts';
import { QUEUE } from '../../../fakes/names.ts';
import { catalogue } from '../../../policies/catalogue.ts';
import { isoOf, minutes, seconds } from '../../../src/domain/time.ts';
import { poolsOf } from '../../../src/pool/assemble.ts';
import { livesInTurn } from '../../support/livesInTurn.ts';
import { anEvent } from '../aws/anEvent.ts';

/** Two blocks, with a job on one of them when the notice comes. */
const WORLD: CheckWorld = {
  ...{ seed: 11, zone: 'UTC', date: 0, opensAt: { hour: 8, minute: 0 }, quarters: 2, blocks: 2, moreBlocks: 0 },
  ...{ moreSurge: 0, maxUnavailable: 1, term: 'spot', leaseHours: 1, prices: [30, 20], priceMoves: [], droughts: [] },
  longJobs: [],
  ...{ reclaims: [], bootSeconds: 60, restarts: [], repeats: 0, delays: 0 },
  jobs: [{ at: 5, minutes: 12 }],
};
const scenario = scenarioOf(WORLD, choicesIn({ slot: 'renewal', name: 'surge', options: {}, catalogue }, WORLD), []);
const pools = poolsOf(scenario.pools, catalogue);

/** A keeper that comes up again takes some seconds. */
const AWAY_MS = seconds(8);

type Way = 'dies before the notice' | 'dies with the notice in its hands' | 'is stopped with the notice in its hands';

describe('a notice that comes while the keeper is restarted', () => {
  it.each<Way>([
    'dies before the notice',
    'dies with the notice in its hands',
    'is stopped with the notice in its hands',
  ])('is acted on by the next one, where the first %s', async (way) => {
    const { cordoned, victim, left } = await lived(way);
    expect(cordoned).toContain(`node-${victim}`);
    expect(left).toBe(0);
  });
});

/** What is there thirty seconds after the second keeper began to keep. */
const lived = (way: Way) =>
  livesInTurn(scenario, pools, async ({ world, begin, passes, away, still }) => {
    const first = await begin();
    const queue = world.account.queues.get(QUEUE);
    await passes(opensAtOf(WORLD) + minutes(12) - world.now());
    await still();
    const running = world.account.instances.all().filter(({ state }) => state === 'running');
    // The one with the job stays to be looked at; an empty one would be gone already.
    const busy = world.store.list('pods').map((pod) => objectAt(pod, 'spec')['nodeName']);
    const victim = running.map(({ instanceId }) => instanceId).find((id) => busy.includes(`node-${id}`)) ?? '';
    const notice = anEvent(
      'EC2 Spot Instance Interruption Warning',
      { 'instance-id': victim, 'instance-action': 'terminate' },
      { time: isoOf(world.now()), region: world.account.region },
    );
    if (way === 'dies before the notice') await first.end();
    world.account.sendMessage(QUEUE, notice);
    if (way !== 'dies before the notice') {
      // It cannot be carried out: the node is not to be patched just now.
      const over = world.kubernetes.faults.add({ verb: 'patch', resource: 'nodes', kind: 'error', code: 503 });
      await passes(seconds(5));
      await (way === 'is stopped with the notice in its hands' ? first.stop() : first.end());
      over();
    }
    await away(AWAY_MS);
    await begin();
    await passes(seconds(30));
    await still();
    const cordoned = world.store.list('nodes').filter((node) => objectAt(node, 'spec')['unschedulable'] === true);
    return { victim, cordoned: cordoned.map(({ metadata }) => metadata.name), left: queue?.length };
  });
