import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JOB_PRESETS, type JobPattern } from '../../../src/config/pools.ts';
import { isWork, matchesPattern, type PodRole, podRoles, podRules } from '../../../src/live/kubernetes/jobs.ts';
import type { PodTraits } from '../../../src/live/kubernetes/podTraits.ts';
import { labelSelector } from '../../../src/live/kubernetes/selector.ts';

const pod = (traits: Partial<PodTraits> = {}): PodTraits => ({
  ...{ namespace: 'ci', name: 'build-1', labels: {}, annotations: {} },
  ...{ restartPolicy: 'Always', owner: undefined, containers: [], tolerates: [], daemonSet: false, mirror: false },
  ...traits,
});

const by = (kind: string, group = 'apps') => ({ owner: { kind, group, name: 'x' } });
const with1 = (image: string, words: readonly string[] = [], variables: readonly string[] = []) => ({
  containers: [{ name: 'agent', image, words, variables }],
});

const roleBy = (jobs: readonly JobPattern[], traits: Partial<PodTraits>): PodRole =>
  podRoles(podRules({ jobs }))(pod(traits));
const isJob = (jobs: readonly JobPattern[], traits: Partial<PodTraits>): boolean => roleBy(jobs, traits).kind === 'job';

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
  [
    'a runner of a RunnerSet',
    'actions-runner-controller',
    { labels: { 'runnerset-name': 'rs', 'actions-runner': '' } },
  ],
  [
    'a bare runner',
    'actions-runner-controller',
    { ...by('Runner', 'actions.summerwind.dev'), restartPolicy: 'OnFailure' },
  ],
  ['a runner by its owner', 'actions-runner-controller', by('EphemeralRunner', 'actions.github.com')],
  ['the pod of a Job that is tried again', 'run-once', { ...by('Job', 'batch'), restartPolicy: 'OnFailure' }],
  ['a step of an Argo workflow', 'argo-workflows', { labels: { 'workflows.argoproj.io/workflow': 'wf' } }],
  ['a Buildkite agent of a Deployment', 'agents', { ...by('ReplicaSet'), ...with1('buildkite/agent:3-ubuntu') }],
  ['a Concourse worker', 'agents', { ...by('StatefulSet'), ...with1('concourse/concourse:7.14', ['worker']) }],
  ['a TeamCity agent', 'agents', { ...by('StatefulSet'), ...with1('docker.io/jetbrains/teamcity-agent:2026.1') }],
  ['an Azure DevOps agent', 'agents', { ...by('ReplicaSet'), ...with1('acme.azurecr.io/azp-agent', [], ['AZP_URL']) }],
  ['a TeamCity agent of a cloud profile, of any image', 'agents', { labels: { 'teamcity-agent': '' } }],
  [
    'a GoCD elastic agent',
    'agents',
    { labels: { 'Elastic-Agent-Created-By': 'cd.go.contrib.elasticagent.kubernetes' } },
  ],
  ['a pod that Zuul has taken from Nodepool', 'agents', { labels: { nodepool_node_id: '0000000007' } }],
  ['a Jenkins agent of a StatefulSet', 'agents', { ...by('StatefulSet'), ...with1('jenkins/inbound-agent@sha256:0') }],
  ['what a controller of that kind runs', { owner: 'VirtualMachineInstance' }, by('VirtualMachineInstance')],
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

/** What runs no job, though it may look like it. */
const NO_WORK: readonly (readonly [why: string, traits: Partial<PodTraits>])[] = [
  [
    'the listener of a scale set',
    {
      ...by('AutoscalingListener', 'actions.github.com'),
      labels: { 'app.kubernetes.io/component': 'runner-scale-set-listener', 'actions.github.com/scale-set-name': 'x' },
    },
  ],
  [
    'the controller of scale sets',
    { ...by('ReplicaSet'), labels: { 'app.kubernetes.io/part-of': 'gha-rs-controller' } },
  ],
  ['the older controller', { ...by('ReplicaSet'), labels: { 'app.kubernetes.io/name': 'actions-runner-controller' } }],
  ['the manager of GitLab Runner', { ...by('ReplicaSet'), labels: { app: 'r', chart: 'gitlab-runner-0.76.0' } }],
  [
    'an affinity assistant of Tekton',
    {
      ...by('StatefulSet'),
      labels: { 'app.kubernetes.io/component': 'affinity-assistant', 'tekton.dev/pipelineRun': 'p' },
    },
  ],
  ['a controller of Tekton', { ...by('ReplicaSet'), labels: { 'app.kubernetes.io/part-of': 'tekton-pipelines' } }],
  [
    'the controller of Argo Workflows',
    { ...by('ReplicaSet'), labels: { 'app.kubernetes.io/part-of': 'argo-workflows' } },
  ],
  ['a window of kubectl debug', { name: 'node-debugger-n1-x' }],
  ['a part of the cluster', { ...by('ReplicaSet'), namespace: 'kube-system' }],
];

/** What one system's controllers are told by, and what it writes on its jobs and on nothing else. */
const OWN_MARKS: readonly (readonly [controller: Readonly<Record<string, string>>, marks: readonly string[]])[] = [
  ...['gha-rs-controller', 'gha-runner-scale-set-controller', 'actions-runner-controller-arm'].map(
    (name) =>
      [
        { 'app.kubernetes.io/name': name, 'app.kubernetes.io/part-of': 'gha-rs-controller' },
        ['actions-ephemeral-runner', 'runner-deployment-name', 'runnerset-name', 'actions-runner', 'runner-pod'],
      ] as const,
  ),
  [{ chart: 'gitlab-runner-0.76.0' }, ['job.runner.gitlab.com/pod']],
  [{ 'app.kubernetes.io/part-of': 'tekton-pipelines' }, ['tekton.dev/taskRun']],
  [{ 'app.kubernetes.io/part-of': 'argo-workflows' }, ['workflows.argoproj.io/workflow']],
];

