import { DEFAULT_LIVE, type JobPattern, type LiveConfig, type PodPattern } from '../../config/pools.ts';
import { NO_WORK, type PodTest, PRESETS } from './jobPresets.ts';
import type { PodTraits } from './podTraits.ts';
import { labelSelector } from './selector.ts';

/**
 * What a pod is for.
 *
 * - `job`: a rule names it. It keeps its node busy, and is counted where a pool follows its jobs.
 * - `unknown`: no rule names it, and a controller runs it. It may be an agent with a job, so that it keeps its node busy too.
 * - `none`: no work. With a controller it is asked to leave a node that drains; else it leaves with the node.
 */
export interface PodRole {
  readonly kind: 'job' | 'unknown' | 'none';
  /** The rule that says so, for people. */
  readonly rule: string;
  /** Whether a container does the work; left out where the rule does not say. */
  readonly works?: (container: string) => boolean;
}

/** What pools.yaml says of pods. */
export type PodRules = Pick<LiveConfig, 'jobs' | 'notJobs' | 'workContainers'>;

export const podRules = ({
  jobs,
  notJobs = DEFAULT_LIVE.notJobs,
  workContainers = DEFAULT_LIVE.workContainers,
}: Pick<PodRules, 'jobs'> & Partial<PodRules>): PodRules => ({ jobs, notJobs, workContainers });

/**
 * Tells what pods are for. In order: a DaemonSet's and static pods are no work; what is said to be none, by us or by the pools file, is
 * none, whatever else matches; what any pattern matches is a job; what else a controller runs is unknown, which is busy. A runner
 * that waits for work is a job too, also one that its controller marks as safe to evict: it may take a job at any moment, and the
 * mark is late by then. Throws for a label selector that cannot be read.
 */
export function podRoles({ jobs, notJobs, workContainers }: PodRules): (pod: PodTraits) => PodRole {
  const excluding: readonly Rule[] = [
    ...notJobs.map((pattern, at) => ruleOf('none', `live.notJobs[${at}] says that it is no job`, testOf(pattern))),
    ...NO_WORK.map(({ what, matches }) => ruleOf('none', what, matches)),
  ];
  // A preset may say which container works, where a pattern matches as well; `run-once` says least of all.
  const naming = jobs
    .map((pattern, at): Rule => {
      if (typeof pattern !== 'string') return ruleOf('job', `live.jobs[${at}] names it`, testOf(pattern));
      const { matches, works } = PRESETS[pattern];
      return ruleOf('job', `the preset ${pattern} names it`, matches, works);
    })
    .sort((one, other) => Number(one.role.works === undefined) - Number(other.role.works === undefined));
  const byName = workContainers.length === 0 ? undefined : new Set(workContainers);

  /** What people say of their own pods is stronger than what presets know. Pods of one rule share one role. */
  const byPeople = new Map<PodRole, PodRole>();
  const worksBy = (names: ReadonlySet<string>, role: PodRole): PodRole => {
    const known = byPeople.get(role) ?? { ...role, works: (name) => names.has(name) };
    byPeople.set(role, known);
    return known;
  };

  return (pod) => {
    if (pod.daemonSet) return OF_DAEMON_SET;
    if (pod.mirror) return STATIC;
    const rule = excluding.find(({ test }) => test(pod)) ?? naming.find(({ test }) => test(pod));
    const role = rule?.role ?? (pod.owner === undefined ? BARE : UNKNOWN);
    return byName !== undefined && pod.containers.some(({ name }) => byName.has(name)) ? worksBy(byName, role) : role;
  };
}

/** Whether a pod keeps its node busy while it lives. */
export const isWork = ({ kind }: PodRole): boolean => kind !== 'none';

/** Whether a pattern matches a pod, whatever other rules say of it. */
export const matchesPattern = (pattern: JobPattern): PodTest =>
  typeof pattern === 'string' ? PRESETS[pattern].matches : testOf(pattern);

interface Rule {
  readonly test: PodTest;
  readonly role: PodRole;
}

const ruleOf = (kind: PodRole['kind'], rule: string, test: PodTest, works?: PodRole['works']): Rule => ({
  test,
  role: { kind, rule, ...(works !== undefined && { works }) },
});

const OF_DAEMON_SET: PodRole = { kind: 'none', rule: 'a DaemonSet runs it on every node' };
const STATIC: PodRole = { kind: 'none', rule: 'it is a static pod of its node' };
const BARE: PodRole = { kind: 'none', rule: 'no rule names it, and no controller would make it anew' };
const UNKNOWN: PodRole = { kind: 'unknown', rule: 'no rule names it, and a controller runs it: it may be at work' };

function testOf({ namespace, labels, annotation, nameContains, owner }: PodPattern): PodTest {
  const tests: PodTest[] = [];
  if (namespace !== undefined) tests.push((pod) => pod.namespace === namespace);
  if (labels !== undefined) {
    const selects = labelSelector(labels);
    tests.push((pod) => selects(pod.labels));
  }
  if (annotation !== undefined) {
    const equals = annotation.indexOf('=');
    const key = equals < 0 ? annotation : annotation.slice(0, equals);
    const value = equals < 0 ? undefined : annotation.slice(equals + 1);
    tests.push(({ annotations }) => annotations[key] !== undefined && (value ?? annotations[key]) === annotations[key]);
  }
  if (nameContains !== undefined) tests.push((pod) => pod.name.includes(nameContains));
  if (owner !== undefined) tests.push((pod) => pod.owner?.kind === owner);
  if (tests.length === 0) throw new Error('a job pattern without any field would match every pod');
  return (pod) => tests.every((test) => test(pod));
}
