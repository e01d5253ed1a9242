import type { Reference, Rival, RivalName, Rivals } from '../outcome.ts';

/** The rivals of one scenario. Each is computed when it is first asked for, and kept. */
export interface Rivalry {
  rival(name: RivalName): Promise<Rival>;
  bound(): Reference;
  foresight(): Reference;
  /** Everything at once; `done` is told as each is there. */
  all(done?: (what: RivalName | 'bound' | 'foresight') => void): Promise<Rivals>;
}

/** In the order in which they are shown. */
export const RIVALS = [
  'onDemandOnly',
  'onDemandTuned',
  'spotGroup',
  'spotGroupTuned',
  'spotGroupBuffer',
  'bestFixed',
  'cheapestFixed',
  'original',
] as const satisfies readonly RivalName[];
