import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fits } from '../../../../src/live/kubernetes/workload/fits.ts';
import { tolerates } from '../../../../src/live/kubernetes/workload/taints.ts';
import { aPoolShape, needsOf, shapeOf } from './aPool.ts';

const required = (...nodeSelectorTerms: readonly object[]) => ({
  affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } } },
});
const label = (key: string, operator: string, ...values: readonly string[]) =>
  required({ matchExpressions: [{ key, operator, ...(values.length > 0 && { values }) }] });
const field = (operator: string, value: string) =>
  required({ matchFields: [{ key: 'metadata.name', operator, values: [value] }] });

const LABELS = { arch: 'amd64', generation: '5', 'kubernetes.io/hostname': 'ip-10-0-0-1', 'spot-keeper.io/pool': 'ci' };

describe('a pod by its selector and affinity', () => {
  it.each([
    ['asks for nothing', {}, true],
    ['selects a label', { nodeSelector: { arch: 'amd64' } }, true],
    ['selects another value', { nodeSelector: { arch: 'arm64' } }, false],
    ['selects a label that is not there', { nodeSelector: { gpu: 'yes' } }, false],
    ['selects this pool', { nodeSelector: { 'spot-keeper.io/pool': 'ci' } }, true],
    ['selects another pool', { nodeSelector: { 'spot-keeper.io/pool': 'big' } }, false],
    ['wants In with the value', label('arch', 'In', 'arm64', 'amd64'), true],
    ['wants In without the value', label('arch', 'In', 'arm64'), false],
    ['wants In of a label that is not there', label('gpu', 'In', 'yes'), false],
    ['wants NotIn with the value', label('arch', 'NotIn', 'amd64'), false],
    ['wants NotIn without the value', label('arch', 'NotIn', 'arm64'), true],
    ['wants NotIn of a label that is not there', label('gpu', 'NotIn', 'yes'), true],
    ['wants Exists', label('arch', 'Exists'), true],
    ['wants Exists of a label that is not there', label('gpu', 'Exists'), false],
    ['wants Exists of the label of pools', label('spot-keeper.io/pool', 'Exists'), true],
    ['wants DoesNotExist', label('arch', 'DoesNotExist'), false],
    ['wants DoesNotExist of a label that is not there', label('gpu', 'DoesNotExist'), true],
    ['wants Gt below', label('generation', 'Gt', '4'), true],
    ['wants Gt the same', label('generation', 'Gt', '5'), false],
    ['wants Lt above', label('generation', 'Lt', '6'), true],
    ['wants Lt the same', label('generation', 'Lt', '5'), false],
    ['wants Gt of what is no number', label('arch', 'Gt', '4'), false],
    ['wants Gt of a label that is not there', label('gpu', 'Gt', '0'), false],
    ['wants an operator of another year', label('arch', 'Like', 'amd64'), false],
    ['wants a node by name', field('In', 'ip-10-0-0-1'), false],
    ['wants any node but one', field('NotIn', 'ip-10-0-0-1'), true],
    ['selects a host', { nodeSelector: { 'kubernetes.io/hostname': 'ip-10-0-0-1' } }, false],
    ['wants any host', label('kubernetes.io/hostname', 'Exists'), true],
    ['wants a term that asks for nothing', required({}), false],
    ['wants one of no terms', required(), false],
    [
      'wants one of two terms, of which one holds',
      required(
        { matchExpressions: [{ key: 'arch', operator: 'In', values: ['arm64'] }] },
        { matchExpressions: [{ key: 'generation', operator: 'Exists' }] },
      ),
      true,
    ],
    [
      'wants a term of which one half holds',
      required({
        matchExpressions: [
          { key: 'arch', operator: 'In', values: ['amd64'] },
          { key: 'gpu', operator: 'Exists' },
        ],
      }),
      false,
    ],
    ['selects one thing and wants another', { nodeSelector: { arch: 'amd64' }, ...label('gpu', 'Exists') }, false],
  ])('that %s', (_, spec, isFitting) => {
    expect(fits(needsOf(spec), 'ci', aPoolShape({ labels: LABELS }))).toBe(isFitting);
  });
});

