import type { JobRow } from '../../../data/records/rows.ts';
import { catalogue } from '../../../policies/catalogue.ts';
import type { ClusterSettings, GroupSettings, Scenario } from '../../../sim/scenario/scenario.ts';
import { usualCluster, usualGroup } from '../../../sim/scenario/usual.ts';
import { lived } from '../../../sim/simulate.ts';
import { simulatedWorld, type Truth } from '../../../sim/world/simulatedWorld.ts';
import { hours, minutes, NEVER, seconds } from '../../../src/domain/time.ts';
import { newKeeper } from '../../../src/keeper/keeper.ts';
import { step } from '../../../src/keeper/step.ts';
import { poolsOf } from '../../../src/pool/assemble.ts';
import { aScenario, MONDAY } from '../../support/aScenario.ts';

/** A job by the second at which it is queued, its length in seconds, and its class if it has one. */
export type ShortJob = readonly [at: number, lasts: number, class_?: string];

/** A world in which every node takes a minute to boot, after the five seconds in which it is launched. */
export const aWorld = (
  jobs: readonly ShortJob[],
  over: {
    readonly group?: Partial<GroupSettings>;
    readonly cluster?: Partial<ClusterSettings>;
    readonly scenario?: Partial<Scenario>;
  } = {},
): Scenario =>
  aScenario({
    until: MONDAY + hours(2),
    jobs: jobs.map(
      ([at, lasts, of], index): JobRow => ({
        job: `j${index}`,
        queuedAt: MONDAY + seconds(at),
        durationMs: seconds(lasts),
        ...(of === undefined ? {} : { class: of }),
      }),
    ),
    cluster: { ...usualCluster, boot: { medianMs: minutes(1), p95Ms: minutes(1), never: 0 }, ...over.cluster },
    onDemandGroup: { ...usualGroup, instanceType: 'm5.2xlarge', ...over.group },
    ...over.scenario,
  });

/** What became of it, in seconds from the start. */
export interface Timeline {
  /** `on-demand-0 15 to 780`: from when to when each node of the group is paid for. */
  readonly nodes: readonly string[];
  /** When each job first started, in order; undefined where it never did. */
  readonly starts: readonly (number | undefined)[];
  readonly truth: Truth;
}

/** The world with the group alone. */
export async function withoutKeeper(scenario: Scenario): Promise<Timeline> {
  const idle = () => ({ state: null, effects: [], wakeAt: NEVER });
  return timelineOf(
    await lived(scenario, null, idle, () => undefined, { world: simulatedWorld(scenario, { hasKeeper: false }) }),
  );
}

/** The world with blocks beside the group. */
export const withKeeper = async (scenario: Scenario): Promise<Timeline> =>
  timelineOf(await lived(scenario, newKeeper(poolsOf(scenario.pools, catalogue)), step, () => undefined));

function timelineOf(truth: Truth): Timeline {
  const second = (at: number): string => (at === NEVER ? 'the end' : String((at - truth.from) / 1_000));
  return {
    nodes: truth.overflow.map(({ name, startsAt, endedAt }) => `${name} ${second(startsAt)} to ${second(endedAt)}`),
    starts: truth.jobs.map(({ startedAt }) => (startedAt === undefined ? undefined : (startedAt - truth.from) / 1_000)),
    truth,
  };
}
