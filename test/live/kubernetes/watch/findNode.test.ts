import { describe, expect, it } from 'vitest';
import { doubtsOfNodes } from '../../../../src/live/kubernetes/watch/findNode.ts';
import { minutes } from '../../../support/lengths.ts';
import { aCluster } from '../aCluster.ts';

const STARTED = Date.parse('2026-05-11T07:00:00Z');

/** A cluster whose clock is moved by hand, asked about the instance i-1 that started at seven. */
async function anAsked() {
  let now = STARTED + minutes(20);
  const clock = { now: () => now, at: () => () => undefined };
  const world = await aCluster({ clock });
  const doubt = doubtsOfNodes({
    kube: world.kube,
    clock,
    signal: world.ending.signal,
    roleOf: () => ({ kind: 'job', rule: 'all are' }),
  });
  return {
    ...world,
    [Symbol.asyncDispose]: () => world[Symbol.asyncDispose](),
    pass: (ms: number) => {
      now += ms;
    },
    doubt: () => doubt('i-1', STARTED),
    node: (name: string, providerID?: string) =>
      world.store.put('nodes', {
        metadata: { name },
        spec: providerID === undefined ? {} : { providerID },
        status: {},
      }),
    job: (node: string, phase = 'Running') =>
      world.store.put('pods', {
        metadata: { name: `on-${node}`, namespace: 'ci' },
        spec: { nodeName: node, restartPolicy: 'Never', containers: [{ name: 'build', image: 'ci' }] },
        status: { phase },
      }),
  };
}

describe('that an instance has no node', () => {
  it('is said of lists without it, whatever else is there', async () => {
    await using one = await anAsked();
    one.node('other', 'aws:///a/i-2');
    one.job('other');
    // Older than the instance.
    one.pass(-minutes(90));
    one.node('long-there');
    one.pass(minutes(90));
    one.job('long-there');
    one.job('gone', 'Succeeded');
    expect(await one.doubt()).toBeUndefined();
  });

  it('is not said where a list has its node', async () => {
    await using one = await anAsked();
    one.node('n', 'aws:///a/i-1');
    expect(await one.doubt()).toBe('a list has its node, which no watch has told');
  });

  it('is not said while a job runs on a node that is not there, until that pod must be stuck', async () => {
    await using one = await anAsked();
    one.job('nowhere');
    expect(await one.doubt()).toBe('jobs are bound to nodes that are not there');
    one.pass(minutes(14));
    expect(await one.doubt()).toBe('jobs are bound to nodes that are not there');
    one.pass(minutes(1));
    expect(await one.doubt()).toBeUndefined();
  });

  it('is not said while a job runs on a node of which nobody has said what instance it is', async () => {
    await using one = await anAsked();
    one.node('unnamed');
    expect(await one.doubt()).toBeUndefined();
    one.job('unnamed');
    expect(await one.doubt()).toBe('jobs run on nodes of which nobody has said what instances they are');
  });

  it('is not said where one of the lists cannot be had', async () => {
    await using one = await anAsked();
    one.server.faults.add({ verb: 'list', resource: 'pods', kind: 'error', code: 500, reason: 'InternalError' });
    expect(await one.doubt()).toMatch(/^pods cannot be listed: /);
  });
});
