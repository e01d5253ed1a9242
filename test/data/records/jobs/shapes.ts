import { isoOf } from '../../../../src/domain/time.ts';

/** A job as a week is drawn: whole seconds, which is what the coarsest exports keep. */
export interface DrawnJob {
  readonly id: number;
  readonly queuedAt: number;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly workflow: string;
  readonly name: string;
}

/** One way in which a CI system, or a person, writes a week of jobs. */
export interface Shape {
  readonly file: string;
  /** Which of both instants the shape tells. */
  readonly tells: 'both' | 'started' | 'queued';
  /** Whether it has names to make classes of. */
  readonly named: boolean;
  readonly write: (jobs: readonly DrawnJob[]) => string | Uint8Array;
}

const z = (at: number): string => isoOf(at).replace('.000Z', 'Z');
const json = (value: unknown): string => JSON.stringify(value, undefined, 1);
const lines = (rows: readonly unknown[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join('');
/** Pages of at most three, as an API gives them. */
const paged = <Row>(rows: readonly Row[]): Row[][] =>
  Array.from({ length: Math.ceil(rows.length / 3) }, (_, page) => rows.slice(page * 3, page * 3 + 3));

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
const kube = (kind: string, job: DrawnJob, labels: object, status: object) => ({
  ...{
    apiVersion: 'v1',
    kind,
    metadata: { name: `${job.name}-x2k4f`, uid: `u${job.id}`, creationTimestamp: z(job.queuedAt), labels },
  },
  status,
});
const pod = (job: DrawnJob) =>
  kube(
    'Pod',
    job,
    {},
    {
      ...{ phase: 'Succeeded', startTime: z(job.startedAt) },
      containerStatuses: [{ state: { terminated: { startedAt: z(job.startedAt), finishedAt: z(job.endedAt) } } }],
    },
  );
const utf16 = (text: string): Uint8Array => Buffer.from(`\uFEFF${text}`, 'utf16le');
const table = (mark: string, header: string, rows: readonly (readonly (string | number)[])[], end = '\n'): string =>
  [header.replaceAll(',', mark), ...rows.map((row) => row.join(mark))].map((line) => line + end).join('');
const api = 'id,created_at,started_at,completed_at,workflow_name,name,conclusion';
const apiRow = (job: DrawnJob) => [
  job.id,
  z(job.queuedAt),
  z(job.startedAt),
  z(job.endedAt),
  job.workflow,
  job.name,
  'success',
];
const local = (at: number): string =>
  z(at + 3_600_000)
    .replace('T', ' ')
    .replace('Z', '');

const both = { tells: 'both', named: true } as const;

/** Every shape that is documented, each in one or several ways of stringing it together. */
export const SHAPES: readonly Shape[] = [
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
  {
    file: 'tekton.json',
    ...both,
    write: (jobs) =>
      json({
        ...{ apiVersion: 'v1', kind: 'List' },
        items: jobs.map((job) =>
          kube(
            'TaskRun',
            job,
            { 'tekton.dev/pipelineTask': job.name, 'tekton.dev/pipeline': job.workflow },
            {
              ...{ startTime: z(job.startedAt), completionTime: z(job.endedAt) },
              conditions: [{ type: 'Succeeded', status: 'True', reason: 'Succeeded' }],
            },
          ),
        ),
      }),
  },
  {
    file: 'argo.json',
    ...{ tells: 'started', named: true },
    write: (jobs) =>
      json([
        {
          ...{
            apiVersion: 'argoproj.io/v1alpha1',
            kind: 'Workflow',
            metadata: { name: 'ci-abcde', generateName: 'ci-' },
          },
          status: {
            phase: 'Succeeded',
            nodes: Object.fromEntries(
              jobs.map((job) => [
                `n${job.id}`,
                {
                  ...{ id: `n${job.id}`, type: 'Pod', templateName: job.name, phase: 'Succeeded' },
                  ...{ startedAt: z(job.startedAt), finishedAt: z(job.endedAt) },
                },
              ]),
            ),
          },
        },
      ]),
  },
  { file: 'pods.json', ...both, write: (jobs) => json({ apiVersion: 'v1', kind: 'List', items: jobs.map(pod) }) },
  {
    file: 'prometheus-instants.json',
    ...both,
    write: (jobs) => {
      const series = (name: string, at: (job: DrawnJob) => number) =>
        jobs.map((job) => ({
          metric: { __name__: name, namespace: 'ci', pod: `${job.name}-${job.id}` },
          values: [[1_772_000_000, String(at(job) / 1_000)]],
        }));
      const result = [
        ...series('kube_pod_created', ({ queuedAt }) => queuedAt),
        ...series('kube_pod_start_time', ({ startedAt }) => startedAt),
        ...series('kube_pod_completion_time', ({ endedAt }) => endedAt),
      ];
      return json({ status: 'success', data: { resultType: 'matrix', result } });
    },
  },
  { file: 'table.csv', ...both, write: (jobs) => table(',', api, jobs.map(apiRow)) },
  { file: 'semicolons.csv', ...both, write: (jobs) => `sep=;\r\n${table(';', api, jobs.map(apiRow), '\r\n')}` },
  { file: 'pipes.txt', ...both, write: (jobs) => table('|', api, jobs.map(apiRow)) },
  { file: 'utf16.tsv', ...both, write: (jobs) => utf16(table('\t', api, jobs.map(apiRow), '\r\n')) },
  {
    file: 'epoch.csv',
    ...both,
    write: (jobs) =>
      table(
        ',',
        'queued,start,end,job',
        jobs.map((job) => [job.queuedAt / 1_000, job.startedAt, job.endedAt * 1_000, job.name]),
      ),
  },
  {
    file: 'lengths.csv',
    ...{ tells: 'queued', named: true },
    write: (jobs) =>
      table(
        ',',
        'job,queued,Duration (ms)',
        jobs.map((job) => [job.name, z(job.queuedAt), job.endedAt - job.queuedAt]),
      ),
  },
  {
    file: 'waits.jsonl',
    ...both,
    write: (jobs) =>
      lines(
        jobs.map((job) => ({
          ...{ task: job.name, begin_time: job.startedAt, elapsed: `${(job.endedAt - job.startedAt) / 1_000}s` },
          wait_seconds: (job.startedAt - job.queuedAt) / 1_000,
        })),
      ),
  },
  {
    file: 'local.csv',
    ...both,
    write: (jobs) =>
      table(
        ',',
        'queued at,started at,finished at,job',
        jobs.map((job) => [local(job.queuedAt), local(job.startedAt), local(job.endedAt), job.name]),
      ),
  },
];
