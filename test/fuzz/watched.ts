import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setInterval } from 'node:timers';
import type { Found, Said } from './inputs.ts';

/** One input may take so many seconds of a processor; the slowest that is right takes a few on a machine of 2020. */
const MOST_CPU_SECONDS = 20;

/** Where the system does not tell the time of a processor, or a process waits for nothing: so many seconds by the clock. */
const MOST_SECONDS = 240;

/** What the heap of the process may grow to. */
const MOST_HEAP_MB = 512;

/** What ended a process before its time. */
export interface Ended {
  readonly index: number;
  readonly why: string;
}

/**
 * Tries the inputs of a seed from one number to another in a process of its own, with a watchdog. An input that hangs or
 * exhausts the memory ends the process; the rest is tried in a new one.
 *
 * @param child the program that tries: `child.ts`, or one with a planted reader
 */
export async function watched(
  seed: number,
  from: number,
  until: number,
  child = join(import.meta.dirname, 'child.ts'),
  mostCpuSeconds = MOST_CPU_SECONDS,
): Promise<{ readonly found: readonly Found[]; readonly ended: readonly Ended[] }> {
  const found: Found[] = [];
  const ended: Ended[] = [];
  for (let next = from; next < until; ) {
    const { reached, why } = await one(child, [seed, next, until].map(String), found, mostCpuSeconds);
    if (why === undefined && reached >= until) break;
    ended.push({ index: reached, why: why ?? 'the process ended by itself' });
    next = Math.max(reached, next) + 1;
    if (ended.length >= 10) break; // enough to mend
  }
  return { found, ended };
}

async function one(child: string, args: readonly string[], found: Found[], mostCpuSeconds: number) {
  const node = ['--import', 'tsx', `--max-old-space-size=${MOST_HEAP_MB}`];
  const running = spawn(process.execPath, [...node, child, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let reached = Number(args[1]) - 1;
  let why: string | undefined;
  let since = { at: performance.now(), cpu: 0 };
  let errors = '';
  running.stderr.on('data', (chunk) => {
    errors = `${errors}${String(chunk)}`.slice(-2_000);
  });
  const patience = setInterval(() => {
    const [seconds, cpu] = [(performance.now() - since.at) / 1_000, cpuSecondsOf(running.pid) - since.cpu];
    if (cpu <= mostCpuSeconds && seconds <= MOST_SECONDS) return;
    why ??= `did not return within ${mostCpuSeconds} s of a processor`;
    running.kill('SIGKILL');
  }, 500);
  const closed = new Promise<number | null>((resolve) => running.on('close', resolve));
  for await (const line of createInterface({ input: running.stdout })) {
    const said = JSON.parse(line) as Said;
    if ('found' in said) found.push(said.found);
    else {
      reached = said.index;
      since = { at: performance.now(), cpu: cpuSecondsOf(running.pid) };
    }
  }
  const code = await closed;
  clearInterval(patience);
  if (code !== 0)
    why ??= /heap out of memory|allocation failed/i.test(errors) ? `took more than ${MOST_HEAP_MB} MB` : errors;
  return { reached, why };
}

/** From `/proc`, in hundredths of a second; 0 where there is none. */
function cpuSecondsOf(pid: number | undefined): number {
  try {
    const fields =
      readFileSync(`/proc/${pid ?? 0}/stat`, 'utf8')
        .split(') ')[1]
        ?.split(' ') ?? [];
    return (Number(fields[11]) + Number(fields[12])) / 100;
  } catch {
    return 0;
  }
}
