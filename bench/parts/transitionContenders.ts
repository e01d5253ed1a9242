import { transition } from 'xstate';
import { advanceCompiled } from '../../src/block/compiled.ts';
import type { Block, BlockEvent } from '../../src/block/context.ts';
import { advanceByXState } from '../../src/block/interpreted.ts';
import { blockMachine } from '../../src/block/machine.ts';
import type { Effect } from '../../src/domain/effects.ts';
import { newKeeper } from '../../src/keeper/keeper.ts';
import { step } from '../../src/keeper/step.ts';
import type { Contender } from '../contest.ts';
import { reduce } from '../hand/reducer.ts';
import type { FrozenWorld } from '../world.ts';
import { factsOf } from './weekContenders.ts';

type Advance = (block: Block, event: BlockEvent) => readonly [Block, readonly Effect[]];

/** A block's first state and the events that it heard. */
interface Life {
  readonly birth: Block;
  readonly events: readonly BlockEvent[];
}

/** So many blocks are enough for those that take some hundred times as long. */
const FEW = 20;

const ADVANCES: Readonly<Record<string, { readonly advance: Advance; readonly isSlow: boolean }>> = {
  literal: { advance: reduce, isSlow: false },
  compiled: { advance: advanceCompiled, isSlow: false },
  scope: { advance: advanceByXState, isSlow: true },
  official: { advance: officially, isSlow: true },
};

/** The lives of the blocks of a week, run through what may advance a block. */
export function transitionContenders(world: FrozenWorld): Readonly<Record<string, Contender>> {
  const lives = livesIn(world);
  return Object.fromEntries(
    Object.entries(ADVANCES).map(([name, { advance, isSlow }]) => {
      const some = isSlow ? lives.slice(0, FEW) : lives;
      return [name, () => digestOf(advance, some)];
    }),
  );
}

/**
 * How many events one call of each contender takes.
 *
 * @throws Error where one does not do what the hand-written reducer does
 */
export function transitionEvents(world: FrozenWorld): Readonly<Record<string, number>> {
  const lives = livesIn(world);
  const expected = digestOf(reduce, lives);
  return Object.fromEntries(
    Object.entries(ADVANCES).map(([name, { advance, isSlow }]) => {
      if (digestOf(advance, lives) !== expected)
        throw new Error(`${name} does not do what the hand-written reducer does`);
      return [name, eventsIn(isSlow ? lives.slice(0, FEW) : lives)];
    }),
  );
}

const eventsIn = (lives: readonly Life[]): number => lives.reduce((count, { events }) => count + events.length, 0);

/** Every block's first state and the events it heard, taken from a run of the keeper. */
function livesIn(world: FrozenWorld): readonly Life[] {
  const found = new Map<string, { birth: Block; events: BlockEvent[] }>();
  let keeper = newKeeper(world.pools);
  for (const fact of factsOf(world)) {
    const before = keeper.blocks;
    keeper = step(keeper, fact).state;
    for (const [id, block] of keeper.blocks) {
      const life = found.get(id);
      if (life === undefined) found.set(id, { birth: block, events: [] });
      else if (fact.type === 'clock.reached') {
        const was = before.get(id);
        if (was !== undefined && was.context.deadlineAt <= fact.at) life.events.push(fact);
      } else if ('blockId' in fact && fact.blockId === id) life.events.push(fact);
      // An order is not a fact: it shows as the step from serving to draining.
      if (
        life !== undefined &&
        block.state === 'draining' &&
        before.get(id)?.state === 'serving' &&
        fact.type !== 'instance.interrupted'
      )
        life.events.push({ type: 'retire', at: fact.at, endBy: block.context.deadlineAt });
    }
  }
  return [...found.values()];
}

/** Runs lives through one contender; returns what came of them. */
function digestOf(advance: Advance, lives: readonly Life[]): string {
  let effects = 0;
  const ends: Record<string, number> = {};
  for (const { birth, events: heard } of lives) {
    let block = birth;
    for (const event of heard) {
      const [next, asked] = advance(block, event);
      block = next;
      effects += asked.length;
    }
    ends[block.state] = (ends[block.state] ?? 0) + 1;
  }
  return `${effects} ${JSON.stringify(ends)}`;
}

function officially(block: Block, event: BlockEvent): readonly [Block, readonly Effect[]] {
  const before = blockMachine.resolveState({ value: block.state, context: block.context });
  if (before.status !== 'active') return [block, []];
  const [next, actions] = transition(blockMachine, before, event);
  const asked = actions.flatMap((action) =>
    (action.type as string) === 'xstate.emit' ? [(action.params as { readonly event: Effect }).event] : [],
  );
  return [{ state: next.value, context: next.context }, asked];
}
