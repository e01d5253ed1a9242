import { expect, it } from 'vitest';
import { jobFindings } from '../../../src/look/doctor/jobs.ts';
import type { ClusterFound, PodFound } from '../../../src/look/lookAtCluster.ts';
import { aPoolConfig } from '../../support/aScenario.ts';

const pod = (tolerates: readonly string[]) => ({
  ...{ node: 'n', namespace: 'ci', name: 'x', annotations: {}, labels: {}, needsBlock: false, tolerates },
  role: { kind: 'job' },
});

const routingOf = (routing: 'tolerating' | undefined, ...tolerations: readonly (readonly string[])[]) => {
  // Known: of a pod the check looks at no more than what is given here.
  const pods = tolerations.map(pod) as unknown as readonly PodFound[];
  const cluster = { pods } as unknown as ClusterFound;
  const file = { fleet: 'test', pools: [{ ...aPoolConfig(), ...(routing === undefined ? {} : { routing }) }] };
  return jobFindings(file, cluster)
    .filter(({ check }) => check === 'routing')
    .map(({ level, found }) => `${level}: ${found}`);
};

const KEY = 'spot-keeper.io/routing';

it('doctor says how many jobs are meant for a pool that takes only those which tolerate its taint', () => {
  expect(routingOf('tolerating', [KEY], ['dedicated'])).toEqual([`ok: 1 of 2 job pods on nodes tolerates ${KEY}`]);
  expect(routingOf('tolerating', [])).toEqual([
    `warn: 0 of 1 job pod on nodes tolerate ${KEY}: no job goes to the blocks of the pool`,
  ]);
  expect(routingOf('tolerating')).toEqual(['unknown: no job pod is on any node now']);
  expect(routingOf(undefined, [KEY])).toEqual([]);
});
