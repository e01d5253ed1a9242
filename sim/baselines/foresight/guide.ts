import { type Instant, NEVER } from '../../../src/domain/time.ts';
import { reclaimAfter } from '../bound/tracks.ts';
import { commonWorth } from './commonWorth.ts';
import { type Lots, lotsOf } from './lots.ts';
import { type Nodes, nodesOf } from './nodes.ts';
import type { Prospect } from './plan.ts';
import { type Floor, floorOf, type NetWorth, netOf } from './prices.ts';
import { type Rooms, roomsOf, staysAmple } from './rooms.ts';

/** What a search goes by. */
export interface Guide {
  readonly plan: Prospect;
  readonly nodes: Nodes;
  readonly net: NetWorth;
  readonly floor: Floor;
  readonly rooms: Rooms;
  readonly lots: Lots;
  /** By pair: a machine that has run the job may be worth holding. */
  readonly mayKeep: Uint8Array;
  /** By job: a number that no other has which runs, or for which a machine boots, at the same time. */
  readonly places: Int32Array;
  /** By job: a machine may be bought for it where room is counted. */
  readonly isCounted: readonly boolean[];
}

export function guideOf(plan: Prospect): Guide {
  const nodes = nodesOf(plan);
  const net = netOf(plan, nodes, commonWorth(plan, nodes));
  const rooms = roomsOf(plan);
  return {
    plan,
    nodes,
    net,
    floor: floorOf(plan, nodes, net),
    rooms,
    lots: lotsOf(plan),
    mayKeep: keepable(plan),
    places: placesOf(plan),
    isCounted: plan.jobs.map((_, job) =>
      rooms.countedIn.some(
        (place, track) => place !== undefined && plan.mayOpen[job * plan.tracks.length + track] === 1,
      ),
    ),
  };
}

/**
 * A machine is worth holding for a later job that it may run before its market is taken back, but, where one can always be
 * bought, only if that job's own machine would have been bought before this one came free.
 */
function keepable({ jobs, tracks, buysAt, mayFollow }: Prospect): Uint8Array {
  const may = new Uint8Array(jobs.length * tracks.length);
  const longestBoot = Math.max(0, ...jobs.map(({ startsAt }, job) => startsAt - buysAt[job]!));
  const isAlwaysAmple = tracks.map(({ rooms }) => rooms.every((room) => room === Infinity));
  for (const [job, { endsAt }] of jobs.entries()) {
    const first = firstAt(jobs, endsAt);
    for (const [track, one] of tracks.entries()) {
      const goneAt = reclaimAfter(one, endsAt - 1);
      const isAmple = isAlwaysAmple[track]! || staysAmple(one, endsAt);
      for (let next = first; next < jobs.length && may[job * tracks.length + track] === 0; next += 1) {
        const { startsAt } = jobs[next]!;
        if (startsAt >= goneAt || (isAmple && startsAt - longestBoot > endsAt)) break;
        const isNear = !isAmple || buysAt[next]! <= endsAt;
        if (isNear && mayFollow[next * tracks.length + track] === 1) may[job * tracks.length + track] = 1;
      }
    }
  }
  return may;
}

/** The first job that starts at an instant or later. */
function firstAt(jobs: Prospect['jobs'], at: Instant): number {
  let [low, high] = [0, jobs.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (jobs[middle]!.startsAt < at) low = middle + 1;
    else high = middle;
  }
  return low;
}

function placesOf({ jobs, buysAt }: Prospect): Int32Array {
  const places = new Int32Array(jobs.length);
  const freeAt: Instant[] = [];
  for (const job of [...jobs.keys()].sort((a, b) => buysAt[a]! - buysAt[b]!)) {
    const free = freeAt.findIndex((at) => at < buysAt[job]!);
    places[job] = free < 0 ? freeAt.length : free;
    freeAt[places[job]] = jobs[job]?.endsAt ?? NEVER;
  }
  return places;
}
