import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { simulate } from '../../sim/simulate.ts';
import { cpuMs, median } from '../cpu.ts';
import { against, type Figure, missing } from '../figure.ts';
import type { FrozenWorld } from '../world.ts';

const NAME = 'week/vs-simpy';
const UNIT = 'ms a week';

/** Where an interpreter may be that has SimPy: the one that is meant by its name, and Debian's, which has Debian's packages. */
const PYTHONS = ['python3', '/usr/bin/python3'];

const run = promisify(execFile);

/** What SimPy's week came to. */
interface SimPyWeek {
  readonly ms: number;
  readonly launched: number;
  readonly jobs: number;
}

/** A simulated week beside the same one in SimPy, a process for each job, block and node; their turns alternate. */
export async function simpyFigure({ scenario, pools }: FrozenWorld, rounds: number): Promise<Figure> {
  const python = await withSimPy();
  if (python === undefined)
    return missing(NAME, UNIT, 'no Python here has SimPy (Debian: python3-simpy3, or python3-simpy)');
  const { from, until } = scenario;
  const within = scenario.jobs.filter(({ queuedAt }) => queuedAt >= from && queuedAt < until);
  const jobs = JSON.stringify(within.map(({ queuedAt, durationMs }) => [queuedAt - from, durationMs]));
  const ours: number[] = [];
  const theirs: number[] = [];
  await simulate(scenario, pools, 'warm', { digest: false });
  for (let round = 0; round < rounds; round += 1) {
    const before = cpuMs();
    const { jobs: counted } = await simulate(scenario, pools, 'week', { digest: false });
    await simulate(scenario, pools, 'week', { digest: false });
    ours.push((cpuMs() - before) / 2);
    const found = await simpyWeek(python, jobs);
    if (found.jobs !== counted.total) throw new Error(`SimPy ran ${found.jobs} of ${counted.total} jobs`);
    theirs.push(found.ms);
  }
  return against(NAME, UNIT, median(ours), median(theirs));
}

async function withSimPy(): Promise<string | undefined> {
  for (const python of PYTHONS) {
    const has = await run(python, ['-c', 'import simpy; simpy.Environment']).then(
      () => true,
      () => false,
    );
    if (has) return python;
  }
  return undefined;
}

async function simpyWeek(python: string, jobs: string): Promise<SimPyWeek> {
  const running = run(python, [resolve('bench/simpy/week.py')], { maxBuffer: 1_000_000 });
  running.child.stdin?.end(jobs);
  return JSON.parse((await running).stdout) as SimPyWeek;
}
