import { appendFileSync, cpSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hours, isoOf } from '../../../src/domain/time.ts';
import type { Condition } from '../../../src/world/recording.ts';
import { aSite, conditionsIn, eventually, GROUP, minute, type Site } from './aSite.ts';

const uidOf = ({ store }: Site, job: string): string => store.get('pods', job, 'ci')?.metadata.uid ?? '';

const ofType = <Type extends Condition['type']>(conditions: readonly Condition[], type: Type) =>
  conditions.filter((one): one is Extract<Condition, { readonly type: Type }> => one.type === type);

describe('a recorder beside a cluster', () => {
  it('writes of each job when it was queued, when and where it started, and how long it took', async () => {
    const site = await aSite();
    site.node('node-a', 'i-0000000000000000a', GROUP);
    const { recording, stop } = await site.record();
    const queuedAt = site.now();
    site.queue('build');
    site.pass(2 * minute);
    site.start('build', 'node-a');
    const job = uidOf(site, 'build');
    await eventually(() => recording.written('job.placed') === 1);
    site.pass(10 * minute);
    site.finish('build');
    await eventually(() => recording.written('job.queued') === 1);
    await stop();
    expect(ofType(site.written(), 'job.placed')).toEqual([
      { type: 'job.placed', at: queuedAt + 2 * minute, job, queuedAt, node: 'node-a' },
    ]);
    expect(ofType(site.written(), 'job.queued')).toEqual([
      { type: 'job.queued', at: queuedAt, job, durationMs: 10 * minute },
    ]);
  });

  it('writes of what class a job is where its controller wrote that into the pod', async () => {
    const site = await aSite();
    site.node('node-a', 'i-0000000000000000a', GROUP);
    const { recording, stop } = await site.record();
    site.queue('unit', { 'tekton.dev/pipelineTask': 'unit-tests' });
    site.queue('shard', {}, { 'job.runner.gitlab.com/name': 'rspec 3/10' });
    for (const job of ['unit', 'shard']) site.start(job, 'node-a');
    await eventually(() => recording.written('job.placed') === 2);
    site.pass(minute);
    for (const job of ['unit', 'shard']) site.finish(job);
    await eventually(() => recording.written('job.queued') === 2);
    await stop();
    const classes = (type: 'job.placed' | 'job.queued') =>
      ofType(site.written(), type)
        .map((one) => one.class)
        .toSorted();
    expect(classes('job.placed')).toEqual(['rspec', 'unit-tests']);
    expect(classes('job.queued')).toEqual(['rspec', 'unit-tests']);
  });

  it('takes the end of a pod that is deleted as it runs for the end of its job, and none for one that never started', async () => {
    const site = await aSite();
    const { recording, stop } = await site.record();
    site.queue('cancelled');
    site.queue('deleted');
    site.start('deleted', 'node-a');
    await eventually(() => recording.written('job.placed') === 1);
    site.pass(3 * minute);
    site.store.remove('pods', 'cancelled', 'ci');
    site.store.remove('pods', 'deleted', 'ci');
    await eventually(() => recording.written('job.queued') === 1);
    await stop();
    expect(ofType(site.written(), 'job.queued')).toMatchObject([{ durationMs: 3 * minute }]);
  });

  it('knows the nodes of the group by its instances, and others not', async () => {
    const site = await aSite();
    site.node('node-a', 'i-0000000000000000a', GROUP);
    site.node('node-b', 'i-0000000000000000b');
    const { recording, stop } = await site.record();
    await eventually(() => recording.written('node.joined') === 1);
    site.node('node-c', 'i-0000000000000000c', GROUP);
    await eventually(() => {
      site.pass(minute);
      return recording.written('node.joined') === 2;
    });
    site.store.remove('nodes', 'node-a');
    await eventually(() => recording.written('node.left') === 1);
    await stop();
    expect(ofType(site.written(), 'node.joined')).toMatchObject([
      { node: 'node-a', group: GROUP, instanceType: 'm5.2xlarge' },
      { node: 'node-c', group: GROUP },
    ]);
    expect(ofType(site.written(), 'node.left')).toMatchObject([{ node: 'node-a' }]);
  });

  it('writes the price that held before, and every change after, at its own instant', async () => {
    const site = await aSite();
    const before = site.now() - hours(3);
    site.account.setSpotPrice('m5.2xlarge', 'us-east-1a', 0.1, before);
    site.account.setSpotPrice('m5.2xlarge', 'us-east-1b', 0.5, before);
    const { recording, stop } = await site.record();
    await eventually(() => recording.written('price.changed') === 1);
    site.pass(minute);
    const changed = site.now();
    site.account.setSpotPrice('m5.2xlarge', 'us-east-1a', 0.12);
    await eventually(() => {
      site.pass(minute);
      return recording.written('price.changed') === 2;
    });
    await stop();
    const market = 'm5.2xlarge/us-east-1a';
    expect(ofType(site.written(), 'price.changed')).toEqual([
      { type: 'price.changed', at: before, market, usdPerHour: 0.1 },
      { type: 'price.changed', at: changed, market, usdPerHour: 0.12 },
    ]);
  });

  it('changes nothing: it lists, watches and describes, and calls nothing else', async () => {
    const site = await aSite();
    site.node('node-a', 'i-0000000000000000a', GROUP);
    site.account.setSpotPrice('m5.2xlarge', 'us-east-1a', 0.1);
    const { recording, stop } = await site.record();
    site.queue('build');
    site.start('build', 'node-a');
    site.finish('build');
    await eventually(() => recording.written('job.queued') === 1 && recording.written('price.changed') === 1);
    const version = site.store.resourceVersion;
    // Several rounds of everything that it does by the clock.
    await eventually(() => {
      site.pass(minute);
      return (site.aws.calls.get('DescribeSpotPriceHistory') ?? 0) >= 3;
    });
    await stop();
    expect([...site.aws.calls.keys()].sort()).toEqual(['DescribeAutoScalingGroups', 'DescribeSpotPriceHistory']);
    expect([...site.kubernetes.calls.keys()].sort()).toEqual(['list nodes', 'list pods', 'watch nodes', 'watch pods']);
    expect(site.store.resourceVersion).toBe(version);
  });
});

