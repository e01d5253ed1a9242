/** Fits a search and its judgement into a stretch of time, by how long the first runs take. */
export interface Pace {
  /** Told of each run that is over. */
  readonly ran: () => void;
  /** On how many cases a setting can be seen, once the first runs are over. */
  readonly seenOn: () => number;
  /** How many settings can be tried in the time that is left, once a few runs are over. */
  readonly settings: () => number;
  /** On how many cases the choice can be judged, once the search is over. */
  readonly judged: () => number;
}

export interface Room {
  /** Milliseconds on a clock that only moves forward. */
  readonly now: () => number;
  /** When it is to be over, by that clock. */
  readonly endBy: number;
  /** How many times as long as a run of the search one of the judgement takes. */
  readonly ratio: number;
}

const [LEAST_SETTINGS, MOST_SETTINGS] = [4, 100];
/** One says nothing of luck, and is judged on where there is no time for two; more than these say hardly more. */
const LEAST_CASES = 1;
export const MOST_CASES = 8;

/** More cases than this say hardly more of a setting. */
const MOST_SEEN_ON = 4;

/** The first runs of a process take about so many times as long as the later ones, whose code is compiled. */
const FIRST_RUNS = 2;

/** A setting is seen so many times on average. */
const SEEN_TIMES = 1.6;

/** The best setting is simplified by a few runs more, for each case that it was seen on. */
const SIMPLIFYING = 3;

/** Runs for one case: one with the pools as they are, one with the advised pools, and the rivals, which together take about as long as one run. */
const RUNS_A_CASE = 3;

/** Of the time that is left after the first runs, so much is kept for judging at most. */
const FOR_JUDGING = 0.4;

export function newPace({ now, endBy, ratio }: Room): Pace {
  let since = now();
  let overAt: number[] = [];
  let seenOn = MOST_SEEN_ON;
  // By the later half: the first runs of a process are its slowest, before its code is compiled.
  const msOfRun = (): number => {
    const early = Math.floor(overAt.length / 2);
    return (now() - (overAt[early - 1] ?? since)) / Math.max(1, overAt.length - early);
  };
  const within = (least: number, count: number, most: number): number =>
    Math.min(most, Math.max(least, Number.isFinite(count) ? Math.floor(count) : least));
  return {
    ran: () => {
      overAt.push(now());
    },
    seenOn: () => {
      const runs = (endBy - now()) / (msOfRun() / FIRST_RUNS) - RUNS_A_CASE * ratio * LEAST_CASES;
      seenOn = within(1, runs / (LEAST_SETTINGS + SIMPLIFYING), MOST_SEEN_ON);
      return seenOn;
    },
    settings: () => {
      const leftMs = endBy - now();
      const judgingMs = Math.min(leftMs * FOR_JUDGING, MOST_CASES * RUNS_A_CASE * ratio * msOfRun());
      return within(
        LEAST_SETTINGS,
        ((leftMs - judgingMs) / msOfRun() - SIMPLIFYING * seenOn) / SEEN_TIMES,
        MOST_SETTINGS,
      );
    },
    judged: () => {
      const fitting = (endBy - now()) / (RUNS_A_CASE * ratio * msOfRun());
      // By two draws nothing is told apart: Student's interval of two is three times as wide as that of three, and holds almost anything.
      const count = within(LEAST_CASES, fitting < 3 ? LEAST_CASES : fitting, MOST_CASES);
      [overAt, since] = [[], now()];
      return count;
    },
  };
}
