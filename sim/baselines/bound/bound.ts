import { hours, type Instant } from '../../../src/domain/time.ts';
import { classesOf, type JobClass } from './classes.ts';
import { cheapestMixes, LOADS_MOST } from './mix.ts';
import { fullLoadsOf } from './patterns.ts';
import type { ReferenceQuestion } from './question.ts';
import type { Moment, Shelf } from './shelf.ts';
import { type Standing, standingsOf } from './standing.ts';
import { tracksOf } from './tracks.ts';

/** What no schedule without waiting goes below. */
export interface Bound {
  readonly usd: number;
  /** Share of the time with jobs, 0 to 1, whose cheapest mix is known exactly; elsewhere `usd` counts a proven floor of it. */
  readonly exactShare: number;
}

/**
 * A reference for schedules that let no job wait: at each moment the cheapest whole machines that hold the running jobs, at
 * the prices of the moment, without boots, minimum charges and free hours. See `docs/bound.md`.
 *
 * @throws RangeError for a job that no kind of machine may run
 */
export function boundOf(question: ReferenceQuestion): Bound {
  const standings = tracksOf(question).map(standingsOf);
  let [usd, exactMs, busyMs] = [0, 0, 0];
  // Classes that share no kind of machine are apart: their costs add up.
  for (const { classes, machines } of classesOf(question)) {
    const requests = classes.map((one) => one.requests);
    const loadsOf = fullLoadsOf(requests, LOADS_MOST);
    const offers = machines.map((machine) => standings[machine]!);
    for (const { shelf, moments } of momentsOf(question, classes, offers)) {
      const capacities = machines.map((machine) => question.machines[machine]!.capacity);
      const kinds = capacities.map((capacity, at) => ({ capacity, ...shelf[at]! }));
      const mixes = cheapestMixes(kinds, classes, moments, loadsOf);
      for (const [at, { lengthMs }] of moments.entries()) {
        usd += (mixes[at]!.usdPerHour * lengthMs) / MS_PER_HOUR;
        busyMs += lengthMs;
        if (mixes[at]!.exact) exactMs += lengthMs;
      }
    }
  }
  return { usd, exactShare: busyMs === 0 ? 1 : exactMs / busyMs };
}

const MS_PER_HOUR = hours(1);

/** The stretches of time with jobs, those with the same shelf together and those with the same jobs in one. */
function momentsOf(
  { from, until }: Pick<ReferenceQuestion, 'from' | 'until'>,
  classes: readonly JobClass[],
  offers: readonly (readonly Standing[])[],
): readonly { readonly shelf: Shelf; readonly moments: readonly Moment[] }[] {
  const events: { readonly at: Instant; readonly row: number; readonly step: Standing | number }[] = [];
  for (const [row, { jobs }] of classes.entries())
    for (const { startsAt, endsAt } of jobs) events.push({ at: startsAt, row, step: 1 }, { at: endsAt, row, step: -1 });
  for (const [row, steps] of offers.entries())
    for (const step of steps) if (step.at < until) events.push({ at: step.at, row, step });
  events.sort((a, b) => a.at - b.at);

  const shelves = new Map<string, { readonly shelf: Shelf; readonly moments: Map<string, Moment> }>();
  const counts = classes.map(() => 0);
  const shelf: { usdPerHour: number; most: number }[] = offers.map(() => ({ usdPerHour: Infinity, most: 0 }));
  let running = 0;
  let since = from;
  let here: Map<string, Moment> | undefined;
  for (const { at, row, step } of events) {
    if (at > since && running > 0) {
      here ??= momentsAt();
      const key = counts.join();
      const moment = here.get(key);
      if (moment === undefined) here.set(key, { counts: [...counts], lengthMs: at - since });
      else moment.lengthMs += at - since;
    }
    since = at;
    if (typeof step === 'number') {
      counts[row]! += step;
      running += step;
    } else {
      shelf[row] = step;
      here = undefined;
    }
  }
  return [...shelves.values()].map((one) => ({ shelf: one.shelf, moments: [...one.moments.values()] }));

  function momentsAt(): Map<string, Moment> {
    const key = shelf.map(({ usdPerHour, most }) => `${usdPerHour}*${most}`).join();
    let known = shelves.get(key);
    if (known === undefined) {
      known = { shelf: [...shelf], moments: new Map() };
      shelves.set(key, known);
    }
    return known.moments;
  }
}
