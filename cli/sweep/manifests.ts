import { basename, join, resolve } from 'node:path';
import { Command } from 'commander';
import { BadInput, type Mistake } from '../../src/config/mistakes.ts';
import { objectText } from '../../src/install/manifests.ts';
import { imageOf } from '../../src/install/settings.ts';
import { bytesInConfigMap, CONFIG_MAP_BYTES, sweepObjects } from '../../src/install/sweepJob.ts';
import type { ClusterSweep, SweepFile } from '../../src/install/sweepPod.ts';
import { DNS_LABEL, IMAGE, like } from '../argumentForms.ts';
import { progressOn } from '../output/progress.ts';
import { release } from '../release.ts';
import { withUserPolicies } from '../userPolicies.ts';
import { checkSettings } from './checkSettings.ts';
import { bytesOf, digestOf } from './digest.ts';
import { filesIn } from './filesIn.ts';
import { gridAt } from './gridAt.ts';
import { runsIn, type SweepPlan, settingsIn } from './plan.ts';

interface Flags {
  readonly grid?: string;
  readonly shards?: string;
  readonly parallelism?: string;
  readonly name?: string;
  readonly namespace: string;
  readonly image?: string;
  readonly memory: string;
  readonly weeksClaim?: string;
  readonly resultsClaim?: string;
  readonly storage: string;
  readonly storageClass?: string;
}

/** `manifests sweep DIR…`: a sweep as an Indexed Job, one shard an index, with its weeks and its storage. */
export function sweepManifests(): Command {
  return new Command('sweep')
    .description('print an Indexed Job that runs a sweep in a cluster, one shard an index, with its weeks and storage')
    .argument('<dir...>', 'scenario folders')
    .option('--grid <file>', 'which settings of pools and scenarios are varied, and how (docs/sweep.md)')
    .option('--shards <number>', 'into how many parts it is cut; each is one thread')
    .option('--parallelism <number>', 'how many of them run at the same time (default: all)')
    .option('--name <name>', 'what its objects are called (default: sweep- and its digest)', like(DNS_LABEL, 'a name'))
    .option('--namespace <name>', 'the namespace, which must be there', like(DNS_LABEL, 'a name'), 'spot-keeper')
    .option('--image <reference>', 'the container image, by tag or digest', like(IMAGE, 'an image'))
    .option('--memory <quantity>', 'of a shard', like(QUANTITY, 'a quantity such as 1Gi'), '1Gi')
    .option('--weeks-claim <name>', 'a volume that has the folders, by their names', like(DNS_LABEL, 'a name'))
    .option('--results-claim <name>', 'a volume for the results that is there', like(DNS_LABEL, 'a name'))
    .option('--storage <quantity>', 'else how large it is to be', like(QUANTITY, 'a quantity such as 1Gi'), '1Gi')
    .option(
      '--storage-class <name>',
      'and of which class: all nodes write to it (default: that of the cluster)',
      like(CLASS, 'a name'),
    )
    .addHelpText(
      'after',
      '\nexample: spot-keeper manifests sweep scenarios/ci-week --grid grid.yaml --shards 20 | kubectl create -f -',
    )
    .action((folders: string[], _: unknown, self: Command) => {
      refuseOthers(self);
      return print(folders, self.optsWithGlobals<Flags>());
    });
}

/** Its parent takes flags that say nothing of a sweep, wherever they stand. */
function refuseOthers(self: Command): void {
  const own = new Set(self.options.map((option) => option.attributeName()));
  const others = (self.parent?.options ?? []).filter(
    (option) => self.parent?.getOptionValueSource(option.attributeName()) === 'cli' && !own.has(option.attributeName()),
  );
  if (others.length > 0)
    throw new BadInput(
      others.map(({ long }) => ({ file: long ?? '', message: 'expected a flag of manifests sweep (see --help)' })),
    );
}

