import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Export } from './output/estimate.ts';

/** What the surroundings say of the systems in use. */
export interface Surroundings {
  /** `https://github.com/OWNER/REPO.git`, one each; none where the folder is no checkout. */
  readonly remotes: readonly string[];
  readonly hasAws: boolean;
  readonly hasKubectl: boolean;
}

/** What there is in this folder and for this user. Nothing is asked over the network. */
export async function surroundings(
  folder: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Surroundings> {
  const home = env['HOME'] ?? env['USERPROFILE'] ?? '';
  const isThere = (...path: readonly string[]): boolean => home !== '' && existsSync(join(home, ...path));
  return {
    remotes: await remotesIn(folder),
    hasAws:
      ['AWS_PROFILE', 'AWS_REGION', 'AWS_DEFAULT_REGION', 'AWS_ACCESS_KEY_ID'].some(
        (name) => env[name] !== undefined,
      ) ||
      isThere('.aws', 'config') ||
      isThere('.aws', 'credentials'),
    hasKubectl: env['KUBECONFIG'] !== undefined || isThere('.kube', 'config'),
  };
}

const remotesIn = (folder: string): Promise<readonly string[]> =>
  new Promise((resolve) => {
    execFile('git', ['-C', folder, 'remote', '-v'], { timeout: 5_000 }, (error, stdout) => {
      const urls = error === null ? stdout.split('\n').flatMap((line) => line.split(/\s+/)[1] ?? []) : [];
      resolve([...new Set(urls)]);
    });
  });

/** The seven days for which files are asked: whole UTC days, the last of them over. */
export interface ExportedWeek {
  /** `2026-03-02`. */
  readonly from: string;
  /** `2026-03-09`, not part of it. */
  readonly until: string;
  /** `m5.2xlarge`. */
  readonly instanceType: string;
}

/** The week that ended with the last midnight in UTC. */
export function lastWeek(now: Date, instanceType = 'm5.2xlarge'): ExportedWeek {
  const day = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
  return { from: day(now.getTime() - 7 * 86_400_000), until: day(now.getTime()), instanceType };
}

/**
 * The commands for the systems that the surroundings show; for the jobs those of all systems where they show none, and for
 * prices that of AWS in any case.
 */
export function exportsFor({ remotes, hasKubectl }: Surroundings, week: ExportedWeek): readonly Export[] {
  const found = [
    ...remotes.flatMap((url) => {
      const path = /github\.com[:/]([\w.-]+\/[\w.-]+?)(?:\.git)?\/?$/i.exec(url)?.[1];
      return path === undefined ? [] : [gitHub(path, week)];
    }),
    ...(remotes.some((url) => /gitlab/i.test(url)) ? [gitLab()] : []),
    ...(hasKubectl ? [kubernetes()] : []),
  ];
  const jobs = found.some(({ holds }) => holds === 'jobs')
    ? found
    : [gitHub('OWNER/REPO', week), gitLab(), kubernetes()];
  return [...jobs, pricesExport(week)];
}

const gitHub = (path: string, { from, until }: ExportedWeek): Export => ({
  system: 'GitHub Actions',
  holds: 'jobs',
  command: `gh api --paginate "repos/${path}/actions/runs?created=${from}..${until}&per_page=100" --jq '.workflow_runs[].id' |
  while read -r run; do gh api --paginate "repos/${path}/actions/runs/$run/jobs?per_page=100"; done > jobs.json`,
});

const gitLab = (): Export => ({
  system: 'GitLab',
  holds: 'jobs',
  command: 'glab api --paginate "projects/:id/jobs?per_page=100" > jobs.json',
});

const kubernetes = (): Export => ({
  system: 'Kubernetes',
  holds: 'jobs',
  command: 'kubectl get pods -A -o json > jobs.json   # only pods that are still listed; -n NAMESPACE of your runners',
});

/** The prices of a week, as `aws` fetches them. */
export const pricesExport = ({ from, until, instanceType }: ExportedWeek): Export => ({
  system: 'AWS',
  holds: 'prices',
  command: `aws ec2 describe-spot-price-history --instance-types ${instanceType} --product-descriptions Linux/UNIX \\
  --start-time ${from}T00:00:00Z --end-time ${until}T00:00:00Z --output json > prices.json`,
});

/** AWS keeps spot prices for so many days. */
export const PRICES_KEPT_DAYS = 90;
