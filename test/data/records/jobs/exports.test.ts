import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readJobs } from '../../../../data/records/readJobs.ts';
import { isoOf } from '../../../../src/domain/time.ts';
import { aFolder } from '../../../support/aFile.ts';

const folder = aFolder();
const at = (minute: number): string => `2026-11-02T08:${String(minute).padStart(2, '0')}:00Z`;
const clock = (instant: number): string => isoOf(instant).slice(11, 16);

/** Jobs as `class 08:00>08:01>08:09` (queued, started, finished), and what was set aside, by reason. */
async function told(name: string, value: unknown): Promise<{ jobs: readonly string[]; aside: readonly string[] }> {
  const content =
    typeof value === 'string' || value instanceof Uint8Array ? value : JSON.stringify(value, undefined, 1);
  const { rows, notes } = await readJobs(folder.file(name, content), { atMostSetAside: 1 });
  const setAside = notes.setAside ?? [];
  expect(notes.read).toBe(rows.length + setAside.reduce((sum, { entries }) => sum + entries, 0));
  return {
    jobs: rows.map(({ class: name = '', queuedAt, startedAt = queuedAt, durationMs }) =>
      [name, [queuedAt, startedAt, startedAt + durationMs].map(clock).join('>')].join(' ').trim(),
    ),
    aside: setAside.map(({ entries, reason }) => `${entries} ${reason}`),
  };
}

describe('what still runs is no job yet, whenever it was touched last', () => {
  const github = { id: 1, name: 'CI', head_sha: 'x', created_at: at(0), run_started_at: at(0), updated_at: at(9) };
  const gitlab = { iid: 1, sha: 'x', ref: 'main', created_at: at(0), updated_at: at(9) };
  const stages = { startTimeMillis: Date.parse(at(1)), endTimeMillis: Date.parse(at(9)), durationMillis: 1 };
  const list = { workflowName: 'CI', createdAt: at(0), startedAt: at(0), updatedAt: at(9) };
  it.each([
    ['runs.json', { workflow_runs: [github, { ...github, id: 2, status: 'in_progress' }] }],
    ['list.json', [list, { ...list, databaseId: 2, status: 'queued', conclusion: '' }]],
    [
      'pipelines.json',
      [
        { ...gitlab, id: 1, status: 'success' },
        { ...gitlab, id: 2, status: 'running' },
      ],
    ],
    [
      'stages.json',
      [
        { ...stages, status: 'SUCCESS' },
        { ...stages, status: 'IN_PROGRESS' },
      ],
    ],
    [
      'paused.json',
      [
        { ...stages, status: 'SUCCESS' },
        { ...stages, status: 'PAUSED_PENDING_INPUT' },
      ],
    ],
    ['rows.csv', `status,created_at,updated_at\nok,${at(0)},${at(9)}\nrunning,${at(0)},${at(9)}\n`],
  ])('in %s', async (name, value) => {
    const { jobs, aside } = await told(name, value);
    expect(jobs).toHaveLength(1);
    expect(aside).toEqual(['1 was not over yet']);
  });
});

describe('a row of JSON', () => {
  const row = { id: 1, name: 'build', queued_at: at(0), started_at: at(1), finished_at: at(9) };
  const other = { name: 'app', created_at: '2020-01-01T00:00:00Z', updated_at: at(30) };

  it('keeps its own times, whatever else in it has times', async () => {
    const build = { ...row, started_at: at(3), finished_at: at(4) };
    const steps = [{ name: 'check out', started_at: at(1), finished_at: at(2) }];
    const { jobs } = await told('beside.json', [{ ...row, repository: other, labels: [other], steps, build }]);
    expect(jobs).toEqual(['build 08:00>08:01>08:09']);
  });

  it('is no job by its making and its last change alone', async () => {
    const run = { databaseId: 5, createdAt: at(0), updatedAt: at(9) };
    const job = { name: 'lint', status: 'COMPLETED', conclusion: 'SUCCESS', startedAt: at(1), completedAt: at(2) };
    expect(await told('suites.json', { data: { nodes: [{ workflowRun: run, checkRuns: { nodes: [job] } }] } })).toEqual(
      {
        jobs: ['lint 08:01>08:01>08:02'],
        aside: [],
      },
    );
  });

  it('may leave out what it does not have yet', async () => {
    const { finished_at: _end, ...open } = row;
    const { started_at: _start, ...waiting } = open;
    const { aside } = await told('short.json', [
      row,
      { ...open, status: 'in_progress' },
      { ...waiting, status: 'skipped' },
      { ...open, id: 3 },
    ]);
    expect(aside.toSorted()).toEqual(['1 has no end', '1 was not over yet', '1 was skipped']);
  });

  it('has the names that are known beside those that are given', async () => {
    const path = folder.file('given.json', JSON.stringify([{ began: at(1), finished_at: at(9), name: 'x' }]));
    const { rows } = await readJobs(path, { columns: { started: 'began' } });
    expect(rows).toMatchObject([{ durationMs: 8 * 60_000, class: 'x' }]);
  });
});

