import type { BlockView } from '../block/block.ts';
import type { Effect } from '../domain/effects.ts';
import type { Workload } from '../domain/facts.ts';
import type { AskedEnd } from '../domain/leaseEnd.ts';
import { type Instant, isoOf, NEVER } from '../domain/time.ts';
import type { Allowance } from '../policy/operatingHours.ts';
import type { RenewalTimes } from '../policy/renewal.ts';
import { askAllowance, type Fault } from './ask.ts';
import { chosen } from './blocks/branch.ts';
import { calmAt, calmed, uncalmed } from './blocks/calm.ts';
import type { PoolBlocks } from './blocks/poolBlocks.ts';
import { changedSince, isOnlyTime } from './blocks/reads.ts';
import { settledBlocks } from './blocks/settle.ts';
import type { Standing } from './blocks/standing.ts';
import { pauseOf } from './buying.ts';
import { dueToDrain } from './due.ts';
import { askedEnd, endAfter, endingSoon } from './ends.ts';
import { follow } from './follow.ts';
import { type Following, givenBack } from './giveBack.ts';
import { arrivingIn, holdsAsked, holdsNothing } from './holdsAsked.ts';
import { type Asking, askingFor } from './keptAnswers.ts';
import type { PoolMemory } from './memory.ts';
import { opening } from './opening.ts';
import type { Order } from './orders.ts';
import type { Pool } from './pool.ts';
import { PoolNow } from './poolNow.ts';
import type { PoolMoment } from './renewalQuestion.ts';
import { roomFor } from './room.ts';
import { victims } from './victims.ts';

export interface Reconciled {
  readonly orders: readonly Order[];
  readonly effects: readonly Effect[];
  readonly memory: PoolMemory;
  /** The same blocks, with what was found of them. */
  readonly blocks: PoolBlocks;
  /** The next instant at which this pool wants to be asked again. */
  readonly wakeAt: Instant;
}

const NO_ORDERS: readonly Order[] = [];
const NO_EFFECTS: readonly Effect[] = [];
const NONE_RETIRING: ReadonlyMap<BlockView, Standing> = new Map();
const NO_ENDS: ReadonlyMap<BlockView, Instant> = new Map();

/**
 * Compare what the pool wants with what it has, and order the difference. What a turn costs goes by what changed: blocks that
 * are neither new, nor due, nor asked about anew are only there as sums (`blocks/tally.ts`).
 */
export function reconcile(pool: Pool, before: PoolMemory, blocks: PoolBlocks, now: Instant): Reconciled {
  const calm = calmAt(before, blocks, now);
  if (calm !== undefined)
    return { orders: NO_ORDERS, effects: NO_EFFECTS, memory: before, blocks, wakeAt: calm.wakeAt };
  return new Reconciling(pool, before, blocks, now).reconciled();
}

/** One pool in one turn. */
class Reconciling {
  readonly #pool: Pool;
  readonly #now: Instant;
  readonly #orders: Order[] = [];
  readonly #effects: Effect[] = [];
  /** The blocks that are told to go in this turn, in the order in which they are told; and their ends, of those that are told already. */
  #retiring: ReadonlyMap<BlockView, Standing> = NONE_RETIRING;
  #ends: ReadonlyMap<BlockView, Instant> = NO_ENDS;
  readonly #fault: Fault;
  #memory: PoolMemory;
  /** What people were told once; apart, since a policy may have a fault while something else is found out. */
  #announced: ReadonlySet<string>;
  #blocks: PoolBlocks;
  #wakeAt: Instant = NEVER;

