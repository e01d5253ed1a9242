import { describe, expect, it } from 'vitest';
import { minutes, seconds } from '../../../src/domain/time.ts';
import { aWorld, withoutKeeper } from './aTimeline.ts';

describe('Cluster Autoscaler, looking every ten seconds', () => {
  it('buys at a look, and removes after ten idle minutes', async () => {
    // Seen at 10, paid from 15, ready at 75; idle from 175, so due at 775.
    const { nodes, starts } = await withoutKeeper(aWorld([[3, 100]]));
    expect(starts).toEqual([75]);
    expect(nodes).toEqual(['on-demand-0 15 to 775']);
  });

  it('waits for more while the oldest pod is younger than two seconds', async () => {
    expect((await withoutKeeper(aWorld([[9, 100]]))).nodes).toEqual(['on-demand-0 25 to 785']);
    expect(
      (
        await withoutKeeper(
          aWorld([
            [8, 100],
            [9.5, 100],
          ]),
        )
      ).starts,
    ).toEqual([75, 75]); // prettier-ignore
  });

  it('buys one node for as many jobs as it holds, and none for those that a node on its way will take', async () => {
    const { nodes, starts } = await withoutKeeper(
      aWorld(
        [
          [3, 100],
          [3, 100],
          [3, 100],
          [31, 100],
        ],
        { cluster: { jobsPerNode: 2 } },
      ),
    );
    expect(starts).toEqual([75, 75, 75, 75]);
    expect(nodes).toHaveLength(2);
  });

  it('never has more nodes than it may, and goes on looking while jobs wait', async () => {
    const { nodes, starts } = await withoutKeeper(
      aWorld(
        [
          [3, 100],
          [3, 300],
          [3, 50],
        ],
        { group: { maxNodes: 1 } },
      ),
    );
    expect(starts).toEqual([75, 175, 475]);
    expect(nodes).toHaveLength(1);
  });
});

describe('Cluster Autoscaler, woken by pods', () => {
  const event = { loop: 'event' } as const;

  it('looks at a lone pod when it comes, too young, and again ten seconds later', async () => {
    expect((await withoutKeeper(aWorld([[3, 100]], { group: event }))).nodes[0]).toMatch(/^on-demand-0 18 /);
  });

  it('buys for a stream of pods with the first that comes two seconds after the oldest', async () => {
    const { truth } = await withoutKeeper(
      aWorld(
        [
          [3, 100],
          [4, 100],
          [5.5, 100],
        ],
        { group: event },
      ),
    );
    expect(truth.overflow.map(({ startsAt }) => startsAt - truth.from)).toEqual([10_500, 10_500, 10_500]);
  });

  it('removes after the same time as the other', async () => {
    const { nodes } = await withoutKeeper(aWorld([[3, 100]], { group: event }));
    expect(nodes).toEqual(['on-demand-0 18 to 778']);
  });
});

describe('the scale-up delay', () => {
  const delayed = { scaleUpDelayMs: minutes(1) };

  it('is reckoned from when a pod was queued', async () => {
    expect((await withoutKeeper(aWorld([[3, 100]], { group: delayed }))).nodes[0]).toMatch(/^on-demand-0 75 /);
    const woken = { ...delayed, loop: 'event' } as const;
    expect((await withoutKeeper(aWorld([[3, 100]], { group: woken }))).nodes[0]).toMatch(/^on-demand-0 68 /);
  });

  it('buys nothing for a pod that a node has taken meanwhile', async () => {
    const { nodes, starts } = await withoutKeeper(
      aWorld(
        [
          [3, 100],
          [150, 50],
        ],
        { group: delayed },
      ),
    );
    expect(starts).toEqual([135, 235]);
    expect(nodes).toHaveLength(2);
    const shorter = await withoutKeeper(
      aWorld(
        [
          [3, 60],
          [150, 50],
        ],
        { group: delayed },
      ),
    );
    expect(shorter.starts).toEqual([135, 195]);
    expect(shorter.nodes).toHaveLength(1);
  });

  it('lets a young pod take its room on a node on its way all the same', async () => {
    const { nodes, starts } = await withoutKeeper(
      aWorld(
        [
          [3, 100],
          [68, 100],
        ],
        { group: delayed, cluster: { jobsPerNode: 2 } },
      ),
    );
    expect(starts).toEqual([135, 135]);
    expect(nodes).toHaveLength(1);
  });
});

describe('the delay after an addition', () => {
  const brief = { idleMs: minutes(1) };

  it('keeps every node for ten minutes after any addition, while idle times go on', async () => {
    // Bought at 10 and idle from 85; a second one is bought at 310 for a job that the first one takes at 320.
    const jobs = [
      [0, 10],
      [300, 20],
      [300, 20],
    ] as const;
    const { nodes, starts } = await withoutKeeper(aWorld(jobs, { group: brief }));
    expect(starts).toEqual([75, 300, 320]);
    expect(nodes).toEqual(['on-demand-0 15 to 910', 'on-demand-1 315 to 910']);
  });

  it('may be none', async () => {
    const { nodes } = await withoutKeeper(aWorld([[0, 10]], { group: { ...brief, scaleDownDelayAfterAddMs: 0 } }));
    expect(nodes).toEqual(['on-demand-0 15 to 145']);
  });
});

describe('removal', () => {
  const now = { scaleDownDelayAfterAddMs: 0, idleMs: minutes(1) };

  it('takes ten nodes at once, and the others at the next look', async () => {
    const { nodes } = await withoutKeeper(
      aWorld(
        Array.from({ length: 12 }, () => [0, 10]),
        { group: now },
      ),
    );
    expect(nodes.filter((node) => node.endsWith('15 to 145'))).toHaveLength(10);
    expect(nodes.filter((node) => node.endsWith('15 to 150'))).toHaveLength(2);
  });

  it('begins with a taint that jobs avoid while another node has room', async () => {
    // Two nodes of two slots: the first has been empty since 85, the second is half full.
    const jobs = [
      [0, 10],
      [0, 10],
      [0, 400],
      [100, 1000],
    ] as const;
    const busy = async (scaleDownDelayAfterAddMs: number): Promise<readonly number[]> => {
      const world = aWorld(jobs, { group: { scaleDownDelayAfterAddMs }, cluster: { jobsPerNode: 2 } });
      return (await withoutKeeper(world)).truth.overflow.map(({ busy }) =>
        busy.reduce((ms, [from, until]) => ms + until - from, 0),
      );
    };
    expect(await busy(0)).toEqual([seconds(10), seconds(1025)]);
    // No taint is put on so soon after an addition: the emptier node gets the job.
    expect(await busy(minutes(10))).toEqual([seconds(10 + 1000), seconds(400)]);
  });

  it('is called off by a job, and the taint goes with it', async () => {
    // Empty and tainted from 90; busy again from 120 to 220, and so due at 280.
    const { nodes } = await withoutKeeper(
      aWorld(
        [
          [0, 10],
          [120, 100],
        ],
        { group: now },
      ),
    );
    expect(nodes).toEqual(['on-demand-0 15 to 280']);
  });
});
