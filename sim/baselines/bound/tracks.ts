import { earliest, hours, type Instant, latest, NEVER } from '../../../src/domain/time.ts';
import { marketOf } from '../../../src/domain/words.ts';
import { weekendEdges } from '../../market/spotBlock.ts';
import { finderOf } from '../../market/steps.ts';
import type { MachineKind, ReferenceQuestion } from './question.ts';

/** One kind of machine over the time asked about: what it costs, its room, and when it is taken back. */
export interface Track {
  readonly machine: MachineKind;
  /** Where price or room may change: `from` first, ascending, before `until`. */
  readonly instants: readonly Instant[];
  /** USD per hour, extras included, at each of `instants`; Infinity where none is known. */
  readonly prices: readonly number[];
  /** Machines that can be bought at each of `instants`; 0 where no price is known. */
  readonly rooms: readonly number[];
  /** Ascending, within (from, until): no machine lives over one of these. */
  readonly reclaims: readonly Instant[];
  /** USD that one machine held since `from` has cost by then; time without a known price counts at the highest one. */
  paidBy(at: Instant): number;
  /** Machines that can be bought at an instant. */
  roomAt(at: Instant): number;
}

/** The tracks of all kinds of machines, in their order. */
export function tracksOf(question: ReferenceQuestion): readonly Track[] {
  const { from, until, market } = question;
  const changes = new Map<string, Instant[]>();
  for (const { at, market: name } of [...market.changes(from, until), ...market.roomChanges(from, until)]) {
    const known = changes.get(name);
    if (known === undefined) changes.set(name, [at]);
    else known.push(at);
  }
  return question.machines.map((machine) => {
    const own = changes.get(marketOf(machine)) ?? [];
    return trackOf(question, machine, [...own, ...(machine.term === 'spot-block' ? weekendEdges(from, until) : [])]);
  });
}

function trackOf(question: ReferenceQuestion, machine: MachineKind, changes: readonly Instant[]): Track {
  const { from, until, market, extraUsdPerHour } = question;
  const { instanceType, zone, term, durationMs = 0, always = false } = machine;
  const instants = [...new Set([from, ...changes])].filter((at) => at < until).sort((a, b) => a - b);
  const extra = extraUsdPerHour?.(instanceType) ?? 0;
  const prices = instants.map((at) => (market.quote(instanceType, zone, term, durationMs, at) ?? Infinity) + extra);
  const rooms = instants.map((at, index) => {
    if (prices[index] === Infinity) return 0;
    return always ? Infinity : market.room(instanceType, zone, at, term);
  });
  const highest = Math.max(0, ...prices.filter((price) => price < Infinity));
  const paid = new Float64Array(instants.length);
  const rate = (index: number): number => (prices[index] === Infinity ? highest : prices[index]!) / MS_PER_HOUR;
  for (let index = 1; index < paid.length; index += 1)
    paid[index] = paid[index - 1]! + rate(index - 1) * (instants[index]! - instants[index - 1]!);
  const stepAt = finderOf(Float64Array.from(instants));
  return {
    machine,
    instants,
    prices,
    rooms,
    reclaims: term === 'spot' ? market.reclaims(instanceType, zone).filter((at) => at > from && at < until) : [],
    paidBy: (at) => {
      const within = latest(from, earliest(at, until));
      const index = stepAt(within);
      return paid[index]! + rate(index) * (within - instants[index]!);
    },
    roomAt: (at) => rooms[stepAt(latest(from, at))] ?? 0,
  };
}

/** The first reclaim after an instant; NEVER if there is none. */
export function reclaimAfter({ reclaims }: Track, at: Instant): Instant {
  let [low, high] = [0, reclaims.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (reclaims[middle]! <= at) low = middle + 1;
    else high = middle;
  }
  return reclaims[low] ?? NEVER;
}

const MS_PER_HOUR = hours(1);
