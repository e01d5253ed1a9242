import type { Instant } from '../../../src/domain/time.ts';
import { podClass } from './classes.ts';
import type { Finds, Reader } from './found.ts';
import { isObj, numberIn, type Obj, objsIn, textIn, within, word } from './seen.ts';
import { runsOf, type Sample, stepOf } from './series.ts';

/**
 * Prometheus: range queries of pods that run, of counts of running jobs (`gitlab_runner_jobs` and the like), and the instants
 * that kube-state-metrics has as values (`kube_pod_created`, `kube_pod_start_time`, `kube_pod_completion_time`).
 *
 * Source: prometheus.io, HTTP API; kube-state-metrics, pod metrics; docs.gitlab.com, Monitor GitLab Runner usage.
 */
export function newPrometheus(finds: Finds): { readonly read: Reader; readonly end: () => void } {
  const all = new Map<string, Series>();
  return {
    read: (record) => {
      const found = seriesIn(record);
      for (const one of found ?? []) take(all, one, finds);
      return found === undefined ? undefined : 'Prometheus query';
    },
    end: () => {
      const series = [...all.values()];
      const isStamped = ({ name }: Series): boolean => INSTANTS[name] !== undefined;
      const podsOf = (some: readonly Series[]): ReadonlySet<string | undefined> => new Set(some.map(({ pod }) => pod));
      const stamped = podsOf(series.filter(isStamped));
      const phased = podsOf(series.filter(({ phase }) => phase !== undefined));
      stampedPods(series.filter(isStamped), finds);
      // Of what tells of one pod in several ways, the most exact stands: a pod runs once.
      counted(
        series.filter(
          ({ pod, phase, name }) =>
            INSTANTS[name] === undefined &&
            (pod === undefined || (!stamped.has(pod) && (phase !== undefined || !phased.has(pod)))),
        ),
        finds,
      );
    },
  };
}

/** All that is told of one thing: of a pod, of one of its phases, or of a runner. */
interface Series {
  /** The first record that tells of it. */
  readonly record: Obj;
  readonly name: string;
  readonly phase: string | undefined;
  readonly pod: string | undefined;
  /** By instant, the most that is told: a pod runs while any of its containers does, whichever server saw it. */
  readonly samples: Map<Instant, number>;
}

/** The series of an answer, or one of a line that VictoriaMetrics exports; undefined for anything else. */
function seriesIn(record: Obj): readonly Obj[] | undefined {
  if (isObj(record['metric']) && Array.isArray(record['values']) && Array.isArray(record['timestamps']))
    return [record];
  const result =
    within(record, 'data', 'result') ?? (record['resultType'] === undefined ? undefined : record['result']);
  if (!Array.isArray(result)) return undefined;
  const series = objsIn(result).filter((one) => Array.isArray(one['values']) || Array.isArray(one['value']));
  return series.length === 0 && result.length > 0 ? undefined : series;
}

/** Puts what one series tells to what is told of the same already: a week may have been asked for day by day. */
function take(all: Map<string, Series>, record: Obj, finds: Finds): void {
  const [name, phase, pod] = [nameOf(record), textIn(within(record, 'metric', 'phase')), podOf(record)];
  const samples = samplesOf(record);
  if (samples.length === 0) {
    finds.noJob(record, 'has no times that can be recognised');
    return;
  }
  const isStamped = INSTANTS[name] !== undefined;
  const key = JSON.stringify(pod === undefined ? record['metric'] : [isStamped ? name : '', phase, pod]);
  let series = all.get(key);
  if (series === undefined) {
    series = { record, name, phase, pod, samples: new Map() };
    all.set(key, series);
    finds.keep(record);
  }
  for (const { at, value } of samples) series.samples.set(at, Math.max(value, series.samples.get(at) ?? 0));
}

const nameOf = (series: Obj): string => word(within(series, 'metric', '__name__'));

type StampedTime = 'queued' | 'started' | 'finished';

