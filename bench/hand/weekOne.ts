import type { Scenario } from '../../sim/scenario/scenario.ts';
import type { OperatingHoursPolicy } from '../../src/policy/operatingHours.ts';
import { NEVER } from './agenda.ts';
import * as blocks from './blocks.ts';
import { Histogram } from './histogram.ts';
import { DONE, KINDS } from './kinds.ts';
import { type HandWeek, type Settled, setting } from './setting.ts';

const SURGE = 5;
const MOST = 25;

/**
 * `week-v1` written by hand: fifteen blocks of four hours in operating hours, surge, spread over zones. No facts, no effects, no
 * digest, nothing pure: what the product is measured against. A test holds it to the product's results.
 */
export function weekOne(scenario: Scenario, hours: OperatingHoursPolicy): HandWeek {
  const week = setting(scenario);
  const { from, zones, jobs, end } = week;
  return (): Settled => {
    const { site, fleet } = week.start();
    const { agenda } = site;
    const { slots } = fleet;
    const lengths = new Histogram();
    let wanted = 0;
    let until = -1;
    let next = 0;
    let events = 0;
    agenda.push(0, blocks.WAKE);
    for (;;) {
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
        if (node === undefined || !node.isBlock) return;
        lengths.add(jobs.durationMs[argument]!);
        if (node.busy === 0) fleet.look(fleet.all[node.index]!);
        return;
      }
      switch (kind) {
        case blocks.WAKE:
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
          agenda.push(block.relieveAt, blocks.WAKE);
          agenda.push(block.drainAt, blocks.WAKE);
          return;
        case blocks.READY:
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

    function reconcile(): void {
      const { now } = site;
      if (now >= until) {
        const allowance = hours.allowedAt(now + from);
        wanted = allowance.blocks;
        until = allowance.until - from;
        if (until < end) agenda.push(until, blocks.WAKE);
      }
      drainDue();
      let supply = 0;
      for (const block of slots) if (block !== undefined && supplies(block)) supply += 1;
      if (wanted === 0 || supply > wanted) giveBack(supply - wanted);
      open(wanted - supply);
    }

    function supplies(block: blocks.Block): boolean {
      return block.state <= blocks.SERVING && !block.leaving && site.now < block.relieveAt;
    }

    /** Those past their time drain, but for those that have to wait until enough others serve. */
    function drainDue(): void {
      const { now } = site;
      let serving = 0;
      const due: blocks.Block[] = [];
      for (const block of slots) {
        if (block?.state !== blocks.SERVING || block.leaving) continue;
        serving += 1;
        if (now >= block.drainAt) due.push(block);
      }
      if (due.length > 1) due.sort((a, b) => a.endAt - b.endAt || a.slot - b.slot);
      for (const block of due) {
        const middle = Math.ceil(block.drainAt + (block.endAt - block.drainAt) / 2);
        const latest = Math.max(block.drainAt, Math.min(middle, block.endAt - lengths.p95(0)));
        if (serving - 1 < wanted - 1 && now < latest) {
          agenda.push(latest, blocks.WAKE);
          continue;
        }
        fleet.retire(block);
        serving -= 1;
      }
    }

    /** Idle before busy, then the nearest end; all of them where nothing is wanted. */
    function giveBack(surplus: number): void {
      const goable: blocks.Block[] = [];
      for (const block of slots)
        if (block !== undefined && block.state <= blocks.SERVING && !block.leaving && (wanted === 0 || supplies(block)))
          goable.push(block);
      goable.sort(
        (a, b) => a.state - b.state || Number(a.busy > 0) - Number(b.busy > 0) || a.endAt - b.endAt || b.slot - a.slot,
      );
      const count = wanted === 0 ? goable.length : surplus;
      for (let index = 0; index < count && index < goable.length; index += 1) fleet.retire(goable[index]!);
    }

    function open(deficit: number): void {
      const { now } = site;
      let overlapping = 0;
      for (const block of slots)
        if (block !== undefined && !(block.state === blocks.DRAINING && block.endAt <= now)) overlapping += 1;
      let count = Math.min(deficit, wanted + SURGE - overlapping, MOST - fleet.living);
      if (count <= 0 || !fleet.isQuoted()) return;
      const living = new Int32Array(zones);
      for (const block of slots) if (block !== undefined) living[block.zone]! += 1;
      for (; count > 0; count -= 1) {
        let best = -1;
        for (let zone = 0; zone < zones; zone += 1) {
          if (fleet.rests[zone]! > now) continue;
          if (best >= 0 && living[zone]! > living[best]!) continue;
          if (best < 0 || living[zone]! < living[best]! || fleet.prices[zone]! < fleet.prices[best]!) best = zone;
        }
        if (best < 0) return;
        living[best]! += 1;
        fleet.open(best);
      }
    }
  };
}
