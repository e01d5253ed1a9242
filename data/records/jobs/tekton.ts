import type { Finds } from './found.ts';
import { createdOf, labelsOf, runOf, uidOf } from './objects.ts';
import { isObj, type Obj, objsIn, textIn, type Value, within } from './seen.ts';

/** A TaskRun of Tekton, which is a pod; what was tried again ran before. */
export function taskRun(record: Obj, finds: Finds): string {
  const [names, { id }, status] = [namesOf(record), uidOf(record), within(record, 'status')];
  const before = objsIn(within(status, 'retriesStatus'));
  for (const [index, one] of before.entries())
    taskOf(record, one, finds, {
      ...names,
      id: id === undefined ? undefined : `${id} ${index}`,
      queued: index === 0 ? createdOf(record) : undefined,
    });
  // It was created for its first try; when it asked again is not told.
  taskOf(record, status, finds, { ...names, id, queued: before.length === 0 ? createdOf(record) : undefined });
  return 'Tekton TaskRuns';
}

function namesOf(record: Obj): Pick<TaskNames, 'name' | 'workflow'> {
  const labels = labelsOf(record);
  return {
    name:
      textIn(labels['tekton.dev/pipelineTask']) ??
      textIn(labels['tekton.dev/task']) ??
      textIn(within(record, 'spec', 'taskRef', 'name')),
    workflow: textIn(labels['tekton.dev/pipeline']),
  };
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
      condition?.['status'] === 'Unknown' ||
      (condition === undefined && textIn(within(status, 'completionTime')) === undefined)
        ? 'running'
        : undefined,
      condition?.['reason'],
    ],
    started: { found: within(status, 'startTime') ?? null, key: 'status' },
    finished: { found: within(status, 'completionTime') ?? null, key: 'status' },
  });
}

/** Older versions of Tekton keep the TaskRuns of a run within it; newer ones only name them. */
export function pipelineRun(record: Obj, finds: Finds): string {
  const workflow =
    textIn(labelsOf(record)['tekton.dev/pipeline']) ?? textIn(within(record, 'spec', 'pipelineRef', 'name'));
  const inside = within(record, 'status', 'taskRuns');
  const runs = isObj(inside) ? Object.entries(inside).filter((one): one is [string, Obj] => isObj(one[1])) : [];
  for (const [id, one] of runs)
    taskOf(one, one['status'], finds, { id, name: textIn(one['pipelineTaskName']), workflow, queued: undefined });
  return runs.length > 0 ? 'Tekton PipelineRuns' : runOf(record, finds, 'Tekton PipelineRuns', workflow);
}
