import type { RivalsQuestion } from '../sim/baselines/rivals.ts';
import { rivalryOf } from '../sim/baselines/rivals.ts';
import type { Rivals } from '../sim/outcome.ts';
import type { Done, GroupRivals } from '../sim/result/rivalry.ts';
import { startWorker } from '../src/userPolicies/startWorker.ts';
import type { GroupNews } from './groupThread.ts';

/** Rivals that are on their way. */
export interface Coming {
  /** The rest of them, too, once the groups' thread is through. */
  all(): Promise<Rivals>;
  /** Ends the thread, whether it is through or not. */
  stop(): Promise<unknown>;
}

/** Begins with the rivals of a scenario: the groups in a thread of their own, while this one runs keepers. */
export function startRivals(question: RivalsQuestion, done: Done): Coming {
  const worker = startWorker('groupThread', import.meta.url, {
    workerData: question.scenario,
  });
  const groups = new Promise<GroupRivals>((resolve, reject) => {
    worker.on('message', (news: GroupNews) => {
      if (news.type === 'done') done(news.what);
      else resolve(news.groups);
    });
    worker.on('error', reject);
    worker.on('exit', (code) => {
      reject(new Error(`the thread of the rivals ended with code ${code} and without a result`));
    });
  });
  // Told to the one who asks for all of them, who may be busy for a while before.
  groups.catch(() => undefined);
  return { all: () => rivalryOf(question).all(done, groups), stop: () => worker.terminate() };
}
