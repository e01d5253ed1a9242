import type { Finds, Reader } from './found.ts';
import { idOf, isObj, type Obj, objsIn, textIn, type Value, valueOf, within } from './seen.ts';

/**
 * Azure DevOps: a build's timeline, builds, and the job requests of an agent pool, which alone tell of the queueing.
 *
 * Source: learn.microsoft.com, Build – Timeline, Build – Builds, Distributed Task – job requests.
 */
export const readAzure: Reader = (record, finds) => {
  const { records } = record;
  if (Array.isArray(records) && objsIn(records).some((one) => 'type' in one && 'startTime' in one)) {
    for (const one of objsIn(records)) timelineRecord(one, finds);
    return 'Azure DevOps timelines';
  }
  if ('requestId' in record && 'queueTime' in record) return jobRequest(record, finds);
  if ('queueTime' in record && ['finishTime', 'buildNumber', 'definition'].some((key) => key in record))
    return build(record, finds);
  if ('createdDate' in record && isObj(record['pipeline'])) return build(record, finds);
  if ('startTime' in record && 'finishTime' in record && 'type' in record) {
    timelineRecord(record, finds);
    return 'Azure DevOps timelines';
  }
  return undefined;
};

/** Without a zone they are in UTC: that is how the year 1 is written here. */
const time = (record: Obj, ...keys: readonly string[]): Value | undefined => {
  const value = valueOf(record, ...keys);
  return value === undefined ? undefined : { ...value, isUtc: true };
};

/** Stages, phases, checkpoints and tasks are the parts of a job, or what it is a part of. */
function timelineRecord(record: Obj, finds: Finds): void {
  if (record['type'] !== 'Job') return;
  if (record['workerName'] === null && record['startTime'] !== null && record['result'] === 'succeeded') {
    finds.noJob(record, 'is a step that needs no machine');
    return;
  }
  finds.job(record, {
    id: idOf(record['id'], record['attempt'] ?? 1),
    name: record['name'],
    status: [record['state'] === 'completed' ? undefined : record['state'], record['result']],
    started: time(record, 'startTime'),
    finished: time(record, 'finishTime'),
    neverStarted: record['result'] === 'canceled' && record['workerName'] === null,
  });
}

function jobRequest(record: Obj, finds: Finds): string {
  finds.job(record, {
    id: idOf(record['requestId'], record['poolId'], 'request'),
    workflow: within(record, 'definition', 'name'),
    name: textIn(record['agentSpecification']),
    status: [record['result'] ?? (record['finishTime'] === undefined ? 'running' : undefined)],
    queued: time(record, 'queueTime'),
    started: time(record, 'receiveTime', 'assignTime') ?? { found: null, key: 'receiveTime' },
    finished: time(record, 'finishTime') ?? { found: null, key: 'finishTime' },
  });
  return 'Azure DevOps job requests';
}

/** What has no value yet is left out. */
const times = (record: Obj, ...keys: readonly string[]): Value =>
  time(record, ...keys) ?? { found: null, key: keys[0] ?? '' };

/** A build, or a run of the Pipelines API, which does not tell its start. */
function build(record: Obj, finds: Finds): string {
  const isRun = 'createdDate' in record;
  const state = record['status'] ?? record['state'];
  finds.job(record, {
    grain: 'run',
    id: idOf(record['id'] ?? record['buildNumber'], 'build'),
    workflow: within(record, 'definition', 'name') ?? within(record, 'pipeline', 'name'),
    status: [state === 'completed' ? undefined : state, record['result']],
    queued: time(record, 'queueTime'),
    started: isRun ? times(record, 'createdDate') : times(record, 'startTime'),
    finished: isRun ? times(record, 'finishedDate') : times(record, 'finishTime'),
  });
  return 'Azure DevOps builds';
}
