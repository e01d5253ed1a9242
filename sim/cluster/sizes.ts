import type { JobRow } from '../../data/records/rows.ts';
import type { JobClass, Resources, Scenario } from '../scenario/scenario.ts';

/**
 * How much of a node a job takes, in one form for slots and for resources: `requests` fit into `capacity` if no place of the
 * first is above that of the second. Slots are `[1]` in `[jobsPerNode]`; resources are thousandths of a processor and MiB,
 * and a third place counts jobs where their number is limited too. All are whole numbers, so that sums are exact.
 */
export interface Sizes {
  capacityOf(instanceType: string): readonly number[];
  requestsOf(job: Pick<JobRow, 'class'>): readonly number[];
  kindOf(job: Pick<JobRow, 'class'>): JobKind;
}

/** What a scheduler has to know of a job; all jobs of a class share one. */
export interface JobKind {
  readonly requests: readonly number[];
  /** Whether it may run on a block. */
  readonly onBlocks: boolean;
  /** Whether it may run on on-demand nodes of the group. */
  readonly onGroup: boolean;
  /** Whether it may run on spot nodes of the group. */
  readonly onSpotGroup: boolean;
}

/** @param hasKeeper without one there are no blocks to wait for, and what must run on blocks runs anywhere */
export function sizesOf(
  scenario: Pick<Scenario, 'cluster' | 'classes'> & NodeTypes,
  { hasKeeper = true }: { readonly hasKeeper?: boolean } = {},
): Sizes {
  const { cluster, classes } = scenario;
  const { jobsPerNode, allocatable, mostJobs } = cluster;
  const limit = mostJobs === undefined ? [] : [mostJobs];
  const one = mostJobs === undefined ? [] : [1];
  const plain =
    allocatable === undefined
      ? [1]
      : [
          ...shareOf(
            typesOf(scenario).map((type) => unitsOf(allocatable[type])),
            jobsPerNode,
          ),
          ...one,
        ];
  const capacities = new Map<string, readonly number[]>();
  const kinds = new Map<string | undefined, JobKind>();

  const kindOf: Sizes['kindOf'] = (job) => {
    // A class that nobody has described is as none.
    const name = job.class !== undefined && Object.hasOwn(classes, job.class) ? job.class : undefined;
    const known = kinds.get(name);
    if (known !== undefined) return known;
    const { requests, runsOn }: JobClass = (name === undefined ? undefined : classes[name]) ?? { runsOn: 'anywhere' };
    const isAnywhere = runsOn === 'anywhere' || (runsOn === 'blocks' && !hasKeeper);
    const kind: JobKind = {
      requests: allocatable === undefined || requests === undefined ? plain : [...unitsOf(requests), ...one],
      onBlocks: runsOn !== 'on-demand',
      onGroup: isAnywhere || runsOn === 'on-demand',
      onSpotGroup: isAnywhere,
    };
    kinds.set(name, kind);
    return kind;
  };

  return {
    capacityOf: (instanceType) => {
      const known = capacities.get(instanceType);
      if (known !== undefined) return known;
      const capacity = allocatable === undefined ? [jobsPerNode] : [...unitsOf(allocatable[instanceType]), ...limit];
      capacities.set(instanceType, capacity);
      return capacity;
    },
    requestsOf: (job) => kindOf(job).requests,
    kindOf,
  };
}

/** Every instance type that a node may have, once. */
export const typesOf = ({ pools, onDemandGroup }: NodeTypes): readonly string[] => [
  ...new Set([...pools.pools.flatMap(({ instanceTypes }) => instanceTypes), onDemandGroup.instanceType]),
];

type NodeTypes = Pick<Scenario, 'pools'> & { readonly onDemandGroup: { readonly instanceType: string } };

/** Thousandths of a processor, as Kubernetes counts it, and MiB. */
export function unitsOf(resources: Resources | undefined): readonly [number, number] {
  // A scenario is refused unless every type in use is known.
  if (resources === undefined) throw new RangeError('expected what a node of every type in use offers, found none');
  return [Math.round(resources.cpu * 1_000), Math.round(resources.memory * 1_024)];
}

/** One of so many equal parts of the smallest node, each resource on its own: it fits on every node. */
const shareOf = (nodes: readonly (readonly [number, number])[], parts: number): readonly number[] =>
  [0, 1].map((place) => Math.max(1, Math.floor(Math.min(...nodes.map((units) => units[place]!)) / parts)));
