import type { JobRow } from '../../data/records/rows.ts';
import { ALWAYS, type Instant, type Millis } from '../../src/domain/time.ts';
import { instantIn, JobColumns, type RanOn } from './jobs.ts';
import type { JobKind } from './sizes.ts';

/** A job as it fares in the cluster: a place in the columns of all jobs. */
export class Job implements Omit<JobRow, 'class'> {
  readonly kind: JobKind;
  private readonly row: JobRow;
  private readonly columns: JobColumns;
  private readonly place: number;

  constructor(row: JobRow, kind: JobKind, columns: JobColumns) {
    this.kind = kind;
    this.row = row;
    this.columns = columns;
    this.place = columns.add();
    columns.delayedUntil[this.place] = ALWAYS;
  }

  get job(): string {
    return this.row.job;
  }

  get queuedAt(): Instant {
    return this.row.queuedAt;
  }

  get durationMs(): Millis {
    return this.row.durationMs;
  }

  /** Undefined where the scenario does not say. */
  get class(): string | undefined {
    return this.row.class;
  }

  /** First start; undefined while it has never run. */
  get startedAt(): Instant | undefined {
    return instantIn(this.columns.startedAt, this.place);
  }

  /** Where it last started. */
  get ranOn(): RanOn {
    return this.columns.ranOn(this.place);
  }

  /** Times that it lost its node. */
  get killed(): number {
    return this.columns.killed[this.place]!;
  }

  set killed(times: number) {
    this.columns.killed[this.place] = times;
  }

  /** Since when it waits to run; undefined while it runs, and once it has finished or was given up. */
  get waitingSince(): Instant | undefined {
    return instantIn(this.columns.waitingSince, this.place);
  }

  set waitingSince(at: Instant | undefined) {
    this.columns.waitingSince[this.place] = at ?? Number.NaN;
  }

  /** Until when the autoscaler buys nothing for it: as it was created, and as the keeper holds it; ALWAYS where it may at once. */
  get delayedUntil(): Instant {
    return this.columns.delayedUntil[this.place]!;
  }

  set delayedUntil(at: Instant) {
    this.columns.delayedUntil[this.place] = at;
  }

  /** Until when the keeper holds it; undefined while it does not. */
  get heldUntil(): Instant | undefined {
    return instantIn(this.columns.heldUntil, this.place);
  }

  set heldUntil(at: Instant | undefined) {
    this.columns.heldUntil[this.place] = at ?? Number.NaN;
  }

  /** The last patch of its hold that was asked for. */
  get patch(): number {
    return this.columns.patch[this.place]!;
  }

  set patch(patch: number) {
    this.columns.patch[this.place] = patch;
  }

  /** What that patch asks for. */
  get askedUntil(): Instant | undefined {
    return instantIn(this.columns.askedUntil, this.place);
  }

  set askedUntil(at: Instant | undefined) {
    this.columns.askedUntil[this.place] = at ?? Number.NaN;
  }

  /** Its place among those that wait: what was queued first has the lowest. */
  get ticket(): number {
    return this.columns.ticket[this.place]!;
  }

  set ticket(ticket: number) {
    this.columns.ticket[this.place] = ticket;
  }

  /** Since when it runs; undefined while it does not. */
  get runningSince(): Instant | undefined {
    return instantIn(this.columns.runningSince, this.place);
  }

  /** How long it waited before the starts that it has had, reruns included. */
  get queuedMs(): Millis {
    return this.columns.queuedMs[this.place]!;
  }

  /** How long it ran on nodes that it lost or has finished on. */
  get ranMs(): Millis {
    return this.columns.ranMs[this.place]!;
  }

  /** The part of it that was on blocks. */
  get ranOnBlocksMs(): Millis {
    return this.columns.ranOnBlocksMs[this.place]!;
  }

  get finishedAt(): Instant | undefined {
    return instantIn(this.columns.finishedAt, this.place);
  }

  set finishedAt(at: Instant | undefined) {
    this.columns.finishedAt[this.place] = at ?? Number.NaN;
  }

  /** It has a node, from now on. */
  start(now: Instant, ranOn: RanOn): void {
    const { columns, place } = this;
    const { startedAt, waitingSince, queuedMs } = columns;
    if (instantIn(startedAt, place) === undefined) startedAt[place] = now;
    queuedMs[place]! += now - (instantIn(waitingSince, place) ?? now);
    waitingSince[place] = Number.NaN;
    columns.heldUntil[place] = Number.NaN;
    columns.askedUntil[place] = Number.NaN;
    columns.runningSince[place] = now;
    columns.noteRanOn(place, ranOn);
  }

  /** It runs no longer: it has finished, or lost its node. */
  stop(now: Instant): void {
    const { columns, place } = this;
    const ranMs = now - (this.runningSince ?? now);
    columns.ranMs[place]! += ranMs;
    if (this.ranOn === 'block') columns.ranOnBlocksMs[place]! += ranMs;
    columns.runningSince[place] = Number.NaN;
  }
}

/** Who took a node away from under a job: EC2 by an interruption, the keeper, or the end of a spot block's own time. */
export type KilledBy = 'aws' | 'keeper' | 'term';

/** A job that has never run. */
export const newJob = (row: JobRow, kind: JobKind, columns = new JobColumns(1)): Job => new Job(row, kind, columns);
