import { type Millis, minutes } from '../../src/domain/time.ts';
import type { Draws } from '../chance/draw.ts';

/** One log-normal part of a mixture: its share of the jobs (0 to 1), its median and the sigma of its logarithm. */
export interface DurationPart {
  readonly share: number;
  readonly medianMs: Millis;
  readonly sigma: number;
}

/** How long jobs last. CI durations are mixtures: checks of seconds beside builds and tests of tens of minutes. */
export interface DurationProfile {
  readonly about: string;
  readonly parts: readonly DurationPart[];
  /** Share of jobs that are cut short (0 to 1). None where the parts were fitted to jobs with the cancelled among them. */
  readonly cancelledShare: number;
}

const part = (share: number, medianMinutes: number, sigma: number): DurationPart => ({
  share,
  medianMs: minutes(medianMinutes),
  sigma,
});

/**
 * Profiles by name. All but `default` are two-part fits (expectation maximisation) to recorded jobs; `default` is put
 * together from published figures of CI services, with the 10.4 % of cancelled jobs that recordings show.
 */
export const DURATION_PROFILES = {
  default: {
    about: 'a common service: 70 % around 4 min, 25 % around 15 min, 5 % around an hour',
    parts: [part(0.7, 4, 0.9), part(0.25, 15, 0.7), part(0.05, 60, 0.6)],
    cancelledShare: 0.104,
  },
  linkerd: {
    about: 'linkerd2 on GitHub Actions, one week of 2020',
    parts: [part(0.541, 1.03, 1.76), part(0.459, 8.42, 0.33)],
    cancelledShare: 0,
  },
  github: {
    about: 'five GitHub repositories, 2024 and 2025',
    parts: [part(0.298, 1.36, 1.53), part(0.702, 5.27, 0.73)],
    cancelledShare: 0,
  },
  julia: {
    about: 'Julia on Buildkite: checks beside builds of three quarters of an hour',
    parts: [part(0.696, 1.48, 1.36), part(0.304, 44.8, 0.55)],
    cancelledShare: 0,
  },
  long: {
    about: 'compilers on self-hosted runners: most jobs around 18 min, some for hours',
    parts: [part(0.216, 0.26, 1.29), part(0.784, 18.21, 1.1)],
    cancelledShare: 0,
  },
} as const satisfies Readonly<Record<string, DurationProfile>>;

export type DurationProfileName = keyof typeof DURATION_PROFILES;

// Known: the keys of a constant object are its names.
export const DURATION_PROFILE_NAMES = Object.keys(DURATION_PROFILES) as DurationProfileName[];

/** How durations are drawn. */
export interface DurationSettings {
  readonly profile: DurationProfile;
  readonly cancelledShare: number;
  readonly shortestMs: Millis;
  readonly longestMs: Millis;
}

/** The length of one job, named by subject and count, in whole milliseconds. A cancelled one runs a part of it. */
export function drawnDuration(draws: Draws, subject: string, count: number, settings: DurationSettings): Millis {
  const { profile, cancelledShare, shortestMs, longestMs } = settings;
  const { medianMs, sigma } = partAt(profile.parts, draws.uniform('demand.part', subject, count));
  const wholeMs = draws.logNormal('demand.duration', subject, count, { median: medianMs, sigma });
  const cappedMs = Math.min(wholeMs, longestMs);
  const cancelled = draws.uniform('demand.cancelled', subject, count) < cancelledShare;
  const ranMs = cancelled ? cappedMs * draws.uniform('demand.cancelledAt', subject, count) : cappedMs;
  return Math.round(Math.max(shortestMs, ranMs));
}

function partAt(parts: readonly DurationPart[], luck: number): DurationPart {
  let upTo = 0;
  for (const one of parts) {
    upTo += one.share;
    if (luck < upTo) return one;
  }
  // The shares add up to one but for their last digit.
  return parts.at(-1)!;
}
