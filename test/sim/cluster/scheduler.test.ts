import { describe, expect, it } from 'vitest';
import { draws } from '../../../sim/chance/draw.ts';
import { type Job, newJob } from '../../../sim/cluster/job.ts';
import { type Node, newNode } from '../../../sim/cluster/node.ts';
import { Scheduler } from '../../../sim/cluster/scheduler.ts';
import type { JobKind } from '../../../sim/cluster/sizes.ts';

const plain: JobKind = { requests: [1], onBlocks: true, onGroup: true, onSpotGroup: true };

const aJob = (name = 'j1', kind = plain): Job => newJob({ job: name, queuedAt: 0, durationMs: 1 }, kind);

/** A node of four slots. */
const aNode = (name: string, taken: number, over: Partial<Node> = {}): Node => ({
  ...newNode({ name, kind: 'overflow', rank: 0, capacity: [4], isSpot: false }),
  free: [4 - taken],
  share: taken / 4,
  ...over,
});

const spread = new Scheduler(draws(1), 'spread');
const pack = new Scheduler(draws(1), 'pack');

describe('a scheduler that spreads', () => {
  it('takes the node with the smallest allocated share', () => {
    expect(spread.choose(aJob(), [], [aNode('a', 3), aNode('b', 1), aNode('c', 2)])?.name).toBe('b');
  });

  it('picks at random among equals, and the same one for the same job and attempt', () => {
    const nodes = [aNode('a', 1), aNode('b', 2), aNode('c', 1), aNode('d', 1)];
    const picks = Array.from({ length: 300 }, (_, n) => spread.choose(aJob(`j${n}`), [], nodes)?.name);
    for (const name of ['a', 'c', 'd']) expect(picks.filter((pick) => pick === name).length).toBeGreaterThan(70);
    expect(picks).not.toContain('b');
    expect(Array.from({ length: 300 }, (_, n) => spread.choose(aJob(`j${n}`), [], nodes)?.name)).toEqual(picks);
  });
});

describe('a scheduler that packs', () => {
  it('takes the node with the largest allocated share that has room; the first of several', () => {
    const nodes = [aNode('a', 1), aNode('b', 4), aNode('c', 2), aNode('d', 2)];
    expect(pack.choose(aJob(), [], nodes)?.name).toBe('c');
  });
});

describe.each([
  ['that spreads', spread],
  ['that packs', pack],
])('either scheduler, %s,', (_, scheduler) => {
  it('prefers blocks, and among nodes of a kind those that it need not avoid', () => {
    const avoided = aNode('avoided', 2, { discouraged: true });
    const [full, emptier] = [aNode('full', 4), aNode('free', 2)];
    expect(scheduler.choose(aJob(), [avoided], [emptier])?.name).toBe('avoided');
    expect(scheduler.choose(aJob(), [], [avoided, emptier, full])?.name).toBe('free');
    expect(scheduler.choose(aJob(), [], [avoided, full])?.name).toBe('avoided');
  });

  it('binds nothing to a cordoned node, nor where there is no room', () => {
    expect(scheduler.choose(aJob(), [aNode('a', 0, { cordoned: true })], [aNode('b', 4)])).toBeUndefined();
  });

  it('heeds where a job may run', () => {
    const [block, spot, onDemand] = [aNode('block', 0), aNode('spot', 0, { isSpot: true }), aNode('on-demand', 3)];
    const steady: JobKind = { ...plain, onBlocks: false, onSpotGroup: false };
    const blocksOnly: JobKind = { ...plain, onGroup: false, onSpotGroup: false };
    expect(scheduler.choose(aJob('j1', steady), [block], [spot, onDemand])?.name).toBe('on-demand');
    expect(scheduler.choose(aJob('j1', steady), [block], [spot])).toBeUndefined();
    expect(scheduler.choose(aJob('j1', blocksOnly), [], [spot, onDemand])).toBeUndefined();
  });

  it('takes a node only where every request fits', () => {
    const kind: JobKind = { ...plain, requests: [2, 2] };
    const [narrow, wide] = [aNode('narrow', 0, { free: [4, 1] }), aNode('wide', 0, { free: [2, 2] })];
    expect(scheduler.choose(aJob('j1', kind), [], [narrow, wide])?.name).toBe('wide');
  });
});
