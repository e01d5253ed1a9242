import { BoughtFor } from '../../src/domain/boughtFor.ts';
import { type Effect, jobsHeld } from '../../src/domain/effects.ts';
import { after, type Instant } from '../../src/domain/time.ts';
import type { Draws } from '../chance/draw.ts';
import { ln } from '../chance/maths.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { HoldSettings } from '../scenario/scenario.ts';
import type { Job } from './job.ts';

type HoldJobs = Extract<Effect, { readonly type: 'holdJobs' }>;

/** The standard normal's 99th percentile. */
const P99 = 2.326;

/** The annotations that the keeper puts on pods, each a patch of its own that takes its time. */
export class Holding {
  private patches = 0;
  private readonly bought = new Map<string, BoughtFor>();
  private readonly parts: {
    readonly kernel: Kernel;
    readonly draws: Draws;
    readonly settings: HoldSettings;
    /** The jobs that count as waiting for a pool, first come first. */
    readonly waitingFor: (pool: string) => readonly Job[];
    /** Pods bear other holds than before. */
    readonly changed: () => void;
  };

  constructor(parts: Holding['parts']) {
    this.parts = parts;
  }

  /** Holds the oldest of a pool's waiting jobs until the instants that are asked for, and releases its others. */
  hold({ pool, holds, mostMs, boughtMs }: HoldJobs): void {
    let turn = 0;
    let left = holds[0]?.jobs ?? 0;
    const waiting = this.parts.waitingFor(pool);
    const bought = boughtMs === undefined ? undefined : this.boughtFor(pool, waiting, jobsHeld(holds));
    for (const job of waiting) {
      while (left === 0 && turn < holds.length) left = holds[++turn]?.jobs ?? 0;
      const until = holds[turn]?.until ?? bought?.dueAt(job.job, boughtMs ?? 0, this.parts.kernel.now);
      left -= 1;
      if (until === undefined) {
        this.patch(job, undefined);
        continue;
      }
      const most = Math.min(until, after(job.waitingSince ?? 0, mostMs));
      // One that is held for longer already is left as it is.
      if ((job.askedUntil ?? 0) < most) this.patch(job, most);
    }
  }

  private boughtFor(pool: string, waiting: readonly Job[], held: number): BoughtFor {
    const bought = this.bought.get(pool) ?? new BoughtFor();
    this.bought.set(pool, bought);
    const forBlocks = new Set(waiting.slice(0, held).map(({ job }) => job));
    const others = waiting.slice(held).map(({ job, delayedUntil }) => ({ id: job, freeAt: delayedUntil }));
    bought.look(forBlocks, others, this.parts.kernel.now);
    return bought;
  }

  private patch(job: Job, heldUntil: Instant | undefined): void {
    if (job.askedUntil === heldUntil) return;
    job.askedUntil = heldUntil;
    const { kernel, draws, settings, changed } = this.parts;
    const { waitingSince } = job;
    // What was asked for last stands, however long each patch takes.
    const patch = this.patches++;
    job.patch = patch;
    kernel.schedule(after(kernel.now, latencyOf(draws, settings, patch)), () => {
      if (job.waitingSince !== waitingSince || job.patch !== patch) return;
      job.heldUntil = heldUntil;
      changed();
    });
  }
}

function latencyOf(draws: Draws, { latencyMs: { median, p99 } }: HoldSettings, patch: number): number {
  return Math.round(draws.logNormal('holds.latency', 'patch', patch, { median, sigma: ln(p99 / median) / P99 }));
}
