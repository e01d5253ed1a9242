import { DEFAULT_LIVE, type PoolsFile } from '../../config/pools.ts';
import { after, type Instant, type Millis, minutes, NEVER } from '../../domain/time.ts';
import type { Condition, RecordingHeader } from '../../world/recording.ts';
import type { Caller } from '../aws/calls/call.ts';
import type { Aws } from '../aws/calls/clients.ts';
import { membersOf } from '../aws/template/members.ts';
import { podRoles } from '../kubernetes/jobs.ts';
import type { Kube } from '../kubernetes/kubeClient.ts';
import { seenNode } from '../kubernetes/nodes.ts';
import { type ReflectionLimits, reflect } from '../kubernetes/watch/reflector.ts';
import { type Clock, until } from '../ports/clock.ts';
import type { Telemetry } from '../ports/telemetry.ts';
import { openDiary } from './diary.ts';
import { jobBook } from './jobBook.ts';
import { jobPod } from './jobPod.ts';
import { nodeBook } from './nodeBook.ts';
import { pricesSince } from './prices.ts';

export interface RecordSettings {
  readonly file: PoolsFile;
  readonly folder: string;
  readonly header: RecordingHeader;
  readonly aws: Aws;
  readonly caller: Caller;
  readonly kube: Kube;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  /** How often the groups are listed, and how often it is written down that everything was seen. */
  readonly pollMs: Millis;
  /** Ends it. */
  readonly signal: AbortSignal;
  readonly limits?: Partial<ReflectionLimits>;
}

/** A recording under way. */
export interface Recording {
  /** How many conditions of each kind this life has written. */
  readonly written: (type: Condition['type']) => number;
  /** Whether the cluster is seen as it is. */
  readonly fresh: () => boolean;
  /** Resolves after the signal, when the disk has confirmed everything. */
  readonly ended: Promise<void>;
}

/** Prices are a matter of hours, and their history loses none. */
const PRICES_MS = minutes(5);

/**
 * Writes down what the cluster and the account are like, until the signal: jobs, nodes of the on-demand groups, spot
 * prices. It only reads: lists and watches of pods and nodes, and two Describe calls.
 *
 * @throws what the file system says of the folder
 */
export async function record(settings: RecordSettings): Promise<Recording> {
  const { file, aws, caller, kube, clock, telemetry, pollMs, signal, limits = {} } = settings;
  const diary = await openDiary(settings);
  const { kept } = diary;
  const counts = new Map<Condition['type'], number>();
  const write = (condition: Condition): void => {
    counts.set(condition.type, (counts.get(condition.type) ?? 0) + 1);
    diary.write(condition);
  };

  // What an earlier life knew is taken over as it is now, before anything is written.
  const before = { ...kept, jobs: new Map(kept.jobs), nodes: new Map(kept.nodes), done: new Set(kept.done) };
  const jobs = jobBook({ kept: before, now: clock.now, write });
  const nodes = nodeBook({ kept: before, now: clock.now, write });
  const roleOf = podRoles(file.live ?? DEFAULT_LIVE);
  const shared = { kube, clock, signal, telemetry, limits };
  const pods = reflect(
    { ...shared, resource: 'pods', path: '/api/v1/pods', prune: (object) => jobPod(object, roleOf) },
    { listed: jobs.listed, changed: jobs.changed, removed: jobs.removed },
  );
  const machines = reflect(
    { ...shared, resource: 'nodes', path: '/api/v1/nodes', prune: seenNode },
    { listed: nodes.listed, changed: nodes.changed, removed: nodes.removed },
  );
  const fresh = (): boolean => pods.fresh() && machines.fresh();

  const port = { aws, caller, pools: file.pools };
  const groups = [...new Set(file.pools.map(({ template }) => template.autoScalingGroup))];
  let pricedAt: Instant = latestOf(kept.prices.values()) ?? clock.now();
  let pricesDueAt: Instant = clock.now();
  /** Since when nothing was missed; NEVER while something may be. */
  let since = NEVER;

  return { written: (type) => counts.get(type) ?? 0, fresh, ended: run() };

  async function run(): Promise<void> {
    await Promise.all([pods.synced(), machines.synced()]).catch(() => undefined);
    while (!signal.aborted) {
      await Promise.all([lookAtGroups(), lookAtPrices()]);
      held();
      await until(clock, after(clock.now(), pollMs), signal);
    }
    held();
    await Promise.all([pods.stopped, machines.stopped]);
    await diary.close();
  }

  async function lookAtGroups(): Promise<void> {
    const list = await membersOf(port, groups);
    if (list.kind === 'unknown') telemetry.noted('warn', 'groups unknown', { why: list.why });
    else for (const { group, instanceIds } of list.items) nodes.members(group, instanceIds);
  }

  async function lookAtPrices(): Promise<void> {
    const now = clock.now();
    if (now < pricesDueAt) return;
    const changes = await pricesSince(port, pricedAt, kept.prices);
    if (changes.kind === 'unknown') {
      telemetry.noted('warn', 'prices unknown', { why: changes.why });
      return;
    }
    for (const change of changes.items) write(change);
    pricedAt = now;
    pricesDueAt = after(now, PRICES_MS);
  }

  function held(): void {
    const at = clock.now();
    if (!fresh()) since = NEVER;
    else if (since === NEVER) since = at;
    else if (at > since) {
      write({ type: 'watch.held', at, since });
      since = at;
    }
  }
}

function latestOf(changes: Iterable<{ readonly at: Instant }>): Instant | undefined {
  let last: Instant | undefined;
  for (const { at } of changes) last = Math.max(last ?? at, at);
  return last;
}
