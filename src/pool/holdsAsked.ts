import type { BlockView } from '../block/block.ts';
import type { Effect } from '../domain/effects.ts';
import type { Workload } from '../domain/facts.ts';
import { after, type Instant, NEVER } from '../domain/time.ts';
import type { Quantiles } from '../policy/observed.ts';
import { type Branch, chosen } from './blocks/branch.ts';
import { type Holding, holding, holdsFor } from './holds.ts';
import type { PoolMemory } from './memory.ts';
import type { PoolSpec } from './pool.ts';
import { ARRIVES } from './supplies.ts';

/** What jobs may be held for. */
export interface Awaited {
  readonly spec: PoolSpec;
  readonly arriving: readonly BlockView[];
  /** How many blocks are opened in this very turn: jobs are held for them before EC2 is asked. */
  readonly opened: number;
  readonly boots: Quantiles | undefined;
  readonly now: Instant;
}

/** Whether no job waits and none is held, as was asked for last: there is nothing to ask for, and no time at which there will be. */
export const holdsNothing = (before: Holding | null, { waiting, held }: Workload): boolean =>
  waiting === 0 && held === 0 && (before === null || (before.holds.length === 0 && before.failedAt === NEVER));

/** Holds the jobs that a block on its way will take: what is asked for now, if anything is, and when to look again. */
export function holdsAsked(
  { workload: seen, holding: before }: PoolMemory,
  workload: Workload,
  { spec, arriving, opened, boots, now }: Awaited,
): { readonly effect: Effect | undefined; readonly holding: Holding | null; readonly wakeAt: Instant } {
  const opening = Array.from({ length: opened }, () => ({
    lease: null,
    deadlineAt: after(now, spec.timeouts.launchMs),
  }));
  const holds = holdsFor(workload, [...arriving, ...opening], spec, boots, now);
  return holding(before, holds, workload, { pool: spec.name, takenAt: seen?.takenAt ?? now, boots, now });
}

/** The blocks on their way that stay. */
export const arrivingIn = (root: Branch, retiring: ReadonlyMap<BlockView, unknown>): readonly BlockView[] =>
  chosen(root, ({ supply, serving }) => supply > serving)
    .map(({ view }) => view)
    .filter((view) => ARRIVES[view.state] && !retiring.has(view));
