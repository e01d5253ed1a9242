import { type Allowance, type Instant, NEVER, type OperatingHoursPolicy } from '../../src/policy/index.ts';

/** Stretches that are joined in one answer at most, those of nested parts one by one: a longer sameness is told in parts. */
const MOST_STRETCHES = 48;

/** Under which a joined policy gives its stretches one by one. */
const STRETCH = Symbol('stretch');

type StretchAt = (now: Instant) => Allowance;

/**
 * A policy from a function that says how many blocks are wanted and until when it looked. Stretches that want the same
 * number are joined, so that `until` is the next change: who looks at what is wanted next sees the change, and not an edge
 * of a part that was hidden behind another. Parts are to be asked by `stretchOf`.
 */
export const joined = (stretchAt: StretchAt): OperatingHoursPolicy => {
  const policy: Joined = {
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
    [STRETCH]: stretchAt,
  };
  return policy;
};

interface Joined extends OperatingHoursPolicy {
  readonly [STRETCH]?: StretchAt;
}

/**
 * What a part of a joined policy wants, as far as it looked. A part that is joined itself must not join first: each level would ask
 * the one below it as often as all above it together.
 */
export function stretchOf(part: OperatingHoursPolicy): StretchAt {
  const { [STRETCH]: own }: Joined = part;
  return own ?? ((now) => part.allowedAt(now));
}