/** The same, with what marks a job only beside another label. */
const OWN: ReadonlySet<string> = new Set([
  ...OWN_MARKS.flatMap(([, marks]) => marks),
  'actions.github.com/scale-set-name',
]);

describe('a job pod', () => {
  it.each(JOBS)('is %s', (_, pattern, traits) => {
    expect(isJob([pattern], traits)).toBe(true);
    expect(isJob([{ namespace: 'nowhere' }, pattern], traits)).toBe(true);
  });

  it.each(OTHERS)('is not %s', (_, pattern, traits) => {
    expect(isJob([pattern], traits)).toBe(false);
  });

  it.each(JOBS)('is never %s of a DaemonSet or a static pod', (_, pattern, traits) => {
    expect(isJob([pattern], { ...traits, daemonSet: true })).toBe(false);
    expect(isJob([pattern], { ...traits, mirror: true })).toBe(false);
  });

  it('is what any pattern matches: more patterns never make fewer jobs', () => {
    const patterns = fc.subarray([...JOB_PRESETS]);
    const traits = fc.constantFrom(...JOBS, ...OTHERS).map(([, , some]) => some);
    fc.assert(
      fc.property(patterns, patterns, traits, (some, more, one) => {
        if (isJob(some, one)) expect(isJob([...some, ...more], one)).toBe(true);
      }),
    );
  });

  it('is nothing that is said to be none, whatever else matches: exclusions win over every preset', () => {
    const patterns = fc.subarray([...JOB_PRESETS], { minLength: 1 });
    const looks = fc.array(fc.constantFrom(...JOBS), { maxLength: 3 });
    fc.assert(
      fc.property(patterns, looks, fc.constantFrom(...NO_WORK), (jobs, alike, [, traits]) => {
        // It may bear the labels of anything else too.
        const labels = Object.assign({}, ...alike.map(([, , some]) => some.labels ?? {})) as Record<string, string>;
        // But not the mark by which its own system names a job: no controller bears that.
        const others = Object.entries(labels).filter(([key]) => !OWN.has(key));
        const one = { restartPolicy: 'Never', ...traits, labels: { ...Object.fromEntries(others), ...traits.labels } };
        expect(roleBy(jobs, one).kind).toBe('none');
      }),
    );
  });

  it.each(OWN_MARKS)(
    'is what its own system marks as one, though its labels name a controller: %j',
    // People choose the names of scale sets and charts, and these are handed down.
    (labels, marks) => {
      for (const mark of marks) expect(roleBy(JOB_PRESETS, { labels: { ...labels, [mark]: 'x' } }).kind).toBe('job');
      expect(roleBy(JOB_PRESETS, { ...by('ReplicaSet'), labels }).kind).toBe('none');
    },
  );

  it.each(NO_WORK)('is not %s', (_, traits) => {
    expect(roleBy(JOB_PRESETS, { restartPolicy: 'Never', ...traits }).kind).toBe('none');
  });

  it('is not what the pools file says is none', () => {
    const rules = podRules({ jobs: JOB_PRESETS, notJobs: [{ namespace: 'web' }] });
    const role = podRoles(rules)(pod({ namespace: 'web', restartPolicy: 'Never', ...by('Job', 'batch') }));
    expect(role).toMatchObject({ kind: 'none', rule: 'live.notJobs[0] says that it is no job' });
  });

  it.each(['a in', 'a=b=c', 'a in (b', '=x', 'a,,b', '', 'in (a)', 'a==b c'])(
    'cannot be said with the selector %j, which is a mistake and not "none"',
    (labels) => {
      expect(() => podRoles(podRules({ jobs: [{ labels }] }))).toThrow(/selector/);
    },
  );

  it('cannot be said without any field', () => {
    expect(() => podRoles(podRules({ jobs: [{}] }))).toThrow(/every pod/);
  });
});

describe('a pod that no rule names', () => {
  const kinds = fc.constantFrom('ReplicaSet', 'StatefulSet', 'ReplicationController', 'Rollout', 'CloneSet', 'Agent');

  it('is work where a controller runs it, whatever the kind of the controller and the patterns', () => {
    fc.assert(
      fc.property(kinds, fc.subarray([...JOB_PRESETS], { minLength: 1 }), (kind, jobs) => {
        const role = roleBy(jobs, by(kind));
        expect(role.kind).toBe('unknown');
        expect(isWork(role)).toBe(true);
      }),
    );
  });

  it('is none where it is bare, and where it runs on every node', () => {
    expect(roleBy(JOB_PRESETS, {}).kind).toBe('none');
    expect(roleBy(JOB_PRESETS, { ...by('DaemonSet'), daemonSet: true }).kind).toBe('none');
    expect(roleBy(JOB_PRESETS, { mirror: true }).kind).toBe('none');
  });

  it('is the Concourse server, which has the image of its workers', () => {
    expect(matchesPattern('agents')(pod(with1('concourse/concourse', ['web'])))).toBe(false);
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
