import { describe, expect, it } from 'vitest';
import { objectAt } from '../../../fakes/kubernetes/json.ts';
import type { KubeObject } from '../../../fakes/kubernetes/objects.ts';
import type { WireWorld } from '../../../fakes/wireWorld.ts';
import { seconds } from '../../../src/domain/time.ts';
import { TAG, tagsOf } from '../../../src/live/ports/tags.ts';
import { silent, type Telemetry } from '../../../src/live/ports/telemetry.ts';
import { anOffer } from '../../support/aBlock.ts';
import {
  callsBetween,
  during,
  expectNobodyMissed,
  expectNothingTwice,
  expectSound,
  lived,
  pictureOf,
} from '../../support/aFaultyDay.ts';

const CALM = 6;

/** The instance of a running block, the oldest first. */
const oldest = ({ account }: WireWorld): string => {
  const running = account.instances.all().filter(({ state }) => state === 'running');
  return running[0]?.instanceId ?? nobody();
};

/** The instance of ours that was born last and runs. */
const newest = ({ account }: WireWorld): string => {
  const running = account.instances.all().filter(({ state, tags }) => state === 'running' && TAG.slot in tags);
  return running.at(-1)?.instanceId ?? nobody();
};

function nobody(): never {
  throw new Error('no instance runs');
}

const nodeOf = (world: WireWorld, instanceId: string): KubeObject =>
  world.store.get('nodes', `node-${instanceId}`) ?? nobody();

/** As somebody else does it at the console. */
function terminate({ account }: WireWorld, instanceId: string): void {
  const instance = account.instances.get(instanceId) ?? nobody();
  account.setState(instanceId, 'shutting-down', { reasonCode: 'Client.UserInitiatedShutdown' });
  account.onTerminate?.(instance);
}

const closed = (world: WireWorld, instanceId: string, unschedulable: boolean): void => {
  const node = nodeOf(world, instanceId);
  world.store.put('nodes', { ...node, spec: { ...objectAt(node, 'spec'), unschedulable } });
};

const isClosed = (world: WireWorld, instanceId: string): boolean =>
  world.store.list('nodes').some((node) => node.metadata.name === `node-${instanceId}` && isUnschedulable(node));

/** The instance of a node that is closed and still there. */
const closedOne = ({ store }: WireWorld): string =>
  (store.list('nodes').find(isUnschedulable) ?? nobody()).metadata.name.replace(/^node-/, '');

const isUnschedulable = (node: KubeObject): boolean => objectAt(node, 'spec')['unschedulable'] === true;

function ready(world: WireWorld, instanceId: string, status: 'True' | 'Unknown'): void {
  const node = nodeOf(world, instanceId);
  world.store.put('nodes', { ...node, status: { conditions: [{ type: 'Ready', status }] } });
}

