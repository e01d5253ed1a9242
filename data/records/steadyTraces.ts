import { BadInput } from '../../src/config/mistakes.ts';
import { isoOf, type Millis } from '../../src/domain/time.ts';
import { marketOf } from '../../src/domain/words.ts';
import type { AvailabilityRow } from './rows.ts';
import type { NamedTrace } from './traceStats.ts';

/** As long a trace as anybody records; more comes of rows at odd milliseconds, and would fill the memory. */
const MOST_TICKS = 20_000_000;

/**
 * Availability with a clock as ticks at a steady pace, a trace for each market, from its first row to its last. The pace is the
 * longest at which every change falls on a tick.
 *
 * @param rows in the order of time.
 * @param file what to name in mistakes; the traces are named after it and their market.
 * @throws BadInput for a market with one row only, which says nothing of how long it held.
 */
export function steadyTraces(rows: readonly AvailabilityRow[], file: string): readonly NamedTrace[] {
  const markets = new Map<string, AvailabilityRow[]>();
  for (const row of rows) {
    const steps = markets.get(marketOf(row));
    if (steps === undefined) markets.set(marketOf(row), [row]);
    else steps.push(row);
  }
  return [...markets].map(([market, steps]) => {
    const [first, last] = [steps[0], steps.at(-1)];
    if (first === undefined || last === undefined || first === last)
      throw refusal(
        file,
        `expected at least two rows of ${market}, found one, at ${isoOf(first?.at ?? 0)}: how long it held is unknown`,
      );
    const gapMs = steps.reduce((gap, { at }) => commonDivisor(gap, at - first.at), 0);
    const ticks = (last.at - first.at) / gapMs;
    if (ticks > MOST_TICKS)
      throw refusal(
        file,
        `expected at most ${MOST_TICKS} ticks of ${market}, found ${ticks} of ${gapMs} ms: round the times to seconds`,
      );
    const instances = new Array<number>(ticks).fill(0);
    for (const [index, { at, instances: count }] of steps.entries())
      instances.fill(count, (at - first.at) / gapMs, ((steps[index + 1] ?? last).at - first.at) / gapMs);
    return { file: `${file} ${market}`, trace: { gapMs, instances } };
  });
}

function commonDivisor(one: Millis, other: Millis): Millis {
  let [a, b] = [one, other];
  while (b !== 0) [a, b] = [b, a % b];
  return a;
}

const refusal = (file: string, message: string): BadInput => new BadInput([{ file, message }]);
