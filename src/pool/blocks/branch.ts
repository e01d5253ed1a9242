import type { BlockView } from '../../block/block.ts';
import { type Instant, NEVER } from '../../domain/time.ts';
import type { Standing } from './standing.ts';
import type { Tally } from './tally.ts';

/** So many children a branch has: with sixteen, ten thousand blocks are four steps away, and fifteen are one. */
const FAN = 16;

type Child = Branch | Standing;

/**
 * The blocks of a pool by their slots, as a tree that is never changed in place: another block makes new branches from the root to
 * it, and shares all others. Each branch holds the sums of what is below it, so that a search for the few that are due passes by
 * the many that are not.
 */
export class Branch implements Tally {
  /** 0 where its children are blocks, each level above holds sixteen times as many slots; -1 for blocks that share one slot. */
  readonly level: number;
  readonly children: readonly (Child | null)[];

  readonly living: number;
  readonly slots: number;
  readonly gone: number;
  readonly unsettled: number;
  readonly supply: number;
  readonly serving: number;
  readonly inService: number;
  readonly idle: number;
  readonly unleased: number;
  readonly priced: number;
  readonly microUsdPerHour: number;
  readonly draining: number;
  readonly goable: number;
  readonly toEnd: number;
  readonly reads: number;
  readonly nextAt: Instant;
  readonly turnsAt: Instant;
  readonly settleAt: Instant;
  readonly drainAt: Instant;
  readonly tellAt: Instant;

  constructor(level: number, children: readonly (Child | null)[]) {
    this.level = level;
    this.children = children;
    let living = 0;
    let slots = 0;
    let gone = 0;
    let unsettled = 0;
    let supply = 0;
    let serving = 0;
    let inService = 0;
    let idle = 0;
    let unleased = 0;
    let priced = 0;
    let microUsdPerHour = 0;
    let draining = 0;
    let goable = 0;
    let toEnd = 0;
    let reads = 0;
    let nextAt = NEVER;
    let turnsAt = NEVER;
    let settleAt = NEVER;
    let drainAt = NEVER;
    let tellAt = NEVER;
    for (const child of children) {
      if (child === null) continue;
      living += child.living;
      slots += child.slots;
      gone += child.gone;
      unsettled += child.unsettled;
      supply += child.supply;
      serving += child.serving;
      inService += child.inService;
      idle += child.idle;
      unleased += child.unleased;
      priced += child.priced;
      microUsdPerHour += child.microUsdPerHour;
      draining += child.draining;
      goable += child.goable;
      toEnd += child.toEnd;
      reads |= child.reads;
      if (child.nextAt < nextAt) nextAt = child.nextAt;
      if (child.turnsAt < turnsAt) turnsAt = child.turnsAt;
      if (child.settleAt < settleAt) settleAt = child.settleAt;
      if (child.drainAt < drainAt) drainAt = child.drainAt;
      if (child.tellAt < tellAt) tellAt = child.tellAt;
    }
    this.living = living;
    this.slots = level < 0 ? Math.min(slots, 1) : slots;
    this.gone = gone;
    this.unsettled = unsettled;
    this.supply = supply;
    this.serving = serving;
    this.inService = inService;
    this.idle = idle;
    this.unleased = unleased;
    this.priced = priced;
    this.microUsdPerHour = microUsdPerHour;
    this.draining = draining;
    this.goable = goable;
    this.toEnd = toEnd;
    this.reads = reads;
    this.nextAt = nextAt;
    this.turnsAt = turnsAt;
    this.settleAt = settleAt;
    this.drainAt = drainAt;
    this.tellAt = tellAt;
  }
}

export const noBlocks = new Branch(0, []);

/** The block of this id in this slot. */
export function find(root: Branch, slot: number, id: string): Standing | undefined {
  if (slot >= slotsOf(root.level)) return undefined;
  let branch = root;
  for (;;) {
    if (branch.level < 0) return standingsIn(branch).find(({ view }) => view.id === id);
    const child = branch.children[placeIn(branch.level, slot)] ?? null;
    if (child === null) return undefined;
    if (!(child instanceof Branch)) return child.view.id === id ? child : undefined;
    branch = child;
  }
}

/** With this block in its slot: in the place of the one of its id, or beside others. */
export function withStanding(root: Branch, standing: Standing): Branch {
  const { slot } = standing.view;
  let wide = root;
  while (slot >= slotsOf(wide.level)) wide = new Branch(wide.level + 1, wide === noBlocks ? [] : [wide]);
  return put(wide, slot, standing.view.id, standing);
}

