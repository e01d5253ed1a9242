import type { Context, Finds, Reader } from './found.ts';
import {
  idOf,
  isObj,
  lengthIn,
  numberIn,
  type Obj,
  objsIn,
  textIn,
  type Value,
  valueOf,
  within,
  word,
} from './seen.ts';

/**
 * GitLab: the jobs API (REST and GraphQL), pipelines with their jobs, and the job and pipeline webhooks.
 *
 * Source: docs.gitlab.com, Jobs API, Pipelines API, GraphQL `CiJob`, webhook events.
 */
export const readGitlab: Reader = (record, finds, context) => {
  if (record['object_kind'] === 'build' || 'build_started_at' in record) return webhookJob(record, finds);
  if (record['object_kind'] === 'pipeline' && Array.isArray(record['builds'])) {
    for (const one of objsIn(record['builds']))
      job(one, finds, { workflow: textIn(within(record, 'project', 'name')) ?? context.workflow });
    return 'GitLab webhooks';
  }
  if (isJob(record)) return job(record, finds, context);
  if (isPipeline(record)) return pipeline(record, finds);
  return undefined;
};

const isJob = (record: Obj): boolean =>
  ('finished_at' in record || 'finishedAt' in record) &&
  ('started_at' in record || 'startedAt' in record) &&
  !('build_url' in record) &&
  !['runnable_at', 'runnableAt', 'scheduled_at', 'scheduledAt'].some((key) => key in record) &&
  !isPipeline(record) &&
  ['queued_duration', 'queuedDuration', 'queuedAt', 'stage', 'allow_failure', 'pipeline'].some((key) => key in record);

/** A pipeline has a version of what it builds, and no stage. */
const isPipeline = (record: Obj): boolean =>
  ('sha' in record || 'iid' in record) &&
  'ref' in record &&
  !('stage' in record) &&
  !('commit' in record) &&
  ('created_at' in record || 'createdAt' in record) &&
  !('allow_failure' in record);

function job(record: Obj, finds: Finds, { workflow }: Context): string {
  if (isObj(record['downstream_pipeline']) || record['kind'] === 'BRIDGE') {
    finds.noJob(record, 'is a step that needs no machine');
    return 'GitLab jobs';
  }
  const id = record['id'];
  const queued = valueOf(record, 'queued_at', 'queuedAt');
  const waited = lengthIn(record, 'queued_duration', 1_000) ?? lengthIn(record, 'queuedDuration', 1_000);
  if (queued === undefined && waited === undefined && ('created_at' in record || 'createdAt' in record))
    finds.assumed(
      'the jobs of a pipeline are created at once, and wait for each other: without queued_duration taken as queued when they started',
    );
  finds.job(record, {
    ...(typeof id === 'number' || typeof id === 'string' ? { id } : {}),
    name: record['name'],
    workflow: textIn(within(record, 'project', 'path')) ?? textIn(within(record, 'pipeline', 'name')) ?? workflow,
    status: [record['status']],
    queued,
    started: valueOf(record, 'started_at', 'startedAt'),
    finished: valueOf(record, 'finished_at', 'finishedAt'),
    waited,
    // A job that started has a runner; one that was cancelled before may have a start all the same.
    neverStarted: ['created', 'pending', 'manual'].includes(word(record['status']).toLowerCase()),
  });
  return 'GitLab jobs';
}

function webhookJob(event: Obj, finds: Finds): string {
  const time = (key: string): Value | undefined => valueOf(event, key);
  finds.job(event, {
    id: numberIn(event['build_id']) > 0 ? numberIn(event['build_id']) : undefined,
    name: event['build_name'],
    workflow: within(event, 'project', 'name') ?? event['project_name'],
    status: [event['build_status']],
    started: time('build_started_at'),
    finished: time('build_finished_at'),
    waited: lengthIn(event, 'build_queued_duration', 1_000),
  });
  return 'GitLab webhooks';
}

/** Pipelines as they are listed have no jobs and no start; alone they tell of no load that could be used. */
function pipeline(record: Obj, finds: Finds): string {
  const jobs = isObj(record['jobs']) ? objsIn(record['jobs']['nodes']) : objsIn(record['jobs'] ?? record['builds']);
  for (const one of jobs) job(one, finds, {});
  if (jobs.length > 0) return 'GitLab pipelines';
  const started = valueOf(record, 'started_at', 'startedAt', 'created_at', 'createdAt');
  finds.job(record, {
    grain: 'run',
    id: idOf(record['id'] ?? record['iid'], 'pipeline'),
    workflow: textIn(record['name']),
    status: [record['status']],
    started,
    finished: valueOf(record, 'finished_at', 'finishedAt', 'updated_at', 'updatedAt'),
    waited: lengthIn(record, 'queued_duration', 1_000),
  });
  return 'GitLab pipelines';
}
