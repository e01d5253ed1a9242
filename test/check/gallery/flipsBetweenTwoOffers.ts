import { z } from 'zod';
import { definePolicy } from '../../../src/policy/index.ts';

/** Takes turns between the two best offers, whoever asks. */
let turn = 0;

export default definePolicy({
  slot: 'purchase',
  name: 'flipsBetweenTwoOffers',
  about: 'Takes turns between the two best offers, whoever asks.',
  options: z.strictObject({}),
  create: () => ({
    rank(offers) {
      turn = 1 - turn;
      const [first, second, ...rest] = offers.toSorted(
        (a, b) => a.usdPerHour - b.usdPerHour || (a.zone < b.zone ? -1 : 1),
      );
      if (first === undefined || second === undefined) return first === undefined ? [] : [first];
      return turn === 0 ? [first, second, ...rest] : [second, first, ...rest];
    },
  }),
});
