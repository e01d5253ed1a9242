import type { Sighting } from '../../src/domain/facts.ts';
import { after, before, type Instant, latest, minutes, NEVER, seconds } from '../../src/domain/time.ts';
import { type GoneCause, type Lease, marketOf } from '../../src/domain/words.ts';
import type { Draws } from '../chance/draw.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { Market } from '../market/market.ts';

/** AWS gives notice two minutes before it takes an instance back (EC2 user guide). */
const NOTICE_MS = minutes(2);

/** How long a call to EC2 takes that has nothing to decide. */
export const CALL_MS = seconds(1);

/**
 * In milliseconds, from and to: how long EC2 takes over a termination beyond the call, and how long an instance that EC2
 * ended takes to show as gone.
 */
const ENDING_MS = [200, 1_000] as const;
const RECLAIM_LAG_MS = [5_000, 30_000] as const;

/**
 * A rebalance recommendation comes before some interruptions, by some minutes, and never promises to (EC2 user guide): the
 * share, and from and to how long before. Assumed.
 */
const RISK_SHARE = 0.5;
const RISK_MS = [minutes(3), minutes(15)] as const;

/** An instance that exists, or existed, in the simulated account. */
export interface Instance {
  readonly lease: Lease;
  readonly blockId: string;
  readonly attempt: number;
  /** When its billing ended; NEVER while it runs. */
  endedAt: Instant;
  goneCause: GoneCause;
}

/** What happens to instances, for the parts of the world that hang on it. */
export interface InstanceEvents {
  started(instance: Instance): void;
  ended(instance: Instance, by: 'aws' | 'us'): void;
}

/** The lives of instances, from the grant to the end: notices, ends that AWS imposes, terminations, and when an end shows. */
export class Instances {
  private readonly byId = new Map<string, Instance>();
  private readonly kernel: Kernel;
  private readonly market: Market;
  private readonly draws: Draws;
  private readonly events: InstanceEvents;

  constructor(kernel: Kernel, market: Market, draws: Draws, events: InstanceEvents) {
    this.kernel = kernel;
    this.market = market;
    this.draws = draws;
    this.events = events;
  }

  start(lease: Lease, blockId: string, attempt: number): Instance {
    const instance: Instance = { lease, blockId, attempt, endedAt: NEVER, goneCause: 'unknown' };
    this.byId.set(lease.instanceId, instance);
    this.events.started(instance);
    this.foresee(instance);
    return instance;
  }

  /**
   * EC2 bills an instance until it shuts down, and its reply to a termination has that state: the end, the end of the bill
   * and the reply are one instant.
   */
  terminate(instanceId: string): void {
    const tookMs = CALL_MS + lagIn(this.draws, 'ec2.gone', instanceId, ENDING_MS);
    this.kernel.schedule(after(this.kernel.now, tookMs), () => {
      const instance = this.byId.get(instanceId);
      if (instance === undefined) return;
      if (instance.endedAt === NEVER) this.end(instance, 'us', 'terminated');
      this.sayGone(instance);
    });
  }

  /** Everything of ours that runs. */
  sightings(): readonly Omit<Sighting, 'node' | 'cordoned' | 'jobs'>[] {
    return [...this.byId.values()]
      .filter(({ endedAt }) => endedAt === NEVER)
      .map(({ blockId, attempt, lease }) => ({ blockId, attempt, lease }));
  }

  all(): Iterable<Instance> {
    return this.byId.values();
  }

  /** Schedules the end that AWS will impose: the block's own, or the next time that its market is taken back. */
  private foresee(instance: Instance): void {
    const { lease } = instance;
    const { instanceType, zone, term } = lease.offer;
    if (term === 'spot-block') this.takeBack(instance, lease.hardEndAt, 'schedule');
    if (term === 'spot') {
      const reclaimAt = this.market.reclaims(instanceType, zone).find((at) => at > lease.startsAt);
      if (reclaimAt === undefined) return;
      this.warn(instance, reclaimAt);
      this.takeBack(instance, reclaimAt, 'interrupted');
    }
  }

  /** Drawn by the market and the moment: what strikes a market is seen coming for all of its instances, or for none. */
  private warn(instance: Instance, reclaimAt: Instant): void {
    const { blockId, lease } = instance;
    const subject = `${marketOf(lease.offer)} ${reclaimAt}`;
    if (this.draws.uniform('ec2.risk', subject, 0) >= RISK_SHARE) return;
    const atRiskAt = before(reclaimAt, lagIn(this.draws, 'ec2.riskMs', subject, RISK_MS));
    if (atRiskAt <= lease.startsAt) return;
    this.kernel.schedule(atRiskAt, () => {
      if (instance.endedAt === NEVER) this.kernel.say({ type: 'instance.atRisk', blockId, at: this.kernel.now });
    });
  }

  /** The bill ends when AWS takes the instance; a look shows some seconds later that it is gone. */
  private takeBack(instance: Instance, reclaimAt: Instant, cause: 'schedule' | 'interrupted'): void {
    const { blockId, lease } = instance;
    this.kernel.schedule(latest(before(reclaimAt, NOTICE_MS), lease.startsAt), () => {
      if (instance.endedAt === NEVER)
        this.kernel.say({ type: 'instance.interrupted', blockId, reclaimAt, at: this.kernel.now });
    });
    this.kernel.schedule(reclaimAt, () => {
      if (instance.endedAt !== NEVER) return;
      this.end(instance, 'aws', cause);
      this.kernel.schedule(after(reclaimAt, lagIn(this.draws, 'ec2.gone', lease.instanceId, RECLAIM_LAG_MS)), () => {
        this.sayGone(instance);
      });
    });
  }

  private end(instance: Instance, by: 'aws' | 'us', cause: GoneCause): void {
    instance.endedAt = this.kernel.now;
    instance.goneCause = cause;
    this.events.ended(instance, by);
  }

  private sayGone({ blockId, goneCause }: Instance): void {
    this.kernel.say({ type: 'instance.gone', blockId, cause: goneCause, at: this.kernel.now });
  }
}

/** A time drawn between two, whole milliseconds. */
export const lagIn = (
  draws: Draws,
  stream: string,
  subject: string,
  [least, most]: readonly [number, number],
): number => least + Math.floor(draws.uniform(stream, subject, 0) * (most - least));
