import { type Allowance, type Instant, NEVER, type OperatingHoursPolicy } from '../../src/policy/index.ts';

/** Stretches that are joined in one answer at most: a longer sameness is told in parts. */
const MOST_STRETCHES = 24;

/**
 * A policy from a function that says how many blocks are wanted and until when it looked. Stretches that want the same
 * number are joined, so that `until` is the next change: who looks at what is wanted next sees the change, and not an edge
 * of a part that was hidden behind another.
 */
export const joined = (stretchAt: (now: Instant) => Allowance): OperatingHoursPolicy => ({
  allowedAt(now) {
    const { blocks, until: first } = stretchAt(now);
    let until = first;
    for (let stretches = 1; stretches < MOST_STRETCHES && until < NEVER; stretches += 1) {
      const next = stretchAt(until);
      if (next.blocks !== blocks) break;
      until = next.until;
    }
    return { blocks, until };
  },
});