describe('what is told of twice', () => {
  const job = { run_id: 7, name: 'a', conclusion: 'success', runner_id: 3, started_at: at(1), completed_at: at(9) };
  const again = 'is told of twice, of which the later stands';

  it('counts once where only failed jobs of a run were run again', async () => {
    const first = { ...job, id: 1, run_attempt: 1, created_at: at(0) };
    const anew = { ...job, id: 2, run_attempt: 2, created_at: at(20) };
    for (const jobs of [
      [first, anew],
      [anew, first],
    ])
      expect(await told('attempts.json', { jobs })).toEqual({
        jobs: ['a 08:00>08:01>08:09'],
        aside: ['1 was not run again with its run, which tells of it anew'],
      });
  });

  it('counts once by its id, in a table too, and twice where a column is only called so', async () => {
    const header = 'id,job,started,finished\n';
    const line = (id: number, name: string): string => `${id},${name},${at(1)},${at(9)}\n`;
    expect((await told('same.csv', header + line(1, 'a') + line(1, 'a'))).aside).toEqual([`1 ${again}`]);
    expect((await told('builds.csv', header + line(1, 'a') + line(1, 'b'))).jobs).toHaveLength(2);
    const view = { jobs: [{ databaseId: 4, name: 'a', startedAt: at(1), completedAt: at(9) }] };
    expect((await told('views.json', [view, view])).aside).toEqual([`1 ${again}`]);
  });

  it('counts once by the job and the pipeline webhook of GitLab', async () => {
    const times = { started_at: at(5), finished_at: at(15) };
    const pipeline = {
      object_kind: 'pipeline',
      project: { name: 'p' },
      builds: [{ id: 3, stage: 't', name: 'a', ...times }],
    };
    const build = { object_kind: 'build', build_id: 3, build_name: 'a', build_status: 'success', project_name: 'p' };
    const ends = { build_started_at: at(5), build_finished_at: at(15) };
    expect(await told('hooks.json', [pipeline, { ...build, ...ends }])).toEqual({
      jobs: ['p/a 08:05>08:05>08:15'],
      aside: [`1 ${again}`],
    });
  });

  it('is counted as set aside once, also where a run has its jobs beside it', async () => {
    const run = { id: 7, name: 'CI', head_sha: 'x', status: 'completed', run_started_at: at(0), updated_at: at(9) };
    const { jobs, aside } = await told('thrice.json', [{ workflow_runs: [run, run] }, { jobs: [{ ...job, id: 1 }] }]);
    expect(jobs).toHaveLength(1);
    expect(aside.toSorted()).toEqual(['1 is a run whose jobs are told of as well', `1 ${again}`]);
  });

  it('is not the same stage where each run of Blue Ocean numbers its own', async () => {
    const stage = { id: '6', displayName: 'Build', type: 'STAGE', state: 'FINISHED', durationInMillis: 60_000 };
    const { jobs } = await told('stages-of-two.json', [
      [{ ...stage, startTime: at(1) }],
      [{ ...stage, startTime: at(5) }],
    ]);
    expect(jobs).toHaveLength(2);
  });
});

