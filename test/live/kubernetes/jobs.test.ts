import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JOB_PRESETS, type JobPattern } from '../../../src/config/pools.ts';
import { isJob, type PodTraits } from '../../../src/live/kubernetes/jobs.ts';
import { labelSelector } from '../../../src/live/kubernetes/selector.ts';

const pod = (traits: Partial<PodTraits> = {}): PodTraits => ({
  ...{ namespace: 'ci', name: 'build-1', labels: {}, annotations: {} },
  ...{ restartPolicy: 'Always', daemonSet: false, mirror: false },
  ...traits,
});

const JOBS: readonly (readonly [why: string, pattern: JobPattern, traits: Partial<PodTraits>])[] = [
  ['a pod that runs once', 'run-once', { restartPolicy: 'Never' }],
  ['an ephemeral runner', 'actions-runner-controller', { labels: { 'actions-ephemeral-runner': 'True' } }],
  [
    'a runner of a scale set, also when marked safe to evict',
    'actions-runner-controller',
    {
      labels: { 'app.kubernetes.io/component': 'runner', 'actions.github.com/scale-set-name': 'linux' },
      annotations: { 'cluster-autoscaler.kubernetes.io/safe-to-evict': 'true' },
    },
  ],
  ['a runner of the older controller', 'actions-runner-controller', { labels: { 'runner-deployment-name': 'linux' } }],
  ['the steps of a runner', 'actions-runner-controller', { labels: { 'runner-pod': 'linux-abc' } }],
  ['a GitLab job', 'gitlab', { labels: { 'job.runner.gitlab.com/pod': 'runner-x' } }],
  ['a job of an older GitLab runner', 'gitlab', { labels: { pod: 'runner-x-project-7-concurrent-0' } }],
  ['a GitLab job by its name', 'gitlab', { name: 'runner-x-project-7-concurrent-0abc' }],
  ['a Buildkite job', 'buildkite', { labels: { 'buildkite.com/job-uuid': '0' } }],
  ['a Jenkins agent', 'jenkins', { labels: { 'jenkins/label': 'maven' } }],
  ['an agent of the Jenkins chart', 'jenkins', { labels: { 'jenkins/ci-jenkins-agent': 'true' } }],
  ['an old Jenkins agent', 'jenkins', { labels: { jenkins: 'slave' } }],
  ['a Tekton task', 'tekton', { labels: { 'tekton.dev/taskRun': 'build' } }],
  ['what a selector selects', { labels: 'tier in (ci, batch),!web' }, { labels: { tier: 'batch' } }],
  ['an annotation', { annotation: 'ci/job' }, { annotations: { 'ci/job': '7' } }],
  ['an annotation with a value', { annotation: 'ci/job=a=b' }, { annotations: { 'ci/job': 'a=b' } }],
  ['a part of a name in a namespace', { nameContains: 'build', namespace: 'ci' }, {}],
];

const OTHERS: readonly (readonly [why: string, pattern: JobPattern, traits: Partial<PodTraits>])[] = [
  ['a service', 'run-once', {}],
  [
    'the listener of a scale set',
    'actions-runner-controller',
    {
      labels: {
        'app.kubernetes.io/component': 'runner-scale-set-listener',
        'actions.github.com/scale-set-name': 'linux',
      },
    },
  ],
  ['the GitLab runner itself', 'gitlab', { name: 'gitlab-runner-7c9f' }],
  ['the Jenkins controller', 'jenkins', { labels: { 'app.kubernetes.io/component': 'jenkins-controller' } }],
  [
    'an affinity assistant',
    'tekton',
    {
      labels: {
        'app.kubernetes.io/component': 'affinity-assistant',
        'app.kubernetes.io/managed-by': 'tekton-pipelines',
        'tekton.dev/pipelineRun': 'x',
      },
    },
  ],
  ['another value of the annotation', { annotation: 'ci/job=7' }, { annotations: { 'ci/job': '8' } }],
  ['another namespace', { nameContains: 'build', namespace: 'prod' }, {}],
];

describe('a job pod', () => {
  it.each(JOBS)('is %s', (_, pattern, traits) => {
    expect(isJob([pattern])(pod(traits))).toBe(true);
    expect(isJob([{ namespace: 'nowhere' }, pattern])(pod(traits))).toBe(true);
  });

  it.each(OTHERS)('is not %s', (_, pattern, traits) => {
    expect(isJob([pattern])(pod(traits))).toBe(false);
  });

  it.each(JOBS)('is never %s of a DaemonSet or a static pod', (_, pattern, traits) => {
    expect(isJob([pattern])(pod({ ...traits, daemonSet: true }))).toBe(false);
    expect(isJob([pattern])(pod({ ...traits, mirror: true }))).toBe(false);
  });

  it('is what any pattern matches: more patterns never make fewer jobs', () => {
    const patterns = fc.subarray([...JOB_PRESETS]);
    const traits = fc.constantFrom(...JOBS, ...OTHERS).map(([, , some]) => pod(some));
    fc.assert(
      fc.property(patterns, patterns, traits, (some, more, one) => {
        if (isJob(some)(one)) expect(isJob([...some, ...more])(one)).toBe(true);
      }),
    );
  });

  it.each(['a in', 'a=b=c', 'a in (b', '=x', 'a,,b', '', 'in (a)', 'a==b c'])(
    'cannot be said with the selector %j, which is a mistake and not "none"',
    (labels) => {
      expect(() => isJob([{ labels }])).toThrow(/selector/);
    },
  );

  it('cannot be said without any field', () => {
    expect(() => isJob([{}])).toThrow(/every pod/);
  });
});

describe('a label selector', () => {
  it.each([
    ['app=ci', { app: 'ci' }, true],
    ['app == ci', { app: 'web' }, false],
    ['app!=ci', {}, true],
    ['app!=ci', { app: 'ci' }, false],
    ['app in (ci,web), !old', { app: 'web' }, true],
    ['app in (ci,web), !old', { app: 'web', old: '' }, false],
    ['app notin (ci)', {}, true],
    ['example.com/app', { 'example.com/app': '' }, true],
    ['app=', { app: '' }, true],
    ['app in (ci,)', { app: '' }, true],
  ])('%s of %j is %s', (text, labels, selected) => {
    expect(labelSelector(text)(labels)).toBe(selected);
  });
});
