import type { Context, Finds, Reader } from './found.ts';
import {
  idOf,
  isObj,
  lengthIn,
  numberIn,
  type Obj,
  objsIn,
  type SeenJob,
  textIn,
  valueOf,
  within,
  word,
} from './seen.ts';

/**
 * GitHub Actions: the jobs and runs of the REST API and of `gh`, and the webhooks `workflow_job` and `workflow_run`.
 *
 * Source: docs.github.com, REST API endpoints for workflow jobs and runs; webhook events and payloads; `gh run list --help`.
 */
export const readGithub: Reader = (record, finds, context) => {
  if (isObj(record['workflow_job'])) return webhookJob(record, record['workflow_job'], finds);
  if (isObj(record['workflow_run']) && record['action'] !== undefined)
    return run(record['workflow_run'], finds, context);
  if (Array.isArray(record['workflow_runs'])) {
    const runs = objsIn(record['workflow_runs']);
    if (typeof record['total_count'] === 'number') finds.counted('runs', record['total_count'], runs.length);
    for (const one of runs)
      if (run(one, finds, context) === undefined) finds.noJob(one, 'has no times that can be recognised');
    return 'GitHub Actions runs';
  }
  if (Array.isArray(record['jobs']) && isJobsPage(record)) return jobsPage(record, finds, context);
  if (isRestJob(record) || isCliJob(record)) return job(record, finds, context);
  if ('run_started_at' in record || 'display_title' in record || isCliRun(record)) return run(record, finds, context);
  return undefined;
};

/** Also a run of `gh run view --json jobs,…`, and an empty page. */
function isJobsPage(record: Obj): boolean {
  const jobs = objsIn(record['jobs']);
  if (jobs.length === 0) return typeof record['total_count'] === 'number' || Object.keys(record).length === 1;
  return jobs.some((one) => isRestJob(one) || isCliJob(one));
}

const isRestJob = (record: Obj): boolean =>
  'started_at' in record &&
  'completed_at' in record &&
  !('run_started_at' in record) &&
  ['conclusion', 'run_id', 'runner_id', 'labels', 'head_sha', 'workflow_name', 'check_run_url'].some(
    (key) => key in record,
  );

const isCliJob = (record: Obj): boolean => 'startedAt' in record && 'completedAt' in record;

/** A run of `gh run list` has no end of its own: it was last touched as it ended. */
const isCliRun = (record: Obj): boolean =>
  'updatedAt' in record &&
  ('startedAt' in record || 'createdAt' in record) &&
  ['workflowName', 'conclusion', 'displayTitle', 'headBranch', 'workflowDatabaseId', 'event'].some(
    (key) => key in record,
  );

function webhookJob(event: Obj, one: Obj, finds: Finds): string {
  // A queued job has a start already, that of its queueing; only the last event tells of the whole job.
  if (event['action'] !== undefined && event['action'] !== 'completed') finds.noJob(one, 'was not over yet');
  else job(one, finds, {});
  return 'GitHub Actions webhooks';
}

function jobsPage(page: Obj, finds: Finds, context: Context): string {
  const jobs = objsIn(page['jobs']);
  const [first] = jobs;
  if (typeof page['total_count'] === 'number')
    finds.counted(`jobs of run ${word(first?.['run_id'])}`, page['total_count'], jobs.length);
  const workflow = page['workflowName'] ?? context.workflow;
  for (const one of jobs)
    if (isRestJob(one) || isCliJob(one)) job(one, finds, { workflow });
    else finds.noJob(one, 'has no times that can be recognised');
  return 'GitHub Actions jobs';
}

function job(record: Obj, finds: Finds, { workflow }: Context): string {
  const { labels } = record;
  const id = record['id'] ?? record['databaseId'];
  finds.job(record, {
    id: typeof id === 'number' || typeof id === 'string' ? id : undefined,
    execution: executionOf(record),
    name: record['name'],
    workflow: record['workflow_name'] ?? workflow,
    status: [record['status'], record['conclusion']],
    queued: valueOf(record, 'created_at', 'createdAt'),
    started: valueOf(record, 'started_at', 'startedAt'),
    finished: valueOf(record, 'completed_at', 'completedAt'),
    hosted: hostedIn(labels, record),
    // A job that was cancelled while it waited has the times of its cancelling, and no runner.
    neverStarted: record['conclusion'] === 'cancelled' && 'runner_id' in record && !(numberIn(record['runner_id']) > 0),
  });
  return 'GitHub Actions jobs';
}

/** One execution of a job. As only failed jobs of a run are run again, the others are told of anew, with an id and a creation of today. */
function executionOf(record: Obj): string | undefined {
  const run = idOf(record['run_id'], record['name'], record['started_at'], record['completed_at'], record['runner_id']);
  return numberIn(record['runner_id']) > 0 ? run : undefined;
}

/** The labels of the machines that GitHub itself offers; larger ones are named as their owners like. */
const HOSTED = /^(?:ubuntu|windows|macos)-(?:latest|slim|\d)/i;

function hostedIn(labels: unknown, record: Obj): boolean | 'unknown' {
  const names = Array.isArray(labels) ? labels.filter((label) => typeof label === 'string') : [];
  const [group, runner] = [textIn(record['runner_group_name']), textIn(record['runner_name'])];
  if (names.some((label) => /^self[-_ ]?hosted$/i.test(label))) return false;
  if (group === 'GitHub Actions' || /^(?:GitHub Actions|Hosted Agent)\b/.test(runner ?? '')) return true;
  if (names.some((label) => HOSTED.test(label))) return runner === undefined || group === undefined;
  // Scale sets and own groups have labels of their own, and a runner's name.
  return names.length > 0 && runner !== undefined ? false : 'unknown';
}

function run(record: Obj, finds: Finds, context: Context): string | undefined {
  const jobs = record['jobs'];
  const workflow = textIn(record['workflowName']) ?? textIn(record['name']) ?? context.workflow;
  if (Array.isArray(jobs) && jobs.length > 0) return jobsPage(record, finds, { workflow });
  const started = valueOf(record, 'run_started_at', 'startedAt', 'created_at', 'createdAt');
  const lengthMs = record['run_duration_ms'] ?? within(record, 'timing', 'run_duration_ms');
  if (started === undefined) return undefined;
  const seen: SeenJob = {
    grain: 'run',
    id: idOf(record['id'] ?? record['databaseId'], 'run'),
    workflow,
    status: [record['status'], record['conclusion']],
    // A run that was started again was created long before.
    queued:
      numberIn(record['run_attempt'] ?? record['attempt'] ?? 1) > 1
        ? started
        : valueOf(record, 'created_at', 'createdAt'),
    started,
    finished: typeof lengthMs === 'number' ? undefined : valueOf(record, 'updated_at', 'updatedAt'),
    length:
      typeof lengthMs === 'number' ? { found: lengthMs, key: 'run_duration_ms', unitMs: 1 } : lengthIn(record, '', 1),
  };
  finds.job(record, seen);
  return 'GitHub Actions runs';
}
