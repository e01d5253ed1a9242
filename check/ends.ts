import type { JobRow } from '../data/records/rows.ts';
import type { PaidInstance } from '../sim/world/simulatedWorld.ts';
import { blockEnd, leaseEnd } from '../src/domain/leaseEnd.ts';
import { after, type Instant, isoOf, latest, minutes, seconds } from '../src/domain/time.ts';
import { SHORT_JOB_MINUTES } from './checkWorld.ts';
import type { PoolLife } from './life.ts';

/** An instance may be paid for so long after it should have ended: two calls and the world's answer to them. */
const END_SLACK_MS = seconds(120);

/**
 * Says in one sentence why a job should not have ended at this instant; undefined where nothing was wrong. An interruption by
 * AWS is never wrong. At an end that had to come, of a spot block or of the overrun, only a job that a policy could have saved
 * counts: a short one, for which it drains early enough. Before it, each counts: the keeper ended the block.
 */
export function killedFor({ truth, spec, heardOf }: PoolLife, at: Instant, blockId: string): string | undefined {
  const block = truth.instances.find(({ instance }) => instance.blockId === blockId && instance.endedAt === at);
  if (block === undefined || block.instance.goneCause === 'interrupted') return undefined;
  const { unfinished } = heardOf(blockId);
  const [job] = truth.jobs.filter(({ job: name }) => unfinished.has(name)).toSorted(byLength);
  const length = job === undefined ? '' : ` of ${Math.round(job.durationMs / minutes(1))} minutes`;
  const what = `a job${length} was killed at ${isoOf(at)} when block ${blockId} was ended`;
  if (block.endedBy === 'us' && at < blockEnd(block.instance.lease, spec.overrunMs))
    return `${what} by the keeper, which gives it its lease and overrun unless the policy waives that`;
  if (job === undefined || job.durationMs > minutes(SHORT_JOB_MINUTES)) return undefined;
  return `${what}; it is no longer than ${SHORT_JOB_MINUTES} minutes, and a block that drains earlier saves it`;
}

const byLength = (a: Pick<JobRow, 'durationMs'>, b: Pick<JobRow, 'durationMs'>): number => a.durationMs - b.durationMs;

/** From when on an instance was paid for though it should have ended, and why. */
export function outstayed(
  { truth, spec, heardOf }: PoolLife,
  { instance }: PaidInstance,
): { readonly at: Instant; readonly sentence: string } | undefined {
  const { lease, blockId } = instance;
  const paidUntil = Math.min(instance.endedAt, truth.until);
  const overAt = leaseEnd(lease);
  const { joined, closedAt, emptyAt } = heardOf(blockId);
  const rules: readonly (readonly [isSo: boolean, by: Instant, what: string])[] = [
    [true, blockEnd(lease, spec.overrunMs), 'was still paid for, its lease and its overrun over'],
    [emptyAt < paidUntil, latest(emptyAt, overAt), 'was still paid for, its lease over and no job on it'],
    [joined && closedAt > after(overAt, END_SLACK_MS), overAt, 'still took jobs, its lease over'],
  ];
  for (const [isSo, by, what] of rules) {
    const at = after(by, END_SLACK_MS);
    if (isSo && paidUntil > at) return { at, sentence: `block ${blockId} ${what} for two minutes at ${isoOf(at)}` };
  }
  return undefined;
}
