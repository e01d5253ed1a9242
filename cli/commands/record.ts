import { Command, Option } from 'commander';
import { BadInput } from '../../src/config/mistakes.ts';
import { LOG_LEVELS, type LogLevel, log } from '../../src/live/observers/log.ts';
import { systemClock } from '../../src/live/ports/clock.ts';
import { record } from '../../src/live/record/record.ts';
import { lengthOf } from '../../src/policy/options.ts';
import type { UserPolicies } from '../../src/userPolicies/userPolicies.ts';
import { RECORDING_FORMAT, RECORDING_VERSION, type RecordingHeader } from '../../src/world/recording.ts';
import { reasonOf } from '../files.ts';
import { flagValues } from '../flagValues.ts';
import { type LiveFlags, liveDoors, livePlace, withLiveFlags } from '../live.ts';
import { equivalentText, poolsFor } from '../poolsFor.ts';
import { release } from '../release.ts';
import { withUserPolicies } from '../userPolicies.ts';

interface Flags extends LiveFlags {
  readonly into: string;
  readonly poll: string;
  readonly logLevel: LogLevel;
}

/** `record [POOLS] --into DIR`: what the cluster and the market are like, without changing anything, until SIGTERM. */
export const command = (): Command =>
  withLiveFlags(
    new Command('record')
      .description(
        'write down jobs, on-demand nodes and spot prices as they are, changing nothing, until SIGTERM or Ctrl-C',
      )
      .argument('[pools]', 'a pools file: its groups, types, zones and job patterns; or ASG_NAME … in the environment')
      .requiredOption('--into <dir>', 'a folder of its own; a second run in it goes on where the first ended')
      .option('--poll <length>', 'how often groups are listed', '30s')
      .addOption(new Option('--log-level <level>', 'what is written to stderr').choices(LOG_LEVELS).default('warn')),
  ).action((path: string | undefined, flags: Flags) => withUserPolicies((policies) => run(path, flags, policies)));

async function run(path: string | undefined, flags: Flags, policies: UserPolicies): Promise<void> {
  const values = flagValues();
  const pollMs = values.length('--poll', flags.poll);
  values.check();
  const { file, equivalent } = await poolsFor(path, policies);
  if (equivalent !== undefined) process.stderr.write(equivalentText(equivalent));

  const place = await livePlace();
  // stdout is for the result.
  const telemetry = log({ clock: flags.clock ?? systemClock, level: flags.logLevel, to: process.stderr });
  const told = { called: telemetry.called ?? nothing, noted: telemetry.noted ?? nothing };
  const doors = liveDoors(place, flags, told);
  const stopping = new AbortController();
  const header: RecordingHeader = {
    format: RECORDING_FORMAT,
    version: RECORDING_VERSION,
    ...{ release, source: 'record', tz: process.versions['tz'] ?? 'unknown', pools: file },
  };
  const recording = await record({
    ...{ ...doors, telemetry: told, file, folder: flags.into, header, pollMs, signal: stopping.signal },
  }).catch((error: unknown) => {
    throw new BadInput([{ file: flags.into, message: `cannot be written to: ${reasonOf(error)}` }]);
  });
  process.stderr.write(
    `recording into ${flags.into}, every ${lengthOf(pollMs)}; nothing is changed. SIGTERM or Ctrl-C ends it.\n`,
  );
  await stopAsked();
  stopping.abort();
  await recording.ended;
  doors.aws.destroy();
  const { written } = recording;
  process.stdout.write(
    [
      `recorded ${written('job.queued')} jobs, ${written('node.joined')} nodes, ${written('price.changed')} prices`,
      `next: spot-keeper distil ${flags.into} --into my-week\n`,
    ].join('\n'),
  );
}

const nothing = (): void => undefined;

const stopAsked = (): Promise<void> =>
  new Promise((resolve) => {
    for (const name of ['SIGTERM', 'SIGINT'] as const)
      process.once(name, () => {
        resolve();
      });
  });
