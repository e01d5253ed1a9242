import type { BlockState } from '../domain/words.ts';

/** Whether a block in this state is there, or on the way, for what is wanted. Resting counts: its slot waits. */
export const SUPPLIES: Readonly<Record<BlockState, boolean>> = {
  requesting: true,
  resting: true,
  joining: true,
  serving: true,
  draining: false,
  terminating: false,
  gone: false,
};

/** Whether a block in this state is on its way to its node. One that rests asks for nothing: no job is held for it. */
export const ARRIVES: Readonly<Record<BlockState, boolean>> = { ...SUPPLIES, resting: false, serving: false };
