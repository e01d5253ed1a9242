import { isoOf } from '../../../../src/domain/time.ts';
import { both, type DrawnJob, json, lines, paged, type Shape, z } from './shape.ts';

const github = (job: DrawnJob) => ({
  ...{ id: job.id, run_id: 7, workflow_name: job.workflow, name: `${job.name} (ubuntu-latest, 3.12)`, head_sha: 'x' },
  ...{
    status: 'completed',
    conclusion: 'success',
    labels: ['self-hosted'],
    runner_id: 3,
    steps: [{ name: 'a', number: 1 }],
  },
  ...{ created_at: z(job.queuedAt), started_at: z(job.startedAt), completed_at: z(job.endedAt) },
});
const gitlab = (job: DrawnJob) => ({
  ...{ id: job.id, status: 'success', stage: 'test', name: `${job.name} 1/4`, ref: 'main', pipeline: { id: 3 } },
  ...{ created_at: z(job.queuedAt - 60_000), started_at: z(job.startedAt), finished_at: z(job.endedAt) },
  ...{ duration: (job.endedAt - job.startedAt) / 1_000, queued_duration: (job.startedAt - job.queuedAt) / 1_000 },
});
const buildkite = (job: DrawnJob) => ({
  ...{ id: `01-${job.id}`, type: 'script', name: job.name, state: 'passed', created_at: z(job.queuedAt - 5_000) },
  ...{ runnable_at: z(job.queuedAt), started_at: z(job.startedAt), finished_at: z(job.endedAt) },
});

