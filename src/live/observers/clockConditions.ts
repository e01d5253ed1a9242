import type { PoolsFile } from '../../config/pools.ts';
import type { Millis } from '../../domain/time.ts';
import type { PoolCondition } from './present.ts';

/** Whether the keeper's clock agrees with that of AWS. Only said where it does not. */
export const CLOCK_AGREES = 'ClockAgrees';

/** What a clock that is off means for each pool of a file. `skewMs` is how far that of AWS is ahead. */
export const clockConditions = ({ pools }: Pick<PoolsFile, 'pools'>, skewMs: Millis): readonly PoolCondition[] =>
  pools.map(({ name: pool }) => ({
    ...{ pool, condition: CLOCK_AGREES, status: 'false', reason: 'ClockOff' },
    message: clockMessage(skewMs),
  }));

/** For people. */
export const clockMessage = (skewMs: Millis): string =>
  `the clock of this machine is ${Math.round(Math.abs(skewMs) / 60_000)} min ${skewMs > 0 ? 'behind' : 'ahead of'} that of AWS: ` +
  'nothing is bought, drained or ended until they agree; let it keep time by NTP';
