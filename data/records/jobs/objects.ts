import { podClass } from './classes.ts';
import type { Finds } from './found.ts';
import { isObj, type Obj, objsIn, textIn, type Value, within, word } from './seen.ts';

export const labelsOf = (record: Obj): Obj => {
  const labels = within(record, 'metadata', 'labels');
  return isObj(labels) ? labels : {};
};

/** When it was asked for: an object of Kubernetes waits from its creation on. */
export const createdOf = (record: Obj): Value | undefined => {
  const metadata = record['metadata'];
  const found = within(metadata, 'creationTimestamp');
  return found === undefined ? undefined : { found, key: 'metadata' };
};

export const uidOf = (record: Obj) => {
  const id = textIn(within(record, 'metadata', 'uid'));
  return id === undefined ? {} : { id };
};

/** What is over by its conditions: a Job of Kubernetes (as many pods as it likes, and one as a rule), a PipelineRun. */
export function runOf(record: Obj, finds: Finds, name: string, workflow: string | undefined): string {
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
