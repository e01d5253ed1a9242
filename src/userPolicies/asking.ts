import type { PolicySlot, PolicySlots } from '../policy/definePolicy.ts';
import { type Reads, readAgain, readWhole } from '../policy/shown/reads.ts';
import { plainOf } from '../policy/shown/tracked.ts';
import { offersAt } from '../pool/ask.ts';
import type { RequestOf, Values, WithReads } from './protocol.ts';

/** Asks one policy, which goes by the id that the request is made with. @throws PolicyFault where there is no answer. */
export type Ask = <Type extends 'allowedAt' | 'wantedNow' | 'timesFor' | 'rank'>(
  request: (id: number) => RequestOf<Type>,
) => Values[Type];

/**
 * Policies that ask another one elsewhere, by slot. What is sent is the plain question, since no watch passes from thread to
 * thread, and it is made anew and watched there; what the policy read there is then read here as well, so that its answer is kept as any other.
 */
export const asking: { readonly [Slot in PolicySlot]: (ask: Ask) => PolicySlots[Slot] } = {
  operatingHours: (ask) => ({ allowedAt: (now) => ask<'allowedAt'>((id) => ({ type: 'allowedAt', id, now })) }),
  scaling: (ask) => ({
    wantedNow: (question) => {
      const sent = plainOf(question);
      return heard(
        ask<'wantedNow'>((id) => ({ type: 'wantedNow', id, question: sent })),
        question,
      );
    },
  }),
  renewal: (ask) => ({
    timesFor: (question) => {
      const sent = plainOf(question);
      return heard(
        ask<'timesFor'>((id) => ({ type: 'timesFor', id, question: sent })),
        question,
      );
    },
  }),
  purchase: (ask) => ({
    rank: (offers, need) => {
      const question = { offers, need };
      const sent = plainOf(question);
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
  // Known: the thread sends what it made of `Reads`, and no code of a policy has a part in it.
  else readAgain(JSON.parse(reads) as Reads, question);
  return answer;
}
