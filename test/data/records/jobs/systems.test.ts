import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readJobs } from '../../../../data/records/readJobs.ts';
import { aFolder } from '../../../support/aFile.ts';
import { at, toldIn } from './toldIn.ts';

const folder = aFolder();
const told = toldIn(folder);

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

  const node = (id: string, type: string) => ({
    ...{ id, type, templateName: 'build', phase: 'Succeeded', startedAt: at(1), finishedAt: at(9) },
  });
  const nodes = { d: node('d', 'DAG'), p: node('p', 'Pod'), q: node('q', 'Pod') };
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
    await expect(told('deep.yaml', `a:\nb:\n${'- '.repeat(50_000)}`)).rejects.toThrow(
      /deep\.yaml:3:\d+: expected YAML/,
    );
    await expect(told('late.yaml', yaml + pod('b', 'soon'))).rejects.toThrow(
      /late\.yaml:14:5: expected a time .* found "soon"/,
    );
  });
});
