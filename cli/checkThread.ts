import { parentPort, workerData } from 'node:worker_threads';
import { type Checked, checkPolicy } from '../check/checkPolicy.ts';
import type { CheckWorld } from '../check/checkWorld.ts';
import { type Subject, subjectOf } from '../check/subject.ts';
import { catalogue } from '../policies/catalogue.ts';
import type { Catalogue, PolicySlot } from '../src/policy/definePolicy.ts';
import { aLoader, type Loader, loadPolicy } from '../src/userPolicies/loadPolicy.ts';

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
  const once = await catalogueWith(files);
  // It was loaded once before, where what is wrong with it was told.
  if (typeof once === 'string') throw new Error(once);
  const apart = files.size === 0 ? once : await catalogueWith(files, aLoader());
  // Files that import each other in a circle are not loaded anew: these are looked at less closely.
  return { slot, name, options, catalogue: once, apart: typeof apart === 'string' ? once : apart };
}

/** The shipped policies and those in files, or what is wrong with one of these. */
async function catalogueWith(files: CheckTask['files'], loader?: Loader): Promise<Catalogue | string> {
  let known: Catalogue = catalogue;
  for (const [own, file] of files) {
    const loaded = await loadPolicy(file, loader);
    if (!('definition' in loaded)) return loaded.message;
    ({ catalogue: known } = subjectOf({ ...loaded.definition, name: own }, known));
  }
  return known;
}