describe('of the systems', () => {
  it('Azure leaves out what has no value yet, and jobs of no agent need no machine', async () => {
    const build = { id: 1, buildNumber: '1', definition: { name: 'app' }, queueTime: at(0) };
    const run = { id: 9, pipeline: { name: 'p' }, createdDate: at(20), finishedDate: at(30), state: 'completed' };
    expect(
      await told('azure.json', {
        value: [
          { ...build, status: 'completed', result: 'succeeded', startTime: at(1), finishTime: at(9) },
          { ...build, id: 2, status: 'notStarted' },
          { ...build, id: 3, status: 'completed', result: 'canceled', finishTime: at(3) },
          run,
        ],
      }),
    ).toEqual({
      jobs: ['app 08:00>08:01>08:09', 'p 08:20>08:20>08:30'],
      aside: ['1 was not over yet', '1 was cancelled before it started'],
    });
    const record = {
      type: 'Job',
      name: 'b',
      startTime: at(1),
      finishTime: at(9),
      state: 'completed',
      result: 'succeeded',
    };
    const records = [
      { ...record, id: 'a', workerName: 'w' },
      { ...record, id: 'b', workerName: null },
    ];
    expect((await told('timeline.json', { records })).aside).toEqual(['1 is a step that needs no machine']);
  });

  it('Jenkins has builds of which only the times were asked', async () => {
    const { jobs } = await told('jenkins.json', { builds: [{ timestamp: Date.parse(at(1)), duration: 480_000 }] });
    expect(jobs).toEqual(['08:01>08:01>08:09']);
  });

  it('Buildkite has jobs of GraphQL without their type, and GitLab bridges that need no machine', async () => {
    const node = {
      uuid: 'u',
      label: 'Test',
      state: 'FINISHED',
      runnableAt: at(0),
      startedAt: at(1),
      finishedAt: at(9),
    };
    const edges = [{ node: { ...node, pipeline: { slug: 'app' } } }];
    expect((await told('edges.json', { data: { jobs: { edges } } })).jobs).toEqual(['app/Test 08:00>08:01>08:09']);
    const gitlab = { id: 1, name: 'a', stage: 't', status: 'success', started_at: at(1), finished_at: at(9) };
    expect((await told('bridges.json', [gitlab, { ...gitlab, id: 2, downstream_pipeline: { id: 5 } }])).aside).toEqual([
      '1 is a step that needs no machine',
    ]);
  });

  it('CircleCI says whether the last page is missing', async () => {
    const job = { id: 'a', name: 't', type: 'build', status: 'success', started_at: at(1), stopped_at: at(9) };
    const pages = (...tokens: readonly (string | null)[]) =>
      folder.file(
        'pages.json',
        JSON.stringify(tokens.map((next_page_token, id) => ({ next_page_token, items: [{ ...job, id: `${id}` }] }))),
      );
    const assumed = async (path: string) => (await readJobs(path)).notes.assumptions.join();
    expect(await assumed(pages('x', null))).not.toMatch(/next_page_token/);
    expect(await assumed(pages('x', 'y'))).toMatch(/the last page has a next_page_token/);
  });

  const node = (id: string, type: string) => [
    id,
    { id, type, templateName: 'build', phase: 'Succeeded', startedAt: at(1), finishedAt: at(9) },
  ];
  const nodes = Object.fromEntries([node('d', 'DAG'), node('p', 'Pod'), node('q', 'Pod')]);
  const argo = { metadata: { generateName: 'ci-', uid: 'w' }, spec: { entrypoint: 'main' } };
  const over = { phase: 'Succeeded', startedAt: at(0), finishedAt: at(20) };

  it.each([
    ['that do not say their kind', { nodes }],
    ['whose nodes are packed', { compressedNodes: gzipSync(JSON.stringify(nodes)).toString('base64') }],
  ])('Argo has workflows %s', async (_, status) => {
    const { jobs } = await told('argo.json', [{ ...argo, status: { ...over, ...status } }]);
    expect(jobs).toEqual(['ci/build 08:01>08:01>08:09', 'ci/build 08:01>08:01>08:09']);
  });

  it('Tekton has tries before the last, and Kubernetes pods that were evicted', async () => {
    const conditions = [{ type: 'Succeeded', status: 'False', reason: 'Failed' }];
    const before = { startTime: at(1), completionTime: at(4), conditions };
    const status = { startTime: at(5), completionTime: at(9), conditions, retriesStatus: [before] };
    const task = {
      kind: 'TaskRun',
      metadata: { uid: 'u', creationTimestamp: at(0) },
      spec: { taskRef: { name: 't' } },
      status,
    };
    expect((await told('task.json', task)).jobs).toEqual(['t 08:00>08:01>08:04', 't 08:05>08:05>08:09']);
    const evicted = (uid: string, conditions: readonly object[]) => ({
      ...{ kind: 'Pod', metadata: { name: 'r', uid, creationTimestamp: at(0) } },
      status: { phase: 'Failed', reason: 'Evicted', startTime: at(1), conditions },
    });
    const conditionsOf = [{ type: 'DisruptionTarget', lastTransitionTime: at(7) }];
    expect(await told('pods.json', { kind: 'List', items: [evicted('a', conditionsOf), evicted('b', [])] })).toEqual({
      jobs: ['r 08:00>08:01>08:07'],
      aside: ['1 failed, and does not say when'],
    });
  });

  it('Kubernetes has objects in YAML, with their places', async () => {
    const pod = (uid: string, end: string) => `- kind: Pod
  metadata: {name: r, uid: ${uid}, creationTimestamp: "${at(0)}"}
  status:
    phase: Succeeded
    startTime: "${at(1)}"
    containerStatuses:
    - state: {terminated: {finishedAt: "${end}"}}
`;
    const yaml = `apiVersion: v1\nkind: List\nitems:\n${pod('a', at(9))}`;
    expect((await told('pods.yaml', yaml)).jobs).toEqual(['r 08:00>08:01>08:09']);
    await expect(told('late.yaml', yaml + pod('b', 'soon'))).rejects.toThrow(
      /late\.yaml:14:5: expected a time .* found "soon"/,
    );
  });
});

