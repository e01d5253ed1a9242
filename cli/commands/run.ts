import { readFile } from 'node:fs/promises';
import { Command, Option } from 'commander';
import type { PoolsFile } from '../../src/config/pools.ts';
import { isPriced } from '../../src/domain/words.ts';
import { newKeeper } from '../../src/keeper/keeper.ts';
import { type Keeping, keep } from '../../src/live/control/keep.ts';
import { serve } from '../../src/live/http/serve.ts';
import { history } from '../../src/live/observers/history.ts';
import { NO_HOLDS } from '../../src/live/observers/holdCounts.ts';
import { kubernetesEvents } from '../../src/live/observers/kubernetesEvents.ts';
import { LOG_LEVELS, type LogLevel, log } from '../../src/live/observers/log.ts';
import { metrics } from '../../src/live/observers/metrics.ts';
import { observers } from '../../src/live/observers/observers.ts';
import type { Present } from '../../src/live/observers/present.ts';
import { type Recorder, recorder } from '../../src/live/observers/recorder.ts';
import { systemClock } from '../../src/live/ports/clock.ts';
import type { Telemetry } from '../../src/live/ports/telemetry.ts';
import { serveJobDelay } from '../../src/live/webhook/serveJobDelay.ts';
import type { UserPolicies } from '../../src/userPolicies/userPolicies.ts';
import { RECORDING_FORMAT, RECORDING_VERSION } from '../../src/world/recording.ts';
import { type LiveFlags, liveDoors, livePlace, withLiveFlags } from '../live.ts';
import { wholeNumber } from '../options.ts';
import { equivalentText, poolsFor } from '../poolsFor.ts';
import { release } from '../release.ts';
import { withLivePolicies } from '../userPolicies.ts';

interface Flags extends LiveFlags {
  readonly host: string;
  readonly port: number;
  readonly allowHost?: readonly string[];
  readonly record?: string;
  readonly logLevel?: LogLevel;
  readonly printPools?: true;
  readonly webhookCerts?: string;
  readonly webhookPort: number;
}

/** By then a process that was told to stop has gone, whatever still hangs. */
const STOP_MS = 9_000;

/** `run [POOLS]`: keeps the pools, in the cluster and the account that the environment names, until SIGTERM. */
export const command = (): Command =>
  withLiveFlags(
    new Command('run')
      .description('keep the pools: buy, renew, drain and end real instances, until SIGTERM or Ctrl-C')
      .argument(
        '[pools]',
        'a pools file; without one, the variables of the original scripts say what to keep (ASG_NAME …)',
      )
      .option('--print-pools', 'print the pools file that the variables come to, and end')
      .option('--host <address>', 'where the HTTP API listens', '127.0.0.1')
      .option('--port <number>', 'its port; 0 takes any that is free', wholeNumber, 8080)
      .option('--allow-host <name>', 'a name under which the API may be asked for, beside localhost', listed)
      .option(
        '--webhook-certs <dir>',
        'serve the webhook that creates job pods with a short delay, with tls.crt and tls.key of this folder',
      )
      .option('--webhook-port <number>', 'its port', wholeNumber, 8443)
      .option('--record <dir>', 'write recordings into this folder, which replay and distil read')
      .addOption(new Option('--log-level <level>', 'what is written to the log').choices(LOG_LEVELS)),
  ).action((path: string | undefined, flags: Flags) => withLivePolicies((policies) => run(path, flags, policies)));

async function run(path: string | undefined, flags: Flags, policies: UserPolicies): Promise<void> {
  const { file, pools, equivalent } = await poolsFor(path, policies);
  if (flags.printPools === true) {
    process.stdout.write(equivalent?.text ?? (await readFile(path ?? '', 'utf8')));
    return;
  }
  const place = await livePlace();
  // What it runs on is nowhere else to be seen.
  if (equivalent !== undefined) process.stderr.write(equivalentText(equivalent));
  const clock = flags.clock ?? systemClock;
  const startedAt = clock.now();
  const stopping = new AbortController();
  const { signal } = stopping;

  // Observers look at the keeping, which in turn tells them: it comes to be after them.
  const held: { keeping?: Keeping } = {};
  const nothing = newKeeper(pools);
  const present: Present = {
    keeper: () => held.keeping?.keeper() ?? nothing,
    now: clock.now,
    leader: () => held.keeping?.leader(),
    reachable: () => held.keeping?.reachable() ?? false,
    keepingSince: () => held.keeping?.keepingSince(),
    lastTurnAt: () => held.keeping?.lastTurnAt(),
    inventoryAt: () => held.keeping?.inventoryAt(),
    synced: () => held.keeping?.synced() ?? false,
    conditions: () => held.keeping?.conditions() ?? [],
    holds: (pool) => held.keeping?.holds(pool) ?? NO_HOLDS,
  };
  const logged = log({ clock, level: flags.logLevel });
  const measured = metrics({ pools: file, present, release, process: true });
  const told = history({ startedAt });
  const early = observers([logged, measured, told]);
  const recording = flags.record === undefined ? undefined : await recorderIn(flags.record, file, early);
  const all = observers([logged, measured, told, ...(recording === undefined ? [] : [recording])]);

  const doors = liveDoors(place, flags, all);
  const events = kubernetesEvents({ ...doors, fleet: file.fleet, telemetry: all, instance: doors.identity, signal });
  const api = await serve({
    ...{ host: flags.host, port: flags.port, allowedHosts: flags.allowHost ?? [], telemetry: all },
    sources: { ...present, startedAt: () => startedAt, release, fleet: file.fleet, metrics: measured, history: told },
  });
  const webhook =
    flags.webhookCerts === undefined
      ? undefined
      : await serveJobDelay({
          ...{ port: flags.webhookPort, host: flags.host, folder: flags.webhookCerts },
          ...{ clock, telemetry: all, signal },
        });
  all.noted('info', 'started', { release, fleet: file.fleet, url: api.url });

  const keeping = keep({ ...doors, file, pools, telemetry: all, events, watch: all.turn, signal });
  held.keeping = keeping;
  // What was asked of the whole cluster, wherever it ran: a scenario distilled from the recording needs it.
  keeping.cluster.onChange((change) => {
    if (change.type !== 'job.finished') return;
    const { job, durationMs } = change;
    recording?.condition({ type: 'job.queued', at: clock.now() - durationMs, job, durationMs });
  });
  const why = await stopAsked();
  all.noted('info', 'stopping', { why });
  // Nothing here may hang for ever: what is cut off is in the ledger.
  setTimeout(() => {
    logged.flush();
    process.exit(0);
  }, STOP_MS).unref();
  stopping.abort();
  await keeping.ended;
  await recording?.close();
  await api.close();
  await webhook?.closed;
  doors.aws.destroy();
  all.noted('info', 'stopped');
  logged.flush();
}

/** SIGTERM as Kubernetes sends it, or Ctrl-C. A second one ends the process at once. */
const stopAsked = (): Promise<string> =>
  new Promise((resolve) => {
    for (const name of ['SIGTERM', 'SIGINT'] as const)
      process.once(name, () => {
        process.once(name, () => process.exit(130));
        resolve(name);
      });
  });

const recorderIn = (folder: string, pools: PoolsFile, telemetry: Telemetry): Promise<Recorder> =>
  recorder({
    folder,
    telemetry,
    header: {
      format: RECORDING_FORMAT,
      version: RECORDING_VERSION,
      release,
      source: 'live',
      tz: process.versions['tz'] ?? 'unknown',
      pools,
    },
    isPriced,
  });

const listed = (name: string, before: readonly string[] = []): readonly string[] => [...before, name];
