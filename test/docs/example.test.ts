import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { aFolder, spotKeeper } from '../support/command.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const EXAMPLE = join(ROOT, 'docs/examples/own-policy');

describe('the example of a policy of one’s own', () => {
  it('passes its own test suite, as a project that has this package installed', () => {
    const folder = aFolder();
    cpSync(EXAMPLE, folder, { recursive: true });
    mkdirSync(join(folder, 'node_modules'));
    symlinkSync(ROOT, join(folder, 'node_modules/spot-keeper'));
    for (const name of ['vitest', 'zod'])
      symlinkSync(join(ROOT, 'node_modules', name), join(folder, 'node_modules', name));
    const vitest = join(ROOT, 'node_modules/vitest/vitest.mjs');
    const { status, stdout, stderr } = spawnSync(process.execPath, [vitest, 'run'], { cwd: folder, encoding: 'utf8' });
    expect(`${stdout}${stderr}`).toContain('1 passed');
    expect(status).toBe(0);
  });

  it('holds under the command, too', () => {
    const { code, stdout } = spotKeeper(['check', './bootAware.ts', '--runs', '50', '--seed', '1'], EXAMPLE);
    expect(stdout).toMatch(/^\.\/bootAware\.ts holds: 50 worlds/);
    expect(code).toBe(0);
  });
});
