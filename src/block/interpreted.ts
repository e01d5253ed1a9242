import { type AnyMachineSnapshot, type AnyStateMachine, createActor } from 'xstate';
import type { Effect } from '../domain/effects.ts';
import type { BlockState } from '../domain/words.ts';
import type { Block, BlockContext, BlockEvent } from './context.ts';
import { blockMachine } from './machine.ts';

/** An action as XState hands it over once its name and params are resolved. */
export interface Resolved {
  readonly type: string;
  readonly params: unknown;
}

/**
 * XState's own transition without running an actor: what `transition()` builds anew for every event is built once.
 * Leans on an internal shape of the exactly pinned XState, and is tested against the official `transition()`. Not
 * re-entrant: actions are only collected.
 */
export function inertScope(machine: AnyStateMachine, actionExecutor: (action: Resolved) => void): never {
  const self = createActor(machine); // never started
  const nothing = (): void => undefined;
  const rest = { defer: nothing, emit: nothing, stopChild: nothing, logger: nothing };
  // The scope's type is not exported by XState; the machine's two pure methods read just these fields.
  return { self, system: self.system, ...rest, actionExecutor } as never;
}

let asked: Effect[] = [];
const scope = inertScope(blockMachine, ({ type, params }) => {
  // `emit` is the only action of the chart that leaves something to execute; its event is the effect.
  if (type === 'xstate.emit') asked.push((params as { readonly event: Effect }).event);
});

/** A block's birth, by XState. */
export function openByXState(context: BlockContext): readonly [Block, readonly Effect[]] {
  return taken(() => blockMachine.getInitialSnapshot(scope, context));
}

/** A block after one event, by XState: the reference for every faster way. */
export function advanceByXState(block: Block, event: BlockEvent): readonly [Block, readonly Effect[]] {
  const before = blockMachine.resolveState({ value: block.state, context: block.context });
  if (before.status !== 'active') return [block, []];
  return taken(() => blockMachine.transition(before, event, scope));
}

function taken(run: () => AnyMachineSnapshot): readonly [Block, readonly Effect[]] {
  asked = [];
  const next = run();
  if (next.status === 'error') throw next.error;
  // The chart's states are flat, so a value is a state's name; its context is ours.
  const { value, context } = next as { readonly value: BlockState; readonly context: BlockContext };
  return [{ state: value, context }, asked];
}
