import { BadInput } from '../../src/config/mistakes.ts';
import { after, type Instant, type Millis } from '../../src/domain/time.ts';
import type { Kind, Recording } from './recordings.ts';
import { instantText, moveText, overlap, type Window, weeksOnto, wholeDays, windowText } from './window.ts';

/** How a recording is laid on the scenario's time. */
export interface Alignment {
  /** What to add to every instant of the recording. */
  readonly byMs: Millis;
  /** The scenario's window, if this recording sets it. */
  readonly window?: Window;
  /** What was done, if it makes the scenario something that never happened. */
  readonly sentences: readonly string[];
}

export interface Wishes {
  /** Where the recording is to start; by default it is moved by whole weeks onto the scenario's window. */
  readonly startsAt?: Instant | undefined;
  /** False: the recording keeps its own time. */
  readonly shift: boolean;
}

/**
 * Lays a recording on the scenario's time. The first one with a clock brings its own window; later ones are moved onto it by
 * whole weeks, so that a Monday stays a Monday. One without a clock starts with the window.
 *
 * @throws BadInput if nothing of the recording would lie in the window.
 */
export function align(
  kind: Kind,
  { span, clock }: Pick<Recording<unknown>, 'span' | 'clock'>,
  scenario: { readonly window: Window; readonly untouched: boolean },
  { startsAt, shift }: Wishes,
): Alignment {
  if (!clock) {
    const byMs = (startsAt ?? scenario.window.from) - span.from;
    inside(kind, span, byMs, scenario.window);
    const [startsText, endsAt] = [instantText(after(span.from, byMs)), after(span.until, byMs)];
    const laid = `${kind} recorded without a clock ${WERE[kind]} laid on the time from ${startsText}`;
    const rest = `${kind} recorded until ${instantText(endsAt)}: what was last seen holds from there on`;
    return { byMs, sentences: endsAt < scenario.window.until ? [laid, rest] : [laid] };
  }
  const days = wholeDays(span, kind === 'jobs' ? 'through-day' : 'at-start');
  const wanted = startsAt === undefined ? undefined : startsAt - days.from;
  if (scenario.untouched) {
    const byMs = wanted ?? 0;
    return { byMs, window: { from: days.from + byMs, until: days.until + byMs }, sentences: moved(kind, days, byMs) };
  }
  const byMs = wanted ?? (shift ? weeksOnto(days, scenario.window) : 0);
  inside(kind, days, byMs, scenario.window);
  return { byMs, sentences: moved(kind, days, byMs) };
}

const WERE: Readonly<Record<Kind, string>> = { prices: 'were', availability: 'was', jobs: 'were' };

const moved = (kind: Kind, recorded: Window, byMs: Millis): readonly string[] =>
  byMs === 0 ? [] : [`${kind} recorded ${windowText(recorded)} ${WERE[kind]} moved ${moveText(byMs, recorded)}`];

function inside(kind: Kind, recorded: Window, byMs: Millis, window: Window): void {
  if (overlap(recorded, byMs, window) > 0) return;
  const found = windowText({ from: recorded.from + byMs, until: recorded.until + byMs });
  const message = `expected ${kind} in the scenario's window, ${windowText(window)}, found them from ${found}: choose another --starts-at`;
  throw new BadInput([{ file: kind, message }]);
}
