import type { Command } from 'commander';
import { BadInput } from '../src/config/mistakes.ts';
import { systemClock } from '../src/live/ports/clock.ts';
import { silent } from '../src/live/ports/telemetry.ts';
import { type Look, type LookSettings, look, PATIENCE_MS } from '../src/look/look.ts';
import { lengthOf } from '../src/policy/options.ts';
import type { UserPolicies } from '../src/userPolicies/userPolicies.ts';
import { flagValues } from './flagValues.ts';
import { type LiveFlags, liveDoors, livePlace, withLiveFlags } from './live.ts';
import { poolsFor } from './poolsFor.ts';

/** The flags of every command that looks at a real cluster and account, and changes nothing there. */
export interface LookFlags extends LiveFlags {
  readonly keeper?: string;
  readonly timeout: string;
  readonly json?: true;
}

export const withLookFlags = (command: Command): Command =>
  withLiveFlags(command)
    .option('--keeper <url>', 'where a keeper that runs answers, to be asked what it was refused lately')
    .option('--timeout <length>', 'what has no answer by then is unknown', lengthOf(PATIENCE_MS))
    .option('--json', 'print one JSON value');

/**
 * Looks, and does something with what was seen; the connections are closed after it.
 *
 * @throws BadInput for pools, flags or an environment with mistakes
 */
export async function looking(
  path: string | undefined,
  flags: LookFlags,
  policies: UserPolicies,
  then: (seen: Look, settings: LookSettings) => Promise<void> | void,
): Promise<void> {
  const values = flagValues();
  const patienceMs = values.length('--timeout', flags.timeout);
  values.check();
  if (flags.keeper !== undefined && !URL.canParse(flags.keeper))
    throw new BadInput([
      {
        file: '--keeper',
        message: `expected a URL such as http://localhost:8080, found ${JSON.stringify(flags.keeper)}`,
      },
    ]);
  const { file, pools } = await poolsFor(path, policies);
  const doors = liveDoors(await livePlace(), { ...flags, clock: flags.clock ?? systemClock }, silent);
  try {
    const settings = { ...doors, telemetry: silent, file, pools, keeperUrl: flags.keeper, patienceMs };
    await then(await look(settings), settings);
  } finally {
    doors.aws.destroy();
  }
}
