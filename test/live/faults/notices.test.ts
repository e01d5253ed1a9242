import { describe, expect, it } from 'vitest';
import { QUEUE } from '../../../fakes/names.ts';
import type { WireWorld } from '../../../fakes/wireWorld.ts';
import { type Instant, isoOf, minutes } from '../../../src/domain/time.ts';
import { type LifeOptions, lived, type Timetable } from '../../support/aFaultyDay.ts';
import { anEvent } from '../aws/anEvent.ts';

/** A day whose jobs leave every block in the tenth minute with work, to be lost if a notice is taken at its word. */
const LONG_JOBS: LifeOptions = { queue: true, over: { jobs: [3, 3].map((at) => ({ at, minutes: 15 })) } };
const NO_JOBS: LifeOptions = { queue: true, over: { jobs: [] } };

const running = ({ account }: WireWorld): readonly string[] =>
  account.instances
    .all()
    .filter(({ state }) => state === 'running')
    .map(({ instanceId }) => instanceId);

const stateOf = ({ account }: WireWorld, id: string): string => account.instances.get(id)?.state ?? 'gone';

const isCordoned = ({ store }: WireWorld, id: string): boolean =>
  JSON.stringify(store.get('nodes', `node-${id}`)?.['spec'] ?? {}).includes('"unschedulable":true');

const warning = (world: WireWorld, id: string, saidAt: Instant = world.now()): string =>
  anEvent(
    'EC2 Spot Instance Interruption Warning',
    { 'instance-id': id, 'instance-action': 'terminate' },
    { time: isoOf(saidAt), region: world.account.region },
  );

const left = ({ account }: WireWorld): number => account.queues.get(QUEUE)?.length ?? Number.NaN;

/** A day on which something is done to the first instance in the tenth minute, and what is seen of it half a minute and more later. */
async function seenAfter(
  act: (world: WireWorld, id: string) => void,
  options: LifeOptions,
  minutesLater: readonly number[],
) {
  let id = '';
  const seen: Record<string, unknown>[] = [];
  const looks: Timetable = minutesLater.map((later) => [
    10 + later,
    ({ world }) => seen.push({ state: stateOf(world, id), cordoned: isCordoned(world, id), left: left(world) }),
  ]);
  const life = await lived(
    [
      [
        10,
        ({ world }) => {
          id = running(world)[0] ?? '';
          act(world, id);
        },
      ],
      ...looks,
    ],
    options,
  );
  return { seen, kills: life.world.truth().kills.length, life };
}

describe('a notice', () => {
  it('in a notification of SNS drains its block, and is off the queue when the cordon is acknowledged', async () => {
    const { seen } = await seenAfter(
      (world, id) => {
        world.account.sendMessage(QUEUE, JSON.stringify({ Type: 'Notification', Message: warning(world, id) }));
      },
      NO_JOBS,
      [1],
    );
    expect(seen[0]?.['state']).not.toBe('running');
    expect(seen[0]?.['left']).toBe(0);
  });

  it('that AWS does not act on drains its block, and ends no job: the instance is let run until the job is over', async () => {
    const { seen, kills } = await seenAfter(
      (world, id) => {
        world.account.sendMessage(QUEUE, warning(world, id));
      },
      LONG_JOBS,
      [1, 4, 6],
    );
    // The notice says two minutes, and a minute later the keeper would ask for the end itself.
    expect(seen.slice(0, 2)).toMatchObject([
      { state: 'running', cordoned: true },
      { state: 'running', cordoned: true },
    ]);
    expect(kills).toBe(0);
  });

  it.each([5, 180])(
    'that is %i minutes late, about instances that live, kills nothing and stays nowhere',
    async (late) => {
      const { seen, kills } = await seenAfter(
        (world) => {
          for (const id of running(world))
            world.account.sendMessage(QUEUE, warning(world, id, world.now() - minutes(late)));
        },
        LONG_JOBS,
        [0.5, 2],
      );
      expect(seen).toEqual([
        { state: 'running', cordoned: false, left: 0 },
        { state: 'running', cordoned: false, left: 0 },
      ]);
      expect(kills).toBe(0);
    },
  );

  it('that is late about an instance that EC2 does take still drains it', async () => {
    const { seen } = await seenAfter(
      (world, id) => {
        world.account.setSpotStatus(id, 'marked-for-termination');
        world.account.sendMessage(QUEUE, warning(world, id, world.now() - minutes(5)));
      },
      { ...LONG_JOBS, over: { jobs: [3, 3].map((at) => ({ at, minutes: 8.5 })) } },
      [0.5],
    );
    expect(seen).toMatchObject([{ cordoned: true, left: 0 }]);
  });

  it('that comes twice is one interruption, and a stranger’s is dropped', async () => {
    const { life } = await seenAfter(
      (world, id) => {
        for (const whose of [id, 'i-0bad', id]) world.account.sendMessage(QUEUE, warning(world, whose));
      },
      NO_JOBS,
      [1],
    );
    expect(life.turns.filter(({ fact }) => fact.type === 'instance.interrupted').length).toBeLessThanOrEqual(2);
    expect(left(life.world)).toBe(0);
  });
});

describe('without a queue, or with what it has lost', () => {
  it('a block is drained because EC2 has marked its spot request', async () => {
    const { seen } = await seenAfter(
      (world, id) => {
        world.account.setSpotStatus(id, 'marked-for-termination');
      },
      { over: { jobs: [3, 3].map((at) => ({ at, minutes: 8.5 })) } },
      [1.1],
    );
    expect(seen).toMatchObject([{ cordoned: true }]);
  });

  it('EC2 is asked with no more than each list, and only while there are spot instances', async () => {
    const { life } = await seenAfter(() => undefined, { over: { jobs: [] } }, [5]);
    const { calls } = life.seenAt(15);
    expect(calls.get('DescribeSpotInstanceRequests')).toBeGreaterThan(0);
    expect(calls.get('DescribeSpotInstanceRequests')).toBeLessThanOrEqual(calls.get('DescribeInstances') ?? 0);
  });
});

describe('while the API server is away for more than a minute', () => {
  it('a notice waits on the queue, and its block drains once the server is back', async () => {
    let id = '';
    const seen: Record<string, unknown>[] = [];
    const life = await lived(
      [
        [
          10,
          async ({ world, keeping, elect }) => {
            id = running(world)[0] ?? '';
            world.kubernetes.faults.add({ verb: '*', resource: '*', kind: 'reset' });
            world.account.sendMessage(QUEUE, warning(world, id));
            await elect(() => keeping.leader() === false && !keeping.isKeeping());
          },
        ],
        [
          11.25,
          async ({ world, keeping, elect }) => {
            seen.push({ cordoned: isCordoned(world, id), left: left(world) });
            world.kubernetes.faults.clear();
            await elect(() => keeping.isKeeping());
          },
        ],
        [
          11.75,
          // Where its job came to lie on the other block, it may be over already.
          ({ world }) =>
            seen.push({ cordoned: isCordoned(world, id) || stateOf(world, id) !== 'running', left: left(world) }),
        ],
      ],
      { queue: true, over: { jobs: [3, 3].map((at) => ({ at, minutes: 9.2 })) } },
    );
    expect(seen).toEqual([
      { cordoned: false, left: 1 },
      { cordoned: true, left: 0 },
    ]);
    expect(life.world.truth().kills).toEqual([]);
  });
});
