import { type Instant, type Millis, minutes } from '../../../src/domain/time.ts';
import { TINY } from '../bound/question.ts';
import { reclaimAfter } from '../bound/tracks.ts';
import type { Chain } from './chains.ts';
import { lifeOf, type Prospect } from './plan.ts';
import { allFit, roomsOf } from './rooms.ts';

/** A machine while jobs are put on it and taken off. */
export interface Bin extends Chain {
  readonly track: number;
  /** Ascending, which is the order of their starts. */
  readonly jobs: readonly number[];
  readonly boughtAt: Instant;
  readonly endsAt: Instant;
  /** What a machine held since the beginning has cost by then, in USD. */
  readonly paidByBuy: number;
  readonly paidByEnd: number;
}

/** Machines with jobs on them, and what it would cost to put another there. Whatever they are, they can be bought and held. */
export class Bins {
  readonly all: Bin[] = [];
  private readonly plan: Prospect;
  private readonly countedIn: readonly (string | undefined)[];
  /** No job lasts longer. */
  private readonly longestMs: Millis;
  /** Machines by the stretch of time that they have lived in: a superset. */
  private readonly near = new Map<number, Set<number>>();

  constructor(plan: Prospect) {
    this.plan = plan;
    this.countedIn = roomsOf(plan).countedIn;
    this.longestMs = plan.jobs.reduce((most, { startsAt, endsAt }) => Math.max(most, endsAt - startsAt), 0);
  }

  /** The machine in which a job would cost least, and less than some USD; it is put nowhere yet. */
  cheapestFor(job: number, below: number, except?: number): { readonly bin: number; readonly usd: number } | undefined {
    let best: { bin: number; usd: number } | undefined;
    for (const bin of this.livingIn(this.plan.buysAt[job]!, this.plan.jobs[job]!.endsAt)) {
      if (bin === except) continue;
      const usd = this.costOf(this.all[bin]!, job);
      if (usd < (best?.usd ?? below) && this.holdsBeside(this.all[bin]!, job) && this.findsRoom(bin, job))
        best = { bin, usd };
    }
    return best;
  }

  /** The cheapest machine of its own for a job; undefined if none can be had. */
  cheapestNew(job: number): Bin | undefined {
    let best: Bin | undefined;
    for (let track = 0; track < this.plan.tracks.length; track += 1) {
      if (this.plan.mayOpen[this.pairOf(job, track)] === 0) continue;
      const bin = this.binOf(track, [job]);
      if (best !== undefined && usdOf(bin) >= usdOf(best)) continue;
      this.all.push(bin);
      if (this.findsRoom(this.all.length - 1, job)) best = bin;
      this.all.pop();
    }
    return best;
  }

  add(bin: Bin): void {
    this.set(this.all.length, bin);
  }

  put(bin: number, job: number): void {
    this.set(bin, this.withJob(this.all[bin]!, job));
  }

  /** A machine as it would be without a job; undefined if it could not have been bought for the job that is first then. */
  without(bin: number, job: number): Bin | undefined {
    const { track, jobs } = this.all[bin]!;
    const rest = jobs.filter((other) => other !== job);
    const [first] = rest;
    return first !== undefined && this.plan.mayOpen[this.pairOf(first, track)] === 0
      ? undefined
      : this.binOf(track, rest);
  }

  set(place: number, bin: Bin): void {
    this.all[place] = bin;
    for (const part of this.partsOf(bin.boughtAt, bin.endsAt)) {
      const known = this.near.get(part);
      if (known === undefined) this.near.set(part, new Set([place]));
      else known.add(place);
    }
  }

  private *livingIn(from: Instant, until: Instant): Iterable<number> {
    const seen = new Set<number>();
    for (const part of this.partsOf(from, until))
      for (const bin of this.near.get(part) ?? []) {
        const { boughtAt, endsAt } = this.all[bin]!;
        if (boughtAt > until || endsAt < from || seen.has(bin)) continue;
        seen.add(bin);
        yield bin;
      }
  }

  private *partsOf(from: Instant, until: Instant): Iterable<number> {
    for (let part = Math.floor(from / PART_MS); part <= Math.floor(until / PART_MS); part += 1) yield part;
  }