  constructor(pool: Pool, before: PoolMemory, blocks: PoolBlocks, now: Instant) {
    this.#pool = pool;
    this.#memory = before;
    this.#announced = before.announced;
    this.#blocks = blocks;
    this.#now = now;
    this.#fault = (slot, kind, what) => {
      // By its kind: what a policy says may be different each time, and must neither flood people nor fill the memory.
      const note = `the ${slot} policy ${what}; the built-in fallback decides`;
      this.#announceOnce('PolicyFault', note, `PolicyFault: ${slot} ${kind}`);
    };
  }

  reconciled(): Reconciled {
    const { spec, policies } = this.#pool;
    const now = this.#now;
    const asking = askingFor(policies, this.#memory.kept, this.#fault);
    const { now: allowance, next } = this.#allowanceNow();
    this.#wakesAt(allowance.until);
    const allowed = Math.min(allowance.blocks, spec.maxBlocks);
    if (allowed < allowance.blocks)
      this.#announceOnce(
        'DemandCapped',
        `${allowance.blocks} blocks are wanted; maxBlocks allows ${spec.maxBlocks}`,
        'DemandCapped',
      );

    const moment = new PoolNow(now, spec, allowance, next, this.#memory.observations);
    const before = this.#blocks;
    const changed = changedSince(this.#memory.kept.moment, moment, before.root.reads);
    this.#blocks = settledBlocks(before, { pool: this.#pool, moment, asking }, changed);
    const { root } = this.#blocks;

    const isFollowing = policies.scaling.ignoresJobs !== true;
    const following = isFollowing ? this.#follow(moment, asking, allowed) : undefined;
    const wanted = following?.wanted ?? allowed;
    if (this.#memory.wanted !== wanted) this.#memory = { ...this.#memory, wanted };
    this.#wakesAt(root.turnsAt);

    this.#drain(wanted, moment);
    const over = victims(root, allowed, spec.surplus);
    this.#retires(viewsOf(over), over);
    if (following !== undefined) this.#giveBack(following);
    for (const standing of this.#retiring.values()) this.#retire(standing, standing.times);
    if (root.toEnd > 0) for (const one of chosen(root, ({ toEnd }) => toEnd > 0)) this.#retire(one, one.times);
    this.#tellEnds();
    this.#open(wanted, following !== undefined, { moment, asking });
    if (following?.workload !== undefined && spec.holdsJobs) this.#hold(following.workload, moment);

    const isSame = isOnlyTime(changed) && this.#blocks === before;
    const kept = asking.kept(isSame ? this.#memory.kept.moment : moment);
    if (kept !== this.#memory.kept || this.#announced !== this.#memory.announced)
      this.#memory = { ...this.#memory, kept, announced: this.#announced };
    const isDone = this.#orders.length === 0 && this.#effects.length === 0;
    this.#blocks = isDone
      ? calmed(this.#pool, this.#memory, this.#blocks, { wanted, now, wakeAt: this.#wakeAt })
      : uncalmed(this.#blocks);
    return {
      orders: this.#orders,
      effects: this.#effects,
      memory: this.#memory,
      blocks: this.#blocks,
      wakeAt: this.#wakeAt,
    };
  }

  #wakesAt(at: Instant): void {
    if (at < this.#wakeAt) this.#wakeAt = at;
  }

  #announceOnce(reason: string, note: string, key = `${reason}: ${note}`): void {
    if (this.#announced.has(key)) return;
    this.#announced = new Set(this.#announced).add(key);
    this.#effects.push({ type: 'announce', pool: this.#pool.spec.name, reason, note });
  }

  #allowanceNow(): { readonly now: Allowance; readonly next: Allowance } {
    const now = this.#now;
    const last = this.#memory.allowance;
    if (last !== null && now >= last.from && now < last.now.until) return last;
    const { operatingHours } = this.#pool.policies;
    const fresh = askAllowance(operatingHours, now, last?.now ?? null, this.#fault);
    const next = fresh.until === NEVER ? fresh : askAllowance(operatingHours, fresh.until, fresh, this.#fault);
    this.#memory = { ...this.#memory, allowance: { from: now, now: fresh, next } };
    return { now: fresh, next };
  }

  /** How many of the allowed blocks the jobs ask for. */
  #follow(moment: PoolMoment, asking: Asking, allowed: number): Following {
    const followed = follow(this.#memory, this.#blocks, { moment, asking, allowed });
    this.#memory = followed.memory;
    this.#wakesAt(followed.wakeAt);
    return followed.following;
  }

  #drain(wanted: number, { durations }: PoolMoment): void {
    const { root } = this.#blocks;
    const now = this.#now;
    if (root.drainAt > now) return;
    const candidates = chosen(root, ({ drainAt }) => drainAt <= now);
    const due = dueToDrain(
      candidates.flatMap(({ view, times }) => (times === null ? [] : [[view, times] as const])),
      root.inService,
      wanted,
      this.#pool.spec.maxUnavailable,
      now,
      durations?.p95Ms ?? 0,
    );
    this.#wakesAt(due.wakeAt);
    this.#retires(due.draining, candidates);
  }

  #giveBack({ wanted, ...how }: Following): void {
    const { root } = this.#blocks;
    let staying = root.supply;
    for (const { countsAs } of this.#retiring.values()) if (countsAs !== 'nothing') staying -= 1;
    if (staying <= wanted) return;
    const goable = chosen(root, ({ idle, unleased }) => idle > 0 || unleased > 0).filter(
      ({ view }) => !this.#retiring.has(view),
    );
    const given = givenBack(viewsOf(goable), staying - wanted, { ...how, now: this.#now });
    this.#retires(given.blocks, goable);
    this.#wakesAt(given.wakeAt);
  }

  #hold(workload: Workload, { boots, now }: PoolMoment): void {
    if (holdsNothing(this.#memory.holding, workload)) return;
    const opened = this.#orders.filter(({ type }) => type === 'open').length;
    const arriving = workload.waiting === 0 ? [] : arrivingIn(this.#blocks.root, this.#retiring);
    const { spec } = this.#pool;
    const asked = holdsAsked(this.#memory, workload, { spec, arriving, opened, boots, now });
    if (asked.effect !== undefined) this.#effects.push(asked.effect);
    if (asked.holding !== this.#memory.holding) this.#memory = { ...this.#memory, holding: asked.holding };
    this.#wakesAt(asked.wakeAt);
  }

  /** These of some blocks are to go, in this order. */
  #retires(views: readonly BlockView[], of: readonly Standing[]): void {
    if (views.length === 0) return;
    const standings = new Map(of.map((standing) => [standing.view, standing]));
    const retiring = new Map(this.#retiring);
    for (const view of views) {
      const standing = standings.get(view);
      if (standing !== undefined) retiring.set(view, standing);
    }
    this.#retiring = retiring;
  }

  #retire({ view }: Standing, due: RenewalTimes | null): void {
    // One without a lease has no end yet, and hears of it once it has joined.
    const asked: AskedEnd = due === null ? { endBy: this.#now } : askedEnd(this.#pool, due);
    this.#orders.push({ type: 'retire', blockId: view.id, ...asked });
    this.#ends = new Map(this.#ends).set(view, endAfter(this.#pool, view, asked));
  }

  #tellEnds(): void {
    const { root } = this.#blocks;
    const now = this.#now;
    if (this.#ends.size === 0 && root.tellAt > now) {
      this.#wakesAt(root.tellAt);
      return;
    }
    const draining = chosen(root, (tally) => tally.draining > 0);
    const told = [...this.#retiring.values()].filter(({ view: { state } }) => state === 'serving');
    const leaving = [...draining, ...told].sort((one, other) => one.born - other.born);
    const soon = endingSoon(viewsOf(leaving), this.#ends, now);
    this.#wakesAt(soon.wakeAt);
    for (const { block, endAt } of soon.ends)
      this.#announceOnce(
        'LeaseOverrun',
        `${block.id} is ended at ${isoOf(endAt)}, and ${block.jobs === 1 ? 'a job' : `${block.jobs} jobs`} may still run there`,
        `LeaseOverrun: ${block.id}`,
      );
  }

  #open(wanted: number, isFollowing: boolean, { moment, asking }: { moment: PoolMoment; asking: Asking }): void {
    const { spec } = this.#pool;
    const { root } = this.#blocks;
    const now = this.#now;
    const deficit = wanted - root.supply;
    const { capped } = this.#memory;
    if (capped !== null && (deficit <= 0 || now >= capped.until)) this.#memory = { ...this.#memory, capped: null };
    // Told as soon as it is so, also while the slots of those that were refused are held.
    if (this.#memory.pace !== null && this.#memory.toldPause === null) this.#tellPause();
    if (deficit <= 0) return;
    const room = roomFor(spec, isFollowing ? spec.maxBlocks : wanted, root.living, this.#leaving(), now);
    if (deficit > room.blocks) this.#wakesAt(room.moreAt);
    if (room.blocks <= 0) return;
    // Absence is only known from a complete list; until one was taken there may be blocks of an earlier life.
    if (!this.#memory.inventoried) return;
    this.#tellPause();
    // A pool that follows its jobs has to catch up with them: all it may have, at once.
    const { launches, perMs } = spec.launchRate;
    const rate = { perMs, launches: isFollowing ? Math.max(launches, spec.maxBlocks) : launches };
    const opened = opening(this.#pool, this.#memory, this.#blocks, {
      ...{ moment, asking, rate },
      count: Math.min(deficit, room.blocks),
      tellPause: (memory) => {
        this.#memory = memory;
        this.#tellPause();
        return this.#memory;
      },
    });
    this.#memory = opened.memory;
    this.#orders.push(...opened.orders);
    this.#effects.push(...opened.effects);
    this.#wakesAt(opened.wakeAt);
  }

  /** Those that drain, and those that serve and are told to. */
  #leaving(): readonly BlockView[] {
    const draining = chosen(this.#blocks.root, (tally) => tally.draining > 0).map(({ view }) => view);
    return [...draining, ...[...this.#retiring.keys()].filter(({ state }) => state === 'serving')];
  }

  #tellPause(): void {
    const pause = pauseOf(this.#memory, this.#now);
    if (pause === undefined || !pause.isNews || this.#memory.toldPause === pause.key) return;
    this.#memory = { ...this.#memory, toldPause: pause.key };
    this.#effects.push({ type: 'announce', pool: this.#pool.spec.name, reason: pause.reason, note: pause.note });
  }
}

const viewsOf = (standings: readonly Standing[]): readonly BlockView[] => standings.map(({ view }) => view);