describe('INST and HUM: instances that others end', () => {
  it('F21 F26 F104 one that a human terminates, and one that is stopped, are replaced once each', async () => {
    const life = await lived([
      [
        10.5,
        ({ world }) => {
          terminate(world, oldest(world));
        },
      ],
      [17, () => undefined],
      // Its successors serve by then, and nothing runs on it.
      [
        30,
        ({ world }) => {
          world.account.setState(oldest(world), 'stopped');
        },
      ],
      [37, () => undefined],
    ]);
    expect(life.seenAt(17).open).toHaveLength(2);
    expect(life.seenAt(17).launched).toBe(life.seenAt(10.5).launched + 1);
    expect(life.seenAt(37).open).toHaveLength(2);
    expect(life.seenAt(37).launched).toBeLessThanOrEqual(life.seenAt(30).launched + 1);
    expectSound(life);
  });

  it('one that EC2 gave an id and never showed makes room for another, and is told of', async () => {
    const told: unknown[] = [];
    const noted: Telemetry['noted'] = (_, event, fields) => {
      if (event === 'instance that EC2 never showed') told.push(fields?.['blockId']);
    };
    const life = await lived(
      [
        [
          -1,
          ({ world }) =>
            world.aws.faults.add({
              ...{ action: 'RunInstances', kind: 'body', times: 1 },
              // It was over before a list showed it, and its id is forgotten.
              text: (answer) => {
                const [, instanceId = ''] = /<instanceId>(i-\w+)/.exec(answer) ?? [];
                terminate(world, instanceId);
                return answer.replaceAll(instanceId, 'i-0123456789abcdef0');
              },
            }),
        ],
        [
          25,
          ({ keeping }) => {
            const states = [...keeping.keeper().blocks.values()].map(({ state }) => state);
            expect(states).not.toContain('terminating');
          },
        ],
      ],
      { telemetry: { ...silent, noted } },
    );
    expect(told).toHaveLength(1);
    expectSound(life);
  });

  it('F26 one that stops, or has stopped, is known to be lost while its node still looks well', async () => {
    const { turns } = await lived(
      [
        [
          10,
          ({ world }) => {
            const [first, second] = world.account.instances.all().filter(({ state }) => state === 'running');
            world.account.setState(first?.instanceId ?? nobody(), 'stopping');
            world.account.setState(second?.instanceId ?? nobody(), 'stopped');
          },
        ],
        // Nothing runs on them, so they are ended at once.
        [
          12,
          ({ world }) => {
            expect(world.account.instances.all().map(({ state }) => state)).not.toContain('stopped');
          },
        ],
      ],
      { over: { quarters: 1, jobs: [] } },
    );
    const lost = turns.flatMap(({ fact }) => (fact.type === 'instance.interrupted' ? [fact.blockId] : []));
    expect(lost.toSorted()).toEqual(['ci-0.1', 'ci-1.1']);
  });

  it('the spot request of one that the keeper ends is cancelled, so that its quota is free, and of one that others end it is not', async () => {
    let ended = '';
    const { world } = await lived(
      [
        [
          10,
          (stage) => {
            ended = oldest(stage.world);
            terminate(stage.world, ended);
          },
        ],
      ],
      { over: { quarters: 1, jobs: [] } },
    );
    const states = world.account.spotRequests.all().map(({ instanceId, state }) => [instanceId === ended, state]);
    expect(states.toSorted()).toEqual([
      [false, 'cancelled'],
      [false, 'cancelled'],
      [true, 'closed'],
    ]);
    // Two blocks of one pool may end in one turn.
    expect(world.aws.calls.get('CancelSpotInstanceRequests')).toBeLessThanOrEqual(2);
  });

  it('F24 terminations that fail for a while: asked for again, calmly, until the instances are gone', async () => {
    const life = await lived([
      ...during(24, 34, ({ world }) => [
        world.aws.faults.add({ action: 'TerminateInstances', kind: 'error', code: 'InternalError', status: 500 }),
      ]),
      ...during(34, 40, ({ world }) => [
        world.aws.faults.add({ action: 'TerminateInstances', kind: 'lostAnswer', times: 1 }),
      ]),
      [44, () => undefined],
    ]);
    const [before, after] = [life.seenAt(24), life.seenAt(34)];
    expect(after.alive).toHaveLength(before.alive.length);
    expect(callsBetween(before, after, 'TerminateInstances'), 'no storm').toBeLessThanOrEqual(2 * 3);
    expect(life.seenAtLast.launched).toBe(CALM);
    expectNobodyMissed(life);
    expectSound(life);
  });

  it('a job that tolerates every taint and comes to an empty node while EC2 will not end it is waited for', async () => {
    let instanceId = '';
    let stateWithJob: string | undefined;
    const pod = (phase: string) => ({
      metadata: { name: 'late', namespace: 'ci', labels: { 'job.runner.gitlab.com/pod': 'late' } },
      spec: {
        ...{ nodeName: `node-${instanceId}`, restartPolicy: 'Never', tolerations: [{ operator: 'Exists' }] },
        containers: [{ name: 'build', image: 'ci' }],
      },
      status: { phase },
    });
    const life = await lived(
      [
        ...during(24, 34, ({ world }) => [
          world.aws.faults.add({ action: 'TerminateInstances', kind: 'error', code: 'InternalError', status: 500 }),
        ]),
        [
          27,
          ({ world, keeping }) => {
            const block = [...keeping.keeper().blocks.values()].find(({ state }) => state === 'terminating');
            instanceId = block?.context.lease?.instanceId ?? nobody();
            world.store.put('pods', pod('Running'));
          },
        ],
        [
          38,
          ({ world }) => {
            stateWithJob = world.account.instances.get(instanceId)?.state;
            world.store.put('pods', pod('Succeeded'));
          },
        ],
        [44, () => undefined],
      ],
      { over: { jobs: [] } },
    );
    expect(stateWithJob).toBe('running');
    expect(life.seenAt(44).alive).not.toContain(instanceId);
    expectNobodyMissed(life);
    expectSound(life);
  });

  it('F48 F51 a list that lacks an instance, and one from before, prove nothing', async () => {
    const lacking: boolean[] = [];
    const withoutFirst = (answer: string): string => {
      const rest = answer.replace(/(<reservationSet>)<item>.*?<\/instancesSet>.*?<\/item>/s, '$1');
      lacking.push(rest !== answer);
      return rest;
    };
    const life = await lived([
      [
        8,
        ({ world }) =>
          world.aws.faults.add({ action: 'DescribeInstances', kind: 'body', times: 1, text: withoutFirst }),
      ],
      ...during(9, 40, ({ world }) => [
        world.aws.faults.add({ action: 'DescribeInstances', kind: 'stale', ms: seconds(30) }),
      ]),
    ]);
    expect(lacking).toEqual([true]);
    expect(life.seenAtLast.launched).toBe(CALM);
    expectNobodyMissed(life);
    expectSound(life);
  });
});