/** Exports of CI systems. */
export const CI_SHAPES: readonly Shape[] = [
  { file: 'github-page.json', ...both, write: (jobs) => json({ total_count: jobs.length, jobs: jobs.map(github) }) },
  {
    file: 'github-pages.json',
    ...both,
    write: (jobs) =>
      paged(jobs)
        .map((page) => json({ total_count: jobs.length, jobs: page.map(github) }))
        .join(''),
  },
  {
    file: 'github-slurp.json',
    ...both,
    write: (jobs) => json(paged(jobs).map((page) => ({ jobs: page.map(github) }))),
  },
  { file: 'github-lines.txt', ...both, write: (jobs) => lines(jobs.map(github)) },
  {
    file: 'github-webhook.jsonl',
    ...both,
    write: (jobs) =>
      lines(
        jobs.flatMap((job) => [
          {
            action: 'queued',
            workflow_job: { ...github(job), status: 'queued', conclusion: null, completed_at: null },
          },
          { action: 'completed', workflow_job: github(job) },
        ]),
      ),
  },
  {
    file: 'gh-view.json',
    ...{ tells: 'started', named: true },
    write: (jobs) =>
      json({
        workflowName: 'CI',
        jobs: jobs.map((job) => ({
          ...{ databaseId: job.id, name: job.name, status: 'completed', conclusion: 'success' },
          ...{ startedAt: z(job.startedAt), completedAt: z(job.endedAt), steps: [] },
        })),
      }),
  },
  {
    file: 'gh-runs.json',
    ...both,
    write: (jobs) =>
      json(
        jobs.map((job) => ({
          ...{ databaseId: job.id, workflowName: job.workflow, status: 'completed', conclusion: 'success' },
          ...{ createdAt: z(job.queuedAt), startedAt: z(job.startedAt), updatedAt: z(job.endedAt) },
        })),
      ),
  },
  { file: 'gitlab.json', ...both, write: (jobs) => json(jobs.map(gitlab)) },
  {
    file: 'gitlab-pages.json',
    ...both,
    write: (jobs) =>
      paged(jobs)
        .map((page) => `${JSON.stringify(page.map(gitlab))}\n`)
        .join(''),
  },
  {
    file: 'gitlab-pipeline.json',
    ...both,
    write: (jobs) => json([{ id: 1, sha: 'x', ref: 'main', created_at: z(0), jobs: jobs.map(gitlab) }]),
  },
  {
    file: 'gitlab-webhook.jsonl',
    ...both,
    write: (jobs) =>
      lines(
        jobs.map((job) => ({
          ...{ object_kind: 'build', build_id: job.id, build_name: job.name, build_status: 'success' },
          build_started_at: z(job.startedAt).replace('T', ' ').replace('Z', ' UTC'),
          build_finished_at: z(job.endedAt).replace('T', ' ').replace('Z', ' UTC'),
          build_queued_duration: (job.startedAt - job.queuedAt) / 1_000,
        })),
      ),
  },
  {
    file: 'buildkite.json',
    ...both,
    write: (jobs) =>
      json([
        {
          id: 'b',
          number: 4,
          state: 'passed',
          pipeline: { slug: 'app' },
          jobs: [{ type: 'waiter', id: 'w', state: 'finished' }, ...jobs.map(buildkite)],
        },
      ]),
  },
  {
    file: 'buildkite-graphql.json',
    ...both,
    write: (jobs) => {
      const nodes = jobs.map((job) => ({
        node: {
          ...{ __typename: 'JobTypeCommand', uuid: `u${job.id}`, label: job.name, state: 'FINISHED' },
          ...{ runnableAt: z(job.queuedAt), startedAt: z(job.startedAt), finishedAt: z(job.endedAt) },
        },
      }));
      const build = { number: 3, state: 'PASSED', createdAt: z(0), pipeline: { slug: 'app' }, jobs: { edges: nodes } };
      return json({
        data: { organization: { pipelines: { edges: [{ node: { builds: { edges: [{ node: build }] } } }] } } },
      });
    },
  },
  {
    file: 'jenkins.json',
    ...both,
    write: (jobs) =>
      json({
        _class: 'org.jenkinsci.plugins.workflow.job.WorkflowJob',
        fullName: 'app/main',
        builds: jobs.map((job) => ({
          ...{ number: job.id, result: 'SUCCESS', timestamp: job.startedAt, duration: job.endedAt - job.startedAt },
          actions: [
            {},
            { _class: 'jenkins.metrics.impl.TimeInQueueAction', queuingDurationMillis: job.startedAt - job.queuedAt },
          ],
        })),
      }),
  },
  {
    file: 'blueocean.json',
    ...both,
    write: (jobs) =>
      json(
        jobs.map((job) => ({
          ...{
            id: String(job.id),
            pipeline: 'app',
            state: 'FINISHED',
            result: 'SUCCESS',
            durationInMillis: job.endedAt - job.startedAt,
          },
          enQueueTime: isoOf(job.queuedAt).replace('Z', '+0000'),
          startTime: isoOf(job.startedAt).replace('Z', '+0000'),
          endTime: isoOf(job.endedAt).replace('Z', '+0000'),
        })),
      ),
  },
  {
    file: 'circleci.json',
    ...{ tells: 'started', named: true },
    write: (jobs) =>
      json({
        next_page_token: null,
        items: jobs.map((job) => ({
          ...{ id: `c${job.id}`, name: job.name, type: 'build', status: 'success', job_number: job.id },
          ...{ started_at: z(job.startedAt), stopped_at: z(job.endedAt) },
        })),
      }),
  },
  {
    file: 'circleci-insights.json',
    ...{ tells: 'started', named: false },
    write: (jobs) =>
      json({
        items: jobs.map((job) => ({
          ...{ id: `c${job.id}`, status: 'success', credits_used: 3, duration: (job.endedAt - job.startedAt) / 1_000 },
          ...{ started_at: z(job.startedAt), stopped_at: z(job.endedAt) },
        })),
      }),
  },
  {
    file: 'azure-timeline.json',
    ...{ tells: 'started', named: true },
    write: (jobs) =>
      json({
        records: jobs.flatMap((job) => [
          {
            id: `s${job.id}`,
            type: 'Stage',
            name: 's',
            startTime: z(job.queuedAt),
            finishTime: z(job.endedAt),
            state: 'completed',
          },
          {
            ...{
              id: `j${job.id}`,
              type: 'Job',
              name: job.name,
              state: 'completed',
              result: 'succeeded',
              workerName: 'own',
            },
            ...{ startTime: isoOf(job.startedAt).replace('Z', '0000Z'), finishTime: z(job.endedAt) },
          },
        ]),
      }),
  },
  {
    file: 'azure-requests.json',
    ...both,
    write: (jobs) =>
      json({
        count: jobs.length,
        value: jobs.map((job) => ({
          ...{ requestId: job.id, result: 'succeeded', definition: { name: job.name }, poolId: 1 },
          ...{ queueTime: z(job.queuedAt), receiveTime: z(job.startedAt), finishTime: z(job.endedAt) },
        })),
      }),
  },
];
