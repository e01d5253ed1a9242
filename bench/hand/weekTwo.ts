import type { Scenario } from '../../sim/scenario/scenario.ts';
import { NEVER } from './agenda.ts';
import { Arriving } from './arriving.ts';
import * as blocks from './blocks.ts';
import { Histogram } from './histogram.ts';
import { DONE, KINDS } from './kinds.ts';
import { type HandWeek, type Settled, setting } from './setting.ts';

const MOST = 300;
const MINUTE_MS = 60_000;
const GIVE_BACK_IDLE_MS = MINUTE_MS;
/** A block that is asked for, and one that boots, is waited for so long. */
const UNGRANTED_MS = 20_000;
const UNTIMED_BOOT_MS = 180_000;
const LATE_MS = 60_000;
/** Jobs are told of so long after a change, and so far apart. */
const TOGETHER_MS = 50;
const APART_MS = 1_000;
const USD_PER_KILL = 2;
const HOUR_MS = 3_600_000;

/**
 * `week-v2` written by hand: blocks that follow the jobs, bought where price and risk are lowest, given back a minute after their
 * last job. No facts, no effects, no digest, nothing pure: what the product is measured against. A test holds it to its results.
 */
export function weekTwo(scenario: Scenario): HandWeek {
  const week = setting(scenario);
  const { zones, jobs, end } = week;
  return (): Settled => {
    const { site, fleet } = week.start();
    const { agenda } = site;
    const { slots } = fleet;
    const boots = new Histogram();
    const arriving = new Arriving();
    let waiting = -1;
    let toldAt = -APART_MS;
    let toldArrived = 0;
    let isTelling = false;
    let wakeAt = NEVER;
    let wantsAt = NEVER;
    let next = 0;
    let events = 0;
    site.autoscaler.delayMs = 10_000;
    site.autoscaler.heldUntil = heldUntil;
    site.dispatch();
    for (;;) {
      if (site.hasChanged) tellLater();
      const dueAt = agenda.dueAt;
      const queuedAt = next < jobs.queuedAt.length ? jobs.queuedAt[next]! : NEVER;
      const at = Math.min(dueAt, queuedAt);
      if (at >= end) break;
      site.moveTo(at);
      events += 1;
      if (queuedAt <= dueAt) {
        site.queue(next++, queuedAt);
        site.dispatch();
      } else happen(agenda.pop());
    }
    return week.settled(site, fleet, events);

    function happen(what: number): void {
      const kind = what % KINDS;
      const argument = ((what - kind) / KINDS) | 0;
      if (kind === DONE) {
        const node = site.finish(argument);
        if (node === undefined || !node.isBlock || node.busy > 0) return;
        const block = fleet.all[node.index]!;
        fleet.look(block);
        wantsAt = site.now + GIVE_BACK_IDLE_MS;
        wakeInTime();
        return;
      }
      switch (kind) {
        case blocks.TELL:
          tell();
          return;
        case blocks.WAKE:
          if (wakeAt > site.now) return;
          wakeAt = NEVER;
          reconcile();
          return;
        case blocks.QUOTED:
          fleet.quoted();
          reconcile();
          return;
      }
      const block = fleet.all[argument]!;
      switch (kind) {
        case blocks.GRANTED:
          fleet.granted(block);
          return;
        case blocks.READY:
          if (block.endedAt < 0) boots.add(site.now - block.startsAt);
          fleet.ready(block);
          reconcile();
          return;
        case blocks.CORDONED:
          fleet.cordoned(block);
          return;
        case blocks.EMPTY:
          fleet.look(block);
          return;
        case blocks.NOTICE:
          if (fleet.noticed(block)) reconcile();
          return;
        case blocks.GONE:
        case blocks.RECLAIMED:
          if (fleet.gone(block, kind === blocks.RECLAIMED)) reconcile();
          return;
        default:
          site.autoscaler.handle(kind, argument);
      }
    }

    function tellLater(): void {
      site.hasChanged = false;
      if (isTelling) return;
      isTelling = true;
      agenda.push(Math.max(site.now + TOGETHER_MS, toldAt + APART_MS), blocks.TELL);
    }

    /** The keeper hears how many jobs wait and run, and how many have come. */
    function tell(): void {
      isTelling = false;
      const now = site.now;
      const arrived = site.arrived - toldArrived;
      const waits = site.waiting.length - site.head;
      let isNews = arrived > 0 || waits !== waiting;
      for (const block of site.blocks)
        if (block.told !== block.busy) {
          block.told = block.busy;
          isNews = true;
        }
      if (!isNews) return;
      toldAt = now;
      toldArrived = site.arrived;
      waiting = waits;
      site.said += 1;
      arriving.came(now, arrived);
      reconcile();
    }

    function wake(at: number): void {
      if (at < wantsAt) wantsAt = at;
    }

    /** Sets the alarm, unless it rings by then. */
    function wakeInTime(): void {
      if (wantsAt < wakeAt) agenda.push((wakeAt = wantsAt), blocks.WAKE);
    }

    function awaitedUntil(block: blocks.Block): number {
      if (block.state === blocks.REQUESTING) return block.askedAt + UNGRANTED_MS;
      return block.startsAt + boots.p95(UNTIMED_BOOT_MS) + LATE_MS;
    }

    /** Jobs are held for blocks on their way: two for each, those with an instance first. */
    function heldUntil(place: number): number {
      let before = place >> 1;
      for (const state of [blocks.JOINING, blocks.REQUESTING])
        for (const block of slots) {
          if (block?.state !== state || block.leaving || awaitedUntil(block) <= site.now) continue;
          if (before === 0) return awaitedUntil(block);
          before -= 1;
        }
      return 0;
    }

    function reconcile(): void {
      if (waiting < 0) return;
      const { now } = site;
      wantsAt = NEVER;
      let supply = 0;
      let running = 0;
      let busy = 0;
      const patienceMs = boots.p95(UNTIMED_BOOT_MS) + LATE_MS;
      for (const block of slots) {
        if (block === undefined || block.leaving || block.state > blocks.SERVING) continue;
        const { state, relieveAt } = block;
        if (now >= relieveAt) {
          if (now < block.drainAt) wake(block.drainAt);
          else if (state === blocks.SERVING) fleet.retire(block);
          continue;
        }
        if (state === blocks.JOINING) {
          if (now >= block.startsAt + patienceMs) continue;
          wake(block.startsAt + patienceMs);
        } else if (state === blocks.SERVING) {
          wake(relieveAt);
          running += block.told;
          if (block.told > 0) busy += 1;
        }
        supply += 1;
      }
      const spare = arriving.usual(now);
      const packed = (running + waiting + spare + 1) >> 1;
      const wanted = Math.min(MOST, waiting === 0 ? packed : Math.max(packed, busy + ((waiting + 1) >> 1)));
      if (arriving.any) wake((((now / MINUTE_MS) | 0) + 1) * MINUTE_MS);
      if (supply > wanted) giveBack(supply - wanted);
      else if (supply < wanted) open(Math.min(wanted - supply, MOST - fleet.living));
      wakeInTime();
    }

    /** Those without an instance, from the highest place; then those that have been idle for a minute, the longest idle first. */
    function giveBack(more: number): void {
      const { now } = site;
      let surplus = more;
      for (let slot = slots.length - 1; slot >= 0 && surplus > 0; slot -= 1) {
        const block = slots[slot];
        if (block?.state !== blocks.REQUESTING || block.leaving) continue;
        fleet.retire(block);
        surplus -= 1;
      }
      if (surplus === 0) return;
      for (; surplus > 0; surplus -= 1) {
        const block = firstIdle();
        if (block === undefined) return;
        block.lookedAt = events;
        if (block.idleSince + GIVE_BACK_IDLE_MS <= now) fleet.retire(block);
        else wake(block.idleSince + GIVE_BACK_IDLE_MS);
      }
    }

    /** The dearest, of those the one that is idle for the longest time, and of those the highest place. */
    function firstIdle(): blocks.Block | undefined {
      let first: blocks.Block | undefined;
      for (const block of slots) {
        if (block?.state !== blocks.SERVING || block.idleSince < 0 || block.told > 0) continue;
        if (block.lookedAt === events || block.leaving || site.now >= block.relieveAt) continue;
        if (
          first === undefined ||
          block.usdPerHour > first.usdPerHour ||
          (block.usdPerHour === first.usdPerHour && block.idleSince <= first.idleSince)
        )
          first = block;
      }
      return first;
    }

    function open(count: number): void {
      if (count <= 0 || !fleet.isQuoted()) return;
      const { now } = site;
      let best = -1;
      let lowest = Number.POSITIVE_INFINITY;
      for (let zone = 0; zone < zones; zone += 1) {
        if (fleet.rests[zone]! > now) continue;
        const struckAt = fleet.struckAt[zone]!;
        const risk = struckAt < 0 ? 0 : (USD_PER_KILL * HOUR_MS) / Math.max(1, now - struckAt);
        const score = fleet.prices[zone]! + risk;
        if (score >= lowest) continue;
        best = zone;
        lowest = score;
      }
      if (best >= 0) for (let opened = 0; opened < count; opened += 1) fleet.open(best);
    }
  };
}
