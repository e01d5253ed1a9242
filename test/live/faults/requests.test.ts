import { describe, expect, it } from 'vitest';
import type { Fault, FaultKind } from '../../../fakes/aws/faults.ts';
import { seconds } from '../../../src/domain/time.ts';
import {
  callsBetween,
  during,
  expectNobodyMissed,
  expectSound,
  GROUP,
  lived,
  type Timetable,
} from '../../support/aFaultyDay.ts';

/** How many instances are bought on a day without faults: two for each of three generations. */
const CALM = 6;

const refusing = (from: number, until: number, code: string, status = 400): Timetable =>
  during(from, until, ({ world }) => [world.aws.faults.add({ action: 'RunInstances', kind: 'error', code, status })]);

describe('REQ: launches that go wrong', () => {
  it('F01 F03 F04 F05 F07 F17 a lost request or answer buys nothing twice, however late EC2 shows an instance', async () => {
    const once = (kind: FaultKind): Fault => ({ action: 'RunInstances', times: 1, ...kind });
    const life = await lived([
      [
        -1,
        ({ world }) => {
          for (const kind of ['lostAnswer', 'reset', 'lostAnswer'] as const) world.aws.faults.add(once({ kind }));
          world.aws.faults.add({ action: 'DescribeInstances', kind: 'lag', ms: seconds(30) });
        },
      ],
      [19, ({ world }) => [0, 1, 2].map(() => world.aws.faults.add(once({ kind: 'lostAnswer' })))],
      [38, ({ world }) => world.aws.faults.add(once({ kind: 'reset' }))],
    ]);
    expect(life.seenAtLast.launched).toBe(CALM);
    expectNobodyMissed(life);
    expectSound(life);
  });

  it('F08 F09 F10 F41 F112 no capacity at the time of a renewal: asked for calmly, and bought when there is some', async () => {
    const life = await lived([...refusing(18, 36, 'InsufficientInstanceCapacity', 500), [44, () => undefined]]);
    const [before, after] = [life.seenAt(18), life.seenAt(36)];
    expect(after.launched).toBe(before.launched);
    // Two blocks, two offers each, after every five minutes of cooling.
    expect(callsBetween(before, after, 'RunInstances')).toBeLessThanOrEqual(2 * 2 * 4);
    expect(life.seenAt(44).open).toHaveLength(2);
    expectSound(life);
  });

  it('F11 F13 F44 F60 refused for good: nothing is bought, hardly anything asked, and all is well after the mend', async () => {
    const life = await lived([
      ...refusing(-1, 8, 'InvalidAMIID.NotFound'),
      ...refusing(8, 16, 'MaxSpotInstanceCountExceeded'),
      ...refusing(16, 24, 'UnauthorizedOperation', 403),
      ...refusing(24, 30, 'InvalidGroup.NotFound'),
      [44, () => undefined],
    ]);
    expect(life.seenAt(30).launched).toBe(0);
    expect(life.seenAt(30).calls.get('RunInstances')).toBeLessThanOrEqual(2 * 8);
    expect(life.seenAt(44).open).toHaveLength(2);
    expectSound(life);
  });
});

describe('ASG: the group that is copied', () => {
  it('F55 another image: what is bought from then on has it, and nobody is ended for it', async () => {
    const life = await lived([
      [
        10,
        ({ world: { account } }) => {
          const [template] = account.templates.all();
          if (template === undefined) throw new Error('the group has a launch template');
          const [version] = template.versions;
          if (version === undefined) throw new Error('a launch template has a version');
          const next = {
            ...version,
            number: 2,
            createdAt: account.now(),
            data: { ...version.data, ImageId: 'ami-0fedcba9876543210' },
          };
          account.templates.set(template.templateId, { ...template, defaultVersion: 2, versions: [version, next] });
        },
      ],
      [19, () => undefined],
    ]);
    const changed = life.turns.filter(({ fact }) => fact.type === 'template.changed');
    expect(changed).toHaveLength(1);
    expect(life.seenAt(19).alive).toEqual(life.seenAt(10).alive);
    const images = life.world.account.instances.all().map(({ imageId, launchedAt }) => [imageId, launchedAt] as const);
    const changedAt = changed[0]?.fact.at ?? 0;
    expect(images.filter(([image, at]) => at > changedAt !== (image === 'ami-0fedcba9876543210'))).toEqual([]);
    expect(life.seenAtLast.launched).toBe(CALM);
    expectSound(life);
  });

  it('F56 F57 a group, or its template, that is missing: nothing is bought, blocks live on, and it may come back', async () => {
    const life = await lived([
      ...during(-1, 6, ({ world: { account } }) => {
        const templates = account.templates.all();
        for (const { templateId } of templates) account.templates.delete(templateId);
        return templates.map((one) => () => {
          account.templates.set(one.templateId, one);
        });
      }),
      ...during(16, 32, ({ world: { account } }) => {
        const group = account.groups.get(GROUP);
        if (group === undefined) throw new Error('there is a group');
        account.groups.delete(GROUP);
        return [
          () => {
            account.groups.set(GROUP, group);
          },
        ];
      }),
      [44, () => undefined],
    ]);
    expect(life.seenAt(6).calls.get('RunInstances') ?? 0).toBe(0);
    expect(life.seenAt(16).open, 'bought when the template was there').toHaveLength(2);
    expect(callsBetween(life.seenAt(16), life.seenAt(32), 'RunInstances')).toBe(0);
    expect(life.seenAt(44).open).toHaveLength(2);
    expectNobodyMissed(life);
    expectSound(life);
  });
});
