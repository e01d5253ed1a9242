import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { ENDPOINT_VARIABLE, FAKES_VARIABLE, KUBECONFIG_VARIABLE } from './targets.ts';

const ROOT = resolve(import.meta.dirname, '../..');

/** What `npm run test:external` runs; answers what it wrote. Rejects where it ends with another code than 0. */
async function external(environment: Readonly<Record<string, string>>, ...suites: readonly string[]): Promise<string> {
  const args = ['node_modules/vitest/vitest.mjs', 'run', '--config', 'vitest.external.config.ts', ...suites];
  const unset = { [FAKES_VARIABLE]: '', [KUBECONFIG_VARIABLE]: '', [ENDPOINT_VARIABLE]: '' };
  const env = { ...process.env, ...unset, ...environment };
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: ROOT, env });
  return stdout;
}

it('says plainly what was not run where nothing is there to run against, and ends well', async () => {
  const lines = (await external({})).trimEnd().split('\n');
  expect(lines.slice(-4)).toEqual([
    `not run: cluster, leadership, ledger and events; ${KUBECONFIG_VARIABLE} names no kubeconfig`,
    `not run: template, launch, inventory, terminate and quote; ${ENDPOINT_VARIABLE} names no endpoint`,
    'not run: the rehearsal; it needs both of them',
    expect.stringMatching(/^0 passed, 0 failed, [1-9]\d* skipped$/),
  ]);
});

it('passes against the simulated services behind the manners of other servers', async () => {
  // Without the rehearsal, for it takes its time, and the process is rehearsed elsewhere.
  const told = await external({ [FAKES_VARIABLE]: 'rough' }, 'cluster', 'ec2', 'leadership');
  expect(told.trimEnd().split('\n').at(-1)).toMatch(/^[1-9]\d* passed, 0 failed, 0 skipped$/);
});
