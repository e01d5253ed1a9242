import { CI_SHAPES } from './ciShapes.ts';
import { both, type DrawnJob, json, lines, type Shape, z } from './shape.ts';

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

/** Every shape that is documented, each in one or several ways of stringing it together. */
export const SHAPES: readonly Shape[] = [
  ...CI_SHAPES,
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
