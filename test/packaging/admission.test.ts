import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { catalogue } from '../../policies/catalogue.ts';
import { readPools } from '../../src/config/readPools.ts';
import { admissionPolicyOf } from '../../src/install/admission.ts';
import { settingsOf } from '../../src/install/settings.ts';
import { cordonNode, labelNode, uncordonNode } from '../../src/live/kubernetes/cordon.ts';
import { MARK } from '../../src/live/kubernetes/marks.ts';
import { seenNode } from '../../src/live/kubernetes/nodes.ts';
import { aCluster, aNode } from '../live/kubernetes/aCluster.ts';
import { denialsOf, judges, type Patched } from '../support/admission.ts';
import { fileOf } from '../support/chart.ts';

const pools = readPools(fileOf('docs/examples/pools.yaml'), 'pools.yaml', catalogue);
const [policy] = admissionPolicyOf(settingsOf(pools, '0.1.0'));
const denials = (oldObject: object, object: object): readonly string[] => denialsOf(policy!, { object, oldObject });

const POOL = { 'spot-keeper.io/pool': 'ci' };
const CORDONED = 'node.kubernetes.io/unschedulable';

/** What people, Kubernetes and other tools may have put on a node before the keeper comes. */
const theirs = fc.subarray([
  { key: 'ci-only', value: 'yes', effect: 'NoSchedule' },
  { key: CORDONED, effect: 'NoSchedule' },
  { key: 'node.kubernetes.io/not-ready', effect: 'NoExecute' },
  { key: MARK.draining, value: '1', effect: 'NoExecute' },
]);
/** Most nodes that the keeper meets have never been drained. */
const drained = fc.oneof(
  { weight: 3, arbitrary: fc.constant({ taints: [], annotations: {} }) },
  fc.record({
    taints: fc.subarray([{ key: MARK.draining, value: '1', effect: 'NoSchedule' }]),
    annotations: fc.constantFrom({}, { [MARK.drainingSince]: '2026-05-11T08:00:00Z', [MARK.block]: 'ci-0.1' }),
  }),
);
const annotations = fc.dictionary(fc.constantFrom('theirs', MARK.hold, MARK.notAutoscaled), fc.constant('true'));
const steps = fc.array(fc.constantFrom('label', 'cordon', 'uncordon'), { minLength: 1, maxLength: 5 });

/** All that the keeper's own code changes of one node, step by step, on the simulated API server. */
async function patchesOf(node: ReturnType<typeof aNode>, asked: readonly string[]): Promise<readonly Patched[]> {
  await using world = await aCluster();
  const seen = seenNode(world.store.put('nodes', node));
  const patched: Patched[] = [];
  world.store.onChange(({ object, before }) => {
    patched.push({ object, oldObject: before });
  });
  const marking = { kube: world.kube, clock: world.clock, wrote: () => undefined };
  const identity = { seen, instanceId: seen.instanceId ?? '' };
  for (const step of asked) {
    const answer =
      step === 'label'
        ? await labelNode(marking, identity, { ...POOL, 'spot-keeper.io/block': 'ci-0.3' })
        : step === 'cordon'
          ? await cordonNode(marking, identity, { blockId: 'ci-0.3', deadline: 1_778_493_600_000 })
          : await uncordonNode(marking, identity);
    expect(answer.kind).toBe('ok');
  }
  return patched;
}

describe('The admission policy lets through', () => {
  it('every patch of the keeper, on nodes of every kind', async () => {
    let judged = 0;
    await fc.assert(
      fc.asyncProperty(theirs, drained, annotations, fc.option(fc.boolean()), fc.boolean(), steps, async (...parts) => {
        const [before, drain, notes, closed, isLabelled, asked] = parts;
        const node = aNode('node-a', {
          spec: { taints: [...before, ...drain.taints], ...(closed === null ? {} : { unschedulable: closed }) },
          annotations: { ...notes, ...drain.annotations },
        });
        const labels = { ...node.metadata.labels, ...(isLabelled ? POOL : {}) };
        for (const { oldObject, object } of await patchesOf(
          { ...node, metadata: { ...node.metadata, labels } },
          asked,
        )) {
          judged += 1;
          expect(denialsOf(policy!, { oldObject, object })).toEqual([]);
        }
      }),
      { numRuns: 60, seed: 1 },
    );
    expect(judged).toBeGreaterThan(60);
  });

  it('the cordon of a block that drains as soon as it joins, which nothing has labelled', async () => {
    const patched = await patchesOf(aNode('node-a'), ['cordon']);
    expect(patched).toHaveLength(2);
    expect(patched[0]?.object).toMatchObject({ metadata: { labels: POOL } });
  });

  it('a taint of Kubernetes with which a cordon is followed', () => {
    const node = { metadata: { labels: POOL }, spec: { providerID: 'aws:///z/i-1', unschedulable: true } };
    expect(
      denials(node, { ...node, spec: { ...node.spec, taints: [{ key: CORDONED, effect: 'NoSchedule' }] } }),
    ).toEqual([]);
  });
});

