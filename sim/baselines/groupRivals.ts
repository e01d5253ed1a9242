import { minutes } from '../../src/domain/time.ts';
import type { Outcome, Rival } from '../outcome.ts';
import type { GroupSettings, Scenario } from '../scenario/scenario.ts';
import { simulateGroup } from '../simulate.ts';

/** How long a tuned Cluster Autoscaler lets a node stand idle: the best of these is taken. */
const IDLES_MIN = [1, 2, 3, 5, 10] as const;

/** How many slots a group with a buffer keeps free: the best of these is taken. */
const SPARES = [1, 2, 4, 8] as const;

/** Cluster Autoscaler's own defaults (--scale-down-unneeded-time, --scale-down-delay-after-add). */
const DEFAULTS = { idleMs: minutes(10), scaleDownDelayAfterAddMs: minutes(10) } as const;

/** A rival that is a group, with the settings that were found best. */
export interface GroupRival extends Rival {
  readonly settings: GroupSettings;
}

/** What a team has today: the group as the scenario configures it. A delay that waits for blocks is no use without them. */
export const onDemandOnly = async (scenario: Scenario): Promise<Rival> => ({
  name: 'onDemandOnly',
  about: [
    aboutGroup(scenario.onDemandGroup),
    ...(scenario.onDemandGroup.scaleUpDelayMs === 0 ? [] : ['no scale-up delay']),
  ].join(', '),
  outcome: await alone(scenario, { buys: 'on-demand' }, 'on-demand only'),
});

/** The same group, its idle time chosen well. */
export const onDemandTuned = (scenario: Scenario): Promise<GroupRival> =>
  best(
    'onDemandTuned',
    IDLES_MIN.map((idle) => tuned(idle)),
    (group) => alone(scenario, group, 'on-demand only, tuned'),
    scenario,
  );

/** What a team can have for nothing: the group on spot at the lowest price, on demand where spot is refused. */
export const spotGroup = (scenario: Scenario): Promise<GroupRival> =>
  best(
    'spotGroup',
    [{ ...DEFAULTS, spareJobs: 0, ...ON_SPOT }],
    (group) => alone(scenario, group, 'spot group'),
    scenario,
  );

export const spotGroupTuned = (scenario: Scenario): Promise<GroupRival> =>
  best(
    'spotGroupTuned',
    IDLES_MIN.map((idle) => ({ ...tuned(idle), ...ON_SPOT })),
    (group) => alone(scenario, group, 'spot group, tuned'),
    scenario,
  );

/** The tuned spot group with slots kept free by placeholder pods, so that jobs need not wait for a boot. */
export const spotGroupBuffer = (scenario: Scenario, idleMs: number): Promise<GroupRival> =>
  best(
    'spotGroupBuffer',
    SPARES.map((spareJobs) => ({ idleMs, scaleDownDelayAfterAddMs: 0, spareJobs, ...ON_SPOT })),
    (group) => alone(scenario, group, 'spot group with a buffer'),
    scenario,
  );

const ON_SPOT = { buys: 'spot', autoscaler: 'cluster-autoscaler' } as const;

const tuned = (idle: number): Partial<GroupSettings> => ({
  autoscaler: 'cluster-autoscaler',
  buys: 'on-demand',
  spareJobs: 0,
  idleMs: minutes(idle),
  scaleDownDelayAfterAddMs: 0,
});

const alone = (scenario: Scenario, group: Partial<GroupSettings>, label: string): Promise<Outcome> =>
  simulateGroup({ ...scenario, onDemandGroup: { ...scenario.onDemandGroup, scaleUpDelayMs: 0, ...group } }, [], label, {
    digest: false,
  });

/** The alternative with the least money and service together. */
async function best(
  name: Rival['name'],
  alternatives: readonly Partial<GroupSettings>[],
  run: (group: Partial<GroupSettings>) => Promise<Outcome>,
  scenario: Scenario,
): Promise<GroupRival> {
  let found: GroupRival | undefined;
  for (const group of alternatives) {
    const outcome = await run(group);
    if (found !== undefined && found.outcome.cost.together <= outcome.cost.together) continue;
    const settings = { ...scenario.onDemandGroup, ...group };
    found = { name, about: aboutGroup(settings), outcome, settings };
  }
  if (found === undefined) throw new RangeError(`expected an alternative for ${name}, found none`);
  return found;
}

/** `idle 3 min, 10 min after an add`, and the slots that are kept free. */
function aboutGroup({
  autoscaler,
  idleMs,
  scaleDownDelayAfterAddMs,
  consolidateAfterMs,
  spareJobs,
}: GroupSettings): string {
  const minutesOf = (ms: number): string => `${Math.round((ms / minutes(1)) * 10) / 10} min`;
  if (autoscaler === 'karpenter') return `Karpenter, consolidated after ${minutesOf(consolidateAfterMs)}`;
  return [
    `idle ${minutesOf(idleMs)}`,
    scaleDownDelayAfterAddMs === 0 ? 'none after an add' : `${minutesOf(scaleDownDelayAfterAddMs)} after an add`,
    ...(spareJobs === 0 ? [] : [`${spareJobs} spare ${spareJobs === 1 ? 'slot' : 'slots'}`]),
  ].join(', ');
}
