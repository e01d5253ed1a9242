import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JOB_PRESETS } from '../../../src/config/pools.ts';
import { podRoles, podRules } from '../../../src/live/kubernetes/jobs.ts';
import { objectIn } from '../../../src/live/kubernetes/kubeObject.ts';
import { isBusy, jobsAmong, seenPod } from '../../../src/live/kubernetes/pods.ts';

const NOW = Date.parse('2026-03-02T10:00:00Z');
const ENDED = '2026-03-02T09:00:00Z';

const ended = (name: string, exitCode = 0) => ({ name, state: { terminated: { exitCode, finishedAt: ENDED } } });
const runs = (name: string) => ({ name, state: { running: {} } });
const waits = (name: string) => ({ name, state: { waiting: { reason: 'CrashLoopBackOff' } } });

interface Shape {
  readonly labels?: Record<string, string>;
  readonly restartPolicy?: string;
  readonly containers?: readonly (string | Record<string, unknown>)[];
  readonly statuses?: readonly object[];
  readonly initStatuses?: readonly object[];
  readonly workContainers?: readonly string[];
}

function podLike({ labels = {}, restartPolicy = 'Never', statuses, initStatuses, ...rest }: Shape) {
  const { containers = [], workContainers = [] } = rest;
  const object = objectIn({
    metadata: {
      ...{ name: 'p', namespace: 'ci', uid: 'u', resourceVersion: '1', labels },
      ownerReferences: [{ apiVersion: 'x/v1', kind: 'Thing', name: 't', uid: 'o', controller: true }],
    },
    spec: {
      ...{ nodeName: 'n', restartPolicy },
      containers: containers.map((one) => (typeof one === 'string' ? { name: one, image: one } : one)),
    },
    status: { phase: 'Running', containerStatuses: statuses, initContainerStatuses: initStatuses },
  });
  const pod = seenPod(object, podRoles(podRules({ jobs: JOB_PRESETS, workContainers })));
  if (pod === undefined) throw new Error('bound to no node');
  return pod;
}

const RUNNER = { 'actions-ephemeral-runner': 'True' };

describe('a pod whose work has ended', () => {
  it.each([
    ['a runner beside its Docker', { labels: RUNNER, statuses: [ended('runner', 1), runs('docker')] }],
    ['a runner beside a mesh of any name', { labels: RUNNER, statuses: [ended('runner'), runs('my-own-proxy')] }],
    ['the steps of a runner', { labels: { 'runner-pod': 'r' }, statuses: [ended('job'), runs('postgres')] }],
    ['a Jenkins agent', { labels: { 'jenkins/label': 'm' }, statuses: [ended('jnlp'), runs('maven')] }],
    [
      'the steps of a Tekton task',
      { labels: { 'tekton.dev/taskRun': 't' }, statuses: [ended('step-a'), ended('step-b'), runs('sidecar-x')] },
    ],
    [
      'a GitLab job beside its service',
      { labels: { 'job.runner.gitlab.com/pod': 'r' }, statuses: [ended('build'), ended('helper'), runs('svc-0')] },
    ],
    [
      'a build beside a mesh',
      { containers: ['build', 'istio-proxy'], statuses: [ended('build'), runs('istio-proxy')] },
    ],
    ['a build beside a log shipper', { containers: ['b', 'fluent-bit'], statuses: [ended('b'), runs('fluent-bit')] }],
    [
      'a build beside a native sidecar',
      { containers: ['build'], statuses: [ended('build')], initStatuses: [runs('any-sidecar')] },
    ],
    [
      'a build that is tried again only when it fails',
      {
        restartPolicy: 'OnFailure',
        containers: ['build', 'istio-proxy'],
        statuses: [ended('build'), runs('istio-proxy')],
      },
    ],
    [
      'a build whose container is named in the pools file',
      { workContainers: ['compile'], containers: ['compile', 'extra'], statuses: [ended('compile'), runs('extra')] },
    ],
  ] satisfies [string, Shape][])('keeps nothing busy: %s', (_, shape) => {
    const pod = podLike(shape);
    expect(isBusy(pod, NOW)).toBe(false);
    expect(jobsAmong([pod], NOW)).toMatchObject([{ id: 'u', endedAt: Date.parse(ENDED) }]);
  });

  it.each([
    ['the runner lives', { labels: RUNNER, statuses: [runs('runner'), ended('docker')] }],
    [
      'the runner starts again',
      { labels: RUNNER, restartPolicy: 'Always', statuses: [ended('runner'), runs('docker')] },
    ],
    [
      'the runner has failed, and is tried again',
      { labels: RUNNER, restartPolicy: 'OnFailure', statuses: [ended('runner', 1), runs('docker')] },
    ],
    [
      'the helper uploads what was built',
      { labels: { 'job.runner.gitlab.com/pod': 'r' }, statuses: [ended('build'), runs('helper')] },
    ],
    ['another container that may work', { containers: ['a', 'b'], statuses: [ended('a'), runs('b')] }],
    ['a container of which kubelet says nothing', { containers: ['a', 'b'], statuses: [ended('a')] }],
    [
      'a step that has not begun',
      { labels: { 'tekton.dev/taskRun': 't' }, statuses: [ended('step-a'), waits('step-b')] },
    ],
    ['it has nothing but sidecars', { containers: ['dind'], statuses: [runs('dind')] }],
    [
      'its container starts again by a rule of its own',
      {
        containers: [{ name: 'build', image: 'b', restartPolicyRules: [{ action: 'Restart' }] }],
        statuses: [ended('build', 42)],
      },
    ],
    [
      'its container starts again by itself',
      { containers: [{ name: 'b', restartPolicy: 'Always' }], statuses: [ended('b')] },
    ],
    ['nothing is known of its containers', { containers: ['build'] }],
  ] satisfies [string, Shape][])('is not one where %s', (_, shape) => {
    expect(isBusy(podLike(shape), NOW)).toBe(true);
  });

  it('is never one while a container that works by its rule lives, however many others have ended', () => {
    const states = fc.array(fc.constantFrom(ended, runs, waits), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(
        states,
        fc.constantFrom(runs, waits),
        fc.constantFrom('Never', 'OnFailure', 'Always'),
        (others, works, policy) => {
          const statuses = [works('runner'), ...others.map((state, at) => state(`other-${at}`))];
          expect(isBusy(podLike({ labels: RUNNER, restartPolicy: policy, statuses }), NOW)).toBe(true);
        },
      ),
    );
  });
});
