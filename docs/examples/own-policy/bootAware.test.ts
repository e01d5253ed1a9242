import { catalogue, checkPolicy, subjectOf } from 'spot-keeper/check';
import { expect, it } from 'vitest';
import bootAware from './bootAware.ts';

it('keeps every law and promise in random worlds', async () => {
  const { runs, counterexample } = await checkPolicy(subjectOf(bootAware, catalogue), { runs: 200, seed: 1 });
  // A counterexample holds the smallest world in which a promise was broken, and says in a sentence what happened there.
  expect(counterexample?.broken).toBeUndefined();
  expect(runs).toBe(200);
}, 60_000);