describe('a pod by its tolerations', () => {
  const taint = { key: 'ci-only', value: 'yes', effect: 'NoSchedule' };
  it.each([
    ['none', [], false],
    ['the taint in words', [{ key: 'ci-only', operator: 'Equal', value: 'yes', effect: 'NoSchedule' }], true],
    ['the taint without an operator', [{ key: 'ci-only', value: 'yes', effect: 'NoSchedule' }], true],
    ['another value', [{ key: 'ci-only', operator: 'Equal', value: 'no', effect: 'NoSchedule' }], false],
    ['no value', [{ key: 'ci-only', operator: 'Equal', effect: 'NoSchedule' }], false],
    ['the key, whatever its value', [{ key: 'ci-only', operator: 'Exists', effect: 'NoSchedule' }], true],
    ['the key, whatever its effect', [{ key: 'ci-only', operator: 'Exists' }], true],
    ['another effect', [{ key: 'ci-only', operator: 'Exists', effect: 'NoExecute' }], false],
    ['another key', [{ key: 'gpu', operator: 'Exists' }], false],
    ['everything', [{ operator: 'Exists' }], true],
    ['everything of one effect', [{ operator: 'Exists', effect: 'NoSchedule' }], true],
    ['everything of another effect', [{ operator: 'Exists', effect: 'NoExecute' }], false],
    ['an operator of another year', [{ key: 'ci-only', operator: 'Gt', value: '1' }], false],
    [
      'one of two things',
      [
        { key: 'gpu', operator: 'Exists' },
        { key: 'ci-only', operator: 'Exists' },
      ],
      true,
    ],
  ])('of %s', (_, tolerations, isFitting) => {
    expect(fits(needsOf({ tolerations }), 'ci', aPoolShape({ taints: [taint] }))).toBe(isFitting);
  });

  it('tolerates each taint or fits not', () => {
    const taints = [taint, { key: 'gpu', effect: 'NoExecute' }];
    expect(fits(needsOf({ tolerations: [{ key: 'gpu', operator: 'Exists' }] }), 'ci', aPoolShape({ taints }))).toBe(
      false,
    );
  });

  it.each([
    'spot-keeper.io/draining',
    'status-taint.cluster-autoscaler.kubernetes.io/spot-keeper-draining',
    'node.kubernetes.io/unschedulable',
    'node.kubernetes.io/not-ready',
    'startup-taint.cluster-autoscaler.kubernetes.io/gpu',
    'ebs.csi.aws.com/agent-not-ready',
    'ToBeDeletedByClusterAutoscaler',
  ])('takes no notice of %s, which the next node will not have', (key) => {
    expect(shapeOf({ taints: [{ key, effect: 'NoSchedule' }] }).taints).toEqual([]);
  });

  it('takes no notice of a taint that only asks', () => {
    expect(shapeOf({ taints: [{ key: 'rather-not', effect: 'PreferNoSchedule' }] }).taints).toEqual([]);
  });

  it('that names less of a taint tolerates no less', () => {
    const text = fc.constantFrom('', 'a', 'b');
    const toleration = fc.record({
      ...{ key: text, value: text, operator: fc.constantFrom('', 'Equal', 'Exists') },
      effect: fc.constantFrom('', 'NoSchedule', 'NoExecute'),
    });
    const tainted = fc.record({ key: text, value: text, effect: fc.constantFrom('NoSchedule', 'NoExecute') });
    fc.assert(
      fc.property(toleration, tainted, (one, other) => {
        if (!tolerates(one, other)) return;
        expect(tolerates({ ...one, effect: '' }, other)).toBe(true);
        expect(tolerates({ ...one, operator: 'Exists', key: '' }, other)).toBe(true);
      }),
    );
  });
});

describe('a pod by what it asks for', () => {
  const asking = (requests: object) => needsOf({ containers: [{ resources: { requests } }] });
  it.each([
    ['all that a node has', { cpu: '4', memory: '16Gi' }, true],
    ['a thousandth more', { cpu: '4001m' }, false],
    ['a byte more', { memory: '17179869185' }, false],
    ['what nodes of the pool do not have', { 'nvidia.com/gpu': '1' }, false],
    ['none of what they do not have', { 'nvidia.com/gpu': '0' }, true],
  ])('%s', (_, requests, isFitting) => {
    expect(fits(asking(requests), 'ci', aPoolShape())).toBe(isFitting);
  });

  it('fits what others leave it, and not what the node has', () => {
    const room = { cpu: 3_000, memory: 1e15, pods: 50_000 };
    expect(fits(asking({ cpu: '3' }), 'ci', aPoolShape({}, room))).toBe(true);
    expect(fits(asking({ cpu: '3500m' }), 'ci', aPoolShape({}, room))).toBe(false);
  });
});
