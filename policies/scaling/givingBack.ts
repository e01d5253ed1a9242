import { z } from 'zod';
import { length, type Millis, minutes, type Wanted } from '../../src/policy/index.ts';

/** Time for its node to be cordoned and its instance to be ended before the next hour begins. */
const LAST_OF_HOUR_MS = minutes(3);

/** When blocks go that are not wanted: options that policies share. */
export const givingBackOptions = () => ({
  giveBackIdleAfter: length()
    .prefault('1m')
    .describe('How long a block that is not wanted has had no job before it is given back'),
  paidBy: z
    .enum(['second', 'hour'])
    .default('second')
    .describe(
      'What instances are paid by. By the hour, started hours are paid for whole: a block is given back only in the last three minutes of one',
    ),
});

/** The part of an answer that says so. */
export const givingBack = ({
  giveBackIdleAfter,
  paidBy,
}: {
  readonly giveBackIdleAfter: Millis;
  readonly paidBy: 'second' | 'hour';
}): Pick<Wanted, 'giveBackIdleAfterMs' | 'giveBackBeforeHourMs'> => ({
  giveBackIdleAfterMs: giveBackIdleAfter,
  ...(paidBy === 'hour' ? { giveBackBeforeHourMs: LAST_OF_HOUR_MS } : {}),
});
