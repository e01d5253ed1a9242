import type { BlockView } from '../../../src/block/block.ts';
import type { Effect } from '../../../src/domain/effects.ts';
import type { Workload } from '../../../src/domain/facts.ts';
import type { AskedEnd } from '../../../src/domain/leaseEnd.ts';
import { ALWAYS, after, earliest, type Instant, isoOf, minutes, NEVER, seconds } from '../../../src/domain/time.ts';
import { blockIdOf, type Lease, type Offer, termsOf } from '../../../src/domain/words.ts';
import type { Allowance } from '../../../src/policy/operatingHours.ts';
import { countedZones } from '../../../src/policy/purchase.ts';
import type { RenewalTimes } from '../../../src/policy/renewal.ts';
import { allowedNow, withOpened } from '../../../src/pool/allowed.ts';
import { askAllowance, askTimes, type Fault, hearRank, hearWanted, offersAt } from '../../../src/pool/ask.ts';
import { pauseOf } from '../../../src/pool/buying.ts';
import { dueToDrain } from '../../../src/pool/due.ts';
import { quantilesOf } from '../../../src/pool/durations.ts';
import { elsewhereTurnsAt } from '../../../src/pool/elsewhere.ts';
import { askedEnd, endAfter, endingSoon, wantsEnd } from '../../../src/pool/ends.ts';
import { generationIn } from '../../../src/pool/generations.ts';
import { type Following, givenBack } from '../../../src/pool/giveBack.ts';
import { addHeld, heldIn, onDemandIn } from '../../../src/pool/held.ts';
import { awaitedUntil, holding, holdsFor } from '../../../src/pool/holds.ts';
import { afterProbe, isBroken } from '../../../src/pool/joins.ts';
import { type PoolMemory, withGeneration } from '../../../src/pool/memory.ts';
import type { Order } from '../../../src/pool/orders.ts';
import type { Pool } from '../../../src/pool/pool.ts';
import { recentTurnsAt } from '../../../src/pool/recentArrivals.ts';
import { type PoolMoment, renewalQuestion } from '../../../src/pool/renewalQuestion.ts';
import { asksForMany, firstRestOver, untriedFirst, usableOffers } from '../../../src/pool/rests.ts';
import { budgetOf } from '../../../src/pool/spendingCap.ts';
import { ARRIVES, SUPPLIES } from '../../../src/pool/supplies.ts';
import { freeSlots, roomFor } from './room.ts';
import { scalingQuestion } from './scalingQuestion.ts';
import { victims } from './victims.ts';

export interface Reconciled {
  readonly orders: readonly Order[];
  readonly effects: readonly Effect[];
  readonly memory: PoolMemory;
  /** The next instant at which this pool wants to be asked again. */
  readonly wakeAt: Instant;
}

/** How long a block above what is wanted has been idle before it goes, where a scaling policy does not say. */
const GIVE_BACK_MS = minutes(5);

/** A quote that was asked for and has not come is asked for again after this long. */
const QUOTE_PATIENCE_MS = seconds(30);

