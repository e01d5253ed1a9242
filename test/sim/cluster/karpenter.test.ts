import { describe, expect, it } from 'vitest';
import { minutes } from '../../../src/domain/time.ts';
import { aWorld, type ShortJob, withoutKeeper } from './aTimeline.ts';

const karpenter = { autoscaler: 'karpenter' } as const;

describe('Karpenter', () => {
  it('buys a second after a lone pod, and removes an empty node at its next look', async () => {
    const { nodes, starts } = await withoutKeeper(aWorld([[3, 100]], { group: karpenter }));
    expect(starts).toEqual([69]);
    expect(nodes).toEqual(['on-demand-0 9 to 170']);
  });

  it('buys for pods together until none has come for a second, or for ten', async () => {
    const pods = (count: number): readonly ShortJob[] =>
      Array.from({ length: count }, (_, index) => [3 + 0.5 * index, 100]);
    const bought = async (count: number): Promise<readonly number[]> => {
      const { truth } = await withoutKeeper(aWorld(pods(count), { group: karpenter }));
      return [...new Set(truth.overflow.map(({ startsAt }) => (startsAt - truth.from) / 1_000))];
    };
    // The fifth pod comes at 5, so the batch closes at 6; of thirty those that have come by 13.
    expect(await bought(5)).toEqual([11]);
    expect((await bought(30))[0]).toBe(18);
  });

  it('removes a tenth of the nodes at a time, at least one', async () => {
    const group = { ...karpenter, consolidateAfterMs: minutes(1) };
    const { truth } = await withoutKeeper(
      aWorld(
        Array.from({ length: 22 }, () => [0, 9]),
        { group },
      ),
    );
    // All are empty from 75, and due at 135.
    const ends = truth.overflow.map(({ endedAt }) => (endedAt - truth.from) / 1_000).sort((a, b) => a - b);
    expect(ends.slice(0, 8)).toEqual([140, 140, 140, 150, 150, 160, 160, 170]);
    expect(ends).toHaveLength(22);
  });

  it('goes on trying while it may have no more nodes', async () => {
    const { starts } = await withoutKeeper(
      aWorld(
        [
          [3, 100],
          [3, 100],
        ],
        { group: { ...karpenter, maxNodes: 1 } },
      ),
    );
    expect(starts).toEqual([69, 169]);
  });
});
