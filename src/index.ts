/** The keeper as a library: a pure core that turns facts into effects, and the port to put it into a world. */
export type * from './domain/effects.ts';
export type * from './domain/facts.ts';
export * from './domain/time.ts';
export type * from './domain/timeouts.ts';
export * from './domain/words.ts';
export { type Keeper, newKeeper, type Step } from './keeper/keeper.ts';
export { run, type Turn } from './keeper/run.ts';
export { step } from './keeper/step.ts';
export type { Pool, PoolSpec } from './pool/pool.ts';
export type { World } from './world/world.ts';
