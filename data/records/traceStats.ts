import { BadInput } from '../../src/config/mistakes.ts';
import { hours } from '../../src/domain/time.ts';
import type { Trace } from './trace.ts';

/** What a market was like to somebody who wanted one instance of it all the time. Money in USD. */
export interface TraceStats {
  readonly gapSeconds: number;
  readonly ticks: number;
  /** Share of ticks, 0 to 1, at which at least one instance could run. */
  readonly upFraction: number;
  /** Ticks that are down and follow one that was up. */
  readonly preemptions: number;
  /** One instance at the price of each tick that was up; null without prices. */
  readonly usdWhileUp: number | null;
  /** The same, and on-demand at each tick that was down; null without either price. */
  readonly usdWithOnDemand: number | null;
  /** By length of lease in hours: of the leases that could have started, the share that nothing cut short; null for none. */
  readonly survival: Readonly<Record<string, number | null>>;
}

/** @param leaseHours the lengths of lease for which survival is asked, each more than 0. */
export function traceStats(
  { gapMs, instances, usdPerHour }: Trace,
  leaseHours: readonly number[],
  usdOnDemand: number | undefined,
): TraceStats {
  const ticks = instances.length;
  const gapHours = gapMs / hours(1);
  let [up, preemptions, prices] = [0, 0, 0];
  for (let tick = 0; tick < ticks; tick += 1) {
    if (instances[tick]! > 0) {
      up += 1;
      prices += usdPerHour?.[tick] ?? 0;
    } else if (tick > 0 && instances[tick - 1]! > 0) preemptions += 1;
  }
  const usdWhileUp = usdPerHour === undefined ? null : prices * gapHours;
  return {
    gapSeconds: gapMs / 1_000,
    ticks,
    upFraction: up / ticks,
    preemptions,
    usdWhileUp,
    usdWithOnDemand:
      usdWhileUp === null || usdOnDemand === undefined ? null : usdWhileUp + (ticks - up) * gapHours * usdOnDemand,
    survival: Object.fromEntries(
      leaseHours.map((length) => [String(length), survivalOf(instances, Math.floor(hours(length) / gapMs))]),
    ),
  };
}

/** Of the up ticks from which a lease of `width` ticks fits in, the share from which all of them are up. */
function survivalOf(instances: readonly number[], width: number): number | null {
  let [starts, successes, upRun] = [0, 0, 0];
  // From the end, so that the length of the run that starts at a tick is known there.
  for (let tick = instances.length - 1; tick >= 0; tick -= 1) {
    if (instances[tick]! === 0) {
      upRun = 0;
      continue;
    }
    upRun += 1;
    if (tick + width > instances.length) continue;
    starts += 1;
    if (upRun >= width) successes += 1;
  }
  return starts === 0 ? null : successes / starts;
}

/** A trace and the file it came from. */
export interface NamedTrace {
  readonly file: string;
  readonly trace: Trace;
}

/**
 * What one instance costs that moves at every tick, free and at once, to the cheapest of the traces that are up, and to
 * on-demand when none is; null if one has no prices.
 *
 * @throws BadInput for traces that differ in length or in the length of their ticks: theirs are not the same instants.
 */
export function usdCheapestAvailable(traces: readonly NamedTrace[], usdOnDemand: number): number | null {
  const [first, ...others] = traces;
  if (first === undefined) return null;
  const { gapMs, instances } = first.trace;
  const mistakes = others.flatMap(({ file, trace }) =>
    trace.gapMs === gapMs && trace.instances.length === instances.length
      ? []
      : [
          {
            file,
            message: `expected ${lengthWords(first.trace)} as in ${first.file}, found ${lengthWords(trace)}: --on-demand compares files tick by tick; inspect this one alone`,
          },
        ],
  );
  if (mistakes.length > 0) throw new BadInput(mistakes);
  if (traces.some(({ trace }) => trace.usdPerHour === undefined)) return null;
  let total = 0;
  for (let tick = 0; tick < instances.length; tick += 1) {
    let least = Number.POSITIVE_INFINITY;
    for (const { trace } of traces)
      if (trace.instances[tick]! > 0) least = Math.min(least, trace.usdPerHour?.[tick] ?? least);
    total += least === Number.POSITIVE_INFINITY ? usdOnDemand : least;
  }
  return (total * gapMs) / hours(1);
}

const lengthWords = ({ gapMs, instances }: Trace): string =>
  `${instances.length} ${instances.length === 1 ? 'tick' : 'ticks'} of ${gapMs / 1_000} s`;
