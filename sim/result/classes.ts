import type { Millis } from '../../src/domain/time.ts';
import type { Job } from '../cluster/job.ts';
import { microUsd, usdOf } from '../market/money.ts';
import type { ClassOutcome, Cost } from '../outcome.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { Truth } from '../world/simulatedWorld.ts';
import { neverFinished, queuedMsOf, queuedOf, ranMsOf, ranOnBlocksMsOf } from './jobs.ts';

/**
 * How the jobs of each class fared, in the order in which the scenario lists them; last, where there are any, those of no class that it
 * lists. Empty for a scenario without classes: there is nothing to tell apart.
 */
export function classesOf(
  { jobs, until }: Pick<Truth, 'jobs' | 'until'>,
  listed: Scenario['classes'],
  cost: Pick<Cost, 'leases' | 'overflow'>,
): readonly ClassOutcome[] {
  const names = Object.keys(listed);
  if (names.length === 0) return [];
  const byClass = new Map<string | null, Job[]>(names.map((name) => [name, []]));
  for (const job of jobs) {
    const name = job.class !== undefined && byClass.has(job.class) ? job.class : null;
    const own = byClass.get(name);
    if (own === undefined) byClass.set(name, [job]);
    else own.push(job);
  }

  const ranOf = (own: readonly Job[]): Ran => ({
    onBlocksMs: sum(own.map((job) => ranOnBlocksMsOf(job, until))),
    ms: sum(own.map((job) => ranMsOf(job, until))),
  });
  const all = ranOf(jobs);
  return [...byClass].map(([name, own]) => {
    const ran = ranOf(own);
    return {
      class: name,
      jobs: own.length,
      killed: sum(own.map(({ killed }) => killed)),
      neverFinished: own.filter((job) => neverFinished(job, until)).length,
      queuedMs: queuedOf(own.map((job) => queuedMsOf(job, until))),
      ranMs: ran.ms,
      ranOnBlocksMs: ran.onBlocksMs,
      usd: usdOf(
        microUsd(
          cost.leases * shareOf(ran.onBlocksMs, all.onBlocksMs) +
            cost.overflow * shareOf(ran.ms - ran.onBlocksMs, all.ms - all.onBlocksMs),
        ),
      ),
    };
  });
}

interface Ran {
  readonly onBlocksMs: Millis;
  readonly ms: Millis;
}

/** What nobody used is nobody's: no class bears leases where no job ran on a block. */
const shareOf = (part: Millis, all: Millis): number => (all === 0 ? 0 : part / all);

const sum = (parts: readonly number[]): number => parts.reduce((total, part) => total + part, 0);