  /** USD that a machine costs more with the job; Infinity if it may not run it, or could not live as long. */
  private costOf(bin: Bin, job: number): number {
    const { plan } = this;
    const { track } = bin;
    const pair = this.pairOf(job, track);
    const isFirst = job < bin.jobs[0]!;
    if ((isFirst ? plan.mayOpen : plan.mayFollow)[pair] === 0) return Infinity;
    const { endsAt } = plan.jobs[job]!;
    if (!isFirst && endsAt <= bin.endsAt) return 0;
    const boughtAt = isFirst ? plan.buysAt[job]! : bin.boughtAt;
    const lastEnd = Math.max(bin.endsAt, endsAt);
    const goneAt = reclaimAfter(plan.tracks[track]!, boughtAt);
    if (goneAt < lastEnd || lastEnd - boughtAt > lifeOf(plan.tracks[track]!)) return Infinity;
    const paidByEnd = endsAt > bin.endsAt ? plan.paidAtEnd[pair]! : bin.paidByEnd;
    return paidByEnd - (isFirst ? plan.paidAtBuy[pair]! : bin.paidByBuy) - usdOf(bin);
  }

  /** Whether there is space for the job beside those that run while it does. */
  private holdsBeside({ track, jobs: own }: Bin, job: number): boolean {
    const { jobs, tracks } = this.plan;
    const { startsAt, endsAt } = jobs[job]!;
    const beside = this.overlapping(own, startsAt, endsAt);
    const { capacity } = tracks[track]!.machine;
    // What runs is most at one of the starts.
    return [job, ...beside].every((peak) => {
      const at = Math.max(startsAt, jobs[peak]!.startsAt);
      return capacity.every((size, dimension) => {
        let taken = jobs[job]!.job.requests[dimension] ?? 0;
        for (const other of beside)
          if (jobs[other]!.startsAt <= at && jobs[other]!.endsAt > at)
            taken += jobs[other]!.job.requests[dimension] ?? 0;
        return taken <= size + TINY;
      });
    });
  }

  /** The jobs of a machine that run at some time within a stretch, in the order of their starts. */
  private overlapping(own: readonly number[], from: Instant, until: Instant): readonly number[] {
    const { jobs } = this.plan;
    const found: number[] = [];
    // From those that start last on; what started longer ago than any job lasts is over.
    for (let index = startingBefore(this.plan, own, until) - 1; index >= 0; index -= 1) {
      const { startsAt, endsAt } = jobs[own[index]!]!;
      if (startsAt + this.longestMs <= from) break;
      if (endsAt > from) found.push(own[index]!);
    }
    return found.reverse();
  }

  /** Whether all machines that draw on the same spare capacity would find room with this job added to one of them. */
  private findsRoom(place: number, job: number): boolean {
    const counted = this.countedIn[this.all[place]!.track];
    if (counted === undefined) return true;
    // Only purchases within the life of the changed machine can come to lack room, and only for machines that live then too.
    const changed = this.withJob(this.all[place]!, job);
    const spans = [changed];
    for (const other of this.livingIn(changed.boughtAt, changed.endsAt))
      if (other !== place && this.countedIn[this.all[other]!.track] === counted) spans.push(this.all[other]!);
    return allFit(this.plan, spans);
  }

  private withJob({ track, jobs }: Bin, job: number): Bin {
    if (jobs.includes(job)) return this.binOf(track, jobs);
    const at = jobs.findIndex((other) => other > job);
    return this.binOf(track, at < 0 ? [...jobs, job] : jobs.toSpliced(at, 0, job));
  }

  private binOf(track: number, jobs: readonly number[]): Bin {
    const { plan } = this;
    const [first] = jobs;
    if (first === undefined) return { track, jobs, boughtAt: Infinity, endsAt: -Infinity, paidByBuy: 0, paidByEnd: 0 };
    const last = lastOf(plan, jobs);
    return {
      track,
      jobs,
      boughtAt: plan.buysAt[first]!,
      endsAt: plan.jobs[last]!.endsAt,
      paidByBuy: plan.paidAtBuy[this.pairOf(first, track)]!,
      paidByEnd: plan.paidAtEnd[this.pairOf(last, track)]!,
    };
  }

  private pairOf(job: number, track: number): number {
    return job * this.plan.tracks.length + track;
  }
}

/** How many of some jobs start before an instant. @param own in the order of their starts */
function startingBefore({ jobs }: Prospect, own: readonly number[], until: Instant): number {
  let [low, high] = [0, own.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (jobs[own[middle]!]!.startsAt < until) low = middle + 1;
    else high = middle;
  }
  return low;
}

const PART_MS = minutes(10);

export const usdOf = ({ paidByBuy, paidByEnd }: Bin): number => paidByEnd - paidByBuy;

/** The job that ends last. */
export const lastOf = ({ jobs }: Prospect, own: readonly number[]): number =>
  own.reduce((last, job) => (jobs[job]!.endsAt > jobs[last]!.endsAt ? job : last));
