import type { Reference, Rival, RivalName, Rivals } from '../outcome.ts';

/** The rivals of one scenario. Each is computed when it is first asked for, and kept. */
export interface Rivalry {
  rival(name: RivalName): Promise<Rival>;
  bound(): Reference;
  foresight(): Reference;
  /** Those that run no keeper of ours, and the references: they need nothing but the scenario, so a thread can compute them. */
  groups(done?: Done): Promise<GroupRivals>;
  /** Everything at once; `groups` may come from elsewhere. */
  all(done?: Done, groups?: Promise<GroupRivals>): Promise<Rivals>;
}

/** Told as each is there. */
export type Done = (what: RivalName | 'bound' | 'foresight') => void;

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

/** Those of them that are groups, without a keeper and its policies. */
export const GROUPS = [
  'onDemandOnly',
  'onDemandTuned',
  'spotGroup',
  'spotGroupTuned',
  'spotGroupBuffer',
] as const satisfies readonly RivalName[];

/** What a scenario alone decides. */
export type GroupRivals = Pick<Rivals, (typeof GROUPS)[number] | 'bound' | 'foresight'>;
