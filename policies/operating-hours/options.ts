import { z } from 'zod';
import { hours, length } from '../../src/policy/index.ts';
import { isZone, zoneMistake } from './calendar/zone.ts';

/** An option that is a time zone by the name of its place. `what` says what goes by its wall clock. */
export const zone = (what: string) =>
  z
    .string({ error: ({ input }) => zoneMistake(input) })
    .refine(isZone, { error: ({ input }) => zoneMistake(input) })
    .describe(`An IANA time zone such as Europe/Berlin, by whose wall clock ${what}`);

/** An option that is a number of blocks. */
export const blocks = () => z.int().min(0).describe('How many blocks are wanted');

/** An option that moves opening edges forward. */
export const lead = () =>
  length()
    .refine((leadMs) => leadMs <= hours(24), { error: 'expected a lead of at most 24h' })
    .prefault('0s')
    .describe('How long before its time each window opens, so that blocks have booted by then');
