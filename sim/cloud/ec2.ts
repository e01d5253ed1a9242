import { hash } from 'node:crypto';
import type { Effect } from '../../src/domain/effects.ts';
import type { Sighting } from '../../src/domain/facts.ts';
import { after, type Instant, type Millis, NEVER, seconds } from '../../src/domain/time.ts';
import { type Lease, type Offer, placeOf, type Refusal, type Terms, termsOf } from '../../src/domain/words.ts';
import type { Draws } from '../chance/draw.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { Market } from '../market/market.ts';
import { CALL_MS, type Instance, type InstanceEvents, Instances, lagIn } from './instances.ts';
import type { Refusing } from './refusing.ts';

/** How long EC2 takes to answer a launch, in milliseconds from and to. */
const ANSWER_MS = [2_000, 8_000] as const;

/**
 * A request for a spot block stays open where capacity lacks, and is granted if some comes. Whoever follows it looks so often,
 * and takes it back after so long: as `launchSpotBlock` does, with the look after the cancellation.
 */
const HELD_LOOK_MS = seconds(5);
export const HELD_MS = seconds(35);

/** By then whatever was asked for is answered. */
export const SETTLED_MS = seconds(50);

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
  /** What each running instance counts for, to be given back at its end. */
  private readonly counted = new Map<Instance, () => void>();
  private readonly instances: Instances;
  private readonly refusing: Refusing;
  private readonly kernel: Kernel;
  private readonly market: Market;
  private readonly draws: Draws;
  private readonly settings: Ec2Settings;

  constructor(
    parts: {
      readonly kernel: Kernel;
      readonly market: Market;
      readonly draws: Draws;
      readonly refusing: Refusing;
      readonly settings: Ec2Settings;
    },
    events: InstanceEvents,
  ) {
    const { kernel, market, draws, refusing, settings } = parts;
    this.kernel = kernel;
    this.market = market;
    this.draws = draws;
    this.settings = settings;
    this.refusing = refusing;
    this.instances = new Instances(kernel, market, draws, {
      started: (instance) => {
        events.started(instance);
      },
      ended: (instance, by) => {
        this.counted.get(instance)?.();
        this.counted.delete(instance);
        events.ended(instance, by);
      },
    });
  }

  /** What can be bought now; a market without a known price is left out. */
  quote(
    instanceTypes: readonly string[],
    zones: readonly string[],
    { term: terms, durationMs }: { readonly term: Terms; readonly durationMs: Millis },
  ): Offer[] {
    return termsOf(terms).flatMap((term) =>
      instanceTypes.flatMap((instanceType) =>
        zones.flatMap((zone) => {
          const usdPerHour = this.market.quote(instanceType, zone, term, durationMs, this.kernel.now);
          return usdPerHour === undefined ? [] : [{ instanceType, zone, term, durationMs, usdPerHour }];
        }),
      ),
    );
  }

  /** What the cheapest of these types costs on demand; undefined where no price is known. */
  onDemandUsdPerHour(instanceTypes: readonly string[], zones: readonly string[]): number | undefined {
    const [zone = ''] = zones;
    const prices = instanceTypes.map((type) => this.market.quote(type, zone, 'on-demand', 0, this.kernel.now));
    const known = prices.filter((usd) => usd !== undefined);
    return known.length === 0 ? undefined : Math.min(...known);
  }

  request(request: RequestOf): void {
    const before = this.requests.get(request.token);
    // Only what succeeded is remembered by its token (EC2 API reference): a refused request is decided anew.
    const known = typeof before?.answer === 'string' ? undefined : before;
    const asked = known ?? { request, answer: undefined, heldUntil: undefined };
    this.requests.set(request.token, asked);
    // The same token again gets the same answer again, and never a second instance.
    const againMs = known === undefined ? lagIn(this.draws, 'ec2.answer', request.token, ANSWER_MS) : CALL_MS;
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

  /**
   * Cancels a request for a spot block that was not answered yet; one that was is answered again as before. Anything else is
   * launched by one call (RunInstances), which nothing stops once it is on its way: its own answer comes.
   */
  cancel({ blockId, token }: Extract<Effect, { readonly type: 'cancelRequest' }>): void {
    this.kernel.schedule(after(this.kernel.now, CALL_MS), () => {
      const asked = this.requests.get(token);
      if (asked === undefined) {
        const reason = 'no such request is known';
        this.kernel.say({
          type: 'effect.failed',
          blockId,
          effect: 'cancelRequest',
          token,
          reason,
          at: this.kernel.now,
        });
        return;
      }
      if (asked.answer === undefined && asked.request.offer.term !== 'spot-block') return;
      asked.answer ??= 'cancelled';
      this.tell(asked.request, asked.answer);
    });
  }

  terminate(instanceId: string): void {
    this.instances.terminate(instanceId);
  }

  /** Everything of ours that runs. */
  sightings(): readonly Omit<Sighting, 'node'>[] {
    return this.instances.sightings();
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
    return this.instances.all();
  }

  private decide({ blockId, token, offer }: RequestOf): Instance | Refusal {
    const { now } = this.kernel;
    const { instanceType, zone, term, durationMs } = offer;
    const place = placeOf(blockId);
    const launch = { instanceType, zone, term, ...(place === undefined ? {} : { pool: place.pool }) };
    const refusal = this.refusing.refusalOf(launch);
    if (refusal !== undefined) return refusal;
    const usdPerHour = this.market.quote(instanceType, zone, term, durationMs, now);
    if (usdPerHour === undefined) return 'no-capacity';
    const expiresAt = after(now, durationMs);
    const lease: Lease = {
      instanceId: `i-${hash('sha256', `${this.settings.seed}/${token}`).slice(0, 17)}`,
      offer: { ...offer, usdPerHour },
      startsAt: now,
      expiresAt,
      hardEndAt: term === 'spot-block' ? expiresAt : NEVER,
    };
    const release = this.refusing.started(launch);
    const instance = this.instances.start(lease, blockId, Number(token.slice(blockId.length + 1)));
    this.counted.set(instance, release);
    return instance;
  }

  /** Of an instance that has ended the token says no more than that it did: IdempotentInstanceTerminated, which is a refusal. */
  private tell({ blockId, token, offer }: RequestOf, answer: Instance | Refusal): void {
    const { now } = this.kernel;
    const refusal = typeof answer === 'string' ? answer : answer.endedAt <= now ? 'no-capacity' : undefined;
    if (refusal !== undefined) this.kernel.say({ type: 'capacity.refused', blockId, token, offer, refusal, at: now });
    else if (typeof answer !== 'string')
      this.kernel.say({ type: 'capacity.granted', blockId, token, lease: answer.lease, at: now });
  }
}
