import { describe, expect, it } from 'vitest';
import { hours } from '../../src/domain/time.ts';
import {
  type DemandSeen,
  demandTogether,
  MOST_WEEKS,
  noDemand,
  weekAround,
  withDemand,
} from '../../src/pool/demandSeen.ts';

const MONDAY = Date.UTC(2026, 2, 2);
const WEEK = hours(168);

/** What was asked for, by hours after a Monday. */
const watched = (levels: readonly (readonly [hour: number, blocks: number])[], before: DemandSeen = noDemand) =>
  levels.reduce((seen, [hour, blocks]) => withDemand(seen, MONDAY + hours(hour), blocks), before);

describe('what the hours of the week ask for', () => {
  it('is the most of an hour, kept when the hour is over', () => {
    const seen = watched([
      [9, 2],
      [9.2, 7],
      [9.5, 1],
      [10, 0],
    ]);
    expect(weekAround(seen, MONDAY + WEEK + hours(9)).likeThisHour).toEqual([7]);
    expect(
      weekAround(
        watched([
          [9, 2],
          [9.5, 7],
        ]),
        MONDAY + WEEK + hours(9),
      ).likeThisHour,
    ).toEqual([]);
  });

  it('begins an hour with what was asked for when it began, and leaves out hours that nobody watched', () => {
    const seen = watched([
      [9.9, 6],
      [10.5, 1],
      [14, 0],
    ]);
    expect(weekAround(seen, MONDAY + WEEK + hours(10)).likeThisHour).toEqual([6, 6]);
    expect(weekAround(seen, MONDAY + WEEK + hours(12)).likeThisHour).toEqual([]);
  });

  it('is that of the same hours of other working days, and of other weekends on weekends', () => {
    const seen = watched([
      [9, 3],
      [10, 0],
      [24 * 5 + 9, 1],
      [24 * 5 + 10, 0],
    ]);
    expect(weekAround(seen, MONDAY + hours(24 * 3 + 8.5))).toEqual({ likeThisHour: [3], likeNextHour: [3, 3] });
    expect(weekAround(seen, MONDAY + hours(24 * 6 + 9)).likeThisHour).toEqual([1]);
  });

  it('is forgotten after six weeks', () => {
    let seen = noDemand;
    for (let week = 0; week < 9; week += 1)
      seen = watched(
        [
          [week * 168 + 9, week],
          [week * 168 + 11, 0],
        ],
        seen,
      );
    expect(weekAround(seen, MONDAY + hours(9)).likeThisHour).toEqual([8, 7, 6, 5, 4, 3].slice(0, MOST_WEEKS));
  });

  it('goes on in the next life of the keeper as if there had been one', () => {
    const day = [
      [8, 1],
      [8.5, 4],
      [9, 2],
      [10, 6],
      [10.2, 3],
      [11, 0],
    ] as const;
    for (let cut = 0; cut <= day.length; cut += 1) {
      const [one, other] = [watched(day.slice(0, cut)), watched(day.slice(cut))];
      const both = weekAround(demandTogether(one, other), MONDAY + WEEK + hours(9)).likeThisHour;
      expect(both).toHaveLength(3);
      expect(both.toSorted()).toEqual(cut === 2 || cut === 3 ? expect.any(Array) : [4, 4, 6]);
    }
  });
});
