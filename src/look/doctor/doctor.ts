import { BadInput } from '../../config/mistakes.ts';
import { namespacesNamedBy, settingsOf } from '../../install/settings.ts';
import type { Look, LookSettings } from '../look.ts';
import { patient } from '../patience.ts';
import { accessFindings } from './access.ts';
import { clockFindings } from './clocks.ts';
import { drainFindings } from './drains.ts';
import { checking, type Finding, isForbidden, refused } from './finding.ts';
import { holdFindings } from './holds.ts';
import { jobFindings } from './jobs.ts';
import { keeperFindings } from './keeperState.ts';
import { limitFindings } from './limits.ts';
import { marketFindings } from './markets.ts';
import { neighbourFindings } from './neighbours.ts';
import { permissionFindings } from './permissions.ts';
import { queueFinding } from './queue.ts';
import { settingFindings } from './settings.ts';

export interface DoctorSettings extends LookSettings {
  /** Of this program: manifests name it. */
  readonly release: string;
}

/**
 * Checks whether a keeper of these pools could do its work, as whoever runs this: with their role, and their rights in the
 * cluster. Changes nothing: what must not be done is asked for as a dry run, after the first has shown that they are kept.
 */
export async function doctor(seen: Look, settings: DoctorSettings): Promise<readonly Finding[]> {
  const { caller, kube, signal } = patient(settings.caller, settings.kube, settings.patienceMs);
  const { aws, clock, file, namespace, release } = settings;
  const doors = { aws, caller };
  const [clocks, markets, queue, access, neighbours, rights, drains] = await Promise.all([
    clockFindings({ ...doors, kube, clock, signal }),
    marketFindings(seen, doors),
    queueFinding(file, doors),
    accessOf(),
    neighbourFindings(seen, doors),
    permissionFindings(seen, doors),
    drainFindings(seen, kube, signal),
  ]);
  return [
    ...keeperFindings(seen),
    ...settingFindings(seen.file),
    ...clocks,
    ...clusterFindings(seen),
    ...access,
    ...markets,
    ...rights,
    queue,
    ...limitFindings(seen),
    ...holdFindings(seen),
    ...neighbours,
    ...drains,
  ];

  async function accessOf(): Promise<readonly Finding[]> {
    try {
      const manifest = settingsOf(file, release, { namespace, jobNamespaces: jobNamespacesOf(seen) });
      return await accessFindings({ file, settings: manifest }, kube, signal);
    } catch (error) {
      if (!(error instanceof BadInput)) throw error;
      return [checking('zones').fail(error.message, 'a keeper keeps one region: make a pools file for each')];
    }
  }
}

/** Where jobs are seen to run, and where patterns say that they do; undefined where neither is known. */
function jobNamespacesOf({ cluster, file }: Look): readonly string[] | undefined {
  const jobs = cluster.kind === 'known' ? cluster.value.pods.filter(({ role }) => role.kind === 'job') : [];
  const all = new Set([...jobs.map((pod) => pod.namespace), ...(namespacesNamedBy(file) ?? [])]);
  return all.size === 0 ? undefined : [...all].sort();
}

function clusterFindings({ cluster, file }: Look): readonly Finding[] {
  if (cluster.kind === 'known') return jobFindings(file, cluster.value);
  const check = checking('cluster');
  return [
    isForbidden(cluster.why)
      ? refused(check, cluster.why, 'apply `spot-keeper manifests POOLS --only rbac`')
      : check.unknown(cluster.why),
  ];
}
