import { historyOf } from '../../data/records/prices/history.ts';
import { ALWAYS, type Instant, latest } from '../../src/domain/time.ts';
import { PER_SECOND_SINCE } from '../market/billing.ts';
import type { Parts } from './parts.ts';
import type { BillingRule } from './scenario.ts';

/** The billing rule of a scenario, and why it is that one where the dates of the recording chose it and it is not today's. */
export function billingOf({ text, prices }: Pick<Parts, 'text' | 'prices'>): {
  readonly rule: BillingRule;
  readonly because?: string;
} {
  if (text.billing !== undefined) return { rule: text.billing };
  // Prices count up to the end of the window; what was recorded of a week has the dates of that week.
  let recordedAt = ALWAYS;
  for (const { product, at } of historyOf(prices).series)
    if (product === text.market.product)
      recordedAt = latest(recordedAt, at.findLast((one) => one < text.until) ?? ALWAYS);
  const isRecorded = recordedAt > ALWAYS;
  const at = isRecorded ? recordedAt : text.from;
  if (at >= PER_SECOND_SINCE) return { rule: 'per-second' };
  const when = `${isRecorded ? 'the prices were recorded' : 'the window begins'} in ${monthOf(at)}`;
  return { rule: 'hour-start', because: `billing: hour-start, as EC2 billed before October 2017: ${when}` };
}

/** `March 2016`. */
const monthOf = (at: Instant): string =>
  new Intl.DateTimeFormat('en', { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(at);
