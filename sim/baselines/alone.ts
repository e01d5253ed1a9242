import type { Outcome } from '../outcome.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { onDemandOnly, onDemandTuned, spotGroup, spotGroupTuned } from './groupRivals.ts';

/** What people can have without a keeper. */
export const ALONE = ['onDemandOnly', 'onDemandTuned', 'spotGroup', 'spotGroupTuned'] as const;

export type Alone = (typeof ALONE)[number];

const RIVALS = { onDemandOnly, onDemandTuned, spotGroup, spotGroupTuned };

/** The scenario's week under a rival that is a group. */
export const simulateAlone = async (scenario: Scenario, rival: Alone): Promise<Outcome> =>
  (await RIVALS[rival](scenario)).outcome;
