import { type Instant, NEVER } from '../../../src/policy/index.ts';
import { LONGEST_QUESTION_MS, type Occurrence, type Series } from './series.ts';

/** Whether any event takes place at an instant, and how long that holds. */
export interface Standing {
  readonly open: boolean;
  readonly until: Instant;
}

/** How far ahead events are looked for, counted in such stretches: one whole and what is left of the one that runs. */
const STRETCH_MS = LONGEST_QUESTION_MS / 2;

/** Stretches that are remembered: questions mostly go on in time, and look a little ahead. */
const MOST_STRETCHES = 4;

/**
 * Asks the events of a calendar. Repetitions are worked out a stretch at a time, because many have no end. Where none is
 * within a year, the answer holds for that year, and is then to be asked for again.
 */
export function intervals(all: readonly Series[]): (now: Instant) => Standing {
  const effective = all.filter(({ cancelled }) => !cancelled);
  const isReplaced = replacedIn(all);
  const overAt = effective.reduce((latest, series) => Math.max(latest, series.overAt), 0);
  const known = new Map<number, readonly Occurrence[]>();

  const occurrencesIn = (stretch: number): readonly Occurrence[] => {
    let found = known.get(stretch);
    if (found === undefined) {
      const [from, until] = [stretch * STRETCH_MS, (stretch + 2) * STRETCH_MS];
      const there = effective.flatMap((series) =>
        [...series.between(from, until)].filter((one) => one.until > from && !isReplaced(series, one)),
      );
      found = merged(there);
      if (known.size >= MOST_STRETCHES) known.clear();
      known.set(stretch, found);
    }
    return found;
  };

  return (now) => {
    if (now >= overAt) return { open: false, until: NEVER };
    // Reckoned from the instant alone: what other questions have brought to light must not change an answer.
    const stretch = Math.floor(now / STRETCH_MS);
    const horizon = (stretch + 2) * STRETCH_MS;
    const found = occurrencesIn(stretch);
    const index = countUntil(found, now);
    const current = found[index - 1];
    if (current !== undefined && now < current.until) return { open: true, until: Math.min(current.until, horizon) };
    const next = found[index]?.from;
    if (next !== undefined) return { open: false, until: next };
    return { open: false, until: overAt <= horizon ? NEVER : horizon };
  };
}

/** Whether another event stands for a repetition of a series. */
function replacedIn(all: readonly Series[]): (series: Series, occurrence: Occurrence) => boolean {
  const replaced = new Map<string, Set<Instant>>();
  for (const { uid, replacesAt } of all) {
    if (replacesAt === undefined) continue;
    const instants = replaced.get(uid) ?? new Set();
    replaced.set(uid, instants.add(replacesAt));
  }
  return ({ uid, replacesAt }, { from }) => replacesAt === undefined && replaced.get(uid)?.has(from) === true;
}

/** Apart from one another and in order; those that touch are one. */
function merged(occurrences: readonly Occurrence[]): readonly Occurrence[] {
  const apart: Occurrence[] = [];
  for (const one of occurrences.toSorted((a, b) => a.from - b.from)) {
    const last = apart.at(-1);
    if (last === undefined || last.until < one.from) apart.push(one);
    else apart[apart.length - 1] = { from: last.from, until: Math.max(last.until, one.until) };
  }
  return apart;
}

/** How many begin at or before an instant. */
function countUntil(sorted: readonly Occurrence[], at: Instant): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle]?.from ?? NEVER) <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}
