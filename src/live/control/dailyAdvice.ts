import { hours, type Instant, type Millis, minutes } from '../../domain/time.ts';
import type { Keeper } from '../../keeper/keeper.ts';
import { adviceOf } from '../../pool/advice.ts';

const DAY_MS: Millis = hours(24);

/** It is looked at no more often than this. */
const APART_MS: Millis = minutes(1);

/** Tells people once in a UTC day at most that the policy that learns would want another number of blocks. Lives as long as the process. */
export class DailyAdvice {
  private readonly toldOn = new Map<string, number>();
  private lookedAt: Instant = 0;
  private readonly announce: (pool: string, reason: string, note: string) => void;

  constructor(announce: DailyAdvice['announce']) {
    this.announce = announce;
  }

  saw({ pools, memories, blocks }: Keeper, now: Instant): void {
    if (now - this.lookedAt < APART_MS) return;
    this.lookedAt = now;
    const day = Math.floor(now / DAY_MS);
    for (const pool of pools) {
      const { name } = pool.spec;
      if (pool.advisor === undefined || this.toldOn.get(name) === day) continue;
      const advice = adviceOf(pool, memories.get(name), blocks.of(name), now);
      if (advice === undefined || advice.learned === advice.wanted) continue;
      this.toldOn.set(name, day);
      this.announce(
        name,
        'LearnedAdvice',
        `by what hours like this one have asked for, the scaling policy learned would want ${advice.learned} now, and ${advice.wanted} ${advice.wanted === 1 ? 'is' : 'are'} wanted; spotkeeper_blocks_advised shows both`,
      );
    }
  }
}
