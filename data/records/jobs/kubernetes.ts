import { classNamed, podClass } from './classes.ts';
import type { Finds, Reader } from './found.ts';
import { isObj, type Obj, objsIn, textIn, type Value, valueOf, within, word } from './seen.ts';

/**
 * Objects of Kubernetes as `kubectl get … -o json` writes them: pods, Jobs, the TaskRuns and PipelineRuns of Tekton, the
 * Workflows of Argo.
 *
 * Source: the API references of Kubernetes (core/v1, batch/v1), Tekton (tekton.dev/v1) and Argo Workflows (argoproj.io/v1alpha1).
 */
export const readKubernetes: Reader = (record, finds) => {
  const { kind } = record;
  if (typeof kind !== 'string') return undefined;
  if (Array.isArray(record['items']) && (kind === 'List' || kind.endsWith('List'))) {
    if (textIn(within(record, 'metadata', 'continue')) !== undefined)
      finds.missing('the list ends with metadata.continue: later objects are missing; kubectl get fetches them all');
    // The items of a list of one kind do not repeat it.
    const own = kind.replace(/List$/, '');
    const names = objsIn(record['items']).map((item) => object(item, textIn(item['kind']) ?? own, finds));
    return names.find((name) => name !== undefined) ?? `Kubernetes ${own === '' ? 'objects' : own.toLowerCase()}`;
  }
  return isObj(record['metadata']) ? object(record, kind, finds) : undefined;
};

function object(record: Obj, kind: string, finds: Finds): string | undefined {
  switch (kind) {
    case 'Pod':
      return pod(record, finds);
    case 'Job':
      return runOf(record, finds, 'Kubernetes Jobs', textIn(within(record, 'metadata', 'name')));
    case 'TaskRun':
      return taskRun(record, finds);
    case 'PipelineRun':
      return pipelineRun(record, finds);
    case 'Workflow':
      return workflow(record, finds);
    default:
      finds.noJob(record, 'has no times that can be recognised');
      return undefined;
  }
}

const labelsOf = (record: Obj): Obj => {
  const labels = within(record, 'metadata', 'labels');
  return isObj(labels) ? labels : {};
};

/** When it was asked for: an object of Kubernetes waits from its creation on. */
const createdOf = (record: Obj): Value | undefined => {
  const metadata = record['metadata'];
  const found = within(metadata, 'creationTimestamp');
  return found === undefined ? undefined : { found, key: 'metadata' };
};

const uidOf = (record: Obj) => {
  const id = textIn(within(record, 'metadata', 'uid'));
  return id === undefined ? {} : { id };
};

/** What never ends by itself, or runs on every node. */
const SERVICES = ['DaemonSet', 'ReplicaSet', 'StatefulSet', 'Node', 'ReplicationController'];

function pod(record: Obj, finds: Finds): string {
  const owners = objsIn(within(record, 'metadata', 'ownerReferences'));
  if (owners.some((owner) => SERVICES.includes(String(owner['kind'])))) {
    finds.noJob(record, 'is a pod of a service, not of a job');
    return 'Kubernetes pods';
  }
  const phase = within(record, 'status', 'phase');
  const ended = endedOf(record);
  const started = within(record, 'status', 'startTime');
  finds.job(record, {
    ...uidOf(record),
    class: podClassOf(record, owners),
    status: [phase === 'Succeeded' || phase === 'Failed' ? undefined : phase],
    queued: createdOf(record),
    // From kubelet's start on it keeps its node busy, also while images are pulled.
    started: { found: started ?? null, key: 'status' },
    finished: { found: phase === 'Running' || phase === 'Pending' ? null : ended, key: 'status' },
  });
  return 'Kubernetes pods';
}

/** The end of the container that ended last; of one that was ended and started again, that of its last life. */
function endedOf(record: Obj): string | null {
  const statuses = ['containerStatuses', 'initContainerStatuses'].flatMap((key) =>
    objsIn(within(record, 'status', key)),
  );
  const ends = statuses
    .map(
      (one) =>
        textIn(within(one, 'state', 'terminated', 'finishedAt')) ??
        textIn(within(one, 'lastState', 'terminated', 'finishedAt')),
    )
    .filter((end) => end !== undefined)
    .toSorted((a, b) => a.localeCompare(b));
  return ends.at(-1) ?? null;
}

/** What kind of job a pod is: controllers and runners of CI systems leave it in labels and annotations. */
function podClassOf(record: Obj, owners: readonly Obj[]): string | undefined {
  const labels = labelsOf(record);
  const annotations = within(record, 'metadata', 'annotations');
  const task = textIn(labels['tekton.dev/pipelineTask']) ?? textIn(labels['tekton.dev/task']);
  if (task !== undefined) return classNamed(textIn(labels['tekton.dev/pipeline']), task);
  const named =
    textIn(within(annotations, 'job.runner.gitlab.com/name')) ??
    textIn(labels['actions.github.com/scale-set-name']) ??
    textIn(labels['runner-deployment-name']) ??
    textIn(labels['jenkins/label']) ??
    textIn(labels['job-name']) ??
    textIn(labels['batch.kubernetes.io/job-name']) ??
    owners.map((owner) => textIn(owner['name'])).find((name) => name !== undefined) ??
    textIn(within(record, 'metadata', 'generateName'))?.replace(/-$/, '') ??
    textIn(within(record, 'metadata', 'name'));
  return named === undefined ? undefined : podClass(named);
}

