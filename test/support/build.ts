import { execFileSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../..');
const BUILT = join(ROOT, 'dist/build.tsbuildinfo');

/** Tests of the command run what users run, the built files: they are built once before all tests, if a source is newer. */
export default function build(): void {
  const builtAt = statSync(BUILT, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (
    ['src', 'policies', 'sim', 'data', 'fakes', 'report', 'check', 'cli', 'bench'].some(
      (folder) => newestIn(join(ROOT, folder)) > builtAt,
    )
  )
    for (const args of [['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'], ['bundle.mjs']])
      execFileSync(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 'ignore', 'inherit'] });
}

const newestIn = (folder: string): number =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((newest, entry) => Math.max(newest, statSync(join(entry.parentPath, entry.name)).mtimeMs), 0);
