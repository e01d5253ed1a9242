import { isRouted, looksAtJobs, type PoolsFile } from '../../config/pools.ts';
import type { TemplatePort } from '../aws/template/group.ts';
import { membersOf } from '../aws/template/members.ts';
import type { Telemetry } from '../ports/telemetry.ts';
import { openNodeShapes } from './nodeShapes.ts';
import type { Roster } from './roster.ts';
import type { Templates } from './templates.ts';
import { openWorkloads, type Workloads, type WorkloadsPorts } from './workloads.ts';

export interface JobCountingPorts
  extends Omit<WorkloadsPorts, 'pools' | 'routed' | 'fleet' | 'blockWith' | 'shapesIn'> {
  readonly file: PoolsFile;
  readonly roster: Pick<Roster, 'blockWith'>;
  readonly templates: Pick<Templates, 'last'>;
  readonly port: TemplatePort;
  readonly telemetry: Telemetry;
}

/** Counts the jobs of the pools that ask for it, and learns what their nodes are like. */
export function openJobCounting(ports: JobCountingPorts): Workloads & { readonly watch: () => Promise<void> } {
  const { file, roster, templates, port, ...shared } = ports;
  const pools = file.pools.filter(looksAtJobs);
  const blockWith = (instanceId: string): string | undefined => roster.blockWith(instanceId);
  const shapes = openNodeShapes({
    ...shared,
    ...{ blockWith, pools: pools.map(({ name, template }) => ({ name, group: template.autoScalingGroup })) },
    templateOf: (pool) => templates.last(pool)?.hash,
    members: (groups) => membersOf(port, groups),
    learned: () => {
      workloads.changed();
    },
  });
  const workloads = openWorkloads({
    ...shared,
    ...{ blockWith, fleet: file.fleet, pools: pools.map(({ name }) => name), shapesIn: shapes.in },
    routed: new Set(pools.filter(isRouted).map(({ name }) => name)),
  });
  return { ...workloads, watch: shapes.watch };
}
