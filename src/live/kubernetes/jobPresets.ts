import type { JobPreset } from '../../config/pools.ts';
import type { PodTraits } from './podTraits.ts';

/** What one CI system writes on the pods of its jobs. */
export interface Preset {
  readonly matches: PodTest;
  /** Whether a container does the job's work: the others only help, and may outlive it. Left out where all of them work. */
  readonly works?: (container: string) => boolean;
}

export type PodTest = (pod: PodTraits) => boolean;

const COMPONENT = 'app.kubernetes.io/component';
const PART_OF = 'app.kubernetes.io/part-of';
const NAME = 'app.kubernetes.io/name';

/**
 * By each system's own documentation or source:
 *
 * - actions-runner-controller, scale sets: `controllers/actions.github.com` (`EphemeralRunnerContainerName` is `runner`), and of its
 *   older controller `controllers/actions.summerwind.net` (`runnerset-name`, `runner-deployment-name`, `actions-runner`,
 *   `actions-runner-controller/inject-registration-token`). Pods that a runner in container mode starts for its steps:
 *   actions/runner-container-hooks, `packages/k8s/src/hooks/constants.ts` (label `runner-pod`, container `job`).
 * - GitLab Runner: documentation of the Kubernetes executor, "Default labels for job pods". `helper` uploads
 *   artifacts after the `build`, and services (`svc-0`) live on.
 * - Buildkite: agent-stack-k8s (label `buildkite.com/job-uuid`; the agent's container ends last).
 * - Jenkins: kubernetes-plugin (container `jnlp` is the agent).
 * - Tekton: pod metadata labels; containers of steps are `step-…`, those of sidecars `sidecar-…`.
 * - Argo Workflows: label `workflows.argoproj.io/workflow`; `wait` saves what `main` made.
 */
export const PRESETS: Readonly<Record<JobPreset, Preset>> = {
  // What ends by itself is there to do one piece of work. A Kubernetes Job allows no other restart policy.
  'run-once': {
    matches: ({ restartPolicy, owner }) =>
      restartPolicy === 'Never' || restartPolicy === 'OnFailure' || owner?.kind === 'Job',
  },

  'actions-runner-controller': {
    matches: ({ labels, owner }) =>
      labels['actions-ephemeral-runner'] !== undefined ||
      (labels[COMPONENT] === 'runner' && labels['actions.github.com/scale-set-name'] !== undefined) ||
      labels['runner-deployment-name'] !== undefined ||
      labels['runnerset-name'] !== undefined ||
      labels['actions-runner'] !== undefined ||
      labels['actions-runner-controller/inject-registration-token'] !== undefined ||
      labels['runner-pod'] !== undefined ||
      owner?.kind === 'EphemeralRunner' ||
      (owner?.kind === 'Runner' && owner.group === 'actions.summerwind.dev'),
    works: (container) => container === 'runner' || container === 'job',
  },

  // Older runners label the pod with its own name only.
  gitlab: {
    matches: ({ name, labels, annotations }) =>
      labels['job.runner.gitlab.com/pod'] !== undefined ||
      annotations['job.runner.gitlab.com/id'] !== undefined ||
      labels['pod']?.startsWith('runner-') === true ||
      /^runner-.+-project-\d+-/.test(name),
    works: (container) => container === 'build' || container === 'helper',
  },

  buildkite: {
    matches: ({ labels, annotations }) =>
      labels['buildkite.com/job-uuid'] !== undefined || annotations['buildkite.com/job-url'] !== undefined,
    works: (container) => !container.startsWith('sidecar-'),
  },

  // The chart names the label after the release: `jenkins/<release>-jenkins-agent`.
  jenkins: {
    matches: ({ labels, annotations }) =>
      labels['jenkins/label'] !== undefined ||
      labels['jenkins/label-digest'] !== undefined ||
      labels['kubernetes.jenkins.io/controller'] !== undefined ||
      labels['jenkins'] === 'slave' ||
      annotations['kubernetes.jenkins.io/last-refresh'] !== undefined ||
      Object.keys(labels).some((key) => key.startsWith('jenkins/') && key.endsWith('-jenkins-agent')),
    works: (container) => container === 'jnlp',
  },

  tekton: {
    matches: ({ labels }) =>
      labels['tekton.dev/taskRun'] !== undefined ||
      (labels['app.kubernetes.io/managed-by'] === 'tekton-pipelines' && labels['tekton.dev/pipelineRun'] !== undefined),
    works: (container) => container.startsWith('step-'),
  },

  'argo-workflows': {
    matches: ({ labels, owner }) =>
      labels['workflows.argoproj.io/workflow'] !== undefined || owner?.kind === 'Workflow',
    works: (container) => container === 'main' || container === 'wait',
  },

  // Agents that take one job after the other, as Deployments and StatefulSets run them: by their vendors' images, for their labels are
  // their users' own. Concourse's servers have the image of its workers; an Azure agent's image is its user's, and gets this variable.
  // Those that a server starts as bare pods, of whatever image and restart policy, bear its label.
  agents: {
    matches: ({ containers, labels }) =>
      AGENT_LABELS.some((key) => labels[key] !== undefined) ||
      containers.some(
        ({ image, words, variables }) =>
          AGENT_IMAGE.test(image) ||
          (/(?:^|\/)concourse\/concourse(?:[:@]|$)/.test(image) && words.includes('worker')) ||
          variables.includes('AZP_URL'),
      ),
  },
};

