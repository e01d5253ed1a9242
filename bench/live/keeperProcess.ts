import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';

/** What the kernel says of a process. */
export interface Usage {
  /** Resident memory now, and the most that it ever was, in MB of a million bytes. */
  readonly rssMb: number;
  readonly peakMb: number;
  /** CPU time of user and system together, in seconds, since the process began. */
  readonly cpuSeconds: number;
}

/** The ticks in which Linux counts the CPU time of a process (USER_HZ). */
const TICKS_PER_SECOND = 100;

/** What a living process has used. Linux only. */
export async function usageOf(pid: number): Promise<Usage> {
  const [status, stat] = await Promise.all([
    readFile(`/proc/${pid}/status`, 'utf8'),
    readFile(`/proc/${pid}/stat`, 'utf8'),
  ]);
  const megabytes = (field: string): number =>
    (Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) * 1_024) / 1e6;
  // After the name, which stands in brackets and may hold anything: `utime` and `stime` are fields 14 and 15 of them all.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return {
    rssMb: megabytes('VmRSS'),
    peakMb: megabytes('VmHWM'),
    cpuSeconds: (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND,
  };
}

/** A keeper in a process of its own. */
export interface KeeperProcess {
  readonly usage: () => Promise<Usage>;
  /** CPU seconds when it first said that it was ready. */
  readonly startCpuSeconds: number;
  /** Ends it by SIGKILL: it can do nothing more, not even say so. */
  readonly kill: () => Promise<void>;
  /** The value of a series, `name` or `name{label="value"}`; NaN where there is none. */
  readonly metric: (series: string) => Promise<number>;
  readonly stop: () => Promise<void>;
}

const READY_WITHIN_MS = 60_000;
const STOPPED_WITHIN_MS = 15_000;

/**
 * Starts `node … run …` and waits until it is ready.
 * @throws Error with its log where it ends, or is not ready within a minute
 */
export async function startKeeper({
  args,
  env,
}: {
  /** Of node: its flags, the command, and the arguments of the command, among them `--port 0`. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}): Promise<KeeperProcess> {
  const child = spawn(process.execPath, [...args], {
    env: { PATH: process.env['PATH'] ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const log: string[] = [];
  const url = new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      log.push(line);
      const found = /"url":"([^"]+)"/.exec(line)?.[1];
      if (found !== undefined) resolve(found);
    });
    createInterface({ input: child.stderr }).on('line', (line) => log.push(line));
    child.once('exit', () => {
      reject(new Error(`the keeper ended: ${log.slice(-20).join('\n')}`));
    });
  });
  const { pid } = child;
  if (pid === undefined) throw new Error(`${process.execPath} cannot be started`);
  try {
    const api = await url;
    await readyAt(api, log);
    const { cpuSeconds: startCpuSeconds } = await usageOf(pid);
    return {
      startCpuSeconds,
      usage: () => usageOf(pid),
      metric: (series) => metricAt(api, series),
      kill: async () => {
        const exited = once(child, 'exit');
        child.kill('SIGKILL');
        await exited;
      },
      stop: () => stop(child),
    };
  } catch (error) {
    await stop(child);
    throw error;
  }
}

async function readyAt(api: string, log: readonly string[]): Promise<void> {
  const until = performance.now() + READY_WITHIN_MS;
  while (performance.now() < until) {
    const { ok } = await fetch(`${api}/readyz`);
    if (ok) return;
    await pause(20);
  }
  throw new Error(`the keeper is not ready: ${log.slice(-20).join('\n')}`);
}

async function metricAt(api: string, series: string): Promise<number> {
  const text = await (await fetch(`${api}/metrics`)).text();
  const line = text.split('\n').find((one) => one.startsWith(`${series} `));
  return line === undefined ? NaN : Number(line.slice(series.length + 1));
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOPPED_WITHIN_MS);
  await exited;
  clearTimeout(timer);
}

/** What this Node.js needs that does nothing: the floor. */
export async function bareNode(): Promise<Usage> {
  const child = spawn(process.execPath, ['-e', 'console.log(1); setInterval(() => {}, 1e6)'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    await once(child.stdout, 'data');
    await pause(1_000);
    return await usageOf(child.pid ?? 0);
  } finally {
    await stop(child);
  }
}
