import type { Context, Finds, Reader } from './found.ts';
import { idOf, type Obj, objsIn, textIn, valueOf, within, word } from './seen.ts';

/**
 * Buildkite: builds with their jobs, and jobs alone, of the REST API; the same of GraphQL; the webhooks `job.finished`.
 *
 * Source: buildkite.com/docs, Builds API, Jobs API, GraphQL `JobTypeCommand`.
 */
export const readBuildkite: Reader = (record, finds, context) => {
  if (textIn(record['event'])?.startsWith('job.') === true && isJob(record['job']))
    return job(record['job'] as Obj, finds, pipelineOf(record));
  if (isBuild(record)) return build(record, finds);
  if (isJob(record)) return job(record, finds, context);
  return undefined;
};

const TIMES = [
  'runnable_at',
  'runnableAt',
  'scheduled_at',
  'scheduledAt',
  'build_url',
  'agent_query_rules',
  'agentQueryRules',
];

function isJob(value: unknown): boolean {
  const record = (typeof value === 'object' && value !== null ? value : {}) as Obj;
  const kind = word(record['__typename']);
  if (kind.startsWith('JobType')) return true;
  if (['waiter', 'manual', 'trigger'].includes(word(record['type'])) && !('stage' in record)) return 'state' in record;
  return (
    ('finished_at' in record || 'finishedAt' in record) &&
    ('started_at' in record || 'startedAt' in record) &&
    (record['type'] === 'script' || TIMES.some((key) => key in record)) &&
    !isBuild(record)
  );
}

const isBuild = (record: Obj): boolean =>
  'number' in record &&
  'state' in record &&
  ('jobs' in record || 'pipeline' in record) &&
  ('created_at' in record || 'createdAt' in record || 'jobs' in record) &&
  !('__typename' in record && word(record['__typename']).startsWith('JobType'));

const pipelineOf = (record: Obj): Context => ({
  workflow: textIn(within(record, 'pipeline', 'slug')) ?? textIn(within(record, 'pipeline', 'name')),
});

function build(record: Obj, finds: Finds): string {
  const jobs = Array.isArray(record['jobs'])
    ? objsIn(record['jobs'])
    : objsIn(within(record, 'jobs', 'edges')).flatMap((edge) => objsIn([edge['node']]));
  if (within(record, 'jobs', 'pageInfo', 'hasNextPage') === true)
    finds.missing('a build has more jobs than its page: ask for jobs(first: 500)');
  for (const one of jobs)
    if (isJob(one) || 'started_at' in one || 'startedAt' in one) job(one, finds, pipelineOf(record));
    else finds.noJob(one, 'is a step that needs no machine');
  if (jobs.length > 0) return 'Buildkite builds';
  finds.job(record, {
    grain: 'run',
    id: idOf(record['id'] ?? record['uuid'], 'build'),
    workflow: pipelineOf(record).workflow,
    status: [record['state']],
    queued: valueOf(record, 'scheduled_at', 'scheduledAt', 'created_at', 'createdAt'),
    started: valueOf(record, 'started_at', 'startedAt'),
    finished: valueOf(record, 'finished_at', 'finishedAt'),
  });
  return 'Buildkite builds';
}

function job(record: Obj, finds: Finds, { workflow }: Context): string {
  const kind = word(record['type'] ?? record['__typename'] ?? 'script');
  if (kind !== 'script' && kind !== 'command' && kind !== 'JobTypeCommand')
    finds.noJob(record, 'is a step that needs no machine');
  else
    finds.job(record, {
      id: textIn(record['id']) ?? textIn(record['uuid']),
      name: textIn(record['step_key']) ?? textIn(within(record, 'step', 'key')) ?? record['name'] ?? record['label'],
      workflow: workflow ?? pipelineOf(record).workflow,
      status: [record['state']],
      // Runnable once the steps before it are done: from there on it waits for a machine.
      queued: valueOf(record, 'runnable_at', 'runnableAt', 'scheduled_at', 'scheduledAt', 'created_at', 'createdAt'),
      started: valueOf(record, 'started_at', 'startedAt'),
      finished: valueOf(record, 'finished_at', 'finishedAt'),
    });
  return 'Buildkite jobs';
}
