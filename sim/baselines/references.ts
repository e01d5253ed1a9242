import type { Millis } from '../../src/domain/time.ts';
import { termsOf } from '../../src/domain/words.ts';
import { draws as drawsOf } from '../chance/draw.ts';
import { bootMs } from '../cluster/boot.ts';
import { type Sizes, sizesOf } from '../cluster/sizes.ts';
import { extraUsdPerHour } from '../market/extras.ts';
import { marketIn } from '../market/ofScenario.ts';
import type { Reference } from '../outcome.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { boundOf } from './bound/bound.ts';
import type { MachineKind, PlacedJob, ReferenceQuestion } from './bound/question.ts';
import { foresightOf } from './foresight/foresight.ts';

/** What no schedule without waiting goes below, in the world of a scenario; `docs/bound.md`. */
export function boundOfScenario(scenario: Scenario): Reference {
  const { usd, exactShare } = boundOf(questionOf(scenario));
  return { total: usd, exact: exactShare === 1 };
}

/** What a clairvoyant could really do with the same jobs, in the world of a scenario; `docs/bound.md`. */
export function foresightOfScenario(scenario: Scenario): Reference {
  const { usd, exact } = foresightOf(questionOf(scenario));
  return { total: usd, exact };
}

function questionOf(scenario: Scenario): ReferenceQuestion {
  const { seed, from, until, cluster } = scenario;
  const draws = drawsOf(seed);
  const sizes = sizesOf(scenario, { hasKeeper: false });
  const kinds = new Map(scenario.jobs.map((job) => [job.job, sizes.kindOf(job)]));
  const extra = extraUsdPerHour(scenario);
  return {
    ...{ from, until },
    market: marketIn(scenario),
    machines: machinesOf(scenario, sizes),
    jobs: scenario.jobs.map(
      (job): PlacedJob => ({
        ...{ name: job.job, queuedAt: job.queuedAt, durationMs: job.durationMs },
        requests: sizes.requestsOf(job),
      }),
    ),
    boots: ({ name }): Millis => bootMs(draws, `foresight/${name}`, cluster.boot),
    extraUsdPerHour: () => extra,
    allowed: ({ name }, { term }) => {
      const kind = kinds.get(name);
      return kind === undefined || (term === 'on-demand' ? kind.onGroup : kind.onSpotGroup);
    },
  };
}

/** Every market of the pools on spot and on demand, the terms that they buy, and the group's own type on demand. */
function machinesOf({ pools, onDemandGroup }: Scenario, sizes: Sizes): readonly MachineKind[] {
  const kinds = new Map<string, MachineKind>();
  const add = (kind: Omit<MachineKind, 'capacity'>): void => {
    const { instanceType, zone, term, durationMs } = kind;
    const key = [instanceType, zone, term, durationMs ?? ''].join('/');
    kinds.set(key, { ...kind, capacity: sizes.capacityOf(instanceType) });
  };
  for (const { instanceTypes, zones, lease } of pools.pools)
    for (const instanceType of instanceTypes)
      for (const zone of zones) {
        add({ instanceType, zone, term: 'spot' });
        add({ instanceType, zone, term: 'on-demand' });
        if (termsOf(lease.term).includes('spot-block'))
          add({ instanceType, zone, term: 'spot-block', durationMs: lease.durationMs });
      }
  const [zone = ''] = pools.pools.flatMap(({ zones }) => zones);
  add({ instanceType: onDemandGroup.instanceType, zone, term: 'on-demand', always: true });
  return [...kinds.values()];
}