/** A Job of Kubernetes: as many pods as it likes, and one as a rule. */
function runOf(record: Obj, finds: Finds, name: string, workflow: string | undefined): string {
  const conditions = objsIn(within(record, 'status', 'conditions'));
  const over = conditions.find(
    (one) => ['Complete', 'Failed', 'Succeeded'].includes(word(one['type'])) && one['status'] !== 'Unknown',
  );
  const started = within(record, 'status', 'startTime');
  const ended =
    within(record, 'status', 'completionTime') ?? (over === undefined ? undefined : over['lastTransitionTime']);
  finds.job(record, {
    grain: 'run',
    ...uidOf(record),
    class: workflow === undefined ? undefined : podClass(workflow),
    status: [over === undefined ? 'running' : undefined, over?.['reason']],
    queued: createdOf(record),
    started: { found: started ?? null, key: 'status' },
    finished: { found: ended ?? null, key: 'status' },
  });
  return name;
}

function taskRun(record: Obj, finds: Finds): string {
  const labels = labelsOf(record);
  taskOf(record, within(record, 'status'), finds, {
    name:
      textIn(labels['tekton.dev/pipelineTask']) ??
      textIn(labels['tekton.dev/task']) ??
      textIn(within(record, 'spec', 'taskRef', 'name')),
    workflow: textIn(labels['tekton.dev/pipeline']),
    id: uidOf(record).id,
    queued: createdOf(record),
  });
  return 'Tekton TaskRuns';
}

interface TaskNames {
  readonly name: string | undefined;
  readonly workflow: string | undefined;
  readonly id: string | undefined;
  readonly queued: Value | undefined;
}

function taskOf(record: Obj, status: unknown, finds: Finds, { id, ...names }: TaskNames): void {
  const condition = objsIn(within(status, 'conditions')).find((one) => one['type'] === 'Succeeded');
  finds.job(record, {
    ...(id === undefined ? {} : { id }),
    ...names,
    status: [
      condition?.['status'] === 'Unknown' || condition === undefined ? 'running' : undefined,
      condition?.['reason'],
    ],
    started: { found: within(status, 'startTime') ?? null, key: 'status' },
    finished: { found: within(status, 'completionTime') ?? null, key: 'status' },
  });
}

/** Older versions of Tekton keep the TaskRuns of a run within it; newer ones only name them. */
function pipelineRun(record: Obj, finds: Finds): string {
  const workflow =
    textIn(labelsOf(record)['tekton.dev/pipeline']) ?? textIn(within(record, 'spec', 'pipelineRef', 'name'));
  const inside = within(record, 'status', 'taskRuns');
  const runs = isObj(inside) ? Object.entries(inside).filter((one): one is [string, Obj] => isObj(one[1])) : [];
  for (const [id, one] of runs)
    taskOf(one, one['status'], finds, { id, name: textIn(one['pipelineTaskName']), workflow, queued: undefined });
  return runs.length > 0 ? 'Tekton PipelineRuns' : runOf(record, finds, 'Tekton PipelineRuns', workflow);
}

/** Each pod of a workflow is a job; the other nodes only hold them together. */
function workflow(record: Obj, finds: Finds): string {
  const name =
    textIn(labelsOf(record)['workflows.argoproj.io/workflow-template']) ??
    textIn(labelsOf(record)['workflows.argoproj.io/cron-workflow']) ??
    textIn(within(record, 'spec', 'workflowTemplateRef', 'name')) ??
    textIn(within(record, 'metadata', 'generateName'))?.replace(/-$/, '');
  const nodes = Object.values((within(record, 'status', 'nodes') ?? {}) as Obj).filter(isObj);
  const pods = nodes.filter((node) => node['type'] === 'Pod');
  for (const node of pods)
    finds.job(node, {
      id: textIn(node['id']),
      name: textIn(node['templateName']) ?? textIn(within(node, 'templateRef', 'template')) ?? node['displayName'],
      workflow: name,
      status: [node['phase']],
      started: valueOf(node, 'startedAt') ?? { found: null, key: 'startedAt' },
      finished: valueOf(node, 'finishedAt') ?? { found: null, key: 'finishedAt' },
    });
  if (pods.length > 0) return 'Argo Workflows';
  finds.job(record, {
    grain: 'run',
    ...uidOf(record),
    workflow: name,
    status: [within(record, 'status', 'phase')],
    queued: createdOf(record),
    started: { found: within(record, 'status', 'startedAt') ?? null, key: 'status' },
    finished: { found: within(record, 'status', 'finishedAt') ?? null, key: 'status' },
  });
  return 'Argo Workflows';
}
