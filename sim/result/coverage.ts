import type { Instant } from '../../src/domain/time.ts';
import type { OperatingHoursPolicy } from '../../src/policy/operatingHours.ts';
import type { Pool } from '../../src/pool/pool.ts';
import type { ValueFrom } from '../outcome.ts';
import type { Counts } from '../world/simulatedWorld.ts';
import type { Wants } from './wants.ts';

/** More edges than this in one run are a policy that does not advance, not operating hours. */
const MOST_EDGES = 100_000;

/** What operating hours allow as steps over [from, until); a policy that throws or does not advance counts as allowing nothing. */
export function wantedBy(policy: OperatingHoursPolicy, from: Instant, until: Instant): readonly ValueFrom[] {
  const steps: ValueFrom[] = [];
  let at = from;
  try {
    while (at < until && steps.length < MOST_EDGES) {
      const { blocks, until: next } = policy.allowedAt(at);
      steps.push({ at, value: blocks });
      if (!(next > at)) break;
      at = next;
    }
  } catch {
    // The keeper has reported it as a fault of the policy; here it only means that no more is known.
  }
  return steps;
}

/**
 * What a pool's blocks are measured against over [from, until): where its scaling looks at jobs, what that wanted, as a run has
 * written it down (`wants`); else what its hours allow.
 */
export const demandOf = (
  { spec, policies }: Pool,
  wants: Wants | undefined,
  from: Instant,
  until: Instant,
): readonly ValueFrom[] =>
  (policies.scaling.ignoresJobs === true ? undefined : wants?.of(spec.name)) ??
  wantedBy(policies.operatingHours, from, until);

/** Several step functions added up. */
export function added(all: readonly (readonly ValueFrom[])[]): readonly ValueFrom[] {
  const instants = [...new Set(all.flatMap((steps) => steps.map(({ at }) => at)))].sort((a, b) => a - b);
  return instants.map((at) => ({ at, value: all.reduce((sum, steps) => sum + valueAt(steps, at), 0) }));
}

/** Blocks wanted but not serving, pool by pool, integrated over the run, in block-hours. `demandOf` says what is wanted. */
export function uncoveredBlockHours(
  pools: readonly Pool[],
  counts: Counts,
  from: Instant,
  until: Instant,
  wants?: Wants,
): number {
  let missingMs = 0;
  for (const pool of pools) {
    const { spec } = pool;
    const wanted = demandOf(pool, wants, from, until);
    const column = counts.serving(spec.name);
    let index = 0;
    let serving = 0;
    let at = wanted[0]?.at ?? from;
    const pass = (to: Instant, blocks: number): void => {
      missingMs += Math.max(0, Math.min(blocks, spec.maxBlocks) - serving) * (to - at);
      at = to;
    };
    for (const [place, { value }] of wanted.entries()) {
      const edge = wanted[place + 1]?.at ?? until;
      for (; index < counts.length && counts.at[index]! < edge; index += 1) {
        if (counts.at[index]! > at) pass(counts.at[index]!, value);
        serving = column?.[index] ?? 0;
      }
      pass(edge, value);
    }
  }
  return missingMs / 3_600_000;
}

/** What steps stand at; 0 before the first. */
export function valueAt(steps: readonly ValueFrom[], at: Instant): number {
  let value = 0;
  for (const step of steps) {
    if (step.at > at) break;
    value = step.value;
  }
  return value;
}
