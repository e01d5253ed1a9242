import { evaluate } from '@marcbachmann/cel-js';
import { describe, expect, it } from 'vitest';
import { catalogue } from '../../policies/catalogue.ts';
import { readPools } from '../../src/config/readPools.ts';
import { jobDelayOf } from '../../src/install/jobDelay.ts';
import { podPolicyOf } from '../../src/install/podPolicy.ts';
import { settingsOf } from '../../src/install/settings.ts';
import { holdPod } from '../../src/live/kubernetes/holdPod.ts';
import { POD_MARK } from '../../src/live/kubernetes/marks.ts';
import { heldUntil, released } from '../../src/live/kubernetes/podDelay.ts';
import { aCluster } from '../live/kubernetes/aCluster.ts';
import { denialsOf, judges } from '../support/admission.ts';
import { fileOf } from '../support/chart.ts';

const text = fileOf('docs/examples/pools.yaml').replace(
  '    surge: 2',
  '    scaling: { policy: followJobs }\n    surge: 2',
);
const pools = readPools(text, 'pools.yaml', catalogue);
const settings = settingsOf(pools, '0.1.0', { jobNamespaces: ['builds'] });
const [policy] = podPolicyOf(settings);
const denials = (oldObject: object, object: object): readonly string[] => denialsOf(policy!, { object, oldObject });

const POD = {
  metadata: { labels: { app: 'build' }, annotations: { theirs: 'x', [POD_MARK.delay]: '10s' }, finalizers: ['a/b'] },
  spec: { containers: [{ name: 'main', image: 'theirs' }] },
  status: { phase: 'Pending' },
};
const withMetadata = (metadata: object) => ({ ...POD, metadata: { ...POD.metadata, ...metadata } });

describe('The admission policy for pods', () => {
  it.each([{ [POD_MARK.delay]: '10s' }, undefined])(
    'lets the hold and the release of a pod through: %o',
    async (given) => {
      await using world = await aCluster();
      const patched: { object: unknown; oldObject: unknown }[] = [];
      const { uid } = world.store.put('pods', {
        metadata: { name: 'a', namespace: 'ci', ...(given === undefined ? {} : { annotations: given }) },
        spec: POD.spec,
        status: POD.status,
      }).metadata;
      world.store.onChange(({ object, before }) => {
        patched.push({ object, oldObject: before });
      });
      let delay = { value: given?.[POD_MARK.delay], mark: undefined as string | undefined };
      const pod = { uid, namespace: 'ci', name: 'a', createdAt: 0 };
      const writing = { kube: world.kube, wrote: () => undefined };
      const held = heldUntil(
        { ...pod, delay },
        { fleet: 'ci', pool: 'ci' },
        { until: 60_000, mostMs: 300_000, now: 0 },
      )!;
      expect((await holdPod(writing, pod, held)).kind).toBe('ok');
      delay = { value: held[POD_MARK.delay]!, mark: held[POD_MARK.held]! };
      expect((await holdPod(writing, pod, released({ delay }, 'ci')!)).kind).toBe('ok');
      expect(patched).toHaveLength(2);
      for (const { object, oldObject } of patched) expect(denialsOf(policy!, { object, oldObject })).toEqual([]);
    },
  );

  it.each<[string, object]>([
    ['another annotation', withMetadata({ annotations: { ...POD.metadata.annotations, theirs: 'y' } })],
    ['the loss of another annotation', withMetadata({ annotations: { [POD_MARK.delay]: '10s' } })],
    [
      'an annotation of ours for nodes',
      withMetadata({ annotations: { ...POD.metadata.annotations, 'spot-keeper.io/block': 'x' } }),
    ],
    ['a label', withMetadata({ labels: { app: 'other' } })],
    ['the loss of all labels', withMetadata({ labels: undefined })],
    ['the loss of a finalizer', withMetadata({ finalizers: [] })],
    ['an owner', withMetadata({ ownerReferences: [{ kind: 'Job', name: 'x' }] })],
    ['an image', { ...POD, spec: { containers: [{ name: 'main', image: 'ours' }] } }],
    ['the status', { ...POD, status: { phase: 'Succeeded' } }],
  ])('denies %s', (_, after) => {
    expect(denials(POD, after)).not.toEqual([]);
    expect(denials(POD, POD)).toEqual([]);
  });

  it('looks at what the keeper asks for, and at nobody else', () => {
    expect(judges(policy!, 'system:serviceaccount:spot-keeper:spot-keeper')).toBe(true);
    expect(judges(policy!, 'system:serviceaccount:kube-system:job-controller')).toBe(false);
  });
});

describe('The delay at creation', () => {
  it('is given to pods that bring none, where jobs run', () => {
    const [mutation] = jobDelayOf(pools, settings);
    // Known: the spec of such a policy.
    const { matchConditions, matchConstraints } = mutation!['spec'] as {
      readonly matchConditions: readonly { readonly expression: string }[];
      readonly matchConstraints: object;
    };
    const isMeant = (metadata: object): unknown => evaluate(matchConditions[0]!.expression, { object: { metadata } });
    expect([{}, { annotations: { other: 'x' } }].map(isMeant)).toEqual([true, true]);
    expect(isMeant({ annotations: { [POD_MARK.delay]: '3m' } })).toBe(false);
    expect(JSON.stringify(matchConstraints)).toContain('"values":["builds"]');
  });

  it('is not printed where no pool holds jobs', () => {
    expect(jobDelayOf(readPools(fileOf('docs/examples/pools.yaml'), 'pools.yaml', catalogue), settings)).toEqual([]);
  });
});
