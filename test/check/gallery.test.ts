import { readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Checked, checkPolicy } from '../../check/checkPolicy.ts';
import { subjectOf } from '../../check/subject.ts';
import { catalogue } from '../../policies/catalogue.ts';
import type { PolicyDefinition } from '../../src/policy/definePolicy.ts';

const FOLDER = resolve(import.meta.dirname, 'gallery');

/** Every policy that is wrong, and by which law or promise its mistake shows. */
const SHOWS_BY: Readonly<Record<string, readonly string[]>> = {
  buysInTheLastMinute: ['cover'],
  buysTheDearest: ['cost'],
  closesAMinuteLate: ['hours'],
  comparesStrings: ['hours'],
  countsDrainingAsSupply: ['cover'],
  countsItsCalls: ['laterIsNotEarlier', 'timesAnswerAlike', 'sameAnswer'],
  deadlocksAtTheCap: ['served', 'cost', 'calm', 'wantsNoFewerForMoreJobs'],
  drainsAtLeaseEnd: ['jobs'],
  drainsBeforeRelieving: ['timesAreInOrder'],
  exceedsTheAllowance: ['wantsNoMoreThanAllowed'],
  flapsBetweenSpares: ['calm'],
  flipsBetweenTwoOffers: ['ranksWhateverTheOrder', 'ranksAlike', 'sameAnswer'],
  forgetsSummerTime: ['hours'],
  goesByLocalTime: ['sameAnswer'],
  goesByTheClock: ['sameAnswer'],
  ignoresTheEnd: ['holdsUntil'],
  ignoresWaitingJobs: ['served'],
  isOffByOneAtUntil: ['hours', 'holdsUntil'],
  keepsOneForEachFinishedJob: ['thrift'],
  knowsOneZone: ['cover'],
  leadShorterThanBoot: ['cover'],
  leaksBetweenPools: ['hours'],
  neverGivesBack: ['thrift'],
  neverRelieves: ['jobs', 'cover'],
  outstaysTheHardEnd: ['timesAreInOrder'],
  readsNoWindowAsIdle: ['served'],
  relievesAllAtOnce: ['calm', 'cover'],
  remembersTheSlot: ['servesFirst', 'timesAreInOrder', 'sameAnswer', 'laterIsNotEarlier'],
  repeatsTheBest: ['ranksWithoutRepeats'],
  sortsInPlace: ['leavesNeedAlone'],
  takesOffersAsTheyCome: ['ranksWhateverTheOrder'],
  wantsBlocksForJobs: ['wantsNoBlockForEachJob'],
  wantsHalfABlock: ['blocksAreWhole'],
  wantsMoreForFewer: ['wantsNoFewerForMoreJobs'],
  wipesTheMarkets: ['leavesNeedAlone'],
};

const checked = async (name: string): Promise<Checked> => {
  const module = (await import(`./gallery/${name}.ts`)) as { readonly default: PolicyDefinition };
  return checkPolicy(subjectOf(module.default, catalogue), { runs: 1_000, seed: 1 });
};

describe('the gallery of wrong policies', () => {
  it('is complete', () => {
    const files = readdirSync(FOLDER).map((file) => file.replace('.ts', ''));
    expect(files.filter((file) => file !== 'wallClock').toSorted()).toEqual(Object.keys(SHOWS_BY).toSorted());
  });

  it.each(Object.entries(SHOWS_BY))('%s falls, by %s, in a world of a few blocks and hours', async (name, shows) => {
    const { counterexample } = await checked(name);
    expect(counterexample).toBeDefined();
    const { broken, world } = counterexample!;
    expect(shows).toContain(broken.promise);
    expect(broken.sentence.length).toBeLessThan(600);
    // A sentence that people can read: "the policy at noon it wants" is none.
    expect(broken.sentence).not.toMatch(/^the policy (at|for|asked) /);
    expect(world.blocks + world.moreBlocks).toBeLessThanOrEqual(4);
    // Money takes its hours to show; the longest window is twelve.
    expect(world.quarters / 4).toBeLessThanOrEqual(broken.promise === 'cost' ? 12 : 8);
    // What goes wrong only where a pool is full takes as many jobs as fill it.
    expect(world.jobs.length).toBeLessThanOrEqual(name === 'deadlocksAtTheCap' ? 10 : 4);
  });
});
