import { createHash } from 'node:crypto';
import type { Effect } from '../../src/domain/effects.ts';
import type { Sighting } from '../../src/domain/facts.ts';
import { after, before, type Instant, latest, type Millis, minutes, NEVER, seconds } from '../../src/domain/time.ts';
import { type GoneCause, type Lease, marketOf, type Offer, type Refusal } from '../../src/domain/words.ts';
import type { Draws } from '../chance/draw.ts';
import type { Market } from '../market/market.ts';
import type { Kernel } from '../world/kernel.ts';

/** AWS gives notice two minutes before it takes an instance back (EC2 user guide). */
const NOTICE_MS = minutes(2);

/**
 * How long EC2 takes, in milliseconds from and to: a launch answer; the answer to a termination, which says that the
 * instance shuts down; an instance that ended otherwise to show as gone.
 */
const ANSWER_MS = [2_000, 8_000] as const;
const ENDING_MS = [200, 1_000] as const;
const RECLAIM_LAG_MS = [5_000, 30_000] as const;
const CALL_MS = seconds(1);

/**
 * A request for a spot block stays open where capacity lacks, and is granted if some comes. Whoever follows it looks so often,
 * and takes it back after so long: as `launchSpotBlock` does, with the look after the cancellation.
 */
const HELD_LOOK_MS = seconds(5);
export const HELD_MS = seconds(35);

/** By then whatever was asked for is answered. */
export const SETTLED_MS = seconds(50);

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

type RequestOf = Extract<Effect, { readonly type: 'requestCapacity' }>;

export interface Ec2Settings {
  readonly seed: number;
  /** How long a request for a spot block is left open where capacity lacks. */
  readonly heldMs: Millis;
}

interface Asked {
  readonly request: RequestOf;
  answer: Instance | Refusal | undefined;
  /** Until when it waits for capacity; undefined before it is first looked at. */
  heldUntil: Instant | undefined;
}

/**
 * EC2 as far as a keeper of leases meets it: requests that are granted or refused by capacity, idempotent by token;
 * leases that start at the grant; notices; the lag until an ended instance shows as gone.
 */
export class Ec2 {
  private readonly requests = new Map<string, Asked>();
  private readonly instances = new Map<string, Instance>();
  /** Running instances by market, those on demand left out: a recorded scarcity is one of spare capacity. */
  private readonly running = new Map<string, number>();
  private readonly kernel: Kernel;
  private readonly market: Market;
  private readonly draws: Draws;
  private readonly events: InstanceEvents;
  private readonly settings: Ec2Settings;

  constructor(kernel: Kernel, market: Market, draws: Draws, settings: Ec2Settings, events: InstanceEvents) {
    this.kernel = kernel;
    this.market = market;
    this.draws = draws;
    this.settings = settings;
    this.events = events;
  }

  /** What can be bought now; a market without a known price is left out. */
  quote(
    instanceTypes: readonly string[],
    zones: readonly string[],
    lease: Pick<Offer, 'term' | 'durationMs'>,
  ): Offer[] {
    return instanceTypes.flatMap((instanceType) =>
      zones.flatMap((zone) => {
        const usdPerHour = this.market.quote(instanceType, zone, lease.term, lease.durationMs, this.kernel.now);
        return usdPerHour === undefined ? [] : [{ instanceType, zone, ...lease, usdPerHour }];
      }),
    );
  }

  request(request: RequestOf): void {
    const before = this.requests.get(request.token);
    // Only what succeeded is remembered by its token (EC2 API reference): a refused request is decided anew.
    const known = typeof before?.answer === 'string' ? undefined : before;
    const asked = known ?? { request, answer: undefined, heldUntil: undefined };
    this.requests.set(request.token, asked);
    // The same token again gets the same answer again, and never a second instance.
    const againMs = known === undefined ? this.lag('ec2.answer', request.token, ANSWER_MS) : CALL_MS;
    this.kernel.schedule(after(this.kernel.now, againMs), () => {
      this.answer(asked);
    });
  }

  private answer(asked: Asked): void {
    const { now } = this.kernel;
    const { request } = asked;
    if (asked.answer === undefined) {
      const decision = this.decide(request);
      asked.heldUntil ??= request.offer.term === 'spot-block' ? after(now, this.settings.heldMs) : now;
      if (decision === 'no-capacity' && now < asked.heldUntil) {
        this.kernel.schedule(after(now, HELD_LOOK_MS), () => {
          this.answer(asked);
        });
        return;
      }
      asked.answer = decision;
    }
    this.tell(request, asked.answer);
  }

  /** Cancels a request that was not answered yet; one that was stays as it was answered. */
  cancel(token: string): void {
    this.kernel.schedule(after(this.kernel.now, CALL_MS), () => {
      const asked = this.requests.get(token);
      if (asked === undefined) return;
      asked.answer ??= 'cancelled';
      if (asked.answer === 'cancelled') this.tell(asked.request, asked.answer);
    });
  }

