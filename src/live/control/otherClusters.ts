import type { Effect } from '../../domain/effects.ts';
import type { Instant } from '../../domain/time.ts';
import { placeOf } from '../../domain/words.ts';
import type { OwnInstance } from '../aws/inventory/inventory.ts';
import type { Template } from '../aws/template/template.ts';
import { CLAIMED } from '../observers/claimedConditions.ts';
import type { PoolCondition } from '../observers/present.ts';
import { clustersIn } from '../ports/tags.ts';
import type { Roster } from './roster.ts';
import type { Templates } from './templates.ts';

type Termination = Extract<Effect, { readonly type: 'terminateInstance' }>;

export interface OtherClustersPorts {
  readonly pools: readonly string[];
  readonly templates: Pick<Templates, 'last' | 'fresh'>;
  readonly roster: Pick<Roster, 'blockOf'>;
  /** An instance of ours as the last complete list showed it. */
  readonly instanceOf: (instanceId: string) => OwnInstance | undefined;
  readonly now: () => Instant;
  readonly announce: (pool: string, reason: string, note: string) => void;
}

/** What may be another cluster's. */
export interface OtherClusters {
  /** Why an instance may not be one of this cluster; undefined where it is. */
  readonly doubt: (effect: Termination) => Promise<string | undefined>;
  /** The pools of which instances are left alone for that, as long as they live. */
  readonly conditions: () => readonly PoolCondition[];
}

/**
 * Tells why an instance may be one of another cluster, whose keeper bears the same fleet's name: undefined where it is none. One whose node was
 * seen here is of here. Of any other its tags say which cluster it was made for, as the templates say of those that are made here; while
 * these cannot be read nobody can tell.
 */
export function openOtherClusters({
  pools,
  templates,
  roster,
  instanceOf,
  ...ports
}: OtherClustersPorts): OtherClusters {
  const told = new Map<string, PoolCondition>();

  return {
    async doubt(effect) {
      const why = await doubtOf(effect);
      if (why !== undefined && !told.has(effect.instanceId)) tell(effect, why);
      return why;
    },
    conditions() {
      const byPool = new Map<string, PoolCondition>();
      for (const [instanceId, one] of told)
        if (instanceOf(instanceId) !== undefined && !byPool.has(one.pool)) byPool.set(one.pool, one);
      return [...byPool.values()];
    },
  };

  function tell({ blockId, instanceId }: Termination, why: string): void {
    const pool = placeOf(blockId)?.pool ?? '';
    const message = `${instanceId} of block ${blockId} is left alone: ${why}`;
    told.set(instanceId, {
      ...{ pool, condition: CLAIMED, status: 'false', reason: 'OtherCluster' },
      ...{ message, since: ports.now() },
    });
    ports.announce(pool, 'OtherCluster', message);
  }

  async function doubtOf({ blockId, instanceId }: Termination): Promise<string | undefined> {
    const context = roster.blockOf(blockId)?.context;
    if (context?.node != null && context.lease?.instanceId === instanceId) return undefined;
    const named = instanceOf(instanceId)?.clusters ?? [];
    if (named.length === 0) return undefined;
    const read = await Promise.all(pools.map(clustersOfPool));
    const here = new Set(read.flatMap((clusters) => clusters ?? []));
    if (named.some((cluster) => here.has(cluster))) return undefined;
    const made = `it was made for the cluster ${named.join(', ')}`;
    if (read.includes(undefined)) return `${made}, and the templates, which say what cluster this is, cannot be read`;
    if (here.size === 0) return undefined;
    return `${made} and not for ${[...here].join(', ')}: give each cluster a fleet of its own`;
  }

  /** The clusters that what a pool makes is for; undefined while nobody can tell. Where the group is gone, it makes nothing. */
  async function clustersOfPool(pool: string): Promise<readonly string[] | undefined> {
    const known = templates.last(pool);
    if (known !== undefined) return clustersOf(known);
    const read = await templates.fresh(pool);
    if (read.kind === 'unknown') return undefined;
    return read.kind === 'resolved' ? clustersOf(read.template) : [];
  }
}

const clustersOf = ({ tags, source, overrides }: Template): readonly string[] =>
  [source, ...overrides.flatMap((one) => one.source ?? [])].flatMap(({ blueprint }) =>
    clustersIn({ ...blueprint.tags['instance'], ...tags }),
  );
