import { describe, expect, it } from 'vitest';
import { minutes } from '../../../src/domain/time.ts';
import { aWorld, withoutKeeper } from './aTimeline.ts';

describe('room that is kept free', () => {
  const group = { spareJobs: 2, scaleDownDelayAfterAddMs: 0, idleMs: minutes(1) };

  it('is bought for from the start, taken by a job at once, and bought for again', async () => {
    const { nodes, starts } = await withoutKeeper(aWorld([[100, 50]], { group }));
    expect(starts).toEqual([100]);
    // The placeholder that the job displaced at 100 is bought for at 110; when its node is ready at 175 the job has gone.
    expect(nodes).toEqual(['on-demand-0 15 to the end', 'on-demand-1 15 to the end', 'on-demand-2 115 to 235']);
  });

  it('does not need the nodes of which others have enough room', async () => {
    // Three slots a node: two nodes for three jobs and two placeholders, one when the jobs have gone.
    const jobs = [
      [0, 100],
      [0, 100],
      [0, 100],
    ] as const;
    const { nodes } = await withoutKeeper(aWorld(jobs, { group, cluster: { jobsPerNode: 3 } }));
    expect(nodes).toEqual(['on-demand-0 15 to the end', 'on-demand-1 15 to 235']);
  });

  it('is kept by Karpenter, too', async () => {
    const karpenter = { autoscaler: 'karpenter', spareJobs: 2 } as const;
    const { nodes, starts } = await withoutKeeper(aWorld([[100, 50]], { group: karpenter }));
    expect(starts).toEqual([100]);
    expect(nodes).toEqual(['on-demand-0 6 to the end', 'on-demand-1 6 to the end', 'on-demand-2 106 to 170']);
  });
});
