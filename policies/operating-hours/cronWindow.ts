import { Cron } from 'croner';
import { ALWAYS, after, type Instant, type Millis, NEVER } from '../../src/policy/index.ts';

/** Whether a window is open at an instant, and how long that holds. */
export interface Standing {
  readonly open: boolean;
  readonly until: Instant;
}

/** When a window closes: by an expression of its own, or a length after it opened. */
export type Closing = { readonly close: string } | { readonly forMs: Millis };

/** Openings that run into one another are followed so far: `until` is then early, and never late. */
const MOST_OPENINGS = 32;

/**
 * Asks a window that opens, and closes, by cron expressions. Where it opens and closes at one instant, it is open. Runs are
 * croner's, and so are the rules for changes of the clock.
 */
export function cronWindow(open: string, closing: Closing, zone: string): (now: Instant) => Standing {
  const opens = runsOf(open, zone);
  return 'forMs' in closing ? forLength(opens, closing.forMs) : untilClosed(opens, runsOf(closing.close, zone));
}

/** What is wrong with a text that is no cron expression that ever comes; undefined if nothing is. */
export function cronMistake(text: unknown): string | undefined {
  const expected = `expected a cron expression of five fields such as "0 8 * * mon-fri", found ${JSON.stringify(text)}`;
  if (typeof text !== 'string' || text.trim().split(/\s+/).length !== 5) return expected;
  try {
    return new Cron(text, IN_UTC).nextRun(new Date(0)) === null ? `${expected}: it never comes` : undefined;
  } catch (error) {
    const why = error instanceof Error ? error.message.replace(/^CronPattern: /, '') : String(error);
    return `${expected}: ${why}`;
  }
}

const IN_UTC = { timezone: 'UTC', mode: '5-part' } as const;

/** An expression's runs: the last at or before an instant, and the next after it; ends of time where there is none. */
interface Runs {
  lastUntil(at: Instant): Instant;
  nextAfter(at: Instant): Instant;
}

/** As many runs as are remembered: croner takes a tenth of a millisecond for one. */
const MOST_RUNS = 5_000;

function runsOf(expression: string, zone: string): Runs {
  // Without a function to run, croner starts no timer; it is only asked.
  const cron = new Cron(expression, { timezone: zone, mode: '5-part' });
  const lastBefore = (at: Instant): Instant => cron.previousRuns(1, new Date(at))[0]?.getTime() ?? ALWAYS;
  const nextAfter = (at: Instant): Instant => cron.nextRun(new Date(at))?.getTime() ?? NEVER;
  /** Runs that follow on one another without a gap. */
  let known: Instant[] = [];

  /** The last run at or before an instant, and the one after it. */
  const around = (at: Instant): readonly [last: Instant, next: Instant] => {
    const final = known.at(-1);
    // Time mostly goes on: one more run, and the next question is answered too.
    if (final !== undefined && final <= at && final > ALWAYS && known.length < MOST_RUNS) known.push(nextAfter(final));
    const [first = NEVER, last = ALWAYS] = [known[0], known.at(-1)];
    if (at < first || at >= last) known = [lastBefore(Math.floor(at) + 1), nextAfter(Math.floor(at))];
    let [low, high] = [0, known.length - 2];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((known[middle] ?? NEVER) <= at) low = middle;
      else high = middle - 1;
    }
    return [known[low] ?? ALWAYS, known[low + 1] ?? NEVER];
  };

  return {
    lastUntil: (at) => around(at)[0],
    nextAfter: (at) => around(at)[1],
  };
}

function untilClosed(opens: Runs, closes: Runs): (now: Instant) => Standing {
  return (now) => {
    const openedAt = opens.lastUntil(now);
    if (openedAt < closes.lastUntil(now) || openedAt === ALWAYS) return { open: false, until: opens.nextAfter(now) };
    let until = closes.nextAfter(now);
    const opensAnew = (): boolean => until < NEVER && opens.lastUntil(until) === until;
    for (let count = 0; count < MOST_OPENINGS && opensAnew(); count += 1) until = closes.nextAfter(until);
    return { open: true, until };
  };
}

function forLength(opens: Runs, forMs: Millis): (now: Instant) => Standing {
  return (now) => {
    let until = after(opens.lastUntil(now), forMs);
    let nextAt = opens.nextAfter(now);
    if (until <= now) return { open: false, until: nextAt };
    for (let count = 0; count < MOST_OPENINGS && nextAt <= until; count += 1) {
      until = after(nextAt, forMs);
      nextAt = opens.nextAfter(nextAt);
    }
    return { open: true, until };
  };
}
