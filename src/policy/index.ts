/** What a policy is written against: `import { definePolicy } from 'spot-keeper/policy'`. */
// Options are zod schemas: a policy of one file beside pools.yaml has no package of its own to get zod from.
export { z } from 'zod';
export { type AskedEnd, blockEnd, type LeaseEnds, leaseEnd } from '../domain/leaseEnd.ts';
export * from '../domain/time.ts';
export type { Lease, Offer, Term } from '../domain/words.ts';
export { marketOf, TERMS } from '../domain/words.ts';
export * from './definePolicy.ts';
export * from './observed.ts';
export type * from './operatingHours.ts';
export * from './options.ts';
export * from './purchase.ts';
export type * from './renewal.ts';
export * from './scaling.ts';
