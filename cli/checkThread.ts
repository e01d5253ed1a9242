import { parentPort, workerData } from 'node:worker_threads';
import { type Checked, checkPolicy } from '../check/checkPolicy.ts';
import type { CheckWorld } from '../check/checkWorld.ts';
import { type Subject, subjectOf } from '../check/subject.ts';
import { catalogue } from '../policies/catalogue.ts';
import type { Catalogue, PolicySlot } from '../src/policy/definePolicy.ts';
import { loadPolicy } from '../src/userPolicies/loadPolicy.ts';

/** What the thread is to check: a policy of the catalogue by name, or one in a file. */
export interface CheckTask {
  readonly slot: PolicySlot;
  readonly name: string;
  /** Policies that are files, it or parts of it, by the names that it and its options have for them. */
  readonly files: ReadonlyMap<string, string>;
  /** With the texts of the files that they name. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly runs: number;
  readonly seed: number;
  readonly path?: string;
  readonly limitMs?: number;
}

/** What the thread says: before each world, and at the end. */
export type CheckNews =
  | { readonly type: 'world'; readonly tried: number; readonly shrinking: boolean; readonly world: CheckWorld }
  | { readonly type: 'done'; readonly checked: Checked };

// A thread of its own, so that a policy that never comes back stops the check of it, and not the command.
if (parentPort !== null) {
  const port = parentPort;
  // Known: the one who starts this thread gives it a task.
  const task = workerData as CheckTask;
  const say = (news: CheckNews): void => {
    port.postMessage(news);
  };
  const { runs, seed, path, limitMs } = task;
  const checked = await checkPolicy(await subjectIn(task), {
    runs,
    seed,
    ...(path === undefined ? {} : { path }),
    ...(limitMs === undefined ? {} : { limitMs }),
    onWorld: (tried, shrinking, world) => {
      say({ type: 'world', tried, shrinking, world });
    },
  });
  say({ type: 'done', checked });
}

async function subjectIn({ slot, name, files, options }: CheckTask): Promise<Subject> {
  let known: Catalogue = catalogue;
  for (const [own, file] of files) {
    const loaded = await loadPolicy(file);
    // It was loaded once before, where what is wrong with it was told.
    if (!('definition' in loaded)) throw new Error(loaded.message);
    ({ catalogue: known } = subjectOf({ ...loaded.definition, name: own }, known));
  }
  return { slot, name, options, catalogue: known };
}
