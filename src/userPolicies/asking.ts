import type { PolicySlot, PolicySlots } from '../policy/definePolicy.ts';
import { purchaseCopy, renewalCopy } from '../policy/shown/copies.ts';
import { readAgain, readWhole } from '../policy/shown/reads.ts';
import { plainOf } from '../policy/shown/tracked.ts';
import { offersAt } from '../pool/ask.ts';
import type { RequestOf, Values, WithReads } from './protocol.ts';

/** Asks one policy, which goes by the id that the request is made with. @throws PolicyFault where there is no answer. */
export type Ask = <Type extends 'demandAt' | 'timesFor' | 'rank'>(
  request: (id: number) => RequestOf<Type>,
) => Values[Type];

/**
 * Policies that ask another one elsewhere, by slot. What is sent is the plain question, since no watch passes from thread to
 * thread; what the policy read there is then read here as well, so that its answer is kept as any other.
 */
export const asking: { readonly [Slot in PolicySlot]: (ask: Ask) => PolicySlots[Slot] } = {
  operatingHours: (ask) => ({ demandAt: (now) => ask<'demandAt'>((id) => ({ type: 'demandAt', id, now })) }),
  renewal: (ask) => ({
    timesFor: (question) => {
      const sent = renewalCopy(plainOf(question));
      return heard(
        ask<'timesFor'>((id) => ({ type: 'timesFor', id, question: sent })),
        question,
      );
    },
  }),
  purchase: (ask) => ({
    rank: (offers, need) => {
      const question = { offers, need };
      const sent = purchaseCopy(plainOf(question));
      const places = heard(
        ask<'rank'>((id) => ({ type: 'rank', id, question: sent })),
        question,
      );
      const ranked = offersAt(places, offers);
      return places.until === undefined ? ranked : { ranked, until: places.until };
    },
  }),
};

function heard<Answer>({ answer, reads }: WithReads<Answer>, question: object): Answer {
  if (reads === undefined) readWhole(question);
  else readAgain(reads, question);
  return answer;
}
