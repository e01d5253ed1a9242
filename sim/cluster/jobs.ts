import type { Instant } from '../../src/domain/time.ts';

/** Where a job last started. */
export type RanOn = 'block' | 'overflow' | undefined;

const PLACES: readonly RanOn[] = [undefined, 'block', 'overflow'];

/**
 * How jobs fare, a column for each thing that is known of them: a week has thousands, and objects with as many instants would be most
 * of what a simulated week leaves behind. NaN: undefined.
 */
export class JobColumns {
  length = 0;
  startedAt: Float64Array;
  waitingSince: Float64Array;
  delayedUntil: Float64Array;
  heldUntil: Float64Array;
  askedUntil: Float64Array;
  runningSince: Float64Array;
  finishedAt: Float64Array;
  queuedMs: Float64Array;
  ranMs: Float64Array;
  ranOnBlocksMs: Float64Array;
  ticket: Float64Array;
  patch: Float64Array;
  killed: Int32Array;
  private ranOnPlace: Uint8Array;

  /** @param size for how many jobs there is room at first */
  constructor(size: number) {
    const none = (): Float64Array => new Float64Array(size).fill(Number.NaN);
    this.startedAt = none();
    this.waitingSince = none();
    this.delayedUntil = none();
    this.heldUntil = none();
    this.askedUntil = none();
    this.runningSince = none();
    this.finishedAt = none();
    this.queuedMs = new Float64Array(size);
    this.ranMs = new Float64Array(size);
    this.ranOnBlocksMs = new Float64Array(size);
    this.ticket = new Float64Array(size);
    this.patch = new Float64Array(size);
    this.killed = new Int32Array(size);
    this.ranOnPlace = new Uint8Array(size);
  }

  /** Makes room for one more, and returns its place. */
  add(): number {
    const place = this.length++;
    if (place === this.killed.length) this.grow();
    return place;
  }

  ranOn(place: number): RanOn {
    return PLACES[this.ranOnPlace[place]!];
  }

  noteRanOn(place: number, ranOn: RanOn): void {
    this.ranOnPlace[place] = ranOn === 'block' ? 1 : ranOn === 'overflow' ? 2 : 0;
  }

  private grow(): void {
    this.startedAt = wider(this.startedAt);
    this.waitingSince = wider(this.waitingSince);
    this.delayedUntil = wider(this.delayedUntil);
    this.heldUntil = wider(this.heldUntil);
    this.askedUntil = wider(this.askedUntil);
    this.runningSince = wider(this.runningSince);
    this.finishedAt = wider(this.finishedAt);
    this.queuedMs = wider(this.queuedMs, 0);
    this.ranMs = wider(this.ranMs, 0);
    this.ranOnBlocksMs = wider(this.ranOnBlocksMs, 0);
    this.ticket = wider(this.ticket, 0);
    this.patch = wider(this.patch, 0);
    const [killed, ranOnPlace] = [new Int32Array(this.killed.length * 2), new Uint8Array(this.killed.length * 2)];
    killed.set(this.killed);
    ranOnPlace.set(this.ranOnPlace);
    this.killed = killed;
    this.ranOnPlace = ranOnPlace;
  }
}

function wider(column: Float64Array, rest = Number.NaN): Float64Array {
  const more = new Float64Array(column.length * 2).fill(rest);
  more.set(column);
  return more;
}

/** An instant of a column; undefined where there is none. */
export const instantIn = (column: Float64Array, place: number): Instant | undefined => {
  const at = column[place]!;
  return at === at ? at : undefined;
};
