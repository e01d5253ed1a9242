import type { Rival, RivalName } from '../sim/outcome.ts';

/** How tables name the rivals: short, since figures stand beside them. */
export const RIVAL_NAMES: Readonly<Record<RivalName, string>> = {
  onDemandOnly: 'on-demand only',
  onDemandTuned: 'on-demand tuned',
  spotGroup: 'spot group',
  spotGroupTuned: 'spot group tuned',
  spotGroupBuffer: 'spot group buffered',
  bestFixed: 'fixed for 99 %',
  cheapestFixed: 'fixed cheapest',
  original: 'original scripts',
};

/** What people can have without this keeper. A fixed number of blocks is kept by it, too. */
export const WITHOUT_KEEPER = [
  'onDemandOnly',
  'onDemandTuned',
  'spotGroup',
  'spotGroupTuned',
  'spotGroupBuffer',
  'original',
] as const satisfies readonly RivalName[];

const SENTENCES: Readonly<Record<RivalName, string>> = {
  onDemandOnly: 'the on-demand group alone',
  onDemandTuned: 'the on-demand group alone, well tuned',
  spotGroup: 'a spot group under Cluster Autoscaler',
  spotGroupTuned: 'a spot group under Cluster Autoscaler',
  spotGroupBuffer: 'a spot group with spare slots under Cluster Autoscaler',
  bestFixed: 'blocks enough for nearly all jobs at all hours',
  cheapestFixed: 'a fixed number of blocks at all hours',
  original: 'the scripts of 2021',
};

/** A rival within a sentence, with the settings that were found for it: `a spot group under Cluster Autoscaler (idle 2 min)`. */
export function rivalInWords({ name, about }: Rival): string {
  const isSet = name !== 'original' && name !== 'onDemandOnly' && about !== '';
  return isSet ? `${SENTENCES[name]} (${about})` : SENTENCES[name];
}
