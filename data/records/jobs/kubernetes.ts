import { workflow } from './argo.ts';
import { classNamed, podClass } from './classes.ts';
import type { Finds, Reader } from './found.ts';
import { createdOf, labelsOf, runOf, uidOf } from './objects.ts';
import { isObj, type Obj, objsIn, textIn, within } from './seen.ts';
import { pipelineRun, taskRun } from './tekton.ts';

/**
 * Objects of Kubernetes as `kubectl get … -o json` writes them: pods, Jobs, the TaskRuns and PipelineRuns of Tekton, the
 * Workflows of Argo.
 *
 * Source: the API references of Kubernetes (core/v1, batch/v1), Tekton (tekton.dev/v1) and Argo Workflows (argoproj.io/v1alpha1).
 */
export const readKubernetes: Reader = (record, finds) => {
  const kind = record['kind'] ?? kindOf(record);
  if (typeof kind !== 'string') return undefined;
  if (Array.isArray(record['items']) && (kind === 'List' || kind.endsWith('List'))) {
    if (textIn(within(record, 'metadata', 'continue')) !== undefined)
      finds.missing('the list ends with metadata.continue: later objects are missing; kubectl get fetches them all');
    // The items of a list of one kind do not repeat it.
    const own = kind.replace(/List$/, '');
    const names = objsIn(record['items']).map((item) =>
      object(item, textIn(item['kind']) ?? (own === '' ? (kindOf(item) ?? '') : own), finds),
    );
    return names.find((name) => name !== undefined) ?? `Kubernetes ${own === '' ? 'objects' : own.toLowerCase()}`;
  }
  return isObj(record['metadata']) ? object(record, kind, finds) : undefined;
};

/** What an object is that does not say it, as programs write them (`argo list -o json`): told by what only this kind has. */
function kindOf({ metadata, spec, status }: Obj): string | undefined {
  if (!isObj(metadata) || !isObj(spec) || !isObj(status)) return undefined;
  const has = (part: Obj, ...keys: readonly string[]): boolean => keys.some((key) => key in part);
  if (has(status, 'nodes', 'compressedNodes', 'offloadNodeStatusVersion')) return 'Workflow';
  if (has(spec, 'pipelineRef', 'pipelineSpec') || has(status, 'childReferences', 'pipelineSpec')) return 'PipelineRun';
  if (has(spec, 'taskRef', 'taskSpec') || has(status, 'taskSpec')) return 'TaskRun';
  if (has(spec, 'containers')) return 'Pod';
  if (has(spec, 'entrypoint', 'workflowTemplateRef') && has(status, 'phase')) return 'Workflow';
  return has(spec, 'template') && has(status, 'startTime', 'completionTime', 'succeeded', 'failed') ? 'Job' : undefined;
}

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
  if (phase === 'Failed' && ended === null) {
    finds.noJob(record, 'failed, and does not say when');
    return 'Kubernetes pods';
  }
  finds.job(record, {
    ...uidOf(record),
    class: podClassOf(record, owners),
    status: [phase === 'Succeeded' || phase === 'Failed' ? undefined : 'running'],
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
  // One that was evicted has no containers any more; what it was is told to the second in its conditions.
  const isOver = within(record, 'status', 'phase') === 'Failed' && statuses.length === 0;
  const changes = isOver ? objsIn(within(record, 'status', 'conditions')) : [];
  const ends = statuses
    .map(
      (one) =>
        textIn(within(one, 'state', 'terminated', 'finishedAt')) ??
        textIn(within(one, 'lastState', 'terminated', 'finishedAt')),
    )
    .concat(changes.map((one) => textIn(one['lastTransitionTime'])))
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