/** As much of a Node as the policy looks at. */
interface NodeParts {
  readonly metadata: {
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations: Readonly<Record<string, string>>;
    readonly finalizers: readonly string[];
  };
  readonly spec: {
    readonly providerID: string;
    readonly podCIDR?: string;
    readonly unschedulable?: boolean;
    readonly taints?: readonly { readonly key: string; readonly effect: string }[];
  };
}

describe('The admission policy denies', () => {
  const ours: NodeParts = {
    metadata: { labels: { ...POOL, team: 'a' }, annotations: { theirs: 'x' }, finalizers: ['theirs/one'] },
    spec: { providerID: 'aws:///z/i-1', podCIDR: '10.0.0.0/24', taints: [{ key: 'ci-only', effect: 'NoSchedule' }] },
  };
  const stranger: NodeParts = { ...ours, metadata: { ...ours.metadata, labels: { team: 'a' } } };
  const controlPlane: NodeParts = {
    ...stranger,
    metadata: { ...stranger.metadata, labels: { 'node-role.kubernetes.io/control-plane': '' } },
  };
  const withLabels = (node: NodeParts, labels: Readonly<Record<string, string>>) => ({
    ...node,
    metadata: { ...node.metadata, labels },
  });
  const withSpec = (node: NodeParts, spec: Partial<NodeParts['spec']>) => ({
    ...node,
    spec: { ...node.spec, ...spec },
  });
  const tainted = (node: NodeParts, key: string, effect: string) =>
    withSpec(node, { taints: [...(node.spec.taints ?? []), { key, effect }] });
  const labelled = withLabels(ours, ours.metadata.labels);

  it.each<[string, NodeParts, NodeParts]>([
    ['the cordon of a stranger', stranger, withSpec(stranger, { unschedulable: true })],
    ['the same with the label in the same patch', stranger, withSpec(labelled, { unschedulable: true })],
    ['a taint of ours on a stranger, with the label', stranger, tainted(labelled, MARK.draining, 'NoSchedule')],
    [
      'the label of a node of the control plane',
      controlPlane,
      withLabels(ours, { ...controlPlane.metadata.labels, ...POOL }),
    ],
    [
      'the label of a node of no instance',
      withSpec(stranger, { providerID: 'kind://a' }),
      withSpec(labelled, { providerID: 'kind://a' }),
    ],
    [
      'an annotation of ours on a stranger',
      stranger,
      { ...stranger, metadata: { ...stranger.metadata, annotations: { theirs: 'x', [MARK.block]: 'ci-0.1' } } },
    ],
    ['NoExecute under our key', ours, tainted(ours, MARK.draining, 'NoExecute')],
    ['NoExecute under the key for Cluster Autoscaler', ours, tainted(ours, MARK.closedForAutoscaler, 'NoExecute')],
    ['a taint of others', ours, tainted(ours, 'evil', 'NoSchedule')],
    ['a taint of others that is taken away', ours, withSpec(ours, { taints: [] })],
    ['a taint under our prefix that we do not write', ours, tainted(ours, 'spot-keeper.io/other', 'NoSchedule')],
    ['a label of others', ours, withLabels(ours, { ...ours.metadata.labels, team: 'b' })],
    ['a label of others that is taken away', ours, withLabels(ours, POOL)],
    [
      'a label under our prefix that we do not write',
      ours,
      withLabels(ours, { ...ours.metadata.labels, 'spot-keeper.io/x': '1' }),
    ],
    ['the loss of the label of its pool', ours, withLabels(ours, { team: 'a' })],
    [
      'an annotation that people write for us',
      ours,
      { ...ours, metadata: { ...ours.metadata, annotations: { theirs: 'x', [MARK.hold]: 'true' } } },
    ],
    ['an annotation of others', ours, { ...ours, metadata: { ...ours.metadata, annotations: { theirs: 'y' } } }],
    ['another instance', ours, withSpec(ours, { providerID: 'aws:///z/i-2' })],
    ['another range of addresses', ours, withSpec(ours, { podCIDR: '10.0.1.0/24' })],
    ['the loss of a finalizer', ours, { ...ours, metadata: { ...ours.metadata, finalizers: [] } }],
  ])('%s', (_, before, after) => {
    expect(denials(before, after)).not.toEqual([]);
  });

  it('nothing of a node of ours that stays as it is', () => {
    expect(denials(ours, ours)).toEqual([]);
  });

  it('nobody but the keeper', () => {
    expect(judges(policy!, 'system:serviceaccount:spot-keeper:spot-keeper')).toBe(true);
    expect(judges(policy!, 'system:serviceaccount:spot-keeper:other')).toBe(false);
    expect(judges(policy!, 'system:node:node-a')).toBe(false);
  });
});
