import type { Block } from '../../block/block.ts';
import type { Fact } from '../../domain/facts.ts';
import type { Keeper } from '../../keeper/keeper.ts';
import type { Turn } from '../../keeper/run.ts';

/**
 * Why a block changed: the fact that was about it, or
 *
 * - `opened`: its pool wanted one more;
 * - `adopted`: an inventory showed it;
 * - `retire`: its pool told it to leave;
 * - `deadline`: its state had lasted as long as it may;
 * - `forgotten`: the keeper began anew and has not found it yet.
 */
export type Why = Fact['type'] | 'opened' | 'adopted' | 'retire' | 'deadline' | 'forgotten';

/** A block whose state is another after a turn. One of the two is missing for a block that came, or was forgotten. */
export type Change =
  | { readonly before: Block | undefined; readonly after: Block; readonly why: Why }
  | { readonly before: Block; readonly after: undefined; readonly why: 'forgotten' };

/** The blocks that a turn moved to another state, and why; a block that passed through two in one turn shows the last. */
export function* changesOf(
  before: ReadonlyMap<string, Block>,
  { fact, state: { blocks } }: Turn<Keeper>,
): Generator<Change> {
  for (const [id, after] of blocks) {
    const was = before.get(id);
    // A block that has gone was left for one turn to be seen; what is there under its id now is another life.
    const alive = was?.state === 'gone' && was !== after ? undefined : was;
    if (alive?.state !== after.state) yield { before: alive, after, why: whyOf(fact, alive, after) };
  }
  for (const [id, was] of before)
    if (was.state !== 'gone' && !blocks.has(id)) yield { before: was, after: undefined, why: 'forgotten' };
}

function whyOf(fact: Fact, before: Block | undefined, after: Block): Why {
  const { id } = after.context;
  // The pool may retire a block in a turn whose fact is about that block; only a notice drains it by itself.
  if (before?.state === 'serving' && after.state === 'draining' && !isNotice(fact, id)) return 'retire';
  if ('blockId' in fact && fact.blockId === id) return fact.type;
  if (before === undefined) return after.state === 'requesting' ? 'opened' : 'adopted';
  return fact.type === 'clock.reached' && before.context.deadlineAt <= fact.at ? 'deadline' : 'retire';
}

const isNotice = (fact: Fact, id: string): boolean => fact.type === 'instance.interrupted' && fact.blockId === id;
