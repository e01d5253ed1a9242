import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { constants, createGunzip } from 'node:zlib';
import { textLines } from '../../domain/textLines.ts';
import { ALWAYS, type Instant } from '../../domain/time.ts';
import { type Condition, lineReader, MOST_LINE_CHARACTERS, RECORDING_VERSION } from '../../world/recording.ts';

type ConditionOf<Type extends Condition['type']> = Extract<Condition, { readonly type: Type }>;

/** What holds after the conditions that were written so far: the beginning of another part, or of another life. */
export interface Kept {
  /** Jobs that run, by job. */
  readonly jobs: ReadonlyMap<string, ConditionOf<'job.placed'>>;
  /** Jobs that have ended: a pod of theirs may still be there to be seen again. */
  readonly done: ReadonlySet<string>;
  readonly nodes: ReadonlyMap<string, ConditionOf<'node.joined'>>;
  /** The last price, by market. */
  readonly prices: ReadonlyMap<string, ConditionOf<'price.changed'>>;
  /** Up to when something was seen; ALWAYS if nothing was. */
  readonly lastAt: Instant;
}

/** More than there are finished pods in a cluster; told twice, a job is the same job still. */
const MOST_DONE = 50_000;

/** Keeps what holds, condition by condition. */
export interface Keep {
  readonly now: Kept;
  readonly add: (condition: Condition) => void;
}

export function keepOf(): Keep {
  const jobs = new Map<string, ConditionOf<'job.placed'>>();
  const done = new Set<string>();
  const nodes = new Map<string, ConditionOf<'node.joined'>>();
  const prices = new Map<string, ConditionOf<'price.changed'>>();
  let lastAt = ALWAYS;
  return {
    now: {
      ...{ jobs, done, nodes, prices },
      get lastAt() {
        return lastAt;
      },
    },
    add(condition) {
      switch (condition.type) {
        case 'job.placed':
          if (!done.has(condition.job)) jobs.set(condition.job, condition);
          return;
        case 'job.queued':
          jobs.delete(condition.job);
          done.add(condition.job);
          for (const job of done) {
            if (done.size <= MOST_DONE) break;
            done.delete(job);
          }
          return;
        case 'node.joined':
          nodes.set(condition.node, condition);
          return;
        case 'node.left':
          nodes.delete(condition.node);
          return;
        case 'price.changed':
          prices.set(condition.market, condition);
          return;
        case 'watch.held':
          lastAt = Math.max(lastAt, condition.at);
          return;
        case 'capacity.changed':
        case 'market.reclaimed':
          return;
      }
    },
  };
}

/** The conditions that hold, which a part begins with. */
export const holding = ({ jobs, nodes, prices }: Kept): readonly Condition[] => [
  ...prices.values(),
  ...nodes.values(),
  ...jobs.values(),
];

const PART = /^recording-.*\.jsonl(?:\.gz)?$/;

/**
 * What the recorder of an earlier life knew, from what it wrote into the folder. Each part says at its beginning what holds;
 * the two last are read, for the very last may end within that. Lines that cannot be read are passed over: one was torn.
 *
 * @throws what the file system says of a folder that cannot be read
 */
export async function keptIn(folder: string): Promise<Keep> {
  const keep = keepOf();
  const parts = (await readdir(folder)).filter((name) => PART.test(name)).sort();
  for (const name of parts.slice(-2)) {
    for await (const line of linesOf(join(folder, name))) {
      const condition = conditionIn(line);
      if (condition !== undefined) keep.add(condition);
    }
  }
  return keep;
}

/** The whole lines of a part, as far as it can be read. */
async function* linesOf(path: string): AsyncGenerator<string> {
  const file = createReadStream(path);
  const bytes = path.endsWith('.gz') ? file.pipe(createGunzip({ finishFlush: constants.Z_SYNC_FLUSH })) : file;
  file.on('error', (error) => bytes.destroy(error));
  try {
    for await (const { text, isWhole } of textLines(bytes.setEncoding('utf8'), MOST_LINE_CHARACTERS))
      if (isWhole) yield text;
  } catch {
    // What can be read of a damaged part is more than nothing, and recording must go on.
  }
}

const read = lineReader({ version: RECORDING_VERSION });

function conditionIn(line: string): Condition | undefined {
  try {
    const parsed = read(line);
    return parsed.kind === 'condition' ? parsed.condition : undefined;
  } catch {
    return undefined;
  }
}
