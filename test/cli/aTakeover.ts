import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { KEEPER_NAMESPACE } from '../../fakes/names.ts';
import { type WireWorld, wireWorld } from '../../fakes/wireWorld.ts';
import type { Scenario } from '../../sim/scenario/scenario.ts';
import { type Instant, isoOf } from '../../src/domain/time.ts';

const MAIN = resolve(import.meta.dirname, '../../dist/bundle/cli/main.js');

/** A command as users start it, in a world on the wire whose time runs with the command's own. */
export interface Takeover {
  readonly world: WireWorld;
  readonly command: ChildProcess;
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Lets time pass until something has come true; fails where the command ends before. */
  readonly until: (isTrue: () => boolean) => Promise<void>;
  /** Sends a signal, and answers the exit code. */
  readonly end: (signal: NodeJS.Signals) => Promise<number | null>;
}

/** Simulated seconds in a real one, unless a test must wait for simulated time: how fast a process starts and answers decides nothing. */
const SPEED = 1;
const STEP_MS = 10;

/**
 * Starts `run` or `record` with variables and arguments. `furnish` puts into the world what is there before: at the
 * command's first call, since nobody knows how much time passes until then, and long before it asks for instances.
 */
export async function takeover(
  scenario: Scenario,
  env: Readonly<Record<string, string>>,
  args: readonly string[],
  furnish: (world: WireWorld) => void = () => undefined,
  speed = SPEED,
): Promise<Takeover> {
  const world = await wireWorld(scenario);
  let isFurnished = false;
  const folder = mkdtempSync(join(tmpdir(), 'spot-keeper-'));
  writeFileSync(join(folder, 'kubeconfig.yaml'), world.kubernetes.kubeconfig());
  const since = Date.now();
  const now = (): Instant => scenario.from + (Date.now() - since) * speed;
  const clock = `${isoOf(scenario.from)}@${speed}@${since}`;
  const command = spawn(process.execPath, [MAIN, ...args, '--namespace', KEEPER_NAMESPACE, '--clock', clock], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'], ...wireEnvironment(world, folder), ...env },
  });
  const [out, err]: [string[], string[]] = [[], []];
  command.stdout.setEncoding('utf8').on('data', (text: string) => out.push(text));
  command.stderr.setEncoding('utf8').on('data', (text: string) => err.push(text));
  let isOver = false;
  const exit = new Promise<number | null>((done) => {
    command.once('close', (code) => {
      isOver = true;
      done(code);
    });
  });
  onTestFinished(async () => {
    if (!isOver) command.kill('SIGKILL');
    await exit;
    await world.close();
    rmSync(folder, { recursive: true });
  });
  return {
    ...{ world, command, stdout: () => out.join(''), stderr: () => err.join('') },
    async until(isTrue) {
      while (!isTrue()) {
        if (isOver) throw new Error(`the command ended: ${err.join('')}`);
        for (const by = now(); world.now() < by; )
          if ((await world.advance(by)) === undefined) throw new Error('the scenario ended before it came true');
        if (!isFurnished && world.aws.calls.size > 0) {
          isFurnished = true;
          furnish(world);
        }
        await pause(STEP_MS);
      }
    },
    async end(signal) {
      command.kill(signal);
      world.account.wakePolls();
      return exit;
    },
  };
}

/** The variables that lead to a world's services. */
const wireEnvironment = (world: WireWorld, folder: string): Readonly<Record<string, string>> => ({
  KUBECONFIG: join(folder, 'kubeconfig.yaml'),
  AWS_ENDPOINT_URL: world.aws.url,
  AWS_REGION: world.account.region,
  AWS_ACCESS_KEY_ID: 'rehearsal',
  AWS_SECRET_ACCESS_KEY: 'rehearsal',
  POD_NAME: 'keeper-0',
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
});
