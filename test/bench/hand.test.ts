import { describe, expect, it } from 'vitest';
import { unmatched } from '../../bench/hand/matches.ts';
import { transitionEvents } from '../../bench/parts/transitionContenders.ts';
import { handLoopOf } from '../../bench/parts/weekContenders.ts';
import { frozenWorld, WORLDS } from '../../bench/world.ts';
import { simulate } from '../../sim/simulate.ts';

describe.each(WORLDS)('The hand-written loop of %s', (name) => {
  it('comes to the launches, kills and cost of the product within 1 %, and twice to the same', async () => {
    const world = await frozenWorld(name);
    const loop = handLoopOf(world);
    const settled = loop();
    expect(unmatched(settled, await simulate(world.scenario, world.pools, name, { digest: false }))).toEqual([]);
    expect(loop()).toEqual(settled);
    expect(settled.onBlocks + settled.onOverflow).toBe(world.scenario.jobs.length);
  });
});

it('A loop that does other work is no floor', () => {
  const product = { blocks: { launched: 200 }, jobs: { killed: 4 }, cost: { total: 100 } };
  const found = (hand: Parameters<typeof unmatched>[0]) => unmatched(hand, product as Parameters<typeof unmatched>[1]);
  expect(found({ launched: 202, killed: 4, total: 99 })).toEqual([]);
  expect(found({ launched: 203, killed: 5, total: 98.9 })).toEqual([
    'launches: expected 200 within 1 %, found 203',
    'kills: expected 4 within 1 %, found 5',
    'cost in USD: expected 100 within 1 %, found 98.9',
  ]);
});

it('The hand-written reducer and all that is measured beside it come to the same ends and effects', async () => {
  const events = transitionEvents(await frozenWorld('week-v1'));
  expect(Object.keys(events)).toEqual(['literal', 'compiled', 'scope', 'official']);
  expect(events['literal']).toBeGreaterThan(events['scope'] ?? 0);
});
