import type { Instant } from '../../../src/domain/time.ts';
import type { Nodes } from './nodes.ts';
import type { Prospect } from './plan.ts';
import { roomsOf, staysAmple } from './rooms.ts';

/** What happens, in order: of one instant first ends, then reclaims, then purchases, then starts. */
export type Happening =
  | { readonly type: 'end' | 'start'; readonly at: Instant; readonly job: number; readonly node: number }
  /** A job for which a machine may be bought where room is counted. Elsewhere the purchase is decided at the start. */
  | { readonly type: 'buy'; readonly at: Instant; readonly job: number }
  | { readonly type: 'reclaim'; readonly at: Instant; readonly track: number };

const ORDER = { end: 0, reclaim: 1, buy: 2, start: 3 } as const;

/**
 * Everything that happens, in stretches that do not touch: between two of them no job runs and no machine is worth holding,
 * so that each can be decided by itself.
 */
export function stretchesOf(plan: Prospect, nodes: Nodes): readonly (readonly Happening[])[] {
  const { jobs, tracks, buysAt } = plan;
  const { areAmple, countedIn } = roomsOf(plan);
  const isCounted = (job: number): boolean =>
    countedIn.some((place, track) => place !== undefined && plan.mayOpen[job * tracks.length + track] === 1);
  const all: Happening[] = [
    ...tracks.flatMap(({ reclaims }, track) => reclaims.map((at) => ({ type: 'reclaim' as const, at, track }))),
    ...jobs.flatMap(({ startsAt, endsAt }, job): Happening[] => [
      { type: 'start', at: startsAt, job, node: nodes.startOf[job]! },
      { type: 'end', at: endsAt, job, node: nodes.endOf[job]! },
      ...(isCounted(job) ? [{ type: 'buy' as const, at: buysAt[job]!, job }] : []),
    ]),
  ];
  all.sort((a, b) => a.at - b.at || ORDER[a.type] - ORDER[b.type]);
  const gaps = gapsOf(plan).filter((gap) => areAmple || tracks.every((track) => staysAmple(track, gap)));
  const stretches: Happening[][] = [[]];
  let gap = 0;
  for (const happening of all) {
    // A job that ends as the gap begins belongs before it; nothing else can happen there but a reclaim.
    while (
      gap < gaps.length &&
      (happening.at > gaps[gap]! || (happening.at === gaps[gap]! && happening.type !== 'end'))
    ) {
      stretches.push([]);
      gap += 1;
    }
    stretches.at(-1)!.push(happening);
  }
  return stretches.filter((stretch) => stretch.some(({ type }) => type === 'start'));
}

/** The instants after which no job runs or could have its machine bought for a while. */
function gapsOf({ jobs, buysAt }: Prospect): readonly Instant[] {
  const spans = jobs.map(({ endsAt }, job) => ({ from: buysAt[job]!, until: endsAt })).sort((a, b) => a.from - b.from);
  const gaps: Instant[] = [];
  let reached = -Infinity;
  for (const { from, until } of spans) {
    if (from > reached && reached > -Infinity) gaps.push(reached);
    reached = Math.max(reached, until);
  }
  return gaps;
}
