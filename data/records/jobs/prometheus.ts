import { podClass } from './classes.ts';
import type { Finds, Reader } from './found.ts';
import { numberIn, type Obj, objsIn, textIn, within, word } from './seen.ts';
import { runsOf, type Sample, stepOf } from './series.ts';

/**
 * Prometheus: range queries of pods that run, of counts of running jobs (`gitlab_runner_jobs` and the like), and the instants
 * that kube-state-metrics has as values (`kube_pod_created`, `kube_pod_start_time`, `kube_pod_completion_time`).
 *
 * Source: prometheus.io, HTTP API; kube-state-metrics, pod metrics; docs.gitlab.com, Monitor GitLab Runner usage.
 */
export const readPrometheus: Reader = (record, finds) => {
  const result =
    within(record, 'data', 'result') ?? (record['resultType'] === undefined ? undefined : record['result']);
  if (!Array.isArray(result)) return undefined;
  const series = objsIn(result).filter((one) => Array.isArray(one['values']) || Array.isArray(one['value']));
  if (series.length === 0 && result.length > 0) return undefined;
  const stamped = series.filter((one) => INSTANTS[nameOf(one)] !== undefined);
  if (stamped.length > 0) stampedPods(stamped, finds);
  counted(
    series.filter((one) => INSTANTS[nameOf(one)] === undefined),
    finds,
  );
  return 'Prometheus query';
};

const nameOf = (series: Obj): string => word(within(series, 'metric', '__name__'));

/** Metrics whose value is an instant, and which one. */
const INSTANTS: Readonly<Record<string, 'queued' | 'started' | 'finished'>> = {
  kube_pod_created: 'queued',
  kube_pod_start_time: 'started',
  kube_pod_completion_time: 'finished',
  kube_job_created: 'queued',
  kube_job_status_start_time: 'started',
  kube_job_status_completion_time: 'finished',
};

const podOf = (series: Obj): string | undefined => {
  const { metric } = series;
  const name =
    textIn(within(metric, 'pod')) ??
    textIn(within(metric, 'exported_pod')) ??
    textIn(within(metric, 'job_name')) ??
    textIn(within(metric, 'pod_name'));
  return name === undefined
    ? undefined
    : [within(metric, 'namespace') ?? within(metric, 'exported_namespace'), name, within(metric, 'uid')]
        .map(word)
        .filter((part) => part !== '')
        .join('/');
};

const classOf = (series: Obj): string | undefined => {
  const pod = podOf(series)?.split('/').at(-1);
  const name = textIn(within(series, 'metric', 'pod')) ?? textIn(within(series, 'metric', 'exported_pod')) ?? pod;
  return name === undefined ? undefined : podClass(name);
};

const samplesOf = (series: Obj): readonly Sample[] => {
  const { values } = series;
  const pairs: readonly unknown[] = Array.isArray(values) ? values : [series['value']];
  return pairs.flatMap((pair): readonly Sample[] => {
    if (!Array.isArray(pair) || typeof pair[0] !== 'number') return [];
    const value = numberIn(pair[1]);
    return Number.isFinite(value) ? [{ at: Math.round(pair[0] * 1_000), value }] : [];
  });
};

/** Pods of which kube-state-metrics tells when they were made, started and ended. */
function stampedPods(series: readonly Obj[], finds: Finds): void {
  const pods = new Map<
    string,
    { readonly record: Obj; readonly times: Partial<Record<'queued' | 'started' | 'finished', number>> }
  >();
  for (const one of series) {
    const field = INSTANTS[nameOf(one)];
    const value = samplesOf(one).at(-1)?.value;
    const key = podOf(one);
    if (field === undefined || key === undefined || value === undefined) {
      finds.noJob(one, 'has no times that can be recognised');
      continue;
    }
    const pod = pods.get(key) ?? { record: one, times: {} };
    pod.times[field] = value;
    pods.set(key, pod);
  }
  for (const { record, times } of pods.values())
    finds.job(record, {
      class: classOf(record),
      status: [times.finished === undefined ? 'running' : undefined],
      ...(times.queued === undefined ? {} : { queued: { found: times.queued, key: 'values' } }),
      started: { found: times.started ?? times.queued ?? null, key: 'values' },
      finished: { found: times.finished ?? null, key: 'values' },
    });
}

/** Series of how many run: 0 and 1 for a pod, any number for a runner. */
function counted(series: readonly Obj[], finds: Finds): void {
  const all = series.map((one) => ({
    record: one,
    phase: textIn(within(one, 'metric', 'phase')),
    samples: samplesOf(one),
  }));
  const stepMs = stepOf(all.map(({ samples }) => samples));
  const lastAt = all.reduce(
    (last, { samples }) => Math.max(last, samples.at(-1)?.at ?? last),
    Number.NEGATIVE_INFINITY,
  );
  const pending = new Map<string, number>();
  for (const { record, phase, samples } of all) {
    const first = samples.find(({ value }) => value > 0)?.at;
    const pod = podOf(record);
    if (phase === 'Pending' && pod !== undefined && first !== undefined) pending.set(pod, first);
  }
  let atTheEnd = 0;
  for (const { record, phase, samples } of all) {
    if (phase !== undefined && phase !== 'Running') continue;
    const pod = podOf(record);
    if (samples.length === 0) finds.noJob(record, 'has no times that can be recognised');
    const runs = runsOf(samples, stepMs, pod !== undefined);
    for (const { from, until } of runs) {
      if (until > lastAt) atTheEnd += 1;
      const queued = pod === undefined ? undefined : pending.get(pod);
      finds.job(record, {
        class: classOf(record),
        ...(queued === undefined ? {} : { queued: { found: Math.min(queued, from), key: 'values' } }),
        started: { found: from, key: 'values' },
        finished: { found: until, key: 'values' },
      });
    }
  }
  if (all.length > 0)
    finds.assumed(
      `from a sample each ${stepMs / 1_000} s: a job starts with its first sample and ends ${stepMs / 1_000} s after its last`,
    );
  if (all.some(({ record }) => podOf(record) === undefined))
    finds.assumed(
      'from a count of jobs that run: one starts with each rise, and with each fall the one ends that has run for longest',
    );
  if (atTheEnd > 0) finds.assumed(`jobs that ran at the last sample end with it: ${atTheEnd}`);
}
