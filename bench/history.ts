import { execFile } from 'node:child_process';
import { appendFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { type Figure, rounded } from './figure.ts';

/** One run of the bench, a line of `bench/history.jsonl`. */
export interface HistoryLine {
  readonly at: string;
  /** `-dirty` behind it where the tree had changes. */
  readonly commit: string;
  readonly machine: { readonly processors: string; readonly memoryGb: number; readonly node: string };
  readonly quick: boolean;
  readonly figures: readonly Figure[];
}

/** Adds a run to the history. */
export async function record(quick: boolean, figures: readonly Figure[]): Promise<void> {
  const line: HistoryLine = {
    at: new Date().toISOString(),
    commit: await commit(),
    machine: machine(),
    quick,
    figures: figures.map(rounded),
  };
  await appendFile(resolve('bench/history.jsonl'), `${JSON.stringify(line)}\n`);
}

function machine(): HistoryLine['machine'] {
  const all = cpus();
  return {
    processors: `${all.length} x ${all[0]?.model.trim() ?? 'unknown'}`,
    memoryGb: Math.round(totalmem() / 1e9),
    node: process.version,
  };
}

async function commit(): Promise<string> {
  const run = promisify(execFile);
  try {
    return (await run('git', ['describe', '--always', '--dirty', '--abbrev=10'])).stdout.trim();
  } catch {
    return 'unknown';
  }
}
