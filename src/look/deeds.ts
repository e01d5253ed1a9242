import { type Block, viewOf } from '../block/block.ts';
import type { Effect } from '../domain/effects.ts';
import type { Instant } from '../domain/time.ts';
import { placeOf } from '../domain/words.ts';
import type { Quote } from '../live/aws/quote.ts';
import type { Pool } from '../pool/pool.ts';
import type { Moment } from './foresee.ts';
import { type PoolPicture, poolPicture } from './poolPicture.ts';
import { counted, lengthText, offerText, whenText } from './words.ts';

/** An effect in words, with its reason. */
export interface Deed {
  readonly effect: Effect['type'];
  readonly pool: string;
  /** Undefined for what concerns a pool as a whole. */
  readonly block: string | undefined;
  /** `launch ci-3.7 as m5.large in eu-central-1a, spot at 0.09 USD/h` */
  readonly what: string;
  /** `4 of 5 wanted serve` */
  readonly because: string;
}

/** Everything that a keeper does at a moment, pool by pool in the order of the file, in words. */
export function deedsOf(moment: Moment, pools: readonly Pool[], quotes: ReadonlyMap<string, Quote>): readonly Deed[] {
  return pools.flatMap((pool) => {
    const { name } = pool.spec;
    const picture = poolPicture(
      pool,
      { ...moment.before, memories: moment.after.memories },
      moment.at,
      quotes.get(name),
    );
    return moment.effects
      .filter((effect) => poolOf(effect) === name)
      .map((effect) => ({ effect: effect.type, pool: name, ...inWords(effect, moment, pool, picture) }));
  });
}

const poolOf = (effect: Effect): string => ('pool' in effect ? effect.pool : (placeOf(effect.blockId)?.pool ?? ''));

function inWords(
  effect: Effect,
  { before: { blocks }, endedAt }: Moment,
  pool: Pool,
  picture: PoolPicture,
): Pick<Deed, 'block' | 'what' | 'because'> {
  if (effect.type === 'quoteOffers' || effect.type === 'announce')
    return {
      block: undefined,
      what: effect.type === 'announce' ? `tell people: ${effect.reason}` : 'ask for prices',
      because: effect.type === 'announce' ? effect.note : 'something has to be bought',
    };
  if (effect.type === 'holdJobs') {
    const jobs = effect.holds.reduce((sum, hold) => sum + hold.jobs, 0);
    return {
      block: undefined,
      what: jobs === 0 ? 'hold no job any longer' : `hold ${jobs} waiting ${jobs === 1 ? 'job' : 'jobs'}`,
      because: jobs === 0 ? 'no block that would take them is on its way' : 'blocks on their way will take them',
    };
  }
  const { blockId } = effect;
  const before = blocks.get(blockId);
  const of = { block: blockId };
  switch (effect.type) {
    case 'requestCapacity':
      return { ...of, what: `launch ${blockId} as ${offerText(effect.offer)}`, because: whyMore(picture) };
    case 'cancelRequest':
      return {
        ...of,
        what: `call off the launch of ${blockId}`,
        because: whyCancelled(before, pool, picture, endedAt),
      };
    case 'cordonNode':
      return {
        ...of,
        what: `cordon ${effect.node} of ${blockId}`,
        because:
          before?.state === 'draining'
            ? 'it is cordoned already; only a cordon of this keeper lets a list prove it empty'
            : whyLeaving(before, picture, endedAt),
      };
    case 'findNode':
      return {
        ...of,
        what: `look for the node of ${blockId}, and end ${effect.instanceId} if there is none`,
        because: whyTerminated(before, pool, picture, endedAt),
      };
    case 'uncordonNode':
      return { ...of, what: `uncordon ${effect.node} of ${blockId}`, because: 'it serves again' };
    case 'labelNode':
      return { ...of, what: `label ${effect.node} as ${blockId}`, because: 'it joined' };
    case 'terminateInstance':
      return {
        ...of,
        what: `terminate ${effect.instanceId} of ${blockId}`,
        because: whyTerminated(before, pool, picture, endedAt),
      };
  }
}

/** How far a pool is from what it wants. */
function whyMore({ wanted = 0, supply, living, jobs }: PoolPicture): string {
  const serving = living.filter((one) => one.state === 'serving' && one.usable && !one.leaving);
  const relieved = serving.filter((one) => !supply.includes(one));
  const coming = supply.filter(({ state }) => state !== 'serving').length;
  return [
    `${serving.length} of ${wanted} wanted ${serving.length === 1 ? 'serves' : 'serve'}`,
    ...(coming === 0 ? [] : [`${coming} on the way`]),
    ...(jobs == null || jobs.waiting === 0
      ? []
      : [`${counted(jobs.waiting, 'job')} wait${jobs.waiting === 1 ? 's' : ''}`]),
    ...(relieved.length === 0 ? [] : [`${relieved.map(({ id }) => id).join(', ')} due to be relieved`]),
  ].join(', ');
}

function whyLeaving(
  before: Block | undefined,
  { wanted = 0, allowed = 0, jobs, wantedUntil, supply, times }: PoolPicture,
  at: Instant,
): string {
  if (before === undefined) return 'it is not wanted';
  const { lease, id } = viewOf(before);
  const due = times.get(id);
  if (lease !== null && at >= lease.expiresAt) return `its lease ended at ${whenText(lease.expiresAt)}`;
  if (due !== undefined && at >= due.drainAt)
    return `it drains from ${whenText(due.drainAt)} on, for its lease ends at ${whenText(lease?.expiresAt ?? due.endBy)}`;
  if (jobs !== undefined && allowed > 0)
    return `no job needs it: ${supply.length} are there or on the way, and ${wanted} wanted`;
  if (wanted === 0) return `none is wanted until ${whenText(wantedUntil)}`;
  return `${supply.length} are there or on the way, and ${wanted} wanted`;
}

function whyCancelled(before: Block | undefined, { spec }: Pool, picture: PoolPicture, at: Instant): string {
  if (before !== undefined && at >= before.context.deadlineAt)
    return `it had no answer for ${lengthText(spec.timeouts.launchMs)}`;
  return whyLeaving(before, picture, at);
}

function whyTerminated(before: Block | undefined, { spec }: Pool, picture: PoolPicture, at: Instant): string {
  if (before === undefined) return 'no block stands for it';
  const { state, context } = before;
  const isDue = at >= context.deadlineAt;
  switch (state) {
    case 'joining':
      return isDue
        ? `no ready node joined within ${lengthText(spec.timeouts.joinMs)}`
        : whyLeaving(before, picture, at);
    case 'serving':
    case 'draining':
      return isDue
        ? `its time is over, with ${context.jobs.length === 0 ? 'no job' : counted(context.jobs.length, 'job')} on it`
        : 'no job runs on it any more';
    case 'terminating':
      return `EC2 has not ended it for ${lengthText(spec.timeouts.terminateMs)}`;
    case 'requesting':
    case 'resting':
    case 'gone':
      return 'no block stands for it';
  }
}
