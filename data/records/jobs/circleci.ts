import type { Finds, Reader } from './found.ts';
import { idOf, lengthIn, numberIn, type Obj, textIn, valueOf, within } from './seen.ts';

/**
 * CircleCI: a workflow's jobs, a job's details, workflows and the Insights of API v2; recent builds of API v1.1.
 *
 * Source: circleci.com/docs/api/v2 and v1.
 */
export const readCircleci: Reader = (record, finds) => {
  if ('build_num' in record && ('start_time' in record || 'stop_time' in record)) return oldBuild(record, finds);
  if (!('stopped_at' in record)) return undefined;
  if ('credits_used' in record) return insights(record, finds);
  if (!('started_at' in record)) return workflow(record, finds);
  return job(record, finds);
};

function job(record: Obj, finds: Finds): string {
  if (record['type'] !== undefined && record['type'] !== 'build')
    finds.noJob(record, 'is a step that needs no machine');
  else {
    if (numberIn(record['parallelism'] ?? 1) > 1)
      finds.assumed('a job with parallelism is one job here, though it takes several machines at once');
    const id = textIn(record['id']) ?? textIn(record['web_url']);
    finds.job(record, {
      ...(id === undefined ? {} : { id }),
      name: record['name'],
      workflow: textIn(within(record, 'latest_workflow', 'name')),
      status: [record['status']],
      queued: valueOf(record, 'queued_at'),
      started: valueOf(record, 'started_at'),
      finished: valueOf(record, 'stopped_at'),
    });
  }
  return 'CircleCI jobs';
}

/** Runs of one job, or of a whole workflow: an entry says neither its name nor which of both it is, but for its `created_at`. */
function insights(record: Obj, finds: Finds): string {
  if (record['is_approval'] === true) finds.noJob(record, 'is a step that needs no machine');
  else
    finds.job(record, {
      grain: 'started_at' in record ? 'job' : 'run',
      id: textIn(record['id']),
      status: [record['status']],
      started: valueOf(record, 'started_at', 'created_at'),
      finished: valueOf(record, 'stopped_at'),
      length: lengthIn(record, 'duration', 1_000),
    });
  return 'CircleCI Insights';
}

function workflow(record: Obj, finds: Finds): string | undefined {
  if (!('created_at' in record)) return undefined;
  finds.job(record, {
    grain: 'run',
    id: textIn(record['id']),
    workflow: record['name'],
    status: [record['status']],
    started: valueOf(record, 'created_at'),
    finished: valueOf(record, 'stopped_at'),
  });
  return 'CircleCI workflows';
}

function oldBuild(record: Obj, finds: Finds): string {
  finds.job(record, {
    id: idOf(record['build_num'], record['vcs_url'] ?? record['reponame']),
    name:
      within(record, 'workflows', 'job_name') ?? within(record, 'build_parameters', 'CIRCLE_JOB') ?? record['reponame'],
    workflow: within(record, 'workflows', 'workflow_name'),
    status: [
      record['lifecycle'] === 'finished' ? undefined : record['lifecycle'],
      record['outcome'] ?? record['status'],
    ],
    queued: valueOf(record, 'usage_queued_at', 'queued_at'),
    started: valueOf(record, 'start_time'),
    finished: valueOf(record, 'stop_time'),
  });
  return 'CircleCI builds';
}
