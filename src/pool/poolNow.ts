import type { Instant } from '../domain/time.ts';
import type { MarketSeen, Quantiles } from '../policy/observed.ts';
import type { Allowance } from '../policy/operatingHours.ts';
import { quantilesOf } from './durations.ts';
import type { Observations } from './observations.ts';
import type { PoolSpec } from './pool.ts';
import type { PoolMoment } from './renewalQuestion.ts';

/** A pool's moment from what it has seen. A histogram's quantiles are reckoned where something hangs on them, which is seldom. */
export class PoolNow implements PoolMoment {
  readonly now: Instant;
  readonly spec: PoolSpec;
  readonly allowance: Allowance;
  readonly next: Allowance;
  readonly #observations: Observations;

  constructor(now: Instant, spec: PoolSpec, allowance: Allowance, next: Allowance, observations: Observations) {
    this.now = now;
    this.spec = spec;
    this.allowance = allowance;
    this.next = next;
    this.#observations = observations;
  }

  get durations(): Quantiles | undefined {
    return quantilesOf(this.#observations.durations);
  }

  get boots(): Quantiles | undefined {
    return quantilesOf(this.#observations.boots);
  }

  get markets(): Readonly<Record<string, MarketSeen>> {
    return this.#observations.markets.seen;
  }
}
