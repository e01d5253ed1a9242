import type { Instant } from '../../src/domain/time.ts';
import { marketOf } from '../../src/domain/words.ts';
import type { Condition } from '../../src/world/recording.ts';
import { marketIn } from '../market/ofScenario.ts';
import type { Scenario } from '../scenario/scenario.ts';

/** What a scenario's world is like whatever the keeper does, in order of time: the condition lines of its recording. */
export function conditionsOf(scenario: Scenario): readonly Condition[] {
  const { from, until, pools } = scenario;
  const instanceTypes = [...new Set(pools.pools.flatMap((pool) => pool.instanceTypes))];
  const zones = [...new Set(pools.pools.flatMap((pool) => pool.zones))];
  const market = marketIn(scenario);
  const within = (at: Instant): boolean => at >= from && at < until;
  const pairs = instanceTypes.flatMap((instanceType) => zones.map((zone) => ({ instanceType, zone })));
  return [
    ...market.changes(from, until).map((change): Condition => ({ type: 'price.changed', ...change })),
    ...market.roomChanges(from, until).map(
      ({ at, market: name, instances }): Condition => ({
        type: 'capacity.changed',
        at,
        market: name,
        ...(Number.isFinite(instances) ? { instances } : {}),
      }),
    ),
    ...pairs.flatMap((pair) =>
      market
        .reclaims(pair.instanceType, pair.zone)
        .map((at): Condition => ({ type: 'market.reclaimed', at, market: marketOf(pair) })),
    ),
    ...scenario.jobs
      .filter(({ queuedAt }) => within(queuedAt))
      .map(
        ({ queuedAt, job, durationMs, class: name }): Condition => ({
          ...{ type: 'job.queued', at: queuedAt, job, durationMs },
          ...(name === undefined ? {} : { class: name }),
        }),
      ),
  ].sort((a, b) => a.at - b.at);
}