/** Compare what the pool wants with what it has, and order the difference. */
export function reconcile(pool: Pool, before: PoolMemory, blocks: readonly BlockView[], now: Instant): Reconciled {
  const { spec, policies } = pool;
  let memory = before;
  const effects: Effect[] = [];
  const orders: Order[] = [];

  const announceOnce = (reason: string, note: string, key = `${reason}: ${note}`): void => {
    if (memory.announced.has(key)) return;
    memory = { ...memory, announced: new Set(memory.announced).add(key) };
    effects.push({ type: 'announce', pool: spec.name, reason, note });
  };
  const fault: Fault = (slot, kind, what) => {
    // By its kind: what a policy says may be different each time, and must neither flood people nor fill the memory.
    const note = `the ${slot} policy ${what}; the built-in fallback decides`;
    announceOnce('PolicyFault', note, `PolicyFault: ${slot} ${kind}`);
  };

  const { now: allowance, next } = allowanceNow();
  const allowed = Math.min(allowance.blocks, spec.maxBlocks);
  if (allowed < allowance.blocks)
    announceOnce(
      'DemandCapped',
      `${allowance.blocks} blocks are wanted; maxBlocks allows ${spec.maxBlocks}`,
      'DemandCapped',
    );

  const { observations } = memory;
  const durations = quantilesOf(observations.durations);
  const boots = quantilesOf(observations.boots);
  const markets = observations.markets.seen;
  const moment: PoolMoment = { now, spec, allowance, next, durations, boots, markets };
  const living = blocks.filter(({ state }) => state !== 'gone');
  const times = new Map<BlockView, RenewalTimes>();
  for (const block of living)
    if (block.lease !== null && SUPPLIES[block.state]) times.set(block, timesOf(block, block.lease));

  const isFollowing = policies.scaling.ignoresJobs !== true;
  const supply = living.filter((block) => supplies(block));
  let wakeAt = allowance.until;
  if (isFollowing)
    for (const block of supply)
      if (block.state === 'joining') wakeAt = earliest(wakeAt, awaitedUntil(block, spec, boots));
  const following = follow();
  const wanted = following?.wanted ?? allowed;
  if (memory.wanted !== wanted) memory = { ...memory, wanted };
  for (const { relieveAt, drainAt, until } of times.values()) {
    if (until !== undefined) wakeAt = earliest(wakeAt, until);
    if (relieveAt > now) wakeAt = earliest(wakeAt, relieveAt);
    if (drainAt > now) wakeAt = earliest(wakeAt, drainAt);
  }

  const isDue = ([{ leaving }, { drainAt }]: readonly [BlockView, RenewalTimes]): boolean => !leaving && now >= drainAt;
  const inService = [...times.keys()].filter(({ state, usable, leaving }) => state === 'serving' && usable && !leaving);
  const due = dueToDrain(
    [...times].filter(isDue),
    inService.length,
    wanted,
    spec.maxUnavailable,
    now,
    durations?.p95Ms ?? 0,
  );
  wakeAt = earliest(wakeAt, due.wakeAt);
  const retiring = new Set(due.draining);
  for (const block of victims(living, supply, allowed, spec.surplus)) retiring.add(block);
  if (following !== undefined) giveBack(following);
  const ends = new Map<BlockView, Instant>();
  for (const block of retiring) retire(block, times.get(block));
  for (const block of living) if (wantsEnd(pool, block, now)) giveEnd(block);
  tellEnds();

  const deficit = wanted - supply.length;
  if (memory.capped !== null && (deficit <= 0 || now >= memory.capped.until)) memory = { ...memory, capped: null };
  // A pool that follows its jobs has to catch up with them: all it may have, at once.
  const { launches, perMs } = spec.launchRate;
  const rate = { perMs, launches: following === undefined ? launches : Math.max(launches, spec.maxBlocks) };
  const room = roomFor(spec, following === undefined ? wanted : spec.maxBlocks, living, retiring, now);
  // Told as soon as it is so, also while the slots of those that were refused are held.
  if (memory.pace !== null && memory.toldPause === null) tellPause();
  if (deficit > 0 && deficit > room.blocks) wakeAt = earliest(wakeAt, room.moreAt);
  if (deficit > 0 && room.blocks > 0) wakeAt = earliest(wakeAt, open(Math.min(deficit, room.blocks)));
  if (following?.workload !== undefined && spec.holdsJobs) hold(following.workload);
  return { orders, effects, memory, wakeAt };

  function allowanceNow(): { readonly now: Allowance; readonly next: Allowance } {
    const last = memory.allowance;
    if (last !== null && now >= last.from && now < last.now.until) return last;
    const fresh = askAllowance(policies.operatingHours, now, last?.now ?? null, fault);
    const after = fresh.until === NEVER ? fresh : askAllowance(policies.operatingHours, fresh.until, fresh, fault);
    memory = { ...memory, allowance: { from: now, now: fresh, next: after } };
    return { now: fresh, next: after };
  }

  /** How many of the allowed blocks the jobs ask for; undefined where the policy holds all of them, whatever the jobs are. */
  function follow(): Following | undefined {
    if (!isFollowing) return undefined;
    const workload = memory.workload?.workload;
    // What is not known is no reason to buy or to give back. What is there is held, with a successor where one is due, and never
    // more than there was when it became unknown: a successor is there too, and must not ask for another.
    if (workload == null) {
      const held = living.filter(({ state, leaving }) => SUPPLIES[state] && (!leaving || state === 'resting'));
      const most = memory.heldUnknown ?? held.length;
      if (memory.heldUnknown === null && memory.inventoried) memory = { ...memory, heldUnknown: most };
      const wanted = Math.min(held.length, most, allowed);
      return { wanted, idleMs: Number.POSITIVE_INFINITY, onBlocks: {} };
    }
    if (memory.heldUnknown !== null) memory = { ...memory, heldUnknown: null };
    const question = scalingQuestion(moment, workload, memory, living, supply);
    const {
      blocks: asked,
      until = NEVER,
      giveBackIdleAfterMs = GIVE_BACK_MS,
      giveBackBeforeHourMs,
    } = hearWanted(policies.scaling, question, fault).answer;
    wakeAt = earliest(earliest(wakeAt, until), recentTurnsAt(memory.recent, now));
    wakeAt = earliest(wakeAt, elsewhereTurnsAt(memory.elsewhere, now));
    const how = { idleMs: giveBackIdleAfterMs, beforeHourMs: giveBackBeforeHourMs };
    return { wanted: Math.min(asked, allowed), ...how, onBlocks: workload.onBlocks, workload };
  }

  function giveBack({ wanted, ...how }: Following): void {
    const staying = supply.filter((block) => !retiring.has(block));
    const given = givenBack(staying, staying.length - wanted, { ...how, now });
    for (const block of given.blocks) retiring.add(block);
    wakeAt = earliest(wakeAt, given.wakeAt);
  }

  /** Jobs that a block on its way will take are held, those opened in this turn too: before EC2 is asked. */
  function hold(workload: Workload): void {
    const opening = orders
      .filter(({ type }) => type === 'open')
      .map(() => ({ lease: null, deadlineAt: after(now, spec.timeouts.launchMs) }));
    const arriving = supply.filter((block) => ARRIVES[block.state] && !retiring.has(block));
    const holds = holdsFor(workload, [...arriving, ...opening], spec, boots, now);
    const takenAt = memory.workload?.takenAt ?? now;
    const asked = holding(memory.holding, holds, workload, { pool: spec.name, takenAt, boots, now });
    if (asked.effect !== undefined) effects.push(asked.effect);
    if (asked.holding !== memory.holding) memory = { ...memory, holding: asked.holding };
    wakeAt = earliest(wakeAt, asked.wakeAt);
  }

  function timesOf(block: BlockView, lease: Lease): RenewalTimes {
    return askTimes(policies.renewal, renewalQuestion(moment, block, lease), fault);
  }

  function retire(block: BlockView, due: RenewalTimes | undefined): void {
    // One without a lease has no end yet, and hears of it once it has joined.
    const asked: AskedEnd = due === undefined ? { endBy: now } : askedEnd(pool, due);
    orders.push({ type: 'retire', blockId: block.id, ...asked });
    ends.set(block, endAfter(pool, block, asked));
  }

  /** Gives a block that drains without an end of its policy's the one that this says now. */
  function giveEnd(block: BlockView): void {
    if (block.lease === null) return;
    const due = timesOf(block, block.lease);
    if (endAfter(pool, block, askedEnd(pool, due)) !== block.deadlineAt) retire(block, due);
  }

  function tellEnds(): void {
    const soon = endingSoon(living, ends, now);
    wakeAt = earliest(wakeAt, soon.wakeAt);
    for (const { block, endAt } of soon.ends)
      announceOnce(
        'LeaseOverrun',
        `${block.id} is ended at ${isoOf(endAt)}, and ${block.jobs === 1 ? 'a job' : `${block.jobs} jobs`} may still run there`,
        `LeaseOverrun: ${block.id}`,
      );
  }

  function supplies(block: BlockView): boolean {
    if (!SUPPLIES[block.state]) return false;
    if (block.state === 'resting') return true; // its ending, `refused`, is no leaving yet
    if (isFollowing && block.state === 'joining' && now >= awaitedUntil(block, spec, boots)) return false;
    if (block.leaving || (block.state === 'serving' && !block.usable)) return false;
    const relieveAt = times.get(block)?.relieveAt;
    return relieveAt === undefined || now < relieveAt;
  }

  /** Opens up to `count` blocks; answers when to try for the ones that could not be opened. */
  function open(count: number): Instant {
    // Absence is only known from a complete list; until one was taken there may be blocks of an earlier life.
    if (!memory.inventoried) return NEVER;
    tellPause();
    const pace = allowedNow(memory, rate, now);
    const allowed = Math.min(count, pace.blocks);
    if (allowed <= 0) return pace.moreAt;
    // Creating demands a fresh known price: an old quote is asked for anew, and none is bought from meanwhile.
    if (now - memory.quotedAt > spec.quoteMs) {
      if (now - memory.askedAt < QUOTE_PATIENCE_MS) return after(memory.askedAt, QUOTE_PATIENCE_MS);
      effects.push({ type: 'quoteOffers', pool: spec.name });
      memory = { ...memory, askedAt: now };
      return after(now, QUOTE_PATIENCE_MS);
    }
    const untaken = usableOffers(memory.cooling, memory.offers, now);
    const budget = budgetOf(spec.spending, memory.observations.paid, () => living, now);
    const capped = budget.whyNone(untaken) ?? null;
    if (capped?.note !== memory.capped?.note) memory = { ...memory, capped };
    tellPause();
    if (capped !== null) return capped.until;
    const [zones, held] = [living.map(({ zone }) => zone), heldIn(living)];
    const shown = { now, allowance, next, markets, terms: termsOf(spec.term), ...onDemandIn(memory) };
    const opened: Instant[] = [];
    let askAgainAt = NEVER;
    for (const slot of freeSlots(living, allowed)) {
      const generation = generationIn(memory.generations, slot) + 1;
      const blockId = blockIdOf(spec.name, slot, generation);
      const need = { ...shown, slot, blockId, zones: [...zones], blocksIn: countedZones(zones), held: { ...held } };
      const usable = budget.affordable(untaken);
      const ranking = hearRank(policies.purchase, { offers: usable, need }, fault).answer;
      const [best, ...others] = bestFirst(offersAt(ranking, usable));
      const declinedUntil =
        best === undefined ? earliest(ranking.until ?? NEVER, after(memory.quotedAt, spec.quoteMs)) : ALWAYS;
      if (declinedUntil !== memory.declinedUntil) memory = { ...memory, declinedUntil };
      if (best === undefined) {
        askAgainAt = ranking.until ?? NEVER;
        break;
      }
      memory = withGeneration(memory, slot, generation);
      // Whether what was refused to many of them holds still, one of them tells.
      const offers = [best, ...(asksForMany(memory.cooling, best) ? [] : others)] as const;
      orders.push({ type: 'open', slot, generation, offers });
      budget.take(offers);
      zones.push(best.zone);
      addHeld(held, best);
      opened.push(now);
    }
    memory = { ...memory, openedAts: withOpened(memory.openedAts, opened, spec, now) };
    if (opened.length > 0 && isBroken(memory.joins)) memory = { ...memory, joins: afterProbe(memory.joins, now) };
    if (opened.length === count) return NEVER;
    return earliest(
      askAgainAt,
      firstRestOver(memory.cooling, now),
      after(memory.quotedAt, spec.quoteMs + 1),
      opened.length === allowed ? allowedNow(memory, rate, now).moreAt : NEVER,
    );
  }

  /** While what the pool may buy is refused, what was not tried comes before what the policy likes best. */
  function bestFirst(ranked: readonly Offer[]): readonly Offer[] {
    return memory.pace === null ? ranked : untriedFirst(memory.cooling, ranked);
  }

  function tellPause(): void {
    const pause = pauseOf(memory, now);
    if (pause === undefined || !pause.isNews || memory.toldPause === pause.key) return;
    memory = { ...memory, toldPause: pause.key };
    effects.push({ type: 'announce', pool: spec.name, reason: pause.reason, note: pause.note });
  }
}
