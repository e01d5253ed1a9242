import type { Job } from './job.ts';
import type { JobKind } from './sizes.ts';

/**
 * The jobs that wait, in the order in which they came, in one lane for each kind: where one job of a kind finds no room, no
 * other of that kind will, and kube-scheduler goes on with the others.
 */
export class JobQueue {
  private readonly lanes: Lane[] = [];
  private tickets = 0;
  private count = 0;

  get length(): number {
    return this.count;
  }

  push(job: Job): void {
    let lane = this.lanes.find(({ kind }) => kind === job.kind);
    if (lane === undefined) {
      lane = { kind: job.kind, jobs: [], isStuck: false };
      this.lanes.push(lane);
    }
    job.ticket = this.tickets++;
    lane.jobs.push(job);
    this.count += 1;
  }

  /**
   * Offers the jobs to someone who takes them or not, each kind until one is not taken. A kind of which none was taken is not offered
   * again before `room` says that there may be more room.
   */
  offer(take: (job: Job) => boolean): void {
    for (let lane = this.next(); lane !== undefined; lane = this.next()) {
      if (take(lane.jobs[0]!)) {
        lane.jobs.shift();
        this.count -= 1;
      } else lane.isStuck = true;
    }
  }

  /** There may be more room than there was. */
  room(): void {
    for (const lane of this.lanes) lane.isStuck = false;
  }

  /** Everything that waits, first come first. */
  inOrder(): readonly Job[] {
    const [first, ...others] = this.lanes;
    if (first === undefined) return [];
    if (others.length === 0) return first.jobs;
    return this.lanes.flatMap(({ jobs }) => jobs).sort((a, b) => a.ticket - b.ticket);
  }

  /** What waits and may run on a block, first come first. */
  forBlocks(): readonly Job[] {
    const [first, ...others] = this.lanes;
    if (this.count === 0 || first === undefined) return NONE;
    if (others.length === 0) return first.kind.onBlocks ? first.jobs : NONE;
    return this.inOrder().filter(({ kind }) => kind.onBlocks);
  }

  private next(): Lane | undefined {
    let best: Lane | undefined;
    for (const lane of this.lanes)
      if (!lane.isStuck && lane.jobs.length > 0 && (best === undefined || lane.jobs[0]!.ticket < best.jobs[0]!.ticket))
        best = lane;
    return best;
  }
}

const NONE: readonly Job[] = [];

interface Lane {
  readonly kind: JobKind;
  readonly jobs: Job[];
  isStuck: boolean;
}
