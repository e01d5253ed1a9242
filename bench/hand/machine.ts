/** A node with room for two jobs: a block's, or one of the group. */
export class Machine {
  readonly index: number;
  /** Its place among its kind. */
  readonly rank: number;
  readonly isBlock: boolean;
  first = -1;
  second = -1;
  busy = 0;
  /** How many jobs it had when a keeper was told of them last. */
  told = 0;
  cordoned = false;
  discouraged = false;
  ready = false;
  /** Since when it has had no job; -1 while it has one, or is not ready. */
  idleSince = -1;
  startsAt = 0;
  endedAt = -1;

  constructor(index: number, rank: number, isBlock: boolean) {
    this.index = index;
    this.rank = rank;
    this.isBlock = isBlock;
  }
}
