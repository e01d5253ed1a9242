import { parentPort, workerData } from 'node:worker_threads';
import { rivalryOf } from '../sim/baselines/rivals.ts';
import type { Rival } from '../sim/outcome.ts';
import type { Done, GroupRivals } from '../sim/result/rivalry.ts';
import type { Scenario } from '../sim/scenario/scenario.ts';

/** What the thread says: as each of the rivals is there, and all of them at the end. */
export type GroupNews =
  | { readonly type: 'done'; readonly what: Parameters<Done>[0] }
  | { readonly type: 'groups'; readonly groups: GroupRivals };

if (parentPort !== null) {
  const port = parentPort;
  const say = (news: GroupNews): void => {
    port.postMessage(news);
  };
  // Known: the one who starts this thread gives it a scenario.
  const scenario = workerData as Scenario;
  const groups = await rivalryOf({ scenario, pools: [], poolsOf: () => [] }).groups((what) => {
    say({ type: 'done', what });
  });
  say({ type: 'groups', groups: plain(groups) });
}

/** The timeline is computed when it is first read, which a message cannot do: here it is. */
function plain(groups: GroupRivals): GroupRivals {
  const entries = Object.entries(groups).map(([name, found]: [string, Rival | GroupRivals['bound']]) => [
    name,
    'outcome' in found ? { ...found, outcome: { ...found.outcome } } : found,
  ]);
  return Object.fromEntries(entries) as GroupRivals;
}
