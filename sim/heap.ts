import { setFlagsFromString } from 'node:v8';

/**
 * Objects are born young. V8 puts those of a place in the code that were seen to live for long straight among the old, where they keep
 * alive all that they refer to until the whole heap is looked through. States that are never changed in place live until the next turn
 * that touches them, long or short, and a simulated week that follows its jobs took 1.7 times as long for it, another 1.2 (Node 20).
 */
export const bornYoung = (): void => {
  setFlagsFromString('--no-allocation-site-pretenuring');
};

/** Room for young objects in a thread that runs weeks: each makes a hundred megabytes of them or more, and keeps next to nothing. */
export const YOUNG_MB = 96;

/** Of several threads that run weeks each has a core for itself: helpers of one's garbage collector would take those of the others. */
export const collectedApart = (): void => {
  setFlagsFromString('--no-parallel-scavenge');
};
