import { execFile, execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fileOf } from '../support/chart.ts';
import { instructionsIn } from './dockerfile.ts';

const ROOT = resolve(import.meta.dirname, '../..');

// Known: an entry point in the form of a list is JSON.
const ENTRY_POINT = JSON.parse(
  instructionsIn(fileOf('Dockerfile')).find(({ word }) => word === 'ENTRYPOINT')?.rest ?? '[]',
) as readonly string[];

const LATE = `import { definePolicy, length, z } from 'spot-keeper/policy';

export default definePolicy({
  slot: 'renewal',
  name: 'late',
  about: 'Drains as late as it is told to.',
  options: z.strictObject({ lead: length().prefault('20m') }),
  create: ({ lead }) => ({
    timesFor: ({ lease: { expiresAt: end } }) => ({ relieveAt: end - lead, drainAt: end - lead, endBy: end }),
  }),
});
`;

interface Metafile {
  readonly outputs: Readonly<
    Record<string, { readonly inputs: Readonly<Record<string, { readonly bytesInOutput: number }>> }>
  >;
}

interface Manifest {
  readonly name: string;
  readonly version: string;
}

/** The layout of the image, in a folder in which nothing else is: no sources, no packages but the one that is copied. */
let image: string;

beforeAll(() => {
  image = mkdtempSync(join(tmpdir(), 'spot-keeper-image-'));
  execFileSync(process.execPath, [join(ROOT, 'bundle.mjs'), join(image, 'app'), join(image, 'meta.json')]);
  mkdirSync(join(image, 'app/node_modules'));
  cpSync(join(ROOT, 'node_modules/jiti'), join(image, 'app/node_modules/jiti'), { recursive: true });
  mkdirSync(join(image, 'tmp'));
});

afterAll(() => {
  rmSync(image, { recursive: true, force: true });
});

/** Runs the command as the image does, with the flags of its entry point. */
async function inImage(...args: readonly string[]): Promise<string> {
  const flags = ENTRY_POINT.slice(1).map((part) => part.replace(/^\/app\//, `${image}/app/`));
  const { stdout } = await promisify(execFile)(process.execPath, [...flags, ...args], {
    cwd: join(image, 'tmp'),
    env: { PATH: '/nowhere' },
  });
  return stdout;
}

describe('The bundle, in the layout of the image', () => {
  it('is small, and holds nothing but itself', () => {
    expect(readdirSync(join(image, 'app')).toSorted()).toEqual([
      ...['THIRD-PARTY-NOTICES.txt', 'cli', 'node_modules', 'package.json', 'policies'],
    ]);
  });

  it('brings the licence of every package of which it holds code, and of what is copied beside it', () => {
    // Known: what esbuild writes down.
    const { outputs } = JSON.parse(readFileSync(join(image, 'meta.json'), 'utf8')) as Metafile;
    const bundled = Object.values(outputs).flatMap(({ inputs }) =>
      Object.keys(inputs).filter((path) => inputs[path]!.bytesInOutput > 0 && path.includes('node_modules/')),
    );
    const packages = new Set(
      [...bundled, 'node_modules/jiti/index.js'].map((path) => {
        const at = path.lastIndexOf('node_modules/') + 'node_modules/'.length;
        const parts = path.slice(at).split('/');
        return path.slice(0, at) + parts.slice(0, path.charAt(at) === '@' ? 2 : 1).join('/');
      }),
    );
    expect(packages.size).toBeGreaterThan(20);
    const notices = readFileSync(join(image, 'app/THIRD-PARTY-NOTICES.txt'), 'utf8').split(`\n${'-'.repeat(80)}\n`);
    for (const folder of packages) {
      const { name, version } = JSON.parse(readFileSync(join(ROOT, folder, 'package.json'), 'utf8')) as Manifest;
      const notice = notices.find((one) => one.startsWith(`${name} ${version} (`));
      expect(notice, folder).toMatch(/permission|licen[cs]e|public domain/i);
      expect(notice?.length, folder).toBeGreaterThan(500);
    }
    expect(notices).toHaveLength(packages.size + 1);
  });

  it('leaves out what EC2 can do and no keeper asks for', () => {
    const parts = readdirSync(join(image, 'app/cli')).map((name) => readFileSync(join(image, 'app/cli', name), 'utf8'));
    const partsWith = (shape: string): number => parts.filter((text) => text.includes(`"${shape}"`)).length;
    expect(partsWith('DescribeInstancesRequest')).toBe(1);
    expect(partsWith('AcceptAddressTransferRequest')).toBe(0);
  });

  it('knows its release', async () => {
    const { version } = JSON.parse(fileOf('package.json')) as { readonly version: string };
    expect(await inImage('--version')).toBe(`${version}\n`);
  });

  it('has every command', async () => {
    const help = await inImage('--help');
    for (const command of ['simulate', 'replay', 'manifests', 'schema']) expect(help).toContain(`  ${command} `);
  });

  it('loads the clients of AWS and Kubernetes, which are made of older modules', async () => {
    expect(await inImage('run', '--help')).toContain('--namespace');
  });

  it('simulates with a policy in a file, in a thread of its own', async () => {
    cpSync(join(ROOT, 'scenarios/clock-change'), join(image, 'tmp/week'), { recursive: true });
    writeFileSync(join(image, 'tmp/week/late.ts'), LATE);
    const result = await inImage('simulate', 'week', '--renewal', './week/late.ts', '--json');
    expect(JSON.parse(result)).toMatchObject({ policies: 'weekly, ./late.ts, spreadZones' });
  });

  it('checks policies, in a thread of its own', async () => {
    expect(await inImage('check', 'surge', '--runs', '5', '--seed', '1')).toContain('surge holds');
  });

  it('prints manifests', async () => {
    writeFileSync(join(image, 'tmp/pools.yaml'), fileOf('docs/examples/pools.yaml'));
    expect(await inImage('manifests', 'pools.yaml')).toBe(fileOf('kubernetes.yml'));
  });
});