describe('series', () => {
  const start = Date.parse(at(0)) / 1_000;
  const samples = (from: number, until: number, value = '1') =>
    Array.from({ length: until - from + 1 }, (_, index) => [start + (from + index) * 60, value]);
  const answer = (...result: readonly object[]) => ({ status: 'success', data: { resultType: 'matrix', result } });
  const phase = (name: string, from: number, until: number) => ({
    metric: { namespace: 'ci', pod: 'runner-x2k4f', phase: name },
    values: samples(from, until),
  });
  const stamp = (name: string, minute: number) => ({
    metric: { __name__: name, namespace: 'ci', pod: 'runner-x2k4f' },
    values: samples(0, 3, String(start + minute * 60)),
  });
  const container = (name: string) => ({
    metric: { __name__: 'kube_pod_container_status_running', namespace: 'ci', pod: 'runner-x2k4f', container: name },
    values: samples(2, 8),
  });
  const stage = (name: string, from: number, until: number) => ({
    metric: { __name__: 'gitlab_runner_jobs', runner: 'r', stage: name },
    values: samples(from, until),
  });
  const exported = ({
    metric,
    values,
  }: {
    readonly metric: object;
    readonly values: readonly (readonly unknown[])[];
  }) =>
    `${JSON.stringify({ metric, values: values.map(([, value]) => Number(value)), timestamps: values.map(([time]) => Number(time) * 1_000) })}\n`;

  it.each([
    [
      'of a pod asked for day by day',
      [answer(phase('Pending', 0, 1), phase('Running', 2, 5)), answer(phase('Running', 6, 8))],
    ],
    [
      'with an instant each, asked for one by one',
      ['created', 'start_time', 'completion_time'].map((name, index) =>
        answer(stamp(`kube_pod_${name}`, [0, 2, 9][index] ?? 0)),
      ),
    ],
    ['that VictoriaMetrics exports', exported(phase('Pending', 0, 1)) + exported(phase('Running', 2, 8))],
    ['told in two ways', [answer(phase('Pending', 0, 1), phase('Running', 2, 8), container('build'))]],
  ])('%s are one job', async (_, value) => {
    expect((await told('series.jsonl', value)).jobs).toEqual(['runner 08:00>08:02>08:09']);
  });

  it('of the containers of a pod, and of the stages of a job, are one job', async () => {
    expect((await told('containers.json', answer(container('build'), container('helper')))).jobs).toHaveLength(1);
    expect((await told('runner.json', answer(stage('prepare', 1, 3), stage('step_script', 4, 8)))).jobs).toEqual([
      '08:01>08:01>08:09',
    ]);
  });
});
