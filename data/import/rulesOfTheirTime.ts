import { PER_SECOND_SINCE } from '../../sim/market/billing.ts';
import { type Instant, isoOf } from '../../src/domain/time.ts';
import type { PriceHistory } from '../records/prices/history.ts';
import type { Target } from './target.ts';

/** EC2 stopped interrupting by price when it made prices smooth, at the end of November 2017. */
const SMOOTH_PRICES_FROM: Instant = new Date('2017-12-01T00:00:00Z').getTime();

/** A scenario's billing rule. */
export type Billing = NonNullable<Target['text']['billing']>;

const INTERRUPT = 'interrupt: a spot price above the on-demand price takes the instance, as a bid at that price would';
const BILLED = {
  'hour-start': 'are billed by started hours, as EC2 billed before October 2017',
  'per-second': 'are billed by the second, as EC2 has billed since October 2017',
} as const;

/**
 * Gives a scenario the rules by which EC2 interrupted and billed when its prices were recorded, unless it has its own. They
 * are written down where the prices may be laid on a year that had others. What an earlier import wrote goes with the prices
 * it was written for: its sentence in `composed` tells it from what people wrote.
 *
 * @param prices at their recorded instants
 */
export function rulesOfTheirTime(
  { text, untouched, scenarioFile }: Target,
  prices: PriceHistory,
): { readonly sentences: readonly string[]; readonly notes: readonly string[]; readonly billing: Billing } {
  const { from: first = SMOOTH_PRICES_FROM, until: last = SMOOTH_PRICES_FROM } = prices.span() ?? {};
  const billing = last < PER_SECOND_SINCE ? 'hour-start' : 'per-second';
  // The window is moved to the first recording, and by itself it bills as in its own time.
  const isOldWindow = !untouched && text.from < PER_SECOND_SINCE;
  const isWritten = billing === 'hour-start' || isOldWindow;

  const sentences: string[] = [];
  const notes: string[] = [];
  const put = (
    path: readonly [string, ...string[]],
    is: string | number | undefined,
    was: string | number | undefined,
    says: readonly string[],
  ): boolean => {
    const [ending = ''] = says;
    const sentence = `prices of ${isoOf(first).slice(0, 4)} ${ending}`;
    const isOurs = text.composed.some((one) => one.startsWith('prices of ') && says.some((end) => one.endsWith(end)));
    if (is !== undefined && !isOurs) {
      if (was !== undefined && was !== is)
        notes.push(`${path.join('.')} stays ${is}, as the scenario says: ${sentence}`);
    } else if (was !== undefined) {
      scenarioFile.set(path, was);
      sentences.push(sentence);
    } else if (is !== undefined) scenarioFile.remove(path);
    return is === undefined || isOurs;
  };
  put(['market', 'interruptAbove'], text.market.interruptAbove, first < SMOOTH_PRICES_FROM ? 1 : undefined, [
    INTERRUPT,
  ]);
  const written = isWritten ? billing : undefined;
  const isOfTheirTime = put(['billing'], text.billing, written, [BILLED[billing], ...Object.values(BILLED)]);
  return { sentences, notes, billing: (isOfTheirTime ? written : text.billing) ?? 'per-second' };
}
