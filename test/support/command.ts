import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { onTestFinished } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');

/** The built command. */
export const COMMAND = join(ROOT, 'dist/bundle/cli/main.js');

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the built command as a user does, in a folder of its own or the one that is named, with this environment or `env`. */
export function spotKeeper(args: readonly string[], cwd: string = ROOT, env: NodeJS.ProcessEnv = process.env): Ran {
  const { status, stdout, stderr } = spawnSync(process.execPath, [COMMAND, ...args], {
    ...{ cwd, env },
    encoding: 'utf8',
  });
  return { code: status, stdout, stderr };
}

/** A folder that is gone when the test is. */
export function aFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'spot-keeper-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

export const scenarioFolder = (name: string): string => join(ROOT, 'scenarios', name);
