import { readdir, writeFile } from 'node:fs/promises';
import { BadInput } from '../../src/config/mistakes.ts';
import { SCENARIO_FILE } from './paths.ts';
import { type Output, writeTogether } from './writeTogether.ts';

/**
 * Writes a commented scenario to start from, which can be simulated at once. Answers the names of the files.
 *
 * @throws BadInput if there is something in the folder already; then nothing is written.
 */
export async function writeStarter(dir: string): Promise<readonly string[]> {
  const entries = await entriesOf(dir);
  if (entries.length > 0)
    throw new BadInput([
      {
        file: dir,
        message: `expected an empty folder or none, found ${entries.length} ${entries.length === 1 ? 'entry' : 'entries'}: choose another`,
      },
    ]);
  const files = Object.entries(STARTER);
  await writeTogether(
    dir,
    files.map(([path, text]): Output => ({ path, write: (name) => writeFile(name, text) })),
  );
  return files.map(([path]) => path);
}

async function entriesOf(dir: string): Promise<readonly string[]> {
  try {
    return await readdir(dir);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT') return [];
    const found = code === 'ENOTDIR' ? 'a file' : `something that cannot be read (${String(error)})`;
    throw new BadInput([{ file: dir, message: `expected a folder, found ${found}` }]);
  }
}

/** The files of the starter, by path; `scenario.yaml` last, since a folder without it is no scenario. */
export const STARTER: Readonly<Record<string, string>> = {
  'README.md': `# A scenario for Spot Keeper

\`scenario.yaml\` is the world and its question, \`pools.yaml\` what the keeper is told to do. Try it with
\`spot-keeper simulate .\`, then put your own week in with \`spot-keeper import jobs FILE --into .\`.
`,
  'pools.yaml': `version: 1
fleet: ci                 # names this installation; a fleet never touches the instances of another

pools:
  - name: ci
    # The on-demand group that blocks are copied from. A simulation does not need it, a cluster does.
    template: { autoScalingGroup: ci-on-demand }
    instanceTypes: [m5.2xlarge]
    zones: [us-east-1a, us-east-1b]

    # How a block is bought: spot, on-demand, or the historic spot-block; and when another takes its place. Of several the
    # purchase policy chooses: here on-demand while spot is dear, or taken back so often that it costs more.
    lease: { term: [spot, on-demand], duration: 24h }

    # How many blocks there may be, and when: here at any time. Outside the windows of \`weekly\` there are none.
    operatingHours: { policy: always, blocks: 300 }

    # How many of those are wanted: as many as jobs need, and some to spare. \`scheduled\` holds all that may be there.
    scaling: { policy: followJobs }

    # The successor is bought first; the old block takes no new jobs for the last 30 minutes of its lease.
    renewal: { policy: surge, lead: 30m }
    purchase: { policy: weighed }

    # Never more than this, whatever a policy says. A limit that jobs reach sends the others to the on-demand group.
    maxBlocks: 300

# What on-demand costs, in USD per hour: no API says it. Spot that costs more is not bought where it is known.
live:
  onDemandUsdPerHour: { m5.2xlarge: 0.384 }
`,
  [SCENARIO_FILE]: `version: 1
name: starter
about: What would blocks save in an ordinary week of CI?
seed: 7                   # the same seed gives the same week, to the last digit
from: 2026-03-02T00:00:00Z
until: 2026-03-09T00:00:00Z
pools: pools.yaml

# What makes this no recorded week. Every result repeats it.
composed:
  - jobs are generated
  - prices of spot are taken as 0.3 of the on-demand price throughout

market:
  # USD per hour, for every instance type in use.
  onDemand:
    m5.2xlarge: 0.384
  spotShare: 0.3          # spot price as a share of on-demand, where no price is recorded
  interruptions: { model: none }

jobs:
  generate: {}            # a calibrated week; see docs/configuration.md for the settings

cluster:
  jobsPerNode: 1
  boot: { median: 70s, p95: 160s }

# Where jobs run that find no block.
onDemandGroup: { instanceType: m5.2xlarge, maxNodes: 200 }

# Limits that the result is held to; simulate exits with 1 if one is missed.
expect: {}                # for example { savingAtLeast: 0.2, killedAtMost: 0, waitP95AtMost: 6m }
`,
};
