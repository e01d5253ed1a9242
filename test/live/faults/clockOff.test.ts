import { expect, it } from 'vitest';
import { hours } from '../../../src/domain/time.ts';
import { callsBetween, expectNobodyMissed, expectSound, lived } from '../../support/aFaultyDay.ts';

/** Until 9:30: blocks would be renewed three times while the clocks disagree. */
const LONG_DAY = { quarters: 6, jobs: [4, 12, 16, 40, 55, 66, 80].map((at) => ({ at, minutes: 6 })) };

it.each([
  ['behind', hours(-3)],
  ['ahead of', hours(3)],
])(
  'CLK F94 a clock that AWS is hours %s buys and ends nothing, says so, and all is well once it agrees',
  async (_, dateOffMs) => {
    const said: unknown[] = [];
    const life = await lived(
      [
        [15, ({ world }) => (world.aws.faults.dateOffMs = dateOffMs)],
        [25, ({ keeping }) => said.push(...keeping.conditions())],
        [
          75,
          async ({ world, keeping, elect }) => {
            world.aws.faults.dateOffMs = 0;
            await elect(() => keeping.isKeeping());
          },
        ],
        [88, ({ keeping }) => said.push(keeping.conditions().some(({ condition }) => condition === 'ClockAgrees'))],
      ],
      { over: LONG_DAY },
    );
    const [before, after] = [life.seenAt(25), life.seenAt(75)];
    expect(after.alive).toEqual(before.alive);
    expect(after.open).toEqual(before.open);
    expect(callsBetween(before, after, 'RunInstances')).toBe(0);
    expect(callsBetween(before, after, 'TerminateInstances')).toBe(0);
    expect(said).toMatchObject([{ condition: 'ClockAgrees', status: 'false', reason: 'ClockOff' }, false]);
    expect(life.seenAt(88).open, 'successors of both').toHaveLength(2);
    expectSound(life);
    expectNobodyMissed(life);
  },
);
