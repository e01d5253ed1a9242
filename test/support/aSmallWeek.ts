import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A folder with a day of a few jobs, which is simulated in a moment; its pools follow the jobs. */
export function aSmallWeek(folder: string, { jobs = 60, pools = POOLS } = {}): string {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'pools.yaml'), pools);
  writeFileSync(
    join(folder, 'scenario.yaml'),
    `version: 1
name: small
about: What does a day cost?
from: 2026-03-02T00:00:00Z
until: 2026-03-03T00:00:00Z
market:
  onDemand: { m5.2xlarge: 0.384 }
  interruptions: { model: constant, hazardPerHour: 0.05 }
jobs: { generate: { jobsPerWeekday: ${jobs} } }
onDemandGroup: { instanceType: m5.2xlarge }
`,
  );
  return folder;
}

const POOLS = `version: 1
fleet: ci
pools:
  - name: ci
    template: { autoScalingGroup: ci-on-demand }
    instanceTypes: [m5.2xlarge]
    zones: [us-east-1a, us-east-1b]
    lease: { term: spot, duration: 24h }
    operatingHours: { policy: always, blocks: 20 }  # at any time
    scaling: { policy: followJobs }
    maxBlocks: 20
`;
