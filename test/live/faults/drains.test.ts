import { describe, expect, it } from 'vitest';
import { type Json, objectAt, textAt } from '../../../fakes/kubernetes/json.ts';
import { isoOf } from '../../../src/domain/time.ts';
import { silent, type Telemetry } from '../../../src/live/ports/telemetry.ts';
import { during, expectNobodyMissed, expectSound, lived } from '../../support/aFaultyDay.ts';

/** The first blocks drain at 25. */
describe('a draining node', () => {
  it('is proven empty though the answer to its cordon was lost, and only the watch tells of it', async () => {
    const life = await lived([
      [
        24.9,
        ({ world }) =>
          world.kubernetes.faults.add({ verb: 'patch', resource: 'nodes', kind: 'reset', afterEffect: true, times: 1 }),
      ],
      [44, () => undefined],
    ]);
    expect(life.seenAt(44).alive.length).toBeLessThanOrEqual(4);
    expectNobodyMissed(life);
    expectSound(life);
  });

  it('that may not be cordoned is told in an Event, once until one may', async () => {
    const eventsIn = (world: { store: { list: (resource: 'events') => readonly Json[] } }) =>
      world.store.list('events').filter((event) => textAt(event, 'reason') === 'CordonForbidden');
    const forbid = { verb: 'patch', resource: 'nodes', kind: 'error', code: 403, message: 'not yours' } as const;
    const life = await lived([
      ...during(24.9, 32, ({ world }) => [world.kubernetes.faults.add(forbid)]),
      [
        32,
        ({ world }) => {
          expect(eventsIn(world)).toHaveLength(1);
          expect(JSON.stringify(eventsIn(world))).toContain(
            'may not be cordoned (not yours): new jobs go on to land there',
          );
        },
      ],
      [44, () => undefined],
    ]);
    expect(life.seenAt(44).alive.length).toBeLessThanOrEqual(4);
    expectSound(life);
  });

  it('whose pods cannot be listed is kept, and why is told once for as long as the reason is the same', async () => {
    const told: string[] = [];
    const noted: Telemetry['noted'] = (_, event, fields) => {
      if (event === 'pods of a draining node not listed')
        told.push(`${String(fields?.['blockId'])}: ${String(fields?.['reason'])}`);
    };
    const life = await lived(
      [
        ...during(25.1, 34, ({ world }) => [
          world.kubernetes.faults.add({
            verb: 'list',
            resource: 'pods',
            kind: 'error',
            code: 403,
            message: 'not yours',
          }),
        ]),
        [60, () => undefined],
      ],
      { telemetry: { ...silent, noted } },
    );
    expect(new Set(told).size).toBeGreaterThan(0);
    expect(told.toSorted()).toEqual([...new Set(told)].toSorted());
    expect(told[0]).toMatch(/^ci-\d\.1: not yours$/);
    expectNobodyMissed(life);
    expectSound(life);
  });

  it('is proven empty where it was deleted while cordons failed', async () => {
    const life = await lived([
      ...during(24.9, 26, ({ world }) => [
        world.kubernetes.faults.add({
          verb: 'get',
          resource: 'nodes',
          kind: 'error',
          code: 500,
          reason: 'InternalError',
        }),
      ]),
      [
        25.2,
        ({ world, keeping }) => {
          for (const { state, context } of keeping.keeper().blocks.values())
            if (state === 'draining' && context.node !== null) world.store.remove('nodes', context.node);
        },
      ],
      [60, () => undefined],
    ]);
    expectNobodyMissed(life);
    expectSound(life);
  });

  it('is not proven empty by the list of the name that it had: a job on the new one runs on', async () => {
    let instanceId = '';
    const running = ({
      store,
    }: {
      store: { get(resource: string, name: string, namespace: string): object | undefined };
    }) => store.get('pods', 'on-b', 'ci') !== undefined;
    const life = await lived([
      [
        26,
        ({ world, keeping }) => {
          const block = [...keeping.keeper().blocks.values()].find(
            ({ state, context }) => state === 'draining' && context.jobs.length > 0,
          );
          const node = world.store.get('nodes', block?.context.node ?? '');
          if (block === undefined || node === undefined) throw new Error('expected a busy block that drains');
          instanceId = block.context.lease?.instanceId ?? '';
          world.store.remove('nodes', node.metadata.name);
          const at = isoOf(world.now());
          world.store.put('nodes', {
            metadata: { name: 'renamed', labels: { 'spot-keeper.io/block': block.context.id } },
            spec: { providerID: textAt(node, 'spec', 'providerID') ?? '' },
            status: { conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: at }] },
          });
          world.store.put('pods', {
            metadata: { name: 'on-b', namespace: 'ci', labels: { 'job.runner.gitlab.com/pod': 'on-b' } },
            spec: { nodeName: 'renamed', restartPolicy: 'Never', containers: [{ name: 'build', image: 'ci' }] },
            status: { phase: 'Running', startTime: at },
          });
        },
      ],
      [
        36,
        ({ world }) => {
          expect(running(world)).toBe(true);
          expect(world.account.instances.get(instanceId)?.state, 'its job runs').toBe('running');
          const pod = world.store.get('pods', 'on-b', 'ci');
          if (pod !== undefined)
            world.store.put('pods', { ...pod, status: { ...objectAt(pod, 'status'), phase: 'Succeeded' } });
        },
      ],
      [
        40,
        ({ world }) => {
          expect(world.account.instances.get(instanceId)?.state).not.toBe('running');
        },
      ],
    ]);
    expect(life.world.truth().kills).toEqual([]);
  });
});
