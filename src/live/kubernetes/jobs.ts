import type { JobPattern, JobPreset } from '../../config/pools.ts';
import { labelSelector } from './selector.ts';

/** What of a pod tells whether it is a job. */
export interface PodTraits {
  readonly namespace: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly restartPolicy: string;
  /** A DaemonSet owns it. */
  readonly daemonSet: boolean;
  /** The picture of a static pod, which kubelet runs from a file. */
  readonly mirror: boolean;
}

/**
 * Which pods are jobs: those that any pattern matches, never those of a DaemonSet and never static ones. A runner that
 * waits for work is a job too, also one that its controller marks as safe to evict: it may take a job at any moment, and
 * the mark is late by then. Throws for a label selector that cannot be read.
 */
export function isJob(patterns: readonly JobPattern[]): (pod: PodTraits) => boolean {
  const tests = patterns.map((pattern) => (typeof pattern === 'string' ? PRESETS[pattern] : testOf(pattern)));
  return (pod) => !pod.daemonSet && !pod.mirror && tests.some((test) => test(pod));
}

type PodTest = (pod: PodTraits) => boolean;

/** What each system writes on the pods of its jobs, by its own documentation or source. */
const PRESETS: Readonly<Record<JobPreset, PodTest>> = {
  'run-once': ({ restartPolicy }) => restartPolicy === 'Never',

  // The listener of a scale set waits for jobs and runs none. `runner-deployment-name` marks runners of the older
  // controller, `runner-pod` the pods that a runner in container mode starts for its steps.
  'actions-runner-controller': ({ labels }) =>
    labels['app.kubernetes.io/component'] !== 'runner-scale-set-listener' &&
    (labels['actions-ephemeral-runner'] !== undefined ||
      (labels['app.kubernetes.io/component'] === 'runner' &&
        labels['actions.github.com/scale-set-name'] !== undefined) ||
      labels['runner-deployment-name'] !== undefined ||
      labels['runner-pod'] !== undefined),

  // Older runners label the pod with its own name only.
  gitlab: ({ name, labels, annotations }) =>
    labels['job.runner.gitlab.com/pod'] !== undefined ||
    annotations['job.runner.gitlab.com/id'] !== undefined ||
    labels['pod']?.startsWith('runner-') === true ||
    /^runner-.+-project-\d+-/.test(name),

  buildkite: ({ labels, annotations }) =>
    labels['buildkite.com/job-uuid'] !== undefined || annotations['buildkite.com/job-url'] !== undefined,

  // The chart names the label after the release: `jenkins/<release>-jenkins-agent`.
  jenkins: ({ labels, annotations }) =>
    labels['jenkins/label'] !== undefined ||
    labels['jenkins/label-digest'] !== undefined ||
    labels['kubernetes.jenkins.io/controller'] !== undefined ||
    labels['jenkins'] === 'slave' ||
    annotations['kubernetes.jenkins.io/last-refresh'] !== undefined ||
    Object.keys(labels).some((key) => key.startsWith('jenkins/') && key.endsWith('-jenkins-agent')),

  // Affinity assistants carry the labels of their run, and only hold its place.
  tekton: ({ labels }) =>
    labels['app.kubernetes.io/component'] !== 'affinity-assistant' &&
    (labels['tekton.dev/taskRun'] !== undefined ||
      (labels['app.kubernetes.io/managed-by'] === 'tekton-pipelines' &&
        labels['tekton.dev/pipelineRun'] !== undefined)),
};

function testOf({ namespace, labels, annotation, nameContains }: Exclude<JobPattern, JobPreset>): PodTest {
  const tests: PodTest[] = [];
  if (namespace !== undefined) tests.push((pod) => pod.namespace === namespace);
  if (labels !== undefined) {
    const selects = labelSelector(labels);
    tests.push((pod) => selects(pod.labels));
  }
  if (annotation !== undefined) {
    const equals = annotation.indexOf('=');
    const key = equals < 0 ? annotation : annotation.slice(0, equals);
    const value = equals < 0 ? undefined : annotation.slice(equals + 1);
    tests.push(({ annotations }) => annotations[key] !== undefined && (value ?? annotations[key]) === annotations[key]);
  }
  if (nameContains !== undefined) tests.push((pod) => pod.name.includes(nameContains));
  if (tests.length === 0) throw new Error('a job pattern without any field would match every pod');
  return (pod) => tests.every((test) => test(pod));
}