/** Metrics whose value is an instant, and which one. */
const INSTANTS: Readonly<Record<string, StampedTime>> = {
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

function samplesOf({ values, value, timestamps }: Obj): readonly Sample[] {
  const told: readonly unknown[] = Array.isArray(values) ? values : [value];
  const times: readonly unknown[] | undefined = Array.isArray(timestamps) ? timestamps : undefined;
  const pairs = times === undefined ? told : told.map((one, index): unknown => [numberIn(times[index]) / 1_000, one]);
  return pairs.flatMap((pair): readonly Sample[] => {
    if (!Array.isArray(pair) || typeof pair[0] !== 'number') return [];
    const [at, count] = [Math.round(pair[0] * 1_000), numberIn(pair[1])];
    return Number.isFinite(count) && Number.isFinite(at) ? [{ at, value: count }] : [];
  });
}

const ascending = ({ samples }: Series): readonly Sample[] =>
  [...samples].map(([at, value]) => ({ at, value })).toSorted((a, b) => a.at - b.at);

/** Pods of which kube-state-metrics tells when they were made, started and ended. */
function stampedPods(series: readonly Series[], finds: Finds): void {
  const pods = new Map<string, { readonly record: Obj; readonly times: Partial<Record<StampedTime, number>> }>();
  for (const one of series) {
    const { record, name, pod: key } = one;
    const [field, value] = [INSTANTS[name], ascending(one).at(-1)?.value];
    if (field === undefined || key === undefined || value === undefined) {
      finds.noJob(record, 'has no times that can be recognised');
      continue;
    }
    const pod = pods.get(key) ?? { record, times: {} };
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

/** Labels by which a runner tells its jobs apart as they go on: a job that changes its stage is the same job. */
const STAGES = ['stage', 'executor_stage', 'state'];

/** Counts of one runner, stage by stage, as one count; pods as they are. */
function summed(series: readonly Series[]): readonly Series[] {
  const runners = new Map<string, Series>();
  for (const one of series) {
    if (one.pod !== undefined) continue;
    const labels = Object.entries((one.record['metric'] ?? {}) as Obj).filter(([name]) => !STAGES.includes(name));
    const key = JSON.stringify(labels.toSorted(([a], [b]) => (a < b ? -1 : 1)));
    const runner = runners.get(key);
    if (runner === undefined) runners.set(key, { ...one, samples: new Map(one.samples) });
    else for (const [at, value] of one.samples) runner.samples.set(at, value + (runner.samples.get(at) ?? 0));
  }
  return [...series.filter(({ pod }) => pod !== undefined), ...runners.values()];
}

/** Series of how many run: 0 and 1 for a pod, any number for a runner. */
function counted(series: readonly Series[], finds: Finds): void {
  const all = summed(series).map((one) => ({ ...one, samples: ascending(one) }));
  if (all.length === 0) return;
  const stepMs = stepOf(all.map(({ samples }) => samples));
  const lastAt = all.reduce(
    (last, { samples }) => Math.max(last, samples.at(-1)?.at ?? last),
    Number.NEGATIVE_INFINITY,
  );
  const pending = new Map<string, number>();
  for (const { phase, pod, samples } of all) {
    const first = samples.find(({ value }) => value > 0)?.at;
    if (phase === 'Pending' && pod !== undefined && first !== undefined) pending.set(pod, first);
  }
  let atTheEnd = 0;
  for (const { record, phase, pod, samples } of all) {
    if (phase !== undefined && phase !== 'Running') continue;
    for (const { from, until } of runsOf(samples, stepMs, pod !== undefined)) {
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
  finds.assumed(
    `from a sample each ${stepMs / 1_000} s: a job starts with its first sample and ends ${stepMs / 1_000} s after its last`,
  );
  if (all.some(({ pod }) => pod === undefined))
    finds.assumed(
      'from a count of jobs that run: one starts with each rise, and with each fall the one ends that has run for longest',
    );
  if (atTheEnd > 0) finds.assumed(`jobs that ran at the last sample end with it: ${atTheEnd}`);
}
