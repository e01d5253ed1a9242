import type { Workload } from '../domain/facts.ts';
import type { Instant } from '../domain/time.ts';
import { isPriced, type Lease, type Offer } from '../domain/words.ts';
import type { Writable } from '../domain/writable.ts';
import type { Quantiles } from '../policy/observed.ts';
import type { Allowance } from '../policy/operatingHours.ts';
import type { BlocksNow, JobsNow, PricesNow, ScalingQuestion, Spent, WeekSeen } from '../policy/scaling.ts';
import { type Branch, chosen } from './blocks/branch.ts';
import { type JobsOnSupply, jobsOnSupply } from './blocks/jobsOnSupply.ts';
import type { PoolBlocks } from './blocks/poolBlocks.ts';
import { weekAround } from './demandSeen.ts';
import { elsewhereAt } from './elsewhere.ts';
import type { PoolMemory } from './memory.ts';
import type { PoolSpec } from './pool.ts';
import { recentAt } from './recentArrivals.ts';
import type { PoolMoment } from './renewalQuestion.ts';
import { usableOffers } from './rests.ts';
import { spentAt } from './spending.ts';

const NO_OFFERS: readonly Offer[] = [];

/** What a scaling policy is asked about a pool whose jobs are known. */
export const scalingQuestion = (
  moment: PoolMoment,
  workload: Workload,
  memory: PoolMemory,
  blocks: PoolBlocks,
): ScalingQuestion =>
  // Known: what is undefined of it is taken for absent.
  new PoolQuestion(moment, workload, memory, blocks) as unknown as ScalingQuestion;

/**
 * It is put together whenever jobs come or go, and most of it is never looked at: what takes reckoning is reckoned when it is
 * first asked for.
 */
class PoolQuestion implements Omit<ScalingQuestion, 'durations' | 'boots'> {
  readonly now: Instant;
  readonly allowance: Allowance;
  readonly next: Allowance;
  readonly jobsPerBlock: number;
  readonly #moment: PoolMoment;
  readonly #workload: Workload;
  readonly #memory: PoolMemory;
  readonly #root: Branch;
  #onSupply: JobsOnSupply | undefined;
  #spent: Spent | undefined;
  #week: WeekSeen | undefined;
  #prices: PricesNow | undefined;
  #arrivals: readonly number[] | undefined;

  constructor(moment: PoolMoment, workload: Workload, memory: PoolMemory, { root }: PoolBlocks) {
    this.now = moment.now;
    this.allowance = moment.allowance;
    this.next = moment.next;
    this.jobsPerBlock = workload.jobsPerBlock;
    this.#moment = moment;
    this.#workload = workload;
    this.#memory = memory;
    this.#root = root;
  }

  get jobs(): JobsNow {
    const { waiting, waitingSince, overflow } = this.#workload;
    const { running } = this.#jobsOnSupply();
    const elsewhere = elsewhereAt(this.#memory.elsewhere, this.now);
    return waitingSince === undefined
      ? { waiting, running, overflow, elsewhere }
      : { waiting, waitingSince, running, overflow, elsewhere };
  }

  get blocks(): BlocksNow {
    const { living, supply, serving } = this.#root;
    const { busy } = this.#jobsOnSupply();
    return { arriving: supply - serving, busy, idle: serving - busy, draining: living - supply };
  }

  get arrivals(): readonly number[] {
    this.#arrivals ??= recentAt(this.#memory.recent, this.now).counts;
    return this.#arrivals;
  }

  get durations(): Quantiles | undefined {
    return this.#moment.durations;
  }

  get boots(): Quantiles | undefined {
    return this.#moment.boots;
  }

  get week(): WeekSeen {
    this.#week ??= weekAround(this.#memory.observations.demand, this.now);
    return this.#week;
  }

  get prices(): PricesNow {
    this.#prices ??= pricesIn(this.#memory, this.#moment.spec, this.now, this.#root);
    return this.#prices;
  }

  get spent(): Spent {
    this.#spent ??= spentAt(this.#memory.observations.paid, leasesOf(this.#root), this.now);
    return this.#spent;
  }

  #jobsOnSupply(): JobsOnSupply {
    this.#onSupply ??= jobsOnSupply(this.#root, this.#workload.onBlocks);
    return this.#onSupply;
  }
}

/** What an hour of a node costs now. A price that is too old to buy at is not known. */
export function pricesIn(
  { offers, quotedAt, cooling, onDemandUsdPerHour }: PoolMemory,
  { quoteMs }: PoolSpec,
  now: Instant,
  { priced, microUsdPerHour }: Pick<Branch, 'priced' | 'microUsdPerHour'>,
): PricesNow {
  const prices: Writable<PricesNow> = {};
  const fresh = now - quotedAt > quoteMs ? NO_OFFERS : usableOffers(cooling, offers, now);
  let usdPerHour = Number.POSITIVE_INFINITY;
  for (const offer of fresh) if (isPriced(offer) && offer.usdPerHour < usdPerHour) usdPerHour = offer.usdPerHour;
  if (usdPerHour !== Number.POSITIVE_INFINITY) prices.blockUsdPerHour = usdPerHour;
  if (priced > 0) prices.leasedUsdPerHour = microUsdPerHour / priced / 1_000_000;
  if (onDemandUsdPerHour !== null) prices.onDemandUsdPerHour = onDemandUsdPerHour;
  return prices;
}

function leasesOf(root: Branch): readonly Lease[] {
  const leases: Lease[] = [];
  for (const { view } of chosen(root, ({ living }) => living > 0)) if (view.lease !== null) leases.push(view.lease);
  return leases;
}
