import type { Workload } from '../../domain/facts.ts';
import type { Branch } from './branch.ts';

/** The jobs on blocks that count for what is wanted. */
export interface JobsOnSupply {
  readonly running: number;
  /** How many of the blocks that serve have one. */
  readonly busy: number;
}

type OnBlocks = Workload['onBlocks'];

interface Known extends JobsOnSupply {
  readonly onBlocks: OnBlocks;
}

// A branch never changes, and is asked about again for the same look at the jobs whenever a block elsewhere has changed.
const known = new WeakMap<Branch, Known>();

/** By one look at the jobs. For the next look each block is counted anew; for another block, the branches from the root to it. */
export function jobsOnSupply(branch: Branch, onBlocks: OnBlocks): JobsOnSupply {
  const before = known.get(branch);
  if (before !== undefined && before.onBlocks === onBlocks) return before;
  let running = 0;
  let busy = 0;
  for (const child of branch.children) {
    if (child === null || child.supply === 0) continue;
    if ('children' in child) {
      const below = jobsOnSupply(child, onBlocks);
      running += below.running;
      busy += below.busy;
    } else {
      const jobs = onBlocks[child.view.id] ?? 0;
      running += jobs;
      if (jobs > 0 && child.countsAs === 'serving') busy += 1;
    }
  }
  const found: Known = { onBlocks, running, busy };
  known.set(branch, found);
  return found;
}