describe('POOL: a pool that was renamed or removed', () => {
  it('has its instances counted, what a group launched left out, and none ended before its time for having no node here', async () => {
    const left: string[] = [];
    const counts: number[] = [];
    const conditions: unknown[] = [];
    const life = await lived([
      [
        3,
        ({ world: { account } }) => {
          const subnetId = account.subnets.all()[0]?.subnetId ?? nobody();
          const birth = { fleet: 'check', blockId: 'renamed-0.1', token: 'renamed-0.1.1', offer: anOffer() };
          for (const more of [{}, { 'aws:autoscaling:groupName': 'ci-on-demand' }]) {
            const tags = { ...tagsOf({ ...birth, templateHash: '', at: 0 }), ...more };
            const { instanceId } = account.addInstance({ instanceType: 'm5.large', subnetId, tags });
            account.setState(instanceId, 'running');
            left.push(instanceId);
          }
        },
      ],
      [
        40,
        ({ keeping }) => {
          counts.push(keeping.orphans());
          conditions.push(...keeping.conditions().filter(({ condition }) => condition === 'Claimed'));
        },
      ],
    ]);
    expect(counts).toEqual([1]);
    expect(conditions).toMatchObject([{ pool: 'renamed', status: 'false' }]);
    expect(life.seenAtLast.alive).toEqual(left);
    expect(life.seenAtLast.launched).toBe(CALM);
  });
});