const QUANTITY = /^[1-9]\d{0,5}(?:Mi|Gi|Ti)$/;
const CLASS = /^(?=.{1,253}$)[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/;

/** The Job that merges them names each. */
const MOST_SHARDS = 10_000;

async function print(folders: string[], flags: Flags): Promise<void> {
  const mistakes: Mistake[] = [];
  const { text, grid } = await gridAt(flags.grid, mistakes);
  const shards = countIn('--shards', flags.shards, mistakes);
  const parallelism = flags.parallelism === undefined ? shards : countIn('--parallelism', flags.parallelism, mistakes);
  const names = folders.map((folder) => basename(resolve(folder)));
  for (const [place, name] of names.entries())
    if (names.indexOf(name) < place)
      mistakes.push({
        file: folders[place] ?? '',
        message: `expected folders of different names, found ${name} twice`,
      });
  if (text === undefined || grid === undefined || mistakes.length > 0) throw new BadInput(mistakes);

  const plan: SweepPlan = { dimensions: grid.dimensions, folders, seeds: grid.seeds };
  if (shards > runsIn(plan))
    throw new BadInput([
      { file: '--shards', message: `expected at most ${runsIn(plan)}, a run each, found ${shards}` },
    ]);
  // Here and now: in the cluster a mistake would be told once a shard.
  const checking = progressOn(process.stderr, { label: 'settings read', total: settingsIn(plan) });
  try {
    await withUserPolicies((policies) => checkSettings(plan, policies, checking));
  } finally {
    checking.end();
  }
  const digest = await digestOf([text, release], folders, []);
  const name = flags.name ?? `sweep-${digest.slice(0, 8)}`;
  const sweep: ClusterSweep = {
    ...{ name, namespace: flags.namespace, image: flags.image ?? imageOf(release), shards, parallelism },
    grid: { path: 'grid.yaml', content: Buffer.from(text) },
    weeks: await weeksIn(folders, names, flags.weeksClaim !== undefined),
    ...{ weeksClaim: flags.weeksClaim, memory: flags.memory },
    storage: {
      claim: flags.resultsClaim ?? name,
      isThere: flags.resultsClaim !== undefined,
      size: flags.storage,
      class: flags.storageClass,
    },
  };
  process.stdout.write([afterwards(sweep), sweepObjects(sweep).map(objectText).join('---\n')].join(''));
}

/** The folders with their files, as far as they go into ConfigMaps. */
async function weeksIn(
  folders: readonly string[],
  names: readonly string[],
  areThere: boolean,
): Promise<ClusterSweep['weeks']> {
  const mistakes: Mistake[] = [];
  const weeks: [string, readonly SweepFile[]][] = [];
  for (const [place, folder] of folders.entries()) {
    const paths = areThere ? [] : await filesIn(folder);
    const files = await Promise.all(paths.map(async (path) => ({ path, content: await bytesOf(join(folder, path)) })));
    const bytes = bytesInConfigMap(files);
    if (bytes > CONFIG_MAP_BYTES)
      mistakes.push({
        file: folder,
        message:
          `expected at most ${CONFIG_MAP_BYTES} bytes, which a ConfigMap holds, found ${bytes}: ` +
          'put the folders on a volume, and name its claim with --weeks-claim',
      });
    weeks.push([names[place] ?? '', files]);
  }
  if (mistakes.length > 0) throw new BadInput(mistakes);
  return Object.fromEntries(weeks);
}

function countIn(flag: string, text: string | undefined, mistakes: Mistake[]): number {
  const count = text !== undefined && /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (count >= 1 && count <= MOST_SHARDS) return count;
  const found = text === undefined ? 'nothing' : JSON.stringify(text);
  mistakes.push({ file: flag, message: `expected a whole number from 1 to ${MOST_SHARDS}, found ${found}` });
  return 1;
}

/** What people do next, as comments before the objects. */
const afterwards = ({ name, namespace, storage }: ClusterSweep): string =>
  [
    `# When all shards are done: kubectl -n ${namespace} wait --for=condition=complete --timeout=24h job/${name}`,
    `# Then merge them: kubectl -n ${namespace} patch job ${name}-merge -p '{"spec":{"suspend":false}}'`,
    `# The results are ${name}-merged.jsonl on the volume of the claim ${storage.claim}`,
    '',
  ].join('\n');
