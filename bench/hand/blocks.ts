import type { Draws } from '../../sim/chance/draw.ts';
import { bootMs } from '../../sim/cluster/boot.ts';
import type { ClusterSettings } from '../../sim/scenario/scenario.ts';
import { NEVER } from './agenda.ts';
import { KINDS, OWN } from './kinds.ts';
import { Machine } from './machine.ts';
import type { Site } from './site.ts';

export const [GRANTED, READY, CORDONED, EMPTY, GONE, NOTICE, RECLAIMED, WAKE, QUOTED, TELL] = [
  ...[OWN, OWN + 1, OWN + 2, OWN + 3, OWN + 4, OWN + 5, OWN + 6, OWN + 7, OWN + 8, OWN + 9],
] as const;

export const [REQUESTING, JOINING, SERVING, DRAINING, TERMINATING, OVER] = [0, 1, 2, 3, 4, 5] as const;

const CORDON_MS = 500;
const SETTLE_MS = 2_000;
const NOTICE_MS = 120_000;
const COOLING_MS = 300_000;
const QUOTE_AGE_MS = 600_000;
const QUOTE_MS = 500;

/** A block: its instance with its node. */
export class Block extends Machine {
  readonly slot: number;
  readonly zone: number;
  readonly usdPerHour: number;
  readonly token: string;
  state: number = REQUESTING;
  leaving = false;
  askedAt = 0;
  relieveAt = NEVER;
  drainAt = NEVER;
  endAt = NEVER;
  reclaimAt = NEVER;
  cordonedAt = -1;
  endedByAws = false;
  /** When it was last looked at, by a count of its week's own. */
  lookedAt = -1;

  constructor(index: number, slot: number, zone: number, usdPerHour: number, token: string) {
    super(index, slot, true);
    this.slot = slot;
    this.zone = zone;
    this.usdPerHour = usdPerHour;
    this.token = token;
  }
}

/** What the two weeks have in common: instances, their nodes, and the account. */
export class Blocks {
  readonly all: Block[] = [];
  /** By slot; undefined where none lives. */
  readonly slots: (Block | undefined)[] = [];
  living = 0;
  /** Until when a zone is left alone. */
  readonly rests = new Float64Array(8);
  readonly struckAt = new Float64Array(8).fill(-1);
  readonly prices = new Float64Array(8);
  private quotedAt = -0x3fff_ffff;
  private askedAt = -0x3fff_ffff;
  private readonly generations: number[] = [];
  private readonly parts: {
    readonly site: Site;
    readonly draws: Draws;
    readonly boot: ClusterSettings['boot'];
    readonly leaseMs: number;
    readonly reclaims: readonly (readonly number[])[];
    /** The price of a zone at an instant. */
    readonly quote: (zone: number, at: number) => number;
    /** How long an instance takes to end, by its token. */
    readonly endingMs: (token: string) => number;
  };

  constructor(parts: Blocks['parts']) {
    this.parts = parts;
  }

  /** Whether the known prices are fresh; where they are not they are asked for, and `QUOTED` comes. */
  isQuoted(): boolean {
    const { site } = this.parts;
    if (site.now - this.quotedAt <= QUOTE_AGE_MS) return true;
    if (site.now - this.askedAt < 30_000) return false;
    this.askedAt = site.now;
    site.agenda.push(site.now + QUOTE_MS, QUOTED);
    return false;
  }

  quoted(): void {
    const { site, reclaims, quote } = this.parts;
    this.quotedAt = site.now;
    for (let zone = 0; zone < reclaims.length; zone += 1) this.prices[zone] = quote(zone, site.now);
  }

  open(zone: number): void {
    const { site, draws } = this.parts;
    let slot = 0;
    while (this.slots[slot] !== undefined) slot += 1;
    const generation = (this.generations[slot] ?? 0) + 1;
    this.generations[slot] = generation;
    const token = `ci-${slot}.${generation}.1`;
    const block = new Block(this.all.length, slot, zone, this.prices[zone]!, token);
    block.askedAt = site.now;
    this.all.push(block);
    this.slots[slot] = block;
    this.living += 1;
    const tookMs = 2_000 + Math.floor(draws.uniform('ec2.answer', token, 0) * 6_000);
    this.after(tookMs, block, GRANTED);
  }

  retire(block: Block): void {
    block.leaving = true;
    if (block.state === SERVING) this.drain(block);
  }

  granted(block: Block): void {
    const { site, draws, boot, leaseMs, reclaims } = this.parts;
    const { now, agenda } = site;
    block.state = JOINING;
    block.startsAt = now;
    block.endAt = now + leaseMs;
    block.drainAt = block.endAt - 1_800_000;
    block.relieveAt = block.drainAt - 300_000;
    this.after(bootMs(draws, block.token, boot), block, READY);
    for (const at of reclaims[block.zone]!) {
      if (at <= now) continue;
      block.reclaimAt = at;
      agenda.push(Math.max(now, at - NOTICE_MS), block.index * KINDS + NOTICE);
      agenda.push(at, block.index * KINDS + RECLAIMED);
      break;
    }
  }

  ready(block: Block): void {
    if (block.endedAt >= 0) return;
    const { site } = this.parts;
    site.join(block);
    block.state = SERVING;
    if (block.leaving) this.drain(block);
  }

  cordoned(block: Block): void {
    if (block.endedAt >= 0) return;
    this.parts.site.cordon(block);
    block.cordonedAt = this.parts.site.now;
    this.after(SETTLE_MS + CORDON_MS, block, EMPTY);
  }

  /** A list shows whether jobs are left on a node that takes none. */
  look(block: Block): void {
    const { site } = this.parts;
    if (block.endedAt >= 0 || block.state !== DRAINING || block.busy > 0) return;
    if (block.cordonedAt < 0 || site.now < block.cordonedAt + SETTLE_MS) return;
    block.state = TERMINATING;
    this.after(this.parts.endingMs(block.token), block, GONE);
  }

  /** AWS gives notice: the block drains, and its market rests. */
  noticed(block: Block): boolean {
    if (block.endedAt >= 0) return false;
    const { now } = this.parts.site;
    this.rests[block.zone] = now + COOLING_MS;
    this.struckAt[block.zone] = now;
    block.leaving = true;
    if (block.state === SERVING) this.drain(block);
    return true;
  }

  gone(block: Block, byAws: boolean): boolean {
    if (block.endedAt >= 0) return false;
    block.endedByAws = byAws;
    this.parts.site.lose(block);
    block.state = OVER;
    this.slots[block.slot] = undefined;
    this.living -= 1;
    return true;
  }

  private drain(block: Block): void {
    block.state = DRAINING;
    this.after(CORDON_MS, block, CORDONED);
  }

  private after(ms: number, block: Block, kind: number): void {
    const { site } = this.parts;
    site.agenda.push(site.now + ms, block.index * KINDS + kind);
  }
}
