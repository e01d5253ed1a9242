import type { Block } from '../../block/block.ts';
import type { Instant } from '../../domain/time.ts';
import { type BlockState, type Ending, placeOf, type Refusal, type Term } from '../../domain/words.ts';
import type { Keeper } from '../../keeper/keeper.ts';
import type { Turn } from '../../keeper/run.ts';
import { changesOf, type Why } from './changes.ts';
import { scrubbed } from './fields.ts';
import { Recent } from './recent.ts';

/** A block came into another state. */
export interface Transition {
  readonly kind: 'transition';
  readonly at: Instant;
  readonly pool: string;
  readonly block: string;
  /** Null for a block that was not known before. */
  readonly from: BlockState | null;
  readonly to: BlockState | 'forgotten';
  readonly why: Why;
  readonly instance: string | null;
  readonly instanceType: string;
  readonly zone: string;
  readonly term: Term;
  /** How many jobs ran there. */
  readonly jobs: number;
  readonly ending: Ending | null;
}

/** EC2 gave no instance. */
export interface Refused {
  readonly kind: 'refusal';
  readonly at: Instant;
  readonly pool: string;
  readonly block: string;
  readonly refusal: Refusal;
  readonly instanceType: string;
  readonly zone: string;
  readonly term: Term;
  readonly retryAt: Instant | null;
}

/** People were told something about a pool. */
export interface Announcement {
  readonly kind: 'announcement';
  readonly at: Instant;
  readonly pool: string;
  readonly reason: string;
  readonly note: string;
}

/** What people want to read of a turn: the lines of the log, and of the history. */
export type Happening = Transition | Refused | Announcement;

/** Facts may come again: as many answers to tries to buy are remembered. */
const ANSWERS = 4096;

/** Turns taken for what happened in them. The answer is to be called with every turn, in order. */
export function happenings(tell: (happening: Happening) => void): (turn: Turn<Keeper>) => void {
  const answered = new Recent(ANSWERS);
  let blocks: ReadonlyMap<string, Block> = new Map();
  return (turn) => {
    const { fact, effects } = turn;
    if (fact.type === 'capacity.refused' && answered.add(fact.token)) {
      const { at, blockId, refusal, offer, retryAt } = fact;
      const { instanceType, zone, term } = offer;
      const pool = placeOf(blockId)?.pool ?? '';
      tell({
        kind: 'refusal',
        at,
        pool,
        block: blockId,
        refusal,
        instanceType,
        zone,
        term,
        retryAt: retryAt ?? null,
      });
    }
    for (const { before, after, why } of changesOf(blocks, turn)) tell(transition(fact.at, before, after, why));
    for (const effect of effects)
      if (effect.type === 'announce') {
        const { pool, reason, note } = effect;
        tell({ kind: 'announcement', at: fact.at, pool, reason, note: scrubbed(note.slice(0, LONGEST_NOTE)) });
      }
    ({ blocks } = turn.state);
  };
}

/** A note is a sentence; what a policy throws may be anything. */
const LONGEST_NOTE = 1_000;

function transition(at: Instant, before: Block | undefined, after: Block | undefined, why: Why): Transition {
  // A change has one of the two at least, which the types say of the pair and not of its halves.
  const { context } = (after ?? before) as Block;
  const { id, pool, offer, lease, jobs, ending } = context;
  return {
    kind: 'transition',
    at,
    pool,
    block: id,
    from: before?.state ?? null,
    to: after?.state ?? 'forgotten',
    why,
    instance: lease?.instanceId ?? null,
    instanceType: offer.instanceType,
    zone: offer.zone,
    term: offer.term,
    jobs: jobs.length,
    ending,
  };
}
