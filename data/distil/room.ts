import type { Drought } from '../../sim/scenario/scenario.ts';
import { ALWAYS, type Instant, NEVER } from '../../src/domain/time.ts';
import type { AvailabilityRow } from '../records/rows.ts';
import { type Gathered, partsOf, type Stretch } from './gathered.ts';

/** What can be bought and when it is taken back, in the words of a scenario. */
export interface Room {
  readonly availability: readonly AvailabilityRow[];
  readonly droughts: readonly Drought[];
}

/** As many as you like: more than all pools together may have. */
const NO_BOUND = 100_000;

/**
 * Recorded room and reclaims of these markets within a window. A reclaim becomes a fall of availability to nothing for one
 * millisecond, or for as long as there was nothing: that is what takes instances in a simulation. Nothing to be had, with
 * no reclaim, becomes a drought, in which what runs stays.
 */
export function roomOf({ capacity, reclaims }: Gathered, markets: ReadonlySet<string>, window: Stretch): Room {
  const availability: AvailabilityRow[] = [];
  const droughts: Drought[] = [];
  for (const market of markets) {
    const steps = stepsOf(capacity.filter((one) => one.market === market));
    const taken = new Set(
      reclaims.filter(({ market: name, at }) => name === market && isIn(window, at)).map(({ at }) => at),
    );
    const place = partsOf(market);
    const rows: AvailabilityRow[] = [];
    const say = (at: Instant, instances: number): void => {
      rows.push({ at, ...place, instances });
    };
    // A count that is never above 1 would be read as up and down; and a first row is no fall.
    say(window.from - 1, NO_BOUND);
    for (const [index, { at, instances }] of steps.entries()) {
      const until = steps[index + 1]?.at ?? NEVER;
      if (until <= window.from || at >= window.until) continue;
      const from = Math.max(at, window.from);
      // What was there before the drought is still there for those that have it.
      if (instances === 0 && !taken.has(at)) droughts.push({ ...place, from, until: Math.min(until, window.until) });
      else say(from, instances);
      if (instances === 0) taken.delete(at);
      for (const struck of [...taken].filter((one) => one >= from && one < until).sort((a, b) => a - b)) {
        say(struck, 0);
        say(struck + 1, instances === 0 ? NO_BOUND : instances);
      }
    }
    availability.push(...rows);
  }
  return {
    // Where every market has room throughout, there is nothing to say.
    availability: availability.some(({ instances }) => instances !== NO_BOUND)
      ? availability.sort((a, b) => a.at - b.at)
      : [],
    droughts: droughts.sort((a, b) => a.from - b.from),
  };
}

interface RoomStep {
  readonly at: Instant;
  readonly instances: number;
}

/** The changes of one market, each once, from the beginning of time on. */
function stepsOf(changes: readonly { readonly at: Instant; readonly instances?: number }[]): readonly RoomStep[] {
  const steps: RoomStep[] = [{ at: ALWAYS, instances: NO_BOUND }];
  for (const { at, instances = NO_BOUND } of changes.toSorted((a, b) => a.at - b.at))
    if (steps.at(-1)?.instances !== instances) steps.push({ at, instances });
  return steps;
}

const isIn = ({ from, until }: Stretch, at: Instant): boolean => at >= from && at < until;
