import type { Instant } from '../../../src/domain/time.ts';
import { marketOf } from '../../../src/domain/words.ts';
import { reclaimAfter, type Track } from '../bound/tracks.ts';
import type { Prospect } from './plan.ts';

/** A machine in a market for a while: from its purchase to its last job's end. */
export interface Span {
  readonly track: number;
  readonly boughtAt: Instant;
  readonly endsAt: Instant;
}

/** Where room is short. */
export interface Rooms {
  /** Nothing ever limits any market: a machine can always be bought when it is needed. */
  readonly areAmple: boolean;
  /** By track: machines of the same number draw on the same spare capacity; undefined where none is ever counted. */
  readonly countedIn: readonly (string | undefined)[];
}

export function roomsOf({ tracks }: Pick<Prospect, 'tracks'>): Rooms {
  const isCounted = tracks.map(({ rooms }) => rooms.some((room) => room > 0 && room < Infinity));
  const places = tracks.map(({ machine }) => (machine.term === 'on-demand' ? undefined : marketOf(machine)));
  const counted = new Set(places.filter((_, track) => isCounted[track]));
  return {
    areAmple: tracks.every(({ rooms }) => rooms.every((room) => room === Infinity)),
    countedIn: places.map((place) => (counted.has(place) ? place : undefined)),
  };
}

/**
 * Whether from an instant on a machine can be bought whenever it is needed, as long as one that is there could be held: until
 * the market is next taken back.
 */
export function staysAmple(track: Track, from: Instant): boolean {
  const goneAt = reclaimAfter(track, from);
  return track.rooms.every((room, step) => {
    const isOver = (track.instants[step + 1] ?? Infinity) <= from;
    return room === Infinity || isOver || track.instants[step]! >= goneAt;
  });
}

/** Whether every one of these, all in one place, finds room at its purchase beside those that live then. */
export const allFit = ({ tracks }: Pick<Prospect, 'tracks'>, spans: readonly Span[]): boolean =>
  spans.every(({ track, boughtAt }) => {
    const room = tracks[track]!.roomAt(boughtAt);
    if (room === Infinity) return true;
    let living = 0;
    for (const other of spans) if (other.boughtAt <= boughtAt && boughtAt < other.endsAt) living += 1;
    return living <= room;
  });