  terminate(instanceId: string): void {
    this.kernel.schedule(after(this.kernel.now, CALL_MS), () => {
      const instance = this.instances.get(instanceId);
      if (instance === undefined) return;
      if (instance.endedAt === NEVER) this.end(instance, 'us', 'terminated', ENDING_MS);
      else this.sayGone(instance, ENDING_MS);
    });
  }

  /** Everything of ours that runs. */
  sightings(): readonly Omit<Sighting, 'node' | 'cordoned' | 'jobs'>[] {
    return [...this.instances.values()]
      .filter(({ endedAt }) => endedAt === NEVER)
      .map(({ blockId, attempt, lease }) => ({ blockId, attempt, lease }));
  }

  /** Whether a request waits for its answer: what it comes to is not known yet. */
  get isUnsettled(): boolean {
    return [...this.requests.values()].some(({ answer }) => answer === undefined);
  }

  /** Every block that capacity was ever asked for: what a ledger of intents would know. */
  askedFor(): Iterable<string> {
    return new Set([...this.requests.values()].map(({ request }) => request.blockId));
  }

  all(): Iterable<Instance> {
    return this.instances.values();
  }

  private decide({ blockId, token, offer }: RequestOf): Instance | Refusal {
    const { now } = this.kernel;
    const { instanceType, zone, term, durationMs } = offer;
    const usdPerHour = this.market.quote(instanceType, zone, term, durationMs, now);
    if (usdPerHour === undefined) return 'no-capacity';
    const market = marketOf(offer);
    // A recorded scarcity is one of spare capacity, which on-demand instances do not take up.
    const running = term === 'on-demand' ? 0 : (this.running.get(market) ?? 0);
    if (this.market.room(instanceType, zone, now, term) <= running) return 'no-capacity';
    const expiresAt = after(now, durationMs);
    const lease: Lease = {
      instanceId: `i-${createHash('sha256').update(`${this.settings.seed}/${token}`).digest('hex').slice(0, 17)}`,
      offer: { ...offer, usdPerHour },
      startsAt: now,
      expiresAt,
      hardEndAt: term === 'spot-block' ? expiresAt : NEVER,
    };
    const attempt = Number(token.slice(blockId.length + 1));
    const instance: Instance = { lease, blockId, attempt, endedAt: NEVER, goneCause: 'unknown' };
    this.instances.set(lease.instanceId, instance);
    if (term !== 'on-demand') this.running.set(market, running + 1);
    this.events.started(instance);
    this.foresee(instance);
    return instance;
  }

  private tell({ blockId, token, offer }: RequestOf, answer: Instance | Refusal): void {
    if (typeof answer === 'string')
      this.kernel.say({ type: 'capacity.refused', blockId, token, offer, refusal: answer });
    else this.kernel.say({ type: 'capacity.granted', blockId, token, lease: answer.lease });
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
    const atRiskAt = before(reclaimAt, this.lag('ec2.riskMs', subject, RISK_MS));
    if (atRiskAt <= lease.startsAt) return;
    this.kernel.schedule(atRiskAt, () => {
      if (instance.endedAt === NEVER) this.kernel.say({ type: 'instance.atRisk', blockId });
    });
  }

  private takeBack(instance: Instance, reclaimAt: Instant, cause: 'schedule' | 'interrupted'): void {
    const { blockId, lease } = instance;
    this.kernel.schedule(latest(before(reclaimAt, NOTICE_MS), lease.startsAt), () => {
      if (instance.endedAt === NEVER) this.kernel.say({ type: 'instance.interrupted', blockId, reclaimAt });
    });
    this.kernel.schedule(reclaimAt, () => {
      if (instance.endedAt === NEVER) this.end(instance, 'aws', cause, RECLAIM_LAG_MS);
    });
  }

  private end(instance: Instance, by: 'aws' | 'us', cause: GoneCause, lagMs: readonly [number, number]): void {
    instance.endedAt = this.kernel.now;
    instance.goneCause = cause;
    const market = marketOf(instance.lease.offer);
    if (instance.lease.offer.term !== 'on-demand') this.running.set(market, (this.running.get(market) ?? 1) - 1);
    this.events.ended(instance, by);
    this.sayGone(instance, lagMs);
  }

  private sayGone({ blockId, goneCause, lease }: Instance, lagMs: readonly [number, number]): void {
    this.kernel.schedule(after(this.kernel.now, this.lag('ec2.gone', lease.instanceId, lagMs)), () => {
      this.kernel.say({ type: 'instance.gone', blockId, cause: goneCause });
    });
  }

  private lag(stream: string, subject: string, [least, most]: readonly [number, number]): number {
    return least + Math.floor(this.draws.uniform(stream, subject, 0) * (most - least));
  }
}
