import type { Effect } from '../../src/domain/effects.ts';
import type { Fact } from '../../src/domain/facts.ts';
import type { Instant } from '../../src/domain/time.ts';

const reason = 'not tried';

/** What is told of an effect that was not tried; of an event for people, nothing. */
export function untried(effect: Effect, at: Instant): Fact | undefined {
  switch (effect.type) {
    case 'announce':
      return undefined;
    case 'quoteOffers':
      return { type: 'offers.unknown', pool: effect.pool, reason, at };
    case 'holdJobs':
      return { type: 'jobs.unheld', pool: effect.pool, reason, at };
    default:
      return {
        type: 'effect.untried',
        ...{ blockId: effect.blockId, effect: effect.type, hindrance: 'no-leadership', reason },
        ...('token' in effect ? { token: effect.token } : {}),
        at,
      };
  }
}
