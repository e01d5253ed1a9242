import { plain } from '../../report/figures.ts';
import type { BlockExplained } from '../../src/look/explainBlock.ts';
import type { PoolExplained } from '../../src/look/explainPool.ts';
import type { Look } from '../../src/look/look.ts';
import type { Unknown } from '../../src/look/unknowns.ts';
import { lengthText, offerText, whenText } from '../../src/look/words.ts';
import { headText, sentence, unknownText } from './looked.ts';
import { poolTable } from './plan.ts';
import { table } from './table.ts';

/** Why every pool is as it is. */
export function poolsText(
  look: Look,
  pools: readonly PoolExplained[],
  unknowns: readonly Unknown[],
  width: number,
): readonly string[] {
  return [
    ...headText(look, width),
    ...unknownText(unknowns, width),
    '',
    poolTable(pools),
    ...pools.flatMap((pool) => ['', ...poolText(pool, width)]),
  ];
}

function poolText(pool: PoolExplained, width: number): readonly string[] {
  const say = (text: string): readonly string[] => sentence(text, '  ', width);
  const { nextChange, met } = pool;
  return [
    ...sentence(`${pool.name} is ${pool.because}`, '', width),
    ...(pool.short === undefined ? [] : say(`short of blocks: ${pool.short}`)),
    ...pool.now.flatMap((deed) => say(`now: ${deed}`)),
    ...(nextChange === undefined
      ? say('next: nothing is due')
      : say(`next: at ${whenText(nextChange.at)} ${nextChange.what}`)),
    ...pool.conditions.flatMap((condition) => say(`template: ${condition}`)),
    ...(met.kind === 'unknown'
      ? say(`what rests is unknown: ${met.why}`)
      : [
          ...(met.pausedUntil === undefined ? [] : say(`buying rests until ${whenText(met.pausedUntil)}`)),
          ...met.conditions.flatMap((condition) => say(`buying: ${condition}`)),
          ...met.cooling.flatMap(({ offer, until, reason }) =>
            say(`${offer} rests until ${whenText(until)}: ${reason}`),
          ),
          ...(met.cooling.length === 0 && met.pausedUntil === undefined ? say('nothing rests') : []),
        ]),
    ...(pool.blocks.length === 0
      ? []
      : table(
          [
            { heading: '  block' },
            { heading: 'state' },
            { heading: 'type' },
            { heading: 'zone' },
            { heading: 'jobs', align: 'right' },
            { heading: 'next' },
          ],
          pool.blocks.map(({ id, state, instanceType, zone, jobs, next }) => [
            ...[`  ${id}`, state, instanceType, zone, String(jobs)].map(cell),
            next === undefined ? '' : whenText(next.at),
          ]),
        ).split('\n')),
  ];
}

/** A name may be anything; its indent stays. */
const cell = (text: string): string => (text.startsWith('  ') ? `  ${plain(text)}` : plain(text));

/** Why one block is as it is. */
export function blockText(
  look: Look,
  block: BlockExplained,
  unknowns: readonly Unknown[],
  width: number,
): readonly string[] {
  const say = (text: string): readonly string[] => sentence(text, '  ', width);
  const { lease, node, instanceState } = block;
  return [
    ...headText(look, width),
    ...unknownText(unknowns, width),
    '',
    ...sentence(`${block.id} is ${block.state}: ${block.because}`, '', width),
    ...block.now.flatMap((deed) => say(`now: ${deed}`)),
    ...block.next.flatMap(({ at, what }) => say(`at ${whenText(at)} (in ${lengthText(at - look.at)}) ${what}`)),
    ...block.inTheWay.flatMap((what) => say(`in the way: ${what}`)),
    ...(lease === undefined
      ? []
      : [
          '',
          'lease',
          ...say(`${offerText(lease.offer)}, from ${whenText(lease.startsAt)} to ${whenText(lease.expiresAt)}`),
          ...(Number.isFinite(lease.hardEndAt) ? say(`AWS itself ends it at ${whenText(lease.hardEndAt)}`) : []),
          'instance',
          ...say(`${lease.instanceId}, ${instanceState ?? 'unknown'}`),
          ...say(block.template),
          'node',
          ...say(node === undefined ? nodeless(look) : nodeText(node)),
          ...block.jobs.flatMap((job) =>
            say(
              `job ${job.namespace}/${job.name}, ${job.phase}${job.startedAt === undefined ? '' : ` since ${whenText(job.startedAt)}`}`,
            ),
          ),
        ]),
    'ledger',
    ...block.ledger.flatMap(say),
  ];
}

const nodeless = ({ cluster }: Look): string =>
  cluster.kind === 'unknown' ? `unknown: ${cluster.why}` : 'no node has its instance';

const nodeText = ({
  name,
  ready,
  cordoned,
  ours,
  held,
  pressure,
  drainBy,
}: NonNullable<BlockExplained['node']>): string =>
  [
    name,
    ready ? 'ready' : 'not ready',
    ...(cordoned ? [ours ? 'cordoned by the keeper' : 'cordoned by somebody else'] : []),
    ...(drainBy === undefined ? [] : [`to be drained by ${whenText(drainBy)}`]),
    ...(held ? ['held by people'] : []),
    ...(pressure ? ['short of memory, disk, processes or network'] : []),
  ].join(', ');
