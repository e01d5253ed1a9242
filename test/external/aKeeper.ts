import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';

/** The built command as it runs in production, on its way to the services that the environment names. */
export interface AKeeper {
  /** What `GET /api/v1/blocks` tells. */
  blocks(): Promise<readonly ToldBlock[]>;
  /** Its last lines, for whoever wonders why it did something. */
  said(): string;
  /** SIGKILL. */
  kill(): void;
  /** SIGTERM; answers its exit code. */
  stop(): Promise<number | null>;
}

export interface ToldBlock {
  readonly id: string;
  readonly state: string;
  readonly instanceId: string | null;
  readonly node: string | null;
  /** How many run there. */
  readonly jobs: number;
}

export interface KeeperPlace {
  /** The path of its pools file. */
  readonly pools: string;
  readonly kubeconfig: string;
  readonly namespace: string;
  /** What leads AWS's clients to the endpoint. */
  readonly environment: Readonly<Record<string, string>>;
  /** The clock of a rehearsal, where it is not the real one. */
  readonly clock?: string;
}

const COMMAND = join(resolve(import.meta.dirname, '../..'), 'dist/bundle/cli/main.js');
const LINES_KEPT = 60;

/** Starts `run`; answers when its API can be asked. @throws Error with its last lines if it ends before */
export async function aKeeper({ pools, kubeconfig, namespace, environment, clock }: KeeperPlace): Promise<AKeeper> {
  const child = spawn(
    process.execPath,
    [
      COMMAND,
      'run',
      pools,
      '--port',
      '0',
      '--namespace',
      namespace,
      ...(clock === undefined ? [] : ['--clock', clock]),
    ],
    {
      env: { ...process.env, ...environment, KUBECONFIG: kubeconfig, POD_NAME: `keeper-${namespace}` },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const lines: string[] = [];
  const said = (): string => lines.slice(-LINES_KEPT).join('\n');
  createInterface({ input: child.stderr }).on('line', (line) => lines.push(line));
  const url = await new Promise<string>((found, failed) => {
    child.once('exit', (code) => {
      failed(new Error(`the keeper ended with ${String(code)}:\n${said()}`));
    });
    createInterface({ input: child.stdout }).on('line', (line) => {
      lines.push(line);
      const started = urlIn(line);
      if (started !== undefined) found(started);
    });
  });
  return {
    said,
    async blocks() {
      const answer = await fetch(new URL('/api/v1/blocks', url));
      // The shape is held by the tests of the API.
      return ((await answer.json()) as { readonly blocks: readonly ToldBlock[] }).blocks;
    },
    kill: () => child.kill('SIGKILL'),
    stop: () => ended(child),
  };
}

async function ended(child: ChildProcess): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) {
    const exit = once(child, 'exit');
    child.kill('SIGTERM');
    await exit;
  }
  return child.exitCode;
}

/** The address in the line that says that it has started. */
function urlIn(line: string): string | undefined {
  try {
    // A line of the log is an object; what of it is read here is checked.
    const { msg, url } = JSON.parse(line) as Readonly<Record<string, unknown>>;
    return msg === 'started' && typeof url === 'string' ? url : undefined;
  } catch {
    return undefined;
  }
}
