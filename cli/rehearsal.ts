import { type ChildProcess, spawn } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseDocument } from 'yaml';
import { KEEPER_NAMESPACE, QUEUE } from '../fakes/names.ts';
import { type WireWorld, wireWorld } from '../fakes/wireWorld.ts';
import { DEFAULT_POOLS, SCENARIO_FILE } from '../sim/scenario/paths.ts';
import { tryScenarioText } from '../sim/scenario/readScenario.ts';
import type { Scenario } from '../sim/scenario/scenario.ts';
import { type Instant, isoOf } from '../src/domain/time.ts';

export interface RehearsalSettings {
  /** The scenario's folder: its pools file, and the files beside it, are what the keeper reads. */
  readonly dir: string;
  readonly scenario: Scenario;
  /** Simulated seconds in a real one. */
  readonly speed: number;
  /** More arguments for `run`. */
  readonly runArgs: readonly string[];
  /** The keeper's output goes where this process's goes, or is kept from it. */
  readonly stdio: 'inherit' | 'ignore';
  /** Changes what is there before the keeper starts. */
  readonly furnish?: ((world: WireWorld) => void) | undefined;
}

/** A scenario's services, and the real keeper process that runs against them. */
export interface Rehearsal {
  readonly world: WireWorld;
  readonly keeper: ChildProcess;
  /** Lets time pass until the scenario ends, the keeper does, or the signal comes; answers the instant reached. */
  live(signal: AbortSignal): Promise<Instant>;
  /** Tells the keeper to stop, waits for it, and takes everything away; answers its exit code. */
  end(): Promise<number | null>;
}

/** Real milliseconds between two steps of the services. */
const STEP_MS = 20;

/** Starts the services of a scenario on this machine, and the real keeper against them. */
export async function rehearsal(settings: RehearsalSettings): Promise<Rehearsal> {
  const { dir, scenario, speed, runArgs, stdio } = settings;
  const world = await wireWorld(scenario);
  settings.furnish?.(world);
  const folder = await mkdtemp(join(tmpdir(), 'spot-keeper-rehearsal-'));
  await cp(dir, join(folder, 'scenario'), { recursive: true });
  const pools = join(folder, 'scenario', await poolsNameIn(dir));
  await writeFile(pools, livePools(await readFile(pools, 'utf8'), scenario, world));
  const kubeconfig = join(folder, 'kubeconfig.yaml');
  await writeFile(kubeconfig, world.kubernetes.kubeconfig());

  const since = Date.now();
  const clock = `${isoOf(scenario.from)}@${speed}@${since}`;
  const keeper = spawn(
    process.execPath,
    [MAIN, 'run', pools, '--port', '0', '--namespace', KEEPER_NAMESPACE, '--clock', clock, ...runArgs],
    {
      stdio: ['ignore', stdio, stdio],
      env: {
        ...process.env,
        KUBECONFIG: kubeconfig,
        AWS_ENDPOINT_URL: world.aws.url,
        AWS_REGION: world.account.region,
        AWS_ACCESS_KEY_ID: 'rehearsal',
        AWS_SECRET_ACCESS_KEY: 'rehearsal',
        POD_NAME: 'rehearsal-0',
        // Says nothing about a rehearsal, and would stand among its first lines.
        AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
      },
    },
  );
  const gone = new Promise<number | null>((resolve) => {
    keeper.once('exit', (code) => {
      resolve(code);
    });
  });

  return {
    world,
    keeper,
    async live(signal) {
      let reached: Instant = scenario.from;
      while (!signal.aborted && keeper.exitCode === null && keeper.signalCode === null) {
        const target = scenario.from + (Date.now() - since) * speed;
        while (reached < target) {
          const next = await world.advance(target);
          if (next === undefined) return scenario.until;
          reached = next;
        }
        await new Promise((resolve) => setTimeout(resolve, STEP_MS));
      }
      return reached;
    },
    async end() {
      keeper.kill('SIGTERM');
      // The queue's long poll is answered by the simulated clock, which has stopped.
      world.account.wakePolls();
      const code = await gone;
      await world.close();
      await rm(folder, { recursive: true, force: true });
      return code;
    },
  };
}

/** The command as it was built: beside this module, or where the sources are built to. */
const MAIN = fileURLToPath(
  import.meta.url.endsWith('.ts')
    ? new URL('../dist/bundle/cli/main.js', import.meta.url)
    : new URL('./main.js', import.meta.url),
);

async function poolsNameIn(dir: string): Promise<string> {
  const text = await readFile(join(dir, SCENARIO_FILE), 'utf8');
  return tryScenarioText(text, SCENARIO_FILE).value?.pools ?? DEFAULT_POOLS;
}

/** The pools file as a cluster would have it: with the queue, and prices that no endpoint tells. */
function livePools(text: string, scenario: Scenario, world: WireWorld): string {
  const document = parseDocument(text);
  const queue = `${world.aws.url}/${world.account.accountId}/${QUEUE}`;
  document.setIn(['live', 'interruptionQueue'], queue);
  for (const [type, usd] of Object.entries(scenario.market.onDemand))
    document.setIn(['live', 'onDemandUsdPerHour', type], usd);
  return document.toString();
}
