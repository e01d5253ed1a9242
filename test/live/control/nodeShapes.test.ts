import { describe, expect, it } from 'vitest';
import type { Listed } from '../../../src/live/aws/calls/pages.ts';
import type { Members } from '../../../src/live/aws/template/members.ts';
import { openNodeShapes } from '../../../src/live/control/nodeShapes.ts';
import { objectIn } from '../../../src/live/kubernetes/kubeObject.ts';
import { watchedNode } from '../../../src/live/kubernetes/workload/watched.ts';
import { silent } from '../../../src/live/ports/telemetry.ts';
import { handClock } from '../kubernetes/aCluster.ts';

/** A look at ready nodes, each of the instance `i-<name>` with that many processors. */
const look = (nodes: Readonly<Record<string, string>>) => ({
  ...{ takenAt: 0, pods: [] },
  nodes: Object.entries(nodes).map(([name, cpu]) =>
    watchedNode(
      objectIn({
        metadata: { name, uid: name, resourceVersion: '7', creationTimestamp: '2026-05-11T08:00:00Z' },
        spec: { providerID: `aws:///a/i-${name}` },
        status: {
          allocatable: { cpu, memory: '16Gi', pods: '58' },
          conditions: [{ type: 'Ready', status: 'True' }],
        },
      }),
    ),
  ),
});

function learning(answers: Listed<Members>[]) {
  const ending = new AbortController();
  const clock = handClock();
  const asked: (readonly string[])[] = [];
  let template: string | undefined = 't1';
  let learned = 0;
  const shapes = openNodeShapes({
    pools: [{ name: 'ci', group: 'on-demand' }],
    ...{ clock, telemetry: silent, signal: ending.signal },
    blockWith: (instanceId) => (instanceId === 'i-block' ? 'ci-0.1' : undefined),
    templateOf: () => template,
    members: (groups) => {
      asked.push(groups);
      return Promise.resolve(answers.shift() ?? { kind: 'unknown', why: 'nobody answers' });
    },
    learned: () => {
      learned += 1;
    },
  });
  return {
    ...{ shapes, asked, clock },
    cpuOf: (nodes: Readonly<Record<string, string>>) =>
      shapes
        .in(look(nodes))
        .get('ci')
        ?.map(({ room }) => room['cpu']),
    becomes: (other: string) => {
      template = other;
    },
    learned: () => learned,
    async end(watching: Promise<void>) {
      ending.abort();
      await watching;
    },
  };
}

const MEMBERS: Listed<Members> = { kind: 'known', items: [{ group: 'on-demand', instanceIds: ['i-group'] }] };

describe('what the nodes of a pool are like', () => {
  it('is learned from its blocks, and remembered when they are gone', () => {
    const one = learning([]);
    expect(one.cpuOf({ group: '8' })).toBeUndefined();
    expect(one.cpuOf({ block: '4', group: '8' })).toEqual([4_000]);
    expect(one.cpuOf({ group: '8' })).toEqual([4_000]);
  });

  it('is forgotten with the template', () => {
    const one = learning([]);
    one.cpuOf({ block: '4' });
    one.becomes('t2');
    expect(one.cpuOf({})).toBeUndefined();
  });

  it('is learned from the template group before there was a block, and no longer asked for then', async () => {
    const one = learning([{ kind: 'unknown', why: 'throttled' }, MEMBERS]);
    const watching = one.shapes.watch();
    await turn();
    expect(one.cpuOf({ group: '8' })).toBeUndefined();
    expect(one.learned()).toBe(0);
    one.clock.ringNext();
    await turn();
    expect(one.learned()).toBe(1);
    expect(one.cpuOf({ group: '8' })).toEqual([8_000]);
    expect(one.cpuOf({ block: '4', group: '8' })).toEqual([4_000]);
    one.clock.ringNext();
    await turn();
    expect(one.asked).toEqual([['on-demand'], ['on-demand']]);
    await one.end(watching);
  });
});

/** Lets go on what waits for nothing. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
