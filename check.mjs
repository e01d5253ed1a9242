// `npm run check`: types, lint and format beside the fast tests, each on a core of its own; what fails is printed last.
import { spawn } from 'node:child_process';
import { join } from 'node:path';

const bin = join(import.meta.dirname, 'node_modules');
const startedAt = Date.now();

/** One after the other, and no further than what fails. */
const lanes = [
  [
    ['types', `${bin}/typescript/bin/tsc`],
    ['lint', 'lint.mjs', '--near'],
    ['format', `${bin}/@biomejs/biome/bin/biome`, 'check', '--error-on-warnings', '.'],
  ],
  [['tests', `${bin}/vitest/vitest.mjs`, 'run', '--config', 'vitest.check.config.ts']],
];
const failed = (await Promise.all(lanes.map(runLane))).filter((name) => name !== undefined);
console.log(
  `check: ${failed.length === 0 ? 'passed' : `failed in ${failed.join(' and ')}`} in ${Math.round((Date.now() - startedAt) / 1000)} s`,
);
process.exitCode = failed.length === 0 ? 0 : 1;

/** The step that failed; undefined if none did. */
async function runLane(steps) {
  for (const [name, ...args] of steps) {
    const { code, output } = await ran(args);
    process.stdout.write(`${output.trimEnd()}${output.trim() === '' ? '' : '\n'}`);
    if (code !== 0) return name;
  }
  return undefined;
}

function ran(args) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { cwd: import.meta.dirname });
    const chunks = [];
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => chunks.push(chunk));
    child.on('close', (code) => resolve({ code, output: Buffer.concat(chunks).toString() }));
  });
}
