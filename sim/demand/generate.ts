import type { JobRow } from '../../data/records/rows.ts';
import { after, hours, type Instant, isoOf, type Millis } from '../../src/domain/time.ts';
import { type Draws, draws as drawsOf } from '../chance/draw.ts';
import { DURATION_PROFILES, type DurationProfileName, type DurationSettings, drawnDuration } from './durations.ts';
import { hourShape } from './hourShape.ts';
import { isWeekendAt, type LocalDay, localDays } from './localDays.ts';
import type { GeneratorSettings } from './settings.ts';

export { type GeneratorSettings, generatorSettings } from './settings.ts';

/**
 * The CI jobs of a window, drawn from a calibrated generator and sorted by the time they are queued; their ids are j1, j2….
 *
 * Pushes come at random, at a rate that follows the working day of a time zone, and each queues a burst of jobs; a batch
 * comes every day at one hour UTC. All is drawn by day, so that a longer window has the same jobs at its beginning, and two
 * windows of one seed agree on the days they share.
 *
 * @param window whole milliseconds; `until` is not part of it
 * @param classes of which the jobs are by a draw of its own: those of no class are as they are without
 */
export function generateJobs(
  settings: GeneratorSettings,
  window: { readonly from: Instant; readonly until: Instant; readonly seed: number },
  classes: GeneratedClasses = {},
): JobRow[] {
  const { from, until, seed } = window;
  const draws = drawsOf(seed);
  const { burst, timeZone, peak, trough } = settings;
  const shape = hourShape(peak, trough);
  const bursts = [
    ...localDays(timeZone, from - burst, until).flatMap((day) => pushesOf(day, shape, settings, draws)),
    ...batchesOf(settings, from, until, draws),
  ];

  const durationsOf = (name: DurationProfileName): DurationSettings => ({
    profile: DURATION_PROFILES[name],
    cancelledShare: settings.cancelledShare ?? DURATION_PROFILES[name].cancelledShare,
    shortestMs: settings.shortest,
    longestMs: settings.longest,
  });
  const classOf = classDraw(classes, draws);
  return bursts
    .flatMap(({ name, at, jobs, spreadMs }) =>
      Array.from({ length: jobs }, (_, count) => ({ name, count, queuedAt: queuedAt(name, count, at, spreadMs) })),
    )
    .filter((job) => job.queuedAt >= from && job.queuedAt < until)
    .sort((a, b) => a.queuedAt - b.queuedAt)
    .map(({ name, count, queuedAt }, index): JobRow => {
      const of = classOf(name, count);
      const profile = (of === undefined ? undefined : classes[of]?.durations) ?? settings.durations;
      return {
        job: `j${index + 1}`,
        queuedAt,
        durationMs: drawnDuration(draws, name, count, durationsOf(profile)),
        ...(of === undefined ? {} : { class: of }),
      };
    });

  function queuedAt(name: string, count: number, at: Instant, spreadMs: Millis): Instant {
    return after(at, Math.floor(draws.uniform('demand.queued', name, count) * spreadMs));
  }
}

/** By name: the share of the jobs that are of a class (0 to 1), and how long those last if not as all others. */
export type GeneratedClasses = Readonly<
  Record<string, { readonly share?: number | undefined; readonly durations?: DurationProfileName | undefined }>
>;

/** The class of one job, named by subject and count; undefined for the rest, which is of none. */
function classDraw(classes: GeneratedClasses, draws: Draws): (subject: string, count: number) => string | undefined {
  const all = Object.entries(classes);
  if (all.length === 0) return () => undefined;
  return (subject, count) => {
    const luck = draws.uniform('demand.class', subject, count);
    let upTo = 0;
    return all.find(([, { share = 0 }]) => luck < (upTo += share))?.[0];
  };
}

/** Jobs that are queued together. */
interface Burst {
  /** Names its draws: `push 2026-03-02 7`. */
  readonly name: string;
  readonly at: Instant;
  readonly jobs: number;
  readonly spreadMs: Millis;
}

/** The pushes of a local day: a Poisson process whose rate changes with the hour. */
function pushesOf(
  day: LocalDay,
  shape: readonly number[],
  settings: GeneratorSettings,
  draws: Draws,
): readonly Burst[] {
  const { jobsPerPipeline, nightly, burst } = settings;
  const pushesPerDay = (jobsOn(day.weekend, settings) * (1 - nightly.share)) / jobsPerPipeline;
  const pushes: Burst[] = [];
  // The next push comes when as many have been expected as this says: a wait at the constant rate of 1.
  let due = draws.exponential('demand.push', day.date, 0, 1);
  let expected = 0;
  for (const { startsAt, lengthMs, hour } of day.hours) {
    const inHour = (pushesPerDay * shape[hour]! * lengthMs) / hours(24);
    while (due < expected + inHour) {
      const name = `push ${day.date} ${pushes.length}`;
      const at = startsAt + Math.floor(((due - expected) / inHour) * lengthMs);
      pushes.push({ name, at, jobs: jobsOfPush(jobsPerPipeline, name, draws), spreadMs: burst });
      due += draws.exponential('demand.push', day.date, pushes.length, 1);
    }
    expected += inHour;
  }
  return pushes;
}

/** At least one, and beyond it evenly from a quarter to seven quarters of the mean: 5 to 40 jobs are what one push gives. */
function jobsOfPush(mean: number, name: string, draws: Draws): number {
  const others = (mean - 1) * (0.25 + 1.5 * draws.uniform('demand.size', name, 0));
  return 1 + wholeNear(others, draws.uniform('demand.size', name, 1));
}

/** The batches of the UTC days that touch [from, until), one a day, all of one size but for the weekend's. None passes midnight. */
function batchesOf(settings: GeneratorSettings, from: Instant, until: Instant, draws: Draws): readonly Burst[] {
  const { nightly, timeZone } = settings;
  const batches: Burst[] = [];
  const firstDay = Math.floor(from / hours(24)) * hours(24);
  for (let day = firstDay; day < until; day += hours(24)) {
    const at = after(day, hours(nightly.hourUtc));
    const mean = nightly.share * jobsOn(isWeekendAt(at, timeZone), settings);
    const name = `batch ${isoOf(day).slice(0, 10)}`;
    const jobs = wholeNear(mean, draws.uniform('demand.size', name, 0));
    batches.push({ name, at, jobs, spreadMs: nightly.spread });
  }
  return batches;
}

/** Mean jobs of a day. A weekend day has half of what makes the weekend its share of the week. */
const jobsOn = (weekend: boolean, { jobsPerWeekday, weekendShare }: GeneratorSettings): number =>
  weekend ? (5 * jobsPerWeekday * weekendShare) / (1 - weekendShare) / 2 : jobsPerWeekday;

/** One of the two whole numbers around a mean, by a draw, so that the mean is kept. */
const wholeNear = (mean: number, luck: number): number => Math.floor(mean + luck);
