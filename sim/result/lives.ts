import type { Instant } from '../../src/domain/time.ts';
import { type BlockState, ENDINGS, type Ending, placeOf } from '../../src/domain/words.ts';
import type { BlockBar } from '../outcome.ts';

/** What an observer must be told of a block after a turn. */
export interface Living {
  readonly state: BlockState;
  readonly ending: Ending | null;
}

type Segment = BlockBar['segments'][number];

interface BlockLife {
  readonly id: string;
  state: BlockState;
  /** The last turn after which it was there. */
  seen: number;
  since: Instant;
  ending: Ending | null;
  readonly segments: Segment[];
}

/** Watches turns and writes down in which state each block was, when. */
export class Lives {
  private readonly lives = new Map<string, BlockLife>();
  /** Those that were there after the turn before. */
  private readonly known = new Set<BlockLife>();
  private readonly forgotten = new Set<string>();
  private turns = 0;
  private readonly ended = Object.fromEntries(ENDINGS.map((ending) => [ending, 0])) as Record<Ending, number>;

  /** Takes note of every block as it stands after a turn. */
  note(at: Instant, blocks: Iterable<readonly [id: string, block: Living]>): void {
    this.turns += 1;
    for (const [id, { state, ending }] of blocks) this.noteOne(at, id, state, ending);
    // A keeper that starts anew knows a block again when it has found it; until then nobody does.
    for (const life of this.known) {
      if (life.seen === this.turns) continue;
      this.known.delete(life);
      if (life.state === 'gone') continue;
      life.segments.push({ state: life.state, from: life.since, until: at });
      this.forgotten.add(life.id);
    }
  }

  /** Takes note of one block as it stands after a turn that left the others as they were. */
  noteOne(at: Instant, id: string, state: BlockState, ending: Ending | null): void {
    const life = this.lives.get(id);
    if (life === undefined) {
      const born: BlockLife = { id, state, seen: this.turns, since: at, ending, segments: [] };
      this.lives.set(id, born);
      this.known.add(born);
      return;
    }
    if (this.forgotten.delete(id)) {
      this.known.add(life);
      life.state = state;
      life.since = at;
    } else if (life.state !== state) {
      life.segments.push({ state: life.state, from: life.since, until: at });
      life.state = state;
      life.since = at;
      if (state === 'gone' && ending !== null) this.ended[ending] += 1;
    }
    life.seen = this.turns;
    life.ending = ending;
  }

  /** How many blocks have gone, by ending. */
  endings(): Readonly<Record<Ending, number>> {
    return this.ended;
  }

  /** Every block's life, in order of birth, without what only the world knows. */
  bars(until: Instant): readonly Omit<BlockBar, 'market' | 'term' | 'usd'>[] {
    return [...this.lives].flatMap(([blockId, { state, since, ending, segments }]) => {
      const place = placeOf(blockId);
      if (place === undefined) return [];
      const open = state === 'gone' || this.forgotten.has(blockId) ? [] : [{ state, from: since, until }];
      return [
        {
          blockId,
          ...place,
          segments: [...segments, ...open],
          ...(state === 'gone' && ending !== null ? { ending } : {}),
        },
      ];
    });
  }
}
