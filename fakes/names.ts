/** Where the keeper of a rehearsal has its ledger and its lease. */
export const KEEPER_NAMESPACE = 'spot-keeper';

/** The queue that interruption warnings go to. */
export const QUEUE = 'spot-keeper';
