import { expect, it } from 'vitest';
import { poolsFromEnvironment } from '../../../cli/environment.ts';
import { catalogue } from '../../../policies/catalogue.ts';
import { readPools } from '../../../src/config/readPools.ts';
import { after, hours, type Instant, isoOf, NEVER, seconds } from '../../../src/domain/time.ts';
import { TAG } from '../../../src/live/ports/tags.ts';
import { poolsOf } from '../../../src/pool/assemble.ts';
import { lockstep } from '../../support/lockstep.ts';
import { bought, ENV, isCordoned, isOver, LEAD_MS, LEFT_MS, MORNING, OLD, scripts } from '../../support/theScripts.ts';

const FACTS = { instanceTypes: ['m5.2xlarge'], zones: ['us-east-1a'] };

it('takes the instances of the original scripts over, drains each before its end, and buys none twice', async () => {
  const pools = readPools(poolsFromEnvironment(ENV)?.textFor(FACTS) ?? '', 'the environment', catalogue);
  const scenario = { ...MORNING, pools, until: after(MORNING.from, hours(2)) };
  const leaseEnd = after(MORNING.from, LEFT_MS);
  let cordonedAt: Instant = NEVER;
  let isReleased = false;
  const { world } = await lockstep(scenario, poolsOf(pools, catalogue), {
    furnish: scripts,
    withoutQueue: true,
    at: (now, here) => {
      if (OLD.some((instanceId) => isCordoned(here, instanceId))) cordonedAt = Math.min(cordonedAt, now);
      // One beside the two of the scripts until their time comes, and then a successor of each: never one more.
      expect(bought(here).ours.length, isoOf(now)).toBeLessThanOrEqual(now < leaseEnd - LEAD_MS - seconds(1) ? 1 : 3);
      if (isReleased || !OLD.every((instanceId) => isCordoned(here, instanceId)) || !isOver(here, OLD[1])) return;
      isReleased = true;
      expect(now).toBeLessThan(leaseEnd);
      // The job on the other one runs on.
      expect(isOver(here, OLD[0])).toBe(false);
      here.store.put('pods', { ...here.store.get('pods', 'runner-1', 'builds')!, status: { phase: 'Succeeded' } });
    },
  });
  expect(cordonedAt).toBeGreaterThanOrEqual(leaseEnd - LEAD_MS - seconds(1));
  expect(isReleased).toBe(true);
  expect(isOver(world, OLD[0])).toBe(true);
  const { ours, alive } = bought(world);
  expect(new Set(ours.map(({ tags }) => tags[TAG.token])).size).toBe(3);
  expect([ours.length, alive.length]).toEqual([3, 3]);
});