describe('CLU: another cluster in the same account', () => {
  it('whose keeper bears the same fleet’s name: what was made for it is never ended, and what is ours is, though it never joined', async () => {
    const [theirs, ours]: [string[], string[]] = [[], []];
    const running: string[] = [];
    const life = await lived([
      [
        3,
        ({ world: { account } }) => {
          const subnetId = account.subnets.all()[0]?.subnetId ?? nobody();
          const born = (slot: number, cluster: string): string => {
            const birth = { fleet: 'check', blockId: `ci-${slot}.1`, token: `ci-${slot}.1.1`, offer: anOffer() };
            const tags = { ...tagsOf({ ...birth, templateHash: '', at: 0 }), [cluster]: 'owned' };
            const { instanceId } = account.addInstance({ instanceType: 'm5.large', subnetId, tags });
            account.setState(instanceId, 'running');
            return instanceId;
          };
          theirs.push(born(8, 'kubernetes.io/cluster/another'));
          ours.push(born(9, 'kubernetes.io/cluster/rehearsal'));
        },
      ],
      [
        44,
        ({ world: { account } }) => {
          for (const id of [...theirs, ...ours]) if (account.instances.get(id)?.state === 'running') running.push(id);
        },
      ],
    ]);
    expect(running).toEqual(theirs);
    expect(life.seenAtLast.alive).toEqual(theirs);
    expect(life.world.truth().kills).toEqual([]);
  });
});

describe('TAG: tags that others write', () => {
  it('F38 F39 F50 edited tags change no block, and strangers with our tags are never ended', async () => {
    const strangers: string[] = [];
    let orphans = 0;
    let untagged = '';
    let stateLater: string | undefined;
    const life = await lived([
      [
        3,
        ({ world: { account } }) => {
          const subnetId = account.subnets.all()[0]?.subnetId ?? nobody();
          const fleet = 'check';
          for (const tags of [
            { [TAG.fleet]: fleet },
            { [TAG.fleet]: fleet, [TAG.token]: 'ci-1.1.', [TAG.term]: 'weekly', [TAG.leaseSeconds]: '-1' },
            { [TAG.fleet]: 'another', [TAG.token]: 'ci-0.1.1' },
            { 'aws:autoscaling:groupName': 'ci-on-demand' },
          ]) {
            const { instanceId } = account.addInstance({ instanceType: 'm5.large', subnetId, tags });
            account.setState(instanceId, 'running');
            strangers.push(instanceId);
          }
        },
      ],
      [
        6,
        ({ world }) => {
          const instance = world.account.instances.get(oldest(world)) ?? nobody();
          const tags = { ...instance.tags, [TAG.slot]: '7', [TAG.token]: 'ci-7.3.1', [TAG.leaseSeconds]: '60' };
          world.account.instances.set(instance.instanceId, { ...instance, tags });
        },
      ],
      [
        8,
        ({ world }) => {
          const instance = world.account.instances.get((untagged = newest(world))) ?? nobody();
          world.account.instances.set(untagged, { ...instance, tags: {} });
        },
      ],
      [15, ({ world }) => (stateLater = world.account.instances.get(untagged)?.state)],
      [30, ({ keeping }) => (orphans = keeping.orphans())],
    ]);
    expect(orphans, 'none of them is of a pool of ours').toBe(0);
    expect(stateLater, 'one without tags is served out, not replaced').toBe('running');
    expect(life.seenAtLast.alive).toEqual(strangers);
    expect(life.seenAtLast.nodes).toEqual([]);
    expect(life.seenAtLast.launched).toBe(CALM);
    expect(life.world.truth().kills).toEqual([]);
    expectNobodyMissed(life);
    expectNothingTwice(life.world);
  });
});

