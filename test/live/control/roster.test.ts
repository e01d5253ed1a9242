import { describe, expect, it } from 'vitest';
import type { Fact, JobSeen } from '../../../src/domain/facts.ts';
import type { Instant } from '../../../src/domain/time.ts';
import { Inbox } from '../../../src/live/control/inbox.ts';
import { type NodeThere, Roster } from '../../../src/live/control/roster.ts';
import { anOffer } from '../../support/aBlock.ts';
import { aKeeper } from '../../support/aKeeper.ts';
import { aPool } from '../../support/aPool.ts';
import { hours, minutes } from '../../support/lengths.ts';

/** A roster over a cluster that is changed by hand, and a keeper that hears what it says. */
function aRoster() {
  let now: Instant = minutes(10);
  const cluster = {
    isFresh: true,
    node: { name: 'n', ready: true, cordoned: false, ours: false, labels: {} } as NodeThere | undefined,
    doubt: undefined as string | undefined,
    jobs: [] as readonly JobSeen[] | undefined,
  };
  const clock = { now: () => now, at: () => () => undefined };
  const inbox = new Inbox(clock);
  const roster = new Roster(clock, inbox, {
    fresh: () => cluster.isFresh,
    nodeOf: () => cluster.node,
    doubtOfNode: () => Promise.resolve(cluster.doubt),
    jobsSeenOn: () => cluster.jobs,
  });
  const keeper = aKeeper(aPool(1)).begins(0);
  keeper.hears({
    ...{ type: 'capacity.granted', at: 10, blockId: 'ci-0.1', token: 'ci-0.1.1' },
    lease: { instanceId: 'i-1', offer: anOffer(), startsAt: 10, expiresAt: hours(4), hardEndAt: hours(99) },
  });
  roster.saw(keeper.keeper);
  return {
    cluster,
    roster,
    keeper,
    /** Looks, and lets the keeper hear what is said of it. */
    async looks(at: Instant = now + minutes(1)): Promise<readonly Fact[]> {
      now = at;
      roster.lookAtAll();
      const said: Fact[] = [];
      while (inbox.waiting > 0) said.push((await inbox.next(now))!);
      keeper.hears(...said);
      roster.saw(keeper.keeper);
      return said;
    },
    /** Looks, and nobody hears what is said of it. */
    async losesWhatIsSaid(): Promise<readonly Fact[]> {
      roster.lookAtAll();
      const said: Fact[] = [];
      while (inbox.waiting > 0) said.push((await inbox.next(now))!);
      return said;
    },
    get block() {
      return keeper.keeper.blocks.get('ci-0.1')!;
    },
  };
}

describe('the roster', () => {
  it('says what its block does not know, and says it once', async () => {
    const one = aRoster();
    expect(await one.looks()).toMatchObject([{ type: 'node.seen', node: { name: 'n', ready: true } }]);
    expect(one.block.state).toBe('serving');
    expect(await one.looks()).toEqual([]);
    one.cluster.jobs = [{ id: 'j1', startedAt: minutes(11) }];
    expect(await one.looks()).toHaveLength(1);
    expect(await one.looks()).toEqual([]);
  });

  it('says again what was lost on the way', async () => {
    const one = aRoster();
    await one.looks();
    one.cluster.jobs = [{ id: 'j1', startedAt: minutes(11) }];
    expect(await one.losesWhatIsSaid()).toMatchObject([{ type: 'node.seen' }]);
    expect(one.block.context.jobs).toEqual([]);
    expect(await one.looks()).toMatchObject([{ type: 'node.seen' }]);
    expect(one.block.context.jobs).toHaveLength(1);
  });

  it('shows a job that came and went in one look, with its true length', async () => {
    const one = aRoster();
    await one.looks();
    const before = one.keeper.keeper.memories.get('ci')?.observations.durations.weight;
    one.cluster.jobs = [{ id: 'j1', startedAt: minutes(12), endedAt: minutes(13) }];
    await one.looks(minutes(20));
    expect(one.keeper.keeper.memories.get('ci')?.observations.durations.weight).toBe((before ?? 0) + 1_000);
  });

  it('notices a deleted node, and nothing of a list that is not whole', async () => {
    const one = aRoster();
    await one.looks();
    one.cluster.node = undefined;
    one.cluster.isFresh = false;
    expect(await one.looks()).toEqual([]);
    one.cluster.isFresh = true;
    expect(await one.looks()).toMatchObject([{ type: 'node.seen', node: null }]);
    expect(one.block.context.nodeGone).toBe(true);
    expect(await one.looks()).toEqual([]);
  });

  it('says that nobody can tell what runs, and that somebody can again', async () => {
    const one = aRoster();
    one.cluster.jobs = [{ id: 'j1', startedAt: minutes(10) }];
    await one.looks();
    one.cluster.jobs = undefined;
    await one.looks();
    expect(one.block.context).toMatchObject({ jobsKnown: false, jobs: [{ id: 'j1' }] });
    one.cluster.jobs = [];
    await one.looks();
    expect(one.block.context).toMatchObject({ jobsKnown: true, jobs: [] });
    // Its end was not seen, so its length is unknown.
    expect(one.keeper.keeper.memories.get('ci')?.observations.durations.weight).toBe(0);
  });

  it('never goes back in time, whatever the machine says', async () => {
    const one = aRoster();
    await one.looks(hours(2));
    one.cluster.jobs = [{ id: 'j1', startedAt: minutes(11) }];
    await one.looks(hours(1));
    expect(one.block.context.jobs).toHaveLength(1);
  });

  it('finds what runs on an instance that a new life adopts, since when, and since when it is idle', () => {
    const one = aRoster();
    const own = { blockId: 'ci-0.1', attempt: 1, instanceId: 'i-1', lease: one.block.context.lease! } as never;
    one.cluster.jobs = [{ id: 'j1', startedAt: minutes(3) }];
    expect(one.roster.sight([own])).toMatchObject([{ node: { jobs: [{ id: 'j1', startedAt: minutes(3) }] } }]);
    one.cluster.jobs = [
      { id: 'j1', startedAt: minutes(3), endedAt: minutes(4) },
      { id: 'j2', startedAt: minutes(4), endedAt: minutes(7) },
    ];
    const sightings = one.roster.sight([own]);
    expect(sightings).toMatchObject([{ node: { jobs: [{ id: 'j2' }] } }]);
    const next = aKeeper(aPool(1)).finds(minutes(9), sightings);
    expect(next.keeper.blocks.get('ci-0.1')?.context.idleSince).toBe(minutes(7));
  });
});
