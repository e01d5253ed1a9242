import { describe, expect, it } from 'vitest';
import { aFolder } from '../../../support/aFile.ts';
import { at, toldIn } from './toldIn.ts';

const folder = aFolder();
const told = toldIn(folder);

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