/** TeamCity's cloud profiles, GoCD's elastic agents, Zuul's Nodepool. */
const AGENT_LABELS = ['teamcity-agent', 'Elastic-Agent-Created-By', 'nodepool_node_id'];

const AGENT_IMAGE =
  /(?:^|\/)(?:buildkite\/agent|jetbrains\/teamcity-(?:minimal-)?agent|jenkins\/(?:inbound|ssh)-agent|gitea\/act_runner)(?:[:@]|$)/;

/** Pods that are part of a CI system or of the cluster, and run no job, whatever else they look like. */
export const NO_WORK: readonly { readonly what: string; readonly matches: PodTest }[] = [
  {
    what: 'the listener of an ARC scale set waits for jobs and runs none',
    matches: ({ labels, owner }) =>
      labels[COMPONENT] === 'runner-scale-set-listener' || owner?.kind === 'AutoscalingListener',
  },
  {
    what: 'the controller of ARC runs no job',
    matches: (pod) =>
      // A scale set's own name is handed down to its runners, and may be that of a controller.
      !PRESETS['actions-runner-controller'].matches(pod) &&
      (pod.labels[PART_OF] === 'gha-rs-controller' ||
        pod.labels[NAME] === 'gha-rs-controller' ||
        // Older scale-set charts, and the older controller with its webhook server.
        /^(?:gha-runner-scale-set-controller|actions-runner-controller(?:-.+)?)$/.test(pod.labels[NAME] ?? '')),
  },
  {
    what: 'the manager of GitLab Runner makes the pods of jobs and runs none',
    matches: ({ labels }) =>
      /^gitlab-runner-\d/.test(labels['chart'] ?? labels['helm.sh/chart'] ?? '') &&
      labels['job.runner.gitlab.com/pod'] === undefined,
  },
  {
    what: 'an affinity assistant of Tekton only holds the place of a run',
    matches: ({ labels }) => labels[COMPONENT] === 'affinity-assistant',
  },
  {
    what: 'the controllers of Tekton run no job',
    matches: ({ labels }) =>
      labels[PART_OF]?.startsWith('tekton-') === true && labels['tekton.dev/taskRun'] === undefined,
  },
  {
    what: 'the controllers of Argo Workflows run no job',
    matches: ({ labels }) =>
      labels[PART_OF] === 'argo-workflows' && labels['workflows.argoproj.io/workflow'] === undefined,
  },
  {
    what: 'a pod of kubectl debug is a window for people',
    matches: ({ name, labels, owner }) =>
      labels['app.kubernetes.io/managed-by'] === 'kubectl-debug' ||
      (owner === undefined && name.startsWith('node-debugger-')),
  },
  {
    what: 'the namespace kube-system is for parts of the cluster itself',
    matches: ({ namespace }) => namespace === 'kube-system',
  },
];
