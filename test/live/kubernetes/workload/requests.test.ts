import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jobsPerBlock } from '../../../../src/live/kubernetes/workload/jobsPerBlock.ts';
import { quantityIn } from '../../../../src/live/kubernetes/workload/quantity.ts';
import { aPoolShape, needsOf } from './aPool.ts';

describe('a quantity', () => {
  it.each([
    ['1', 1_000],
    ['100m', 100],
    ['0.5', 500],
    ['.5', 500],
    ['2.', 2_000],
    ['1.1', 1_100],
    ['8.2', 8_200],
    ['500u', 1],
    ['100n', 1],
    ['1k', 1e6],
    ['3M', 3e9],
    ['2G', 2e12],
    ['1T', 1e15],
    ['1E', 1e21],
    ['1Ki', 1_024_000],
    ['1.5Gi', 1.5 * 2 ** 30 * 1_000],
    ['1e3', 1e6],
    ['1E3', 1e6],
    ['25E-1', 2_500],
    ['-1', -1_000],
    [2, 2_000],
  ])('%s', (text, thousandths) => {
    expect(quantityIn(text)).toBe(thousandths);
  });

  it.each(['', 'm', '1 Gi', '1GiB', '1ki', '1e', 'NaN', '1.2.3', '1e999'])('is not %j', (text) => {
    expect(quantityIn(text)).toBeUndefined();
  });

  it('is the same in whole units and in thousandths', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e9 }), (milli) => {
        expect(quantityIn(`${milli}m`)).toBe(milli);
        expect(quantityIn(String(milli / 1_000))).toBe(milli);
      }),
    );
  });
});

describe('what a pod is reckoned with', () => {
  const cpu = (amount: string, more: object = {}) => ({ resources: { requests: { cpu: amount } }, ...more });
  const sidecar = (amount: string) => cpu(amount, { restartPolicy: 'Always' });
  it.each([
    ['its containers together', { containers: [cpu('1'), cpu('500m')] }, 1_500],
    [
      'its largest init container, if that is more',
      { containers: [cpu('1')], initContainers: [cpu('2'), cpu('3')] },
      3_000,
    ],
    ['its containers, if they are more', { containers: [cpu('4')], initContainers: [cpu('3')] }, 4_000],
    ['its sidecars beside its containers', { containers: [cpu('1')], initContainers: [sidecar('2')] }, 3_000],
    [
      'an init container beside the sidecars before it',
      { containers: [cpu('1')], initContainers: [sidecar('1'), cpu('3'), sidecar('1')] },
      4_000,
    ],
    [
      'an init container without the sidecars after it',
      { containers: [cpu('1')], initContainers: [cpu('3'), sidecar('2')] },
      3_000,
    ],
    ['its overhead too', { containers: [cpu('1')], overhead: { cpu: '250m' } }, 1_250],
    ['what the pod as a whole asks for', { ...cpu('3'), containers: [cpu('1')] }, 3_000],
    ['nothing, if it asks for nothing', { containers: [{}] }, undefined],
  ])('%s', (_, spec, expected) => {
    expect(needsOf(spec).requests['cpu']).toBe(expected);
  });

  it('takes one place on its node', () => {
    expect(needsOf({ containers: [{}, {}] }).requests).toEqual({ pods: 1_000 });
  });

  it('is never less for another container', () => {
    const container = fc.record({
      amount: fc.nat(4_000),
      kind: fc.constantFrom('container', 'init', 'sidecar'),
    });
    const reckoned = (all: readonly { readonly amount: number; readonly kind: string }[]): number => {
      const written = (kinds: readonly string[]) =>
        all
          .filter(({ kind }) => kinds.includes(kind))
          .map(({ amount, kind }) => cpu(`${amount}m`, kind === 'sidecar' ? { restartPolicy: 'Always' } : {}));
      return (
        needsOf({ containers: written(['container']), initContainers: written(['init', 'sidecar']) }).requests['cpu'] ??
        0
      );
    };
    fc.assert(
      fc.property(fc.array(container), container, fc.nat(), (all, more, place) => {
        const at = place % (all.length + 1);
        expect(reckoned([...all.slice(0, at), more, ...all.slice(at)])).toBeGreaterThanOrEqual(reckoned(all));
      }),
    );
  });
});

describe('the jobs that a block has room for', () => {
  const one = { cpu: 1_000, memory: 2 ** 30 * 1_000, pods: 1_000 };
  it.each([
    ['as many as its scarcest resource allows', [one], {}, 4],
    ['by memory, where that is scarcer', [one], { memory: '2Gi' }, 2],
    ['by places, where jobs ask for nothing', [{ pods: 1_000 }], {}, 58],
    ['at least one, though none fits', [{ ...one, cpu: 9_000 }], {}, 1],
    ['by the job in the middle', [one, one, { ...one, cpu: 4_000 }], {}, 4],
  ])('are %s', (_, requests, allocatable, expected) => {
    expect(jobsPerBlock(requests, [aPoolShape({ allocatable })])).toBe(expected);
  });

  it('are those of the node in the middle', () => {
    const small = { ...aPoolShape({ allocatable: { cpu: '2' } }), nodes: 2 };
    expect(jobsPerBlock([one], [aPoolShape(), small])).toBe(2);
  });

  it('are unknown without a job or a node to go by', () => {
    expect(jobsPerBlock([], [aPoolShape()])).toBeUndefined();
    expect(jobsPerBlock([one], [])).toBeUndefined();
  });
});
