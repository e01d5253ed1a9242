import { z } from 'zod';
import { definePolicy, minutes, type RenewalTimes } from '../../../src/policy/index.ts';

/** Remembers times by slot, and gives the next tenant of the slot those of the one before. */
const known = new Map<number, RenewalTimes>();

export default definePolicy({
  slot: 'renewal',
  name: 'remembersTheSlot',
  about: 'Remembers times by slot, and gives the next tenant of the slot those of the one before.',
  options: z.strictObject({}),
  create: () => ({
    timesFor({ lease, slot }) {
      const before = known.get(slot);
      if (before !== undefined) return before;
      const endBy = Math.min(lease.expiresAt, lease.hardEndAt);
      const times = { relieveAt: endBy - minutes(35), drainAt: endBy - minutes(30), endBy };
      known.set(slot, times);
      return times;
    },
  }),
});
