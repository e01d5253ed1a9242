import { holdsJobs } from '../../config/pools.ts';
import { MOST_LOST_SHARE } from '../../live/kubernetes/holdShares.ts';
import { lostShare } from '../../live/observers/holdCounts.ts';
import type { Look } from '../look.ts';
import { checking, type Finding } from './finding.ts';

const percent = (share: number): string => `${Number((share * 100).toPrecision(2))} %`;

/** Whether holds are written before Cluster Autoscaler may buy, by what the keeper that leads has counted. */
export const holdFindings = ({ file, running }: Pick<Look, 'file' | 'running'>): readonly Finding[] =>
  file.pools.filter(holdsJobs).map(({ name }): Finding => {
    const check = checking('holds', name);
    if (running === undefined)
      return check.unknown(
        'how many holds come too late is known to the keeper alone',
        'ask the keeper that leads: --keeper URL',
      );
    if (running.kind === 'unknown') return check.unknown(running.why);
    if (running.value.leads !== true) return check.unknown('the keeper that was asked does not lead');
    const counts = running.value.pools.get(name)?.holds;
    if (counts === undefined)
      return check.unknown('the keeper that was asked does not say, or holds no jobs of the pool');
    const share = lostShare(counts);
    if (share === undefined) return check.unknown('no job was to be held since the keeper started', 'look again later');
    const found = `${counts.lost} of ${counts.held + counts.lost} holds came too late (${percent(share)})`;
    return share <= MOST_LOST_SHARE
      ? check.ok(found)
      : check.fail(
          `${found}, more than ${percent(MOST_LOST_SHARE)}: Cluster Autoscaler buys nodes for jobs that blocks will take`,
          'create job pods with a delay of 10 s (`spot-keeper manifests POOLS --only job-delay`, or --new-pod-scale-up-delay=10s of Cluster Autoscaler); where they have it, see spotkeeper_jobs_unheld_total and spotkeeper_api_duration_seconds',
        );
  });
