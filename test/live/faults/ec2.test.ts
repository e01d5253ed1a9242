import { describe, expect, it } from 'vitest';
import type { Fault, FaultKind } from '../../../fakes/aws/faults.ts';
import {
  callsBetween,
  during,
  expectNobodyMissed,
  expectSound,
  lived,
  type Timetable,
} from '../../support/aFaultyDay.ts';

const LONG_DAY = { quarters: 6, jobs: [4, 12, 16, 40, 55, 66, 80].map((at) => ({ at, minutes: 6 })) };

const everywhere = (kind: FaultKind): readonly Fault[] => [{ action: '*', ...kind }];

/** A change that hangs is waited for in real time; what it does is shown elsewhere. */
const READS = [
  'DescribeInstances',
  'DescribeAutoScalingGroups',
  'DescribeLaunchTemplateVersions',
  'DescribeSubnets',
  'DescribeSpotPriceHistory',
];

const silence: readonly Fault[] = READS.map((action) => ({ action, kind: 'hang' }));

/** Pages of one item each, and what the first names as the next is unknown to EC2. */
const BROKEN_PAGES: readonly Fault[] = [
  ...everywhere({ kind: 'pageSize', size: 1 }),
  ...everywhere({ kind: 'body', text: (answer) => answer.replace(/<nextToken>[^<]+/g, '<nextToken>forgotten') }),
];

/** What is wrong in the first half of the hour, and in the second. */
const TROUBLES: readonly (readonly [string, readonly Fault[], readonly Fault[]])[] = [
  [
    'F49 an empty body is no empty list, nor is a page of a proxy',
    everywhere({ kind: 'body', text: '' }),
    everywhere({ kind: 'body', text: '<html><body>Please log in</body></html>' }),
  ],
  [
    'F42 F50 an outage says nothing, nor does half an answer',
    everywhere({ kind: 'error', code: 'ServiceUnavailable', status: 503 }),
    everywhere({ kind: 'body', text: (answer) => answer.slice(0, answer.length / 2) }),
  ],
  ['F54 silence says nothing', silence, silence],
  [
    'F46 F47 the first page of a list is no list, nor is a list without end',
    BROKEN_PAGES,
    everywhere({ kind: 'repeatToken' }),
  ],
];

/** Troubles that come one after the other. */
const IN_TURN: readonly FaultKind[] = [
  { kind: 'reset' },
  { kind: 'error', code: 'RequestLimitExceeded', status: 503 },
  { kind: 'error', code: 'ExpiredToken', status: 403 },
  { kind: 'error', code: 'AuthFailure', status: 401 },
];

describe('API: EC2 answers nothing of use for an hour', () => {
  it.each(TROUBLES)('%s: nothing is bought, nobody is taken for gone', async (_, first, second) => {
    let isTroubled = false;
    const troubled = (from: number, until: number, faults: readonly Fault[]): Timetable =>
      during(from, until, ({ world }) => {
        isTroubled = true;
        return [...faults.map((fault) => world.aws.faults.add(fault)), () => (isTroubled = false)];
      });
    const life = await lived([...troubled(15, 45, first), ...troubled(45, 75, second), [88, () => undefined]], {
      over: LONG_DAY,
      // All reads fail meanwhile, so that one that is given up too early is no other than the rest.
      patienceMs: () => (isTroubled ? 5 : undefined),
    });
    const [before, after] = [life.seenAt(15), life.seenAt(75)];
    expect(callsBetween(before, after, 'RunInstances')).toBe(0);
    expect(after.launched).toBe(before.launched);
    expect(callsBetween(before, after, 'DescribeInstances'), 'it goes on asking, calmly').toBeLessThan(4 * 6 * 60);
    expect(life.seenAt(88).open, 'two that serve').toHaveLength(2);
    expectNobodyMissed(life);
    expectSound(life);
  });

  it('F40 F43 F44 F45 a broken line, a throttle, expired credentials and a refusal in turn: all the same', async () => {
    const life = await lived(
      [
        ...IN_TURN.flatMap((kind, index) =>
          during(15 + 15 * index, 30 + 15 * index, ({ world }) =>
            everywhere(kind).map((one) => world.aws.faults.add(one)),
          ),
        ),
        [88, () => undefined],
      ],
      { over: LONG_DAY },
    );
    expect(life.seenAt(75).launched).toBe(life.seenAt(15).launched);
    expect(life.seenAt(75).alive).toEqual(life.seenAt(15).alive);
    expect(life.seenAt(88).open, 'two that serve').toHaveLength(2);
    expectNobodyMissed(life);
    expectSound(life);
  });
});
