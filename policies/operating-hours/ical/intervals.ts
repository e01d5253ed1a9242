import { hours, type Instant, NEVER } from '../../../src/policy/index.ts';
import type { Occurrence, Series } from './series.ts';

/** Whether any event takes place at an instant, and how long that holds. */
export interface Standing {
  readonly open: boolean;
  readonly until: Instant;
}

/** How far ahead events are looked for, counted in such stretches: one whole and what is left of the one that runs. */
const STRETCH_MS = hours(400 * 24);

/**
 * Asks the events of a calendar. Repetitions are worked out once, as far ahead as questions have needed, because many have
 * no end. Where none is within a year, the answer holds for that year, and is then to be asked for again.
 */
export function intervals(all: readonly Series[]): (now: Instant) => Standing {
  const sources = effective(all).map((occurrences) => ({ occurrences, next: occurrences.next().value }));
  let found: Occurrence[] = [];
  let until: Instant | undefined;

  const lookUntil = (horizon: Instant): void => {
    if (until !== undefined && horizon <= until) return;
    until = horizon;
    const more: Occurrence[] = [];
    for (const source of sources)
      while (source.next !== undefined && source.next.from < horizon) {
        more.push(source.next);
        source.next = source.occurrences.next().value;
      }
    found = merged([...found, ...more]);
  };

  return (now) => {
    // Reckoned from the instant alone: what other questions have brought to light must not change an answer.
    const horizon = (Math.floor(now / STRETCH_MS) + 2) * STRETCH_MS;
    lookUntil(horizon);
    const index = countUntil(found, now);
    const current = found[index - 1];
    if (current !== undefined && now < current.until) return { open: true, until: Math.min(current.until, horizon) };
    const next = found[index]?.from;
    if (next !== undefined && next < horizon) return { open: false, until: next };
    const isOver = next === undefined && sources.every((source) => source.next === undefined);
    return { open: false, until: isOver ? NEVER : horizon };
  };
}

/** What takes place: without what was called off, and without the repetitions that another event stands for. */
function effective(all: readonly Series[]): readonly Generator<Occurrence, undefined>[] {
  return all
    .filter(({ cancelled }) => !cancelled)
    .map((series) => {
      const replaced = new Set(
        all
          .filter(({ uid, replacesAt }) => uid === series.uid && replacesAt !== undefined)
          .map(({ replacesAt }) => replacesAt),
      );
      return (function* () {
        for (const occurrence of series.occurrences())
          if (series.replacesAt !== undefined || !replaced.has(occurrence.from)) yield occurrence;
        return undefined;
      })();
    });
}

/** Apart from one another and in order; those that touch are one. */
function merged(occurrences: readonly Occurrence[]): Occurrence[] {
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
