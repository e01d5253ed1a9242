import type { PolicySlot, PolicySlots } from '../policy/definePolicy.ts';
import type { RequestOf, Values } from './protocol.ts';

/** Asks one policy, which goes by the id that the request is made with. @throws PolicyFault where there is no answer. */
export type Ask = <Type extends 'demandAt' | 'timesFor' | 'rank'>(
  request: (id: number) => RequestOf<Type>,
) => Values[Type];

/** Policies that ask another one elsewhere, by slot. */
export const asking: { readonly [Slot in PolicySlot]: (ask: Ask) => PolicySlots[Slot] } = {
  operatingHours: (ask) => ({ demandAt: (now) => ask<'demandAt'>((id) => ({ type: 'demandAt', id, now })) }),
  renewal: (ask) => ({
    timesFor: ({ spec: { leaseMs, surge, overrunMs }, ...question }) =>
      // The pool's whole specification may be at hand; only what a policy may know of it is sent.
      ask<'timesFor'>((id) => ({
        type: 'timesFor',
        id,
        question: { ...question, spec: { leaseMs, surge, overrunMs } },
      })),
  }),
  purchase: (ask) => ({
    rank: (offers, need) =>
      ask<'rank'>((id) => ({ type: 'rank', id, offers, need }))
        .map((place) => offers[place])
        .filter((offer) => offer !== undefined),
  }),
};