describe('NODE and HUM: nodes that others touch', () => {
  it('F64 F106 a flap is no loss, and a draining node that a human opens is closed again', async () => {
    let draining = '';
    const life = await lived([
      [
        5,
        ({ world }) => {
          ready(world, oldest(world), 'Unknown');
        },
      ],
      [
        6,
        ({ world }) => {
          ready(world, oldest(world), 'True');
        },
      ],
      // It has drained since 25, and a job runs on it until 29.
      [
        27,
        ({ world }) => {
          closed(world, (draining = closedOne(world)), false);
        },
      ],
      [
        27.5,
        ({ world }) => {
          expect(isClosed(world, draining)).toBe(true);
        },
      ],
    ]);
    expect(life.turns.flatMap(({ effects }) => effects).filter(({ type }) => type === 'uncordonNode')).toEqual([]);
    expect(life.seenAtLast.launched).toBe(CALM);
    expectNobodyMissed(life);
    expectSound(life);
  });

  it('F107 a node that a human closes is no supply, and stays closed', async () => {
    let byHuman = '';
    const life = await lived([
      [
        10.5,
        ({ world }) => {
          closed(world, (byHuman = oldest(world)), true);
        },
      ],
      [
        18,
        ({ world }) => {
          expect(world.account.instances.get(byHuman)?.state === 'running').toBe(isClosed(world, byHuman));
        },
      ],
    ]);
    expect(life.seenAt(18).open, 'another in its place').toHaveLength(2);
    expect(life.turns.flatMap(({ effects }) => effects).filter(({ type }) => type === 'uncordonNode')).toEqual([]);
    expectNobodyMissed(life);
    expectSound(life);
  });

  it('F66 F67 F108 a node that is deleted, and one that outlives its instance are no supply', async () => {
    let gone: KubeObject | undefined;
    const life = await lived([
      [5, ({ world }) => (gone = nodeOf(world, oldest(world)))],
      // Nothing runs on either.
      [10.5, ({ world }) => world.store.remove('nodes', nodeOf(world, oldest(world)).metadata.name)],
      [19, () => undefined],
      [
        31,
        ({ world }) => {
          const { metadata, spec = {}, status = {} } = gone ?? nobody();
          world.store.put('nodes', { metadata: { name: metadata.name }, spec, status });
        },
      ],
      [41, () => undefined],
      [68, ({ world }) => world.store.remove('nodes', gone?.metadata.name ?? nobody())],
    ]);
    expect(life.seenAt(19).open, 'one that was there, and one in the place of the other').toHaveLength(2);
    expect(life.seenAt(41).open, 'two that serve, and one that is nobody’s').toHaveLength(3);
    expect(life.seenAtLast.calls.get('delete nodes') ?? 0).toBe(0);
    expectNobodyMissed(life);
    expectSound(life);
  });
});

describe('EVT: the interruption queue', () => {
  const taken = { reclaims: [{ zone: 1, at: 11, minutes: 6 }], prices: [30, 20] };

  it('F20 F22 F90 F93 a queue that is denied: AWS takes the blocks all the same, and they are replaced', async () => {
    const life = await lived(
      [
        ...during(-1, 60, ({ world }) => [
          world.aws.faults.add({ action: 'ReceiveMessage', kind: 'error', code: 'AccessDenied', status: 403 }),
        ]),
        [19, () => undefined],
      ],
      { over: taken, queue: true },
    );
    // The queue says nothing; what EC2 says of the spot requests is found by the poll.
    expect(life.turns.filter(({ fact }) => fact.type === 'instance.interrupted')).not.toEqual([]);
    expect(life.seenAt(19).open).toHaveLength(2);
    expect(pictureOf(life.world, 0).alive).toEqual([]);
    expectNobodyMissed(life);
    expectNothingTwice(life.world);
  });

  it('F91 F92 notices that come thrice, of strangers, and in pieces: each block is replaced once', async () => {
    const life = await lived(
      [
        [
          -1,
          ({ world: { account } }) => {
            const send = account.sendMessage.bind(account);
            account.sendMessage = (queue, body) => {
              for (const one of [body, body.replaceAll('i-', 'i-dead'), body.slice(0, 40), body, '{}', body])
                send(queue, one);
            };
          },
        ],
        [19, () => undefined],
      ],
      { over: taken, queue: true },
    );
    expect(life.seenAt(19).open).toHaveLength(2);
    expect(life.seenAt(19).launched).toBe(4);
    expect(pictureOf(life.world, 0).alive).toEqual([]);
    expectNobodyMissed(life);
    expectNothingTwice(life.world);
  });
});
