import { describe, expect, it } from 'vitest';
import { TAINT } from '../../../src/domain/nodeLabels.ts';
import type { Instant } from '../../../src/domain/time.ts';
import type { Interruption } from '../../../src/live/aws/notices/interruptions.ts';
import { Inbox } from '../../../src/live/control/inbox.ts';
import { openNotices } from '../../../src/live/control/notices.ts';
import { Roster } from '../../../src/live/control/roster.ts';
import { silent } from '../../../src/live/ports/telemetry.ts';
import { anOffer } from '../../support/aBlock.ts';
import { aKeeper } from '../../support/aKeeper.ts';
import { aPool } from '../../support/aPool.ts';
import { hours, minutes, seconds } from '../../support/lengths.ts';

/** Notices to a keeper whose block ci-0.1 serves on i-1 since the first minute; EC2 and its lists are what a test says. */
function aDesk({ bornAt = 0 }: { readonly bornAt?: Instant } = {}) {
  let now = bornAt;
  const clock = { now: () => now, at: () => () => undefined };
  const inbox = new Inbox(clock);
  const roster = new Roster(clock, inbox, {
    fresh: () => false,
    nodeOf: () => undefined,
    doubtOfNode: () => Promise.resolve('nobody looks'),
    jobsSeenOn: () => undefined,
  });
  const ec2 = {
    takenAt: undefined as Instant | undefined,
    alive: ['i-1'] as readonly string[],
    takes: undefined as readonly string[] | undefined,
    rechecks: 0,
  };
  const notices = openNotices({
    ...{ clock, inbox, roster, telemetry: silent },
    poll: {
      takenAt: () => ec2.takenAt,
      hasAlive: (id) => ec2.alive.includes(id),
      reclaims: () =>
        ec2.takes === undefined
          ? undefined
          : { kind: 'known', takenAt: ec2.takenAt ?? 0, reclaimAt: new Map(ec2.takes.map((id) => [id, now])) },
      hurry: () => undefined,
      recheck: () => {
        ec2.rechecks += 1;
      },
    },
  });
  const keeper = aKeeper(aPool(1)).begins(0);
  const node = { name: 'n', ready: true, cordoned: false, marks: [], jobs: [] };
  const closed = { ...node, cordoned: true, marks: [TAINT.draining] };
  const letGo: string[] = [];
  return {
    ec2,
    letGo,
    notices,
    /** The keeper learns that its block exists. */
    knows() {
      keeper.hears(
        {
          ...{ type: 'capacity.granted', at: 10, blockId: 'ci-0.1', token: 'ci-0.1.1' },
          lease: { instanceId: 'i-1', offer: anOffer(), startsAt: 10, expiresAt: hours(4), hardEndAt: hours(99) },
        },
        { type: 'node.seen', at: 20, blockId: 'ci-0.1', takenAt: 20, node },
      );
      roster.saw(keeper.keeper);
      notices.review();
    },
    cordoned() {
      now += 1;
      keeper.hears({ type: 'node.seen', at: now, blockId: 'ci-0.1', takenAt: now, node: closed });
      roster.saw(keeper.keeper);
      notices.review();
    },
    comes(at: Instant, news: Interruption, id = 'm'): void {
      now = at;
      notices.take({ id, news: [news], letGo: () => letGo.push(id) });
    },
    /** Lists are taken now, and looked at. */
    listed(at: Instant, takes: readonly string[] = []): void {
      now = at;
      ec2.takenAt = at;
      ec2.takes = takes;
      notices.review();
    },
    async said(): Promise<readonly string[]> {
      const said: string[] = [];
      while (inbox.waiting > 0) {
        const fact = (await inbox.next(now))!;
        said.push(fact.type);
        keeper.hears(fact);
      }
      roster.saw(keeper.keeper);
      return said;
    },
  };
}

const reclaim = (reclaimAt: Instant, instanceId = 'i-1'): Interruption => ({ kind: 'reclaim', instanceId, reclaimAt });

describe('a notice', () => {
  it('is told once, and let go when the cordon is acknowledged', async () => {
    const desk = aDesk();
    desk.knows();
    desk.comes(minutes(5), reclaim(minutes(7)));
    desk.notices.review();
    expect(await desk.said()).toEqual(['instance.interrupted']);
    desk.comes(minutes(5) + seconds(20), reclaim(minutes(7)));
    expect(await desk.said()).toEqual([]);
    expect(desk.letGo).toEqual([]);
    desk.cordoned();
    expect(desk.letGo).toEqual(['m']);
    expect(desk.notices.held).toBe(0);
  });

  it('waits for the first complete list, and then is told', async () => {
    const desk = aDesk();
    desk.comes(seconds(2), reclaim(minutes(1)));
    expect(desk.letGo).toEqual([]);
    desk.listed(seconds(4));
    expect(desk.letGo).toEqual([]);
    desk.knows();
    expect(await desk.said()).toEqual(['instance.interrupted']);
  });

  it('is a stranger’s only once a list would have shown the instance', () => {
    const desk = aDesk({ bornAt: hours(1) });
    desk.comes(hours(1) + seconds(5), reclaim(hours(1) + seconds(125), 'i-2'));
    desk.listed(hours(1) + seconds(30));
    expect(desk.letGo).toEqual([]);
    desk.listed(hours(1) + seconds(70));
    expect(desk.letGo).toEqual(['m']);
    // From then on every instance that exists is known.
    desk.comes(hours(1) + seconds(71), reclaim(hours(1) + seconds(180), 'i-3'), 'n');
    expect(desk.letGo).toEqual(['m', 'n']);
  });

  it.each([minutes(5), hours(3)])(
    'that is %i ms late asks what EC2 says now, and by itself ends nothing',
    async (late) => {
      const desk = aDesk();
      desk.knows();
      const now = hours(3) + minutes(10);
      desk.comes(now, reclaim(now - late));
      desk.notices.review();
      expect(desk.ec2.rechecks).toBe(1);
      expect(desk.letGo).toEqual([]);
      desk.listed(now + 1);
      expect(desk.letGo).toEqual(['m']);
      expect(await desk.said()).toEqual([]);
    },
  );

  it('that is late about an instance that EC2 does take is held until it is cordoned', () => {
    const desk = aDesk();
    desk.knows();
    desk.comes(minutes(20), reclaim(minutes(15)));
    desk.listed(minutes(20) + 1, ['i-1']);
    expect(desk.letGo).toEqual([]);
  });

  it('of a risk is told once and let go when it is known', async () => {
    const desk = aDesk();
    desk.knows();
    desk.comes(minutes(5), { kind: 'health', instanceIds: ['i-1'] });
    expect(await desk.said()).toEqual(['instance.atRisk']);
    desk.notices.review();
    expect(desk.letGo).toEqual(['m']);
  });
});
