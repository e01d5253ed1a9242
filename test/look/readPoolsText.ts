import { catalogue } from '../../policies/catalogue.ts';
import { readPools } from '../../src/config/readPools.ts';
import type { LookSettings } from '../../src/look/look.ts';
import { poolsOf } from '../../src/pool/assemble.ts';
import { type AFleet, POOLS } from '../support/aFleet.ts';

/** What a look at a fleet is made with, for pools as text. */
export function settingsFor(fleet: AFleet, text: string = POOLS, over: Partial<LookSettings> = {}): LookSettings {
  const file = readPools(text, 'pools.yaml', catalogue);
  return { ...fleet.settings(file, poolsOf(file, catalogue)), ...over };
}