/** Without the block of this id. */
export const withoutStanding = (root: Branch, { view }: Standing): Branch => put(root, view.slot, view.id, null);

/** The blocks whose sums say that they are asked for, in the order of their births. `wants` of sums must hold where it holds of a block below. */
export function chosen(root: Branch, wants: (tally: Tally) => boolean): readonly Standing[] {
  if (!wants(root)) return [];
  const found: Standing[] = [];
  choose(root, wants, found);
  return found.length < 2 ? found : found.sort((a, b) => a.born - b.born);
}

/** Those that live, as their pool sees them. */
export const livingIn = (root: Branch): readonly BlockView[] =>
  chosen(root, ({ living }) => living > 0).map(({ view }) => view);

/** The slots in which no block lives, lowest first. */
export function freeSlots(root: Branch, count: number): readonly number[] {
  const free: number[] = [];
  pickFree(root, 0, count, free);
  for (let slot = slotsOf(root.level); free.length < count; slot += 1) free.push(slot);
  return free;
}

function pickFree(branch: Branch, from: number, count: number, free: number[]): void {
  const { level, children } = branch;
  const width = level === 0 ? 1 : slotsOf(level - 1);
  for (let place = 0; place < FAN && free.length < count; place += 1) {
    const child = children[place] ?? null;
    if (child !== null && child.slots === width) continue;
    const first = from + place * width;
    if (level > 0 && child instanceof Branch) pickFree(child, first, count, free);
    else for (let slot = first; slot < first + width && free.length < count; slot += 1) free.push(slot);
  }
}

/** With other standings in the place of those that are asked for. `wants` is as in `chosen`. */
export function replaced(
  branch: Branch,
  wants: (tally: Tally) => boolean,
  change: (standing: Standing) => Standing,
): Branch {
  let children: (Child | null)[] | undefined;
  for (let place = 0; place < branch.children.length; place += 1) {
    const child = branch.children[place] ?? null;
    if (child === null || !wants(child)) continue;
    const next = child instanceof Branch ? replaced(child, wants, change) : change(child);
    if (next === child) continue;
    children ??= [...branch.children];
    children[place] = next;
  }
  return children === undefined ? branch : new Branch(branch.level, children);
}

function put(branch: Branch, slot: number, id: string, standing: Standing | null): Branch {
  const { level, children } = branch;
  const place = level < 0 ? placeAmong(branch, id) : placeIn(level, slot);
  const child = children[place] ?? null;
  const next = level <= 0 ? inSlot(child, slot, id, standing, level) : below(child, slot, id, standing, level);
  if (next === child) return branch;
  const others = [...children];
  while (others.length < place) others.push(null);
  others[place] = next;
  return new Branch(level, others);
}

function below(child: Child | null, slot: number, id: string, standing: Standing | null, level: number): Child | null {
  if (child === null) return standing === null ? null : put(new Branch(level - 1, []), slot, id, standing);
  // Known: above the lowest level all children are branches.
  const next = put(child as Branch, slot, id, standing);
  return next.living + next.gone === 0 ? null : next;
}

/** Nearly always a slot has one block; where an instance that was forgotten comes back, it has more for a while. */
function inSlot(child: Child | null, slot: number, id: string, standing: Standing | null, level: number): Child | null {
  if (child === null || level < 0) return standing;
  if (child instanceof Branch) {
    const next = put(child, slot, id, standing);
    const left = standingsIn(next);
    return left.length > 1 ? next : (left[0] ?? null);
  }
  if (child.view.id === id) return standing;
  return standing === null ? child : new Branch(-1, [child, standing]);
}

function placeAmong({ children }: Branch, id: string): number {
  const place = children.findIndex((child) => child !== null && 'view' in child && child.view.id === id);
  return place < 0 ? children.length : place;
}

function choose(branch: Branch, wants: (tally: Tally) => boolean, found: Standing[]): void {
  for (const child of branch.children) {
    if (child === null || !wants(child)) continue;
    if (child instanceof Branch) choose(child, wants, found);
    else found.push(child);
  }
}

function standingsIn(branch: Branch): Standing[] {
  const found: Standing[] = [];
  choose(branch, () => true, found);
  return found;
}

const SLOTS: readonly number[] = Array.from({ length: 14 }, (_, level) => FAN ** (level + 1));

const slotsOf = (level: number): number => SLOTS[level] ?? Number.POSITIVE_INFINITY;

const placeIn = (level: number, slot: number): number =>
  level === 0 ? slot % FAN : Math.floor(slot / slotsOf(level - 1)) % FAN;