describe('a recorder that was killed', () => {
  /** What a SIGKILL leaves: the files as they were, the last line perhaps torn, nothing packed. */
  async function killed(site: Site, stop: () => Promise<void>, torn = ''): Promise<void> {
    const copy = `${site.folder}-as-it-was`;
    cpSync(site.folder, copy, { recursive: true });
    await stop();
    rmSync(site.folder, { recursive: true });
    cpSync(copy, site.folder, { recursive: true });
    rmSync(copy, { recursive: true });
    const [part] = readdirSync(site.folder);
    if (torn !== '') appendFileSync(join(site.folder, part!), torn);
  }

  const onDisk = (site: Site, type: Condition['type'], count: number) => () =>
    ofType(conditionsIn(site.folder), type).length === count;

  it('goes on in the same folder, and loses no job whose pod is still there', async () => {
    const site = await aSite();
    site.node('node-a', 'i-0000000000000000a', GROUP);
    const first = await site.record();
    const queuedAt = site.now();
    for (const job of ['before', 'across', 'after']) site.queue(job);
    for (const job of ['before', 'across', 'after']) site.start(job, 'node-a');
    site.pass(minute);
    site.finish('before');
    await eventually(onDisk(site, 'job.queued', 1));
    await killed(site, first.stop, '{"condition":{"type":"job.q');
    site.pass(9 * minute);
    site.finish('across');
    const second = await site.record();
    site.pass(10 * minute);
    site.finish('after');
    await eventually(() => second.recording.written('job.queued') === 2);
    await second.stop();
    expect(ofType(site.written(), 'job.queued')).toEqual(
      [1, 10, 20].map((length, index) => ({
        ...{ type: 'job.queued', at: queuedAt, durationMs: length * minute },
        job: uidOf(site, ['before', 'across', 'after'][index]!),
      })),
    );
    expect(readdirSync(site.folder).every((name) => name.endsWith('.jsonl.gz'))).toBe(true);
  });

  it('says of a job that started before and is gone after that it lasted at least as long as it was seen', async () => {
    const site = await aSite();
    const first = await site.record();
    site.queue('lost');
    site.start('lost', 'node-a');
    const startedAt = site.now();
    await eventually(onDisk(site, 'job.placed', 1));
    await eventually(() => {
      site.pass(minute);
      return ofType(conditionsIn(site.folder), 'watch.held').some(({ at }) => at >= startedAt + 5 * minute);
    });
    await killed(site, first.stop);
    const seenUntil = Math.max(...ofType(conditionsIn(site.folder), 'watch.held').map(({ at }) => at));
    site.store.remove('pods', 'lost', 'ci');
    site.pass(hours(1));
    const second = await site.record();
    await second.stop();
    expect(ofType(site.written(), 'job.queued')).toMatchObject([
      { at: startedAt, durationMs: seenUntil - startedAt, atLeast: true },
    ]);
  });

  it('does not claim to have seen the time while it was down', async () => {
    const site = await aSite();
    const watched = async ({ recording }: Awaited<ReturnType<Site['record']>>): Promise<void> => {
      await eventually(() => {
        site.pass(minute);
        return recording.written('watch.held') >= 3;
      });
    };
    const first = await site.record();
    await watched(first);
    await first.stop();
    const downAt = site.now();
    site.pass(hours(2));
    const upAt = site.now();
    const second = await site.record();
    await watched(second);
    await second.stop();
    const held = ofType(conditionsIn(site.folder), 'watch.held');
    expect(held.length).toBeGreaterThanOrEqual(6);
    for (const { since, at } of held)
      expect(at <= downAt || since >= upAt, `${isoOf(since)} to ${isoOf(at)}`).toBe(true);
  });
});
