import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');

/** A bug as a patch; the lines before the patch say what is wrong and what notices it. */
interface Bug {
  readonly name: string;
  readonly patch: string;
  readonly about: string;
  /** The file of the test. */
  readonly test: string;
  /** The test's own name, or a part of it. */
  readonly title: string;
  /** A command that the test is skipped without. */
  readonly needs: string | undefined;
}

const bugs: readonly Bug[] = readdirSync(import.meta.dirname)
  .filter((name) => name.endsWith('.patch'))
  .map((name) => {
    const patch = join(import.meta.dirname, name);
    const text = readFileSync(patch, 'utf8');
    const said = (key: string): string =>
      new RegExp(`^${key}: (.+)$`, 'm').exec(text)?.[1] ?? missing(`${name} does not say "${key}: …"`);
    return {
      name: name.replace('.patch', ''),
      patch,
      about: said('Bug'),
      test: said('Test'),
      title: said('Caught by'),
      needs: /^Needs: (.+)$/m.exec(text)?.[1],
    };
  });

describe('a bug put in on purpose is caught', () => {
  let copy = '';

  beforeAll(() => {
    copy = mkdtempSync(join(tmpdir(), 'spot-keeper-planted-'));
    for (const file of run('git', ['ls-files', '-z'], ROOT).stdout.split('\0').filter(Boolean)) {
      mkdirSync(dirname(join(copy, file)), { recursive: true });
      cpSync(join(ROOT, file), join(copy, file), { dereference: false });
    }
    // Without a build: what is tried runs from the sources.
    writeFileSync(join(copy, 'vitest.one.config.mjs'), 'export default { test: { testTimeout: 600_000 } };\n');
    symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
  });
  afterAll(() => {
    rmSync(copy, { recursive: true, force: true });
  });

  it.for(bugs)('$name: $about', ({ patch, test, title, needs }, { skip }) => {
    if (needs !== undefined) skip(run(needs, ['--version'], copy).code !== 0, `its test needs ${needs}`);
    const args = ['apply', '--whitespace=nowarn', patch];
    expect(run('git', args, copy), 'the patch fits the sources').toMatchObject({ code: 0 });
    try {
      const vitest = join(ROOT, 'node_modules/vitest/vitest.mjs');
      const only = ['-t', title.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)];
      const asked = [vitest, 'run', '--config', 'vitest.one.config.mjs', test, ...only];
      const { code, stdout } = run(process.execPath, asked, copy);
      const failed = stdout.split('\n').filter((line) => /^\s*FAIL /.test(line));
      expect(
        failed.filter((line) => line.includes(title)),
        `${test} fails in "${title}"`,
      ).not.toEqual([]);
      expect(code).not.toBe(0);
    } finally {
      run('git', [...args.slice(0, 1), '-R', ...args.slice(1)], copy);
    }
  });
});

function run(
  command: string,
  args: readonly string[],
  cwd: string,
): { readonly code: number | null; readonly stdout: string } {
  // Not as a part of any repository: the copy has none.
  const env = { ...process.env, GIT_CEILING_DIRECTORIES: dirname(cwd), VITEST: '', VITEST_POOL_ID: '', NO_COLOR: '1' };
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, env, encoding: 'utf8', maxBuffer: 1 << 28 });
  return { code: status, stdout: `${stdout}${stderr}` };
}

function missing(what: string): never {
  throw new Error(what);
}
