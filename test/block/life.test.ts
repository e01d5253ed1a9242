import { describe, expect, it } from 'vitest';
import {
  adoptBlock,
  advanceBlock,
  type Block,
  type BlockEvent,
  isNewsTo,
  jobNewsOf,
  nextOf,
  openBlock,
  viewOf,
} from '../../src/block/block.ts';
import { ASK_AGAIN_MS, RECLAIM_GRACE_MS, UNANSWERED_MS } from '../../src/block/rules.ts';
import type { Effect } from '../../src/domain/effects.ts';
import type { FactOf } from '../../src/domain/facts.ts';
import { SERVED } from '../../src/domain/nodeLabels.ts';
import { after, NEVER } from '../../src/domain/time.ts';
import { aLease, anOffer, RULES, TIMEOUTS } from '../support/aBlock.ts';
import { aNodeSeen, aNodeUntold, CLOSED, running, seen } from '../support/aNode.ts';
import { hours, minutes, seconds } from '../support/lengths.ts';

const PLACE = { pool: 'ci', slot: 0, generation: 1 };
const blockId = 'ci-0.1';
const A = anOffer({ zone: 'us-east-1a' });
const B = anOffer({ zone: 'us-east-1b' });

/** A block from birth, driven by events; remembers all it asked for. */
function aLife(...offers: [typeof A, ...(typeof A)[]]) {
  let [block, effects] = openBlock(PLACE, offers, 0, RULES);
  const life = {
    get state() {
      return block.state;
    },
    get block(): Block {
      return block;
    },
    /** What the last event made it ask for. */
    get asked(): readonly Effect['type'][] {
      return effects.map(({ type }) => type);
    },
    get effects() {
      return effects;
    },
    hears(...events: BlockEvent[]) {
      for (const event of events) [block, effects] = advanceBlock(block, event);
      return life;
    },
  };
  return life;
}

const granted = (at: number, attempt = 1, instanceId = 'i-1'): BlockEvent => ({
  type: 'capacity.granted',
  at,
  blockId,
  token: `${blockId}.${attempt}`,
  lease: aLease({ instanceId, startsAt: at }),
});
const refused = (
  at: number,
  attempt: number,
  more: Partial<Extract<BlockEvent, { type: 'capacity.refused' }>> = {},
): BlockEvent => ({
  type: 'capacity.refused',
  at,
  blockId,
  token: `${blockId}.${attempt}`,
  offer: A,
  refusal: 'no-capacity',
  ...more,
});
const ready = (at: number): BlockEvent => seen(blockId, at);
const clock = (at: number): BlockEvent => ({ type: 'clock.reached', at });
const retire = (at: number, endBy: number): BlockEvent => ({ type: 'retire', at, endBy });
const cordoned = (at: number): BlockEvent => seen(blockId, at, CLOSED);
const emptied = (at: number, takenAt = at): BlockEvent => ({ type: 'node.emptied', at, blockId, takenAt });
const gone = (at: number, cause: 'terminated' | 'interrupted' | 'schedule' | 'unknown' = 'terminated'): BlockEvent => ({
  type: 'instance.gone',
  at,
  blockId,
  cause,
});

describe('a block that is bought, serves and is retired', () => {
  it('asks, joins, serves, drains, terminates and is gone', () => {
    const life = aLife(A);
    expect(life.asked).toEqual(['requestCapacity']);
    expect(life.hears(granted(1_000)).state).toBe('joining');
    expect(life.hears(ready(60_000)).asked).toEqual(['labelNode']);
    expect(life.hears(retire(hours(3), hours(4))).asked).toEqual(['cordonNode']);
    life.hears(cordoned(hours(3) + 500));
    expect(life.hears(emptied(hours(3) + 5_000)).asked).toEqual(['terminateInstance']);
    expect(life.hears(gone(hours(3) + 40_000)).state).toBe('gone');
    expect(life.block.context.ending).toBe('retired');
  });
});

describe('a block that is refused', () => {
  it('tries its next offer under a new token, and rests when none is left', () => {
    const life = aLife(A, B).hears(refused(2_000, 1));
    expect(life.effects).toEqual([{ type: 'requestCapacity', blockId, token: 'ci-0.1.2', offer: B }]);
    expect(life.hears(refused(4_000, 2)).state).toBe('resting');
    expect(life.hears(clock(4_000 + TIMEOUTS.restMs - 1)).state).toBe('resting');
    expect(life.hears(clock(4_000 + TIMEOUTS.restMs)).state).toBe('gone');
  });

  it('hears the same refusal twice and gives up no second offer', () => {
    const life = aLife(A, B).hears(refused(2_000, 1), refused(2_001, 1));
    expect(life.state).toBe('requesting');
    expect(life.block.context.attempt).toBe(2);
  });

  it('does not try other offers when all would be refused alike', () => {
    expect(aLife(A, B).hears(refused(2_000, 1, { refusal: 'quota' })).state).toBe('resting');
  });

  it('rests as long as EC2 asks for', () => {
    const life = aLife(A).hears(refused(0, 1, { refusal: 'throttled', retryAt: after(0, minutes(9)) }));
    expect(life.block.context.deadlineAt).toBe(minutes(9));
  });
});

describe('a request that is not answered in time', () => {
  it('is cancelled, and cancelled again, but never forgotten', () => {
    const life = aLife(A);
    expect(life.hears(clock(minutes(5))).asked).toEqual(['cancelRequest']);
    expect(life.hears(clock(minutes(10))).asked).toEqual(['cancelRequest']);
    expect(life.hears(refused(minutes(11), 1, { refusal: 'cancelled' })).state).toBe('resting');
  });

  it('takes the instance if the cancel came too late', () => {
    expect(aLife(A).hears(clock(minutes(5)), granted(minutes(5) + 1)).state).toBe('joining');
  });

  it('drains the instance once it has joined if nobody wants it any more: a job may be on it by then', () => {
    const life = aLife(A).hears(retire(1_000, hours(4)));
    expect(life.asked).toEqual(['cancelRequest']);
    expect(life.hears(granted(2_000)).state).toBe('joining');
    expect(life.hears(ready(60_000)).asked).toEqual(['cordonNode']);
    expect(life.block.context.ending).toBe('retired');
  });

  it('serves when the news of its node has overtaken that of its grant', () => {
    const life = aLife(A).hears(ready(60_000), granted(61_000));
    expect(life.state).toBe('serving');
    expect(life.block.context).toMatchObject({ node: 'node-1', ready: true, deadlineAt: 61_000 + hours(4) });
    expect(aLife(A).hears(retire(1_000, hours(4)), ready(60_000), granted(61_000)).state).toBe('draining');
  });

  it('ends an instance that was granted to an earlier try', () => {
    const life = aLife(A, B).hears(refused(2_000, 1), granted(3_000, 1, 'i-late'));
    expect(life.effects).toEqual([{ type: 'terminateInstance', blockId, instanceId: 'i-late' }]);
    expect(life.state).toBe('requesting');
  });

  it('hears its grant twice and ends nothing', () => {
    const life = aLife(A).hears(granted(1_000), granted(1_001));
    expect(life.effects).toEqual([]);
    expect(life.state).toBe('joining');
  });
});

describe('a block that is retired before its node has joined', () => {
  it('is drained when it joins, since a job may have got there first', () => {
    const life = aLife(A).hears(granted(0), retire(30_000, hours(4)));
    expect(life.state).toBe('joining');
    expect(life.hears(ready(60_000)).asked).toEqual(['cordonNode']);
  });

  it('is given up when it never joins', () => {
    const life = aLife(A).hears(granted(0), retire(30_000, hours(4)), clock(TIMEOUTS.joinMs));
    expect(life.asked).toEqual(['findNode']);
    expect(life.hears(seen(blockId, TIMEOUTS.joinMs + 1, null)).asked).toEqual(['terminateInstance']);
    expect(life.block.context.ending).toBe('retired');
  });
});

describe('a block whose node does not join', () => {
  it('is given up as stillborn', () => {
    const life = aLife(A).hears(granted(0), clock(TIMEOUTS.joinMs), seen(blockId, TIMEOUTS.joinMs + 1, null));
    expect(life.asked).toEqual(['terminateInstance']);
    expect(life.block.context.ending).toBe('stillborn');
  });

  it('is not given up before it is known to have no node, and is asked about every minute', () => {
    const life = aLife(A).hears(granted(0), clock(TIMEOUTS.joinMs));
    expect([life.state, life.asked]).toEqual(['joining', ['findNode']]);
    const failed = { type: 'effect.failed', blockId, effect: 'findNode', reason: 'nodes cannot be listed' } as const;
    life.hears({ ...failed, at: TIMEOUTS.joinMs + 1 });
    expect(nextOf(life.block.context)).toBe(TIMEOUTS.joinMs + UNANSWERED_MS);
    expect(life.hears(clock(TIMEOUTS.joinMs + UNANSWERED_MS)).asked).toEqual(['findNode']);
    // Here it is after all, and a job may run there.
    expect(life.hears(seen(blockId, hours(1), { ready: false })).asked).toEqual(['cordonNode']);
    expect(aLife(A).hears(granted(0), clock(TIMEOUTS.joinMs), seen(blockId, hours(1))).state).toBe('serving');
  });

  it('is given up without an answer when its lease and its overrun are over', () => {
    const life = aLife(A).hears(granted(0), clock(TIMEOUTS.joinMs), clock(hours(28)));
    expect(life.asked).toEqual(['terminateInstance']);
  });
});

describe('a block that serves when its lease is over', () => {
  const imposed: BlockEvent = { ...granted(0), lease: aLease({ hardEndAt: hours(4) }) } as BlockEvent;

  it('drains as expired, and what runs there has the overrun', () => {
    const life = aLife(A).hears(granted(0), ready(60_000), clock(hours(4)));
    expect(life.asked).toEqual(['cordonNode']);
    expect(life.block).toMatchObject({ state: 'draining', context: { ending: 'expired', deadlineAt: hours(28) } });
  });

  it('is ended where AWS imposes the end', () => {
    const life = aLife(A).hears(imposed, ready(60_000), clock(hours(4)));
    expect(life.asked).toEqual(['terminateInstance']);
    expect(life.block.context.ending).toBe('expired');
  });
});

describe('a block whose node never becomes ready, with a job on it', () => {
  const busy = seen(blockId, 60_000, { ready: false, ...running(50_000, 'j1') });
  const { joinMs } = TIMEOUTS;

  it('is drained, for only a drain can tell when the job is over', () => {
    const life = aLife(A).hears(granted(0), busy, clock(joinMs));
    expect(life.state).toBe('draining');
    expect(life.asked).toEqual(['cordonNode']);
    expect(life.block.context).toMatchObject({ ending: 'stillborn', deadlineAt: hours(28) });
    life.hears(seen(blockId, joinMs + 500, { ready: false, ...CLOSED }), emptied(joinMs + 5_000));
    expect(life.asked).toEqual(['terminateInstance']);
  });

  it('is given up when its lease and its overrun are over', () => {
    expect(aLife(A).hears(granted(0), busy, clock(hours(28))).asked).toEqual(['terminateInstance']);
  });
});

describe('the node of a serving block', () => {
  const serving = () => aLife(A).hears(granted(0), ready(60_000));
  const usable = (life: ReturnType<typeof aLife>) => viewOf(life.block).usable;

  it('may be unready for two minutes, and is no supply after that until it is ready again', () => {
    const life = serving().hears(seen(blockId, 100_000, { ready: false }));
    expect([usable(life), nextOf(life.block.context)]).toEqual([true, 100_000 + minutes(2)]);
    expect(usable(life.hears(clock(100_000 + minutes(2))))).toBe(false);
    expect(nextOf(life.block.context)).toBe(hours(4));
    expect(usable(life.hears(ready(minutes(10))))).toBe(true);
  });

  it('is no supply at once where the cluster says that it has been unready for long', () => {
    const life = serving().hears(seen(blockId, minutes(10), { ready: false, unreadySince: minutes(7) }));
    expect(usable(life)).toBe(false);
  });

  it('has two minutes from when the cluster says that it stopped being ready, though it was so before', () => {
    const life = serving().hears(seen(blockId, minutes(10), { ready: false, unreadySince: minutes(10) }));
    life.hears(seen(blockId, minutes(11.8), { ready: false, unreadySince: minutes(11.7) }));
    expect(nextOf(life.block.context)).toBe(minutes(13.7));
  });

  it('that is closed by people is no supply, and is left alone', () => {
    const life = serving().hears(seen(blockId, minutes(2), { cordoned: true }));
    expect([life.state, usable(life), life.asked]).toEqual(['serving', false, []]);
    expect(usable(life.hears(ready(minutes(3))))).toBe(true);
  });

  it('that lost its label is labelled again: by it a new life knows that it has served', () => {
    const life = serving().hears(
      seen(blockId, minutes(5), { marks: [] }),
      seen(blockId, minutes(5) + 1, { marks: [] }),
    );
    expect(nextOf(life.block.context)).toBe(minutes(6));
    expect(life.hears(clock(minutes(6))).asked).toEqual(['labelNode']);
    expect(nextOf(life.hears(seen(blockId, minutes(7))).block.context)).toBe(hours(4));
  });

  it('that is deleted has two minutes to come back; then what runs there is let finish', () => {
    const life = serving().hears(seen(blockId, minutes(5), running(minutes(4), 'j1')), seen(blockId, minutes(6), null));
    expect(usable(life)).toBe(true);
    life.hears(clock(minutes(8)));
    expect([life.state, life.asked, life.block.context.ending]).toEqual(['draining', ['cordonNode'], 'lost']);
    // A node that is not there counts as closed: a list from then on can prove that nothing runs there.
    life.hears(seen(blockId, minutes(8) + 1, null), emptied(minutes(9)));
    expect(life.asked).toEqual(['terminateInstance']);
    const back = serving().hears(seen(blockId, minutes(6), null), ready(minutes(7)), clock(minutes(8)));
    expect([back.state, usable(back)]).toEqual(['serving', true]);
  });

  it('is as it was seen last: what is told late says nothing new', () => {
    const life = serving().hears(
      seen(blockId, minutes(6)),
      seen(blockId, minutes(7), running(minutes(4), 'j1'), minutes(5)),
    );
    expect(viewOf(life.block).jobs).toBe(0);
  });
});

describe('a proof that a node is empty', () => {
  it('is none against a job that was seen after the list was taken', () => {
    const life = aLife(A).hears(granted(0), ready(60_000), retire(hours(1), hours(4)), cordoned(hours(1) + 500));
    life.hears(seen(blockId, hours(1) + 9_000, { ...CLOSED, ...running(hours(1) + 400, 'j1') }));
    expect(life.hears(emptied(hours(1) + 9_500, hours(1) + 8_000)).state).toBe('draining');
    expect(life.hears(emptied(hours(1) + 20_000)).state).toBe('terminating');
  });
});

describe('a draining node that was closed by people before', () => {
  it('needs our mark: without it our cordon has not come to anything yet', () => {
    const life = aLife(A).hears(
      granted(0),
      ready(60_000),
      seen(blockId, minutes(2), { cordoned: true }),
      retire(hours(1), hours(4)),
    );
    life.hears(seen(blockId, hours(1) + 1, { cordoned: true }), emptied(hours(1) + 60_000));
    expect(life.state).toBe('draining');
    life.hears(cordoned(hours(1) + 61_000), emptied(hours(1) + 70_000));
    expect(life.state).toBe('terminating');
  });
});

describe('a draining node with other pods on it', () => {
  const leaving = (at: number): BlockEvent => ({
    ...{ type: 'node.emptied', at, blockId, takenAt: at },
    leaving: ['kube-system/dns'],
  });
  const at = hours(1) + 1;
  const draining = () => aLife(A).hears(granted(0), ready(60_000), retire(hours(1), hours(4)), cordoned(at));

  it('waits for them until their time is over, counted from its cordon', () => {
    const life = draining().hears(leaving(at + seconds(5)), leaving(at + TIMEOUTS.evictMs - 1));
    expect(life.state).toBe('draining');
    expect(life.hears(leaving(at + TIMEOUTS.evictMs)).asked).toEqual(['terminateInstance']);
  });

  it('ends at once when they have left, and when they have had their time while a job ran', () => {
    expect(draining().hears(leaving(at + seconds(5)), emptied(at + minutes(1))).state).toBe('terminating');
    expect(draining().hears(leaving(at + TIMEOUTS.evictMs + minutes(1))).state).toBe('terminating');
  });

  it('never waits past the end of the block', () => {
    const life = draining().hears(leaving(hours(28) - 1));
    expect(life.state).toBe('terminating');
    expect(draining().hears(clock(hours(28))).state).toBe('terminating');
  });
});

describe('a request that was not tried', () => {
  const untried = (at: number): BlockEvent => ({
    ...{ type: 'effect.untried', at, blockId, effect: 'requestCapacity', token: 'ci-0.1.1' },
    ...{ hindrance: 'no-leadership', reason: 'late' },
  });

  it('is made again with the same token', () => {
    const life = aLife(A).hears(untried(1), clock(1 + ASK_AGAIN_MS));
    expect(life.asked).toEqual(['requestCapacity']);
    expect(life.state).toBe('requesting');
  });

  it('is not made again for a block that is not wanted any more, though its cancellation is not tried either', () => {
    const life = aLife(A).hears(untried(1), retire(2, 3), clock(1 + ASK_AGAIN_MS));
    expect(life.asked).toEqual([]);
    life.hears({
      type: 'effect.failed',
      at: hours(1),
      blockId,
      effect: 'cancelRequest',
      token: 'ci-0.1.1',
      reason: '',
    });
    expect(life.state).toBe('gone');
  });
});

describe('a serving block whose instance is taken back', () => {
  it('just before its lease ends is left to AWS: the end of the lease ends no job', () => {
    const reclaimAt = hours(4) + minutes(1);
    const life = aLife(A).hears(granted(0), ready(60_000));
    life.hears({ type: 'instance.interrupted', at: reclaimAt - minutes(2), blockId, reclaimAt }, clock(hours(4)));
    expect(life.state).toBe('draining');
    life.hears(clock(reclaimAt + RECLAIM_GRACE_MS));
    expect(life.asked).toEqual(['terminateInstance']);
  });
});

describe('a notice that comes long after its instant', () => {
  it('lets its block drain, and brings no end nearer: the instance lives', () => {
    const jobs = [{ id: 'j', startedAt: 60_000 }];
    const life = aLife(A).hears(granted(0), seen(blockId, 60_000, { jobs }), retire(hours(1), hours(4)));
    // Its node has fallen silent, so that nothing shows that the job runs on.
    life.hears(seen(blockId, hours(2), { jobs, ready: false }));
    const reclaimAt = hours(2);
    life.hears({ type: 'instance.interrupted', at: reclaimAt + minutes(5), blockId, reclaimAt });
    expect(life.block.context).toMatchObject({ reclaimAt: null, deadlineAt: hours(4 + 24) });
    expect(life.hears(clock(reclaimAt + minutes(6))).state).toBe('draining');
  });
});

describe('a block whose instance AWS said it takes, and does not', () => {
  const reclaimAt = hours(1);
  const late = reclaimAt + RECLAIM_GRACE_MS;
  const jobs = [{ id: 'j', startedAt: 60_000 }];
  const noticed = (node: Parameters<typeof seen>[2]) =>
    aLife(A)
      .hears(granted(0), seen(blockId, 60_000, node))
      .hears({ type: 'instance.interrupted', at: reclaimAt - minutes(2), blockId, reclaimAt });

  it('drains as any other: what runs there is not ended by the keeper', () => {
    const life = noticed({ jobs }).hears(clock(late));
    expect(life.state).toBe('draining');
    expect(life.block.context.deadlineAt).toBe(hours(4 + 24));
    // EC2 still marks it, and says so again.
    life.hears({ type: 'instance.interrupted', at: late + 1, blockId, reclaimAt: late + minutes(2) });
    life.hears(clock(late + minutes(3)), retire(late + minutes(4), hours(4)));
    expect(life.state).toBe('draining');
    life.hears(clock(hours(4 + 24)));
    expect(life.asked).toEqual(['terminateInstance']);
  });

  it('is ended where nothing runs there, or its node has fallen silent', () => {
    expect(noticed({}).hears(clock(late)).state).toBe('terminating');
    const silent = noticed({ jobs }).hears(seen(blockId, reclaimAt, { jobs, ready: false }));
    expect(silent.hears(clock(late)).state).toBe('terminating');
  });
});

describe('a draining block', () => {
  const draining = () => aLife(A).hears(granted(0), ready(60_000), retire(hours(3), hours(4)));

  it('is not ended by an empty list from before its cordon was acknowledged', () => {
    expect(draining().hears(emptied(hours(3) + 100)).state).toBe('draining');
    const life = draining().hears(cordoned(hours(3) + 500), emptied(hours(3) + 900, hours(3) + 400));
    expect(life.state).toBe('draining');
  });

  it('is not ended by a list taken while a bind may still land', () => {
    const cordonedAt = hours(3) + 500;
    expect(draining().hears(cordoned(cordonedAt), emptied(cordonedAt + seconds(2) - 1)).state).toBe('draining');
    expect(draining().hears(cordoned(cordonedAt), emptied(cordonedAt + seconds(2))).state).toBe('terminating');
  });

  it('is cordoned again when somebody uncordons it, and needs a new proof', () => {
    const life = draining().hears(cordoned(hours(3) + 500), ready(hours(3) + 600));
    expect(life.asked).toEqual(['cordonNode']);
    expect(life.hears(emptied(hours(3) + 9_000)).state).toBe('draining');
    life.hears(cordoned(hours(3) + 10_000), emptied(hours(3) + 20_000));
    expect(life.state).toBe('terminating');
  });

  it('is cordoned again when the cordon failed', () => {
    const failed: BlockEvent = {
      type: 'effect.failed',
      at: hours(3) + 1,
      blockId,
      effect: 'cordonNode',
      reason: '500',
    };
    const life = draining().hears(failed);
    expect(life.asked).toEqual([]);
    expect(life.hears(clock(hours(3) + 1 + ASK_AGAIN_MS)).asked).toEqual(['cordonNode']);
  });

  it('is cordoned again when nobody says what came of the cordon', () => {
    const life = draining().hears(clock(hours(3) + UNANSWERED_MS));
    expect(life.asked).toEqual(['cordonNode']);
    life.hears(cordoned(hours(3) + UNANSWERED_MS + 1), clock(hours(3) + 3 * UNANSWERED_MS));
    expect(life.asked).toEqual([]);
  });

  it('lets its jobs outlast the lease, and is ended when the overrun is over too', () => {
    const life = draining().hears(cordoned(hours(3) + 500), clock(hours(4)), clock(hours(28) - 1));
    expect(life.state).toBe('draining');
    expect(life.hears(clock(hours(28))).asked).toEqual(['terminateInstance']);
  });

  it('is ended later where its policy asks for that, and earlier only where it may', () => {
    const endAt = (order: BlockEvent, lease = aLease()) => {
      const grant: BlockEvent = { type: 'capacity.granted', at: 0, blockId, token: `${blockId}.1`, lease };
      return aLife(A).hears(grant, ready(60_000), order).block.context.deadlineAt;
    };
    expect(endAt(retire(hours(3), hours(40)))).toBe(hours(40));
    expect(endAt(retire(hours(3), hours(3)))).toBe(hours(28));
    expect(endAt({ type: 'retire', at: hours(3), endBy: hours(3), early: true })).toBe(hours(3));
    const imposed = aLease({ hardEndAt: hours(4) });
    expect(endAt(retire(hours(3), hours(40)), imposed)).toBe(hours(4));
    expect(endAt(retire(hours(3), hours(3)), imposed)).toBe(hours(4));
  });

  it('may be told its end later, by a pool that did not retire it', () => {
    const life = aLife(A).hears(granted(0), ready(60_000), clock(hours(4)));
    expect(life.block.context.deadlineAt).toBe(hours(28));
    expect(life.hears(retire(hours(4), hours(40))).block.context).toMatchObject({
      deadlineAt: hours(40),
      ending: 'expired',
    });
  });

  it('asks for its termination until the instance is gone', () => {
    const life = draining().hears(clock(hours(28)));
    expect(life.hears(clock(hours(28) + TIMEOUTS.terminateMs)).asked).toEqual(['terminateInstance']);
    expect(life.hears(gone(hours(28) + TIMEOUTS.terminateMs + 1)).state).toBe('gone');
  });
});

describe('a block that AWS takes back', () => {
  const notice: BlockEvent = {
    type: 'instance.interrupted',
    at: after(0, hours(1)),
    blockId,
    reclaimAt: hours(1) + minutes(2),
  };

  it('is cordoned at the notice, and left for AWS to end', () => {
    const life = aLife(A).hears(granted(0), ready(60_000), notice);
    expect(life.asked).toEqual(['cordonNode']);
    expect(life.hears(clock(hours(1) + minutes(2))).state).toBe('draining');
    expect(life.hears(gone(hours(1) + minutes(2) + 5_000, 'interrupted')).state).toBe('gone');
    expect(life.block.context.ending).toBe('interrupted');
  });

  it('that lives on long after it was to be taken is drained, and not ended for news so late', () => {
    const late: BlockEvent = { ...notice, at: hours(1), reclaimAt: hours(1) - minutes(3) };
    const life = aLife(A).hears(granted(0), ready(60_000), late, clock(hours(1) + minutes(5)));
    expect(life.state).toBe('draining');
    expect(life.block.context).toMatchObject({ reclaimAt: null, deadlineAt: hours(28) });
  });

  it('keeps the time of the notice when its node joins after it', () => {
    const life = aLife(A).hears(granted(0), { ...notice, at: 30_000, reclaimAt: 150_000 }, ready(60_000));
    expect(life.block).toMatchObject({ state: 'draining', context: { deadlineAt: 210_000, ending: 'interrupted' } });
  });

  it('was retired all the same if it was retiring already: the first ending stands', () => {
    const life = aLife(A).hears(
      granted(0),
      ready(60_000),
      retire(hours(1) - 1, hours(4)),
      notice,
      gone(hours(2), 'interrupted'),
    );
    expect(life.block.context.ending).toBe('retired');
  });

  it('is asked to end if AWS does not', () => {
    const life = aLife(A).hears(granted(0), ready(60_000), notice, clock(hours(1) + minutes(3)));
    expect(life.asked).toEqual(['terminateInstance']);
  });

  it('is lost when it disappears without a word', () => {
    const life = aLife(A).hears(granted(0), ready(60_000), gone(hours(1), 'unknown'));
    expect(life.block.context.ending).toBe('lost');
  });
});

describe('the jobs on a block', () => {
  it('are counted, and their beginning is remembered while any runs', () => {
    const at = (ms: number, ...ids: readonly string[]) => seen(blockId, ms, running(20, ...ids));
    const life = aLife(A).hears(granted(0), ready(10), at(21, 'a'), at(30, 'a', 'b'));
    expect(viewOf(life.block)).toMatchObject({ jobs: 2, busySince: 20, idleSince: null });
    expect(viewOf(life.hears(at(40, 'b')).block)).toMatchObject({ jobs: 1, busySince: 20 });
    // What is heard twice counts once.
    expect(viewOf(life.hears(at(45, 'b'), at(50), at(51)).block)).toMatchObject({
      jobs: 0,
      busySince: null,
      idleSince: 50,
    });
  });

  it('leave a node idle since the last of them ended, and busy since the first after a pause, seen or not', () => {
    const unseen = { id: 'a', startedAt: minutes(10), endedAt: minutes(55) };
    const life = aLife(A).hears(granted(0), ready(10), seen(blockId, hours(1), { jobs: [unseen] }));
    expect(viewOf(life.block)).toMatchObject({ idleSince: minutes(55) });
    const ended = { ...unseen, id: 'b', startedAt: minutes(61), endedAt: minutes(62) };
    const next = { id: 'c', startedAt: minutes(70) };
    life.hears(seen(blockId, minutes(61), { jobs: [{ id: 'b', startedAt: minutes(61) }] }));
    expect(viewOf(life.hears(seen(blockId, minutes(71), { jobs: [ended, next] })).block)).toMatchObject({
      busySince: minutes(70),
    });
  });

  it('that ended while their pods could not be listed are counted once they can, with their ends', () => {
    const life = aLife(A).hears(granted(0), ready(10), seen(blockId, 21, running(20, 'a')));
    life.hears({ type: 'node.seen', at: minutes(5), blockId, takenAt: minutes(5), node: aNodeUntold() });
    const shown = seen(blockId, minutes(9), {
      jobs: [
        { id: 'a', startedAt: 20, endedAt: minutes(3) },
        { id: 'b', startedAt: minutes(3), endedAt: minutes(4) },
      ],
    });
    expect(jobNewsOf(life.block, shown)).toEqual({ started: 1, lengthsMs: [minutes(3) - 20, minutes(4) - minutes(3)] });
  });

  it('that ended before a life began are what the life before has seen', () => {
    const [found] = adoptBlock(PLACE, { blockId, attempt: 1, lease: aLease() }, hours(1), RULES);
    const old = { id: 'a', startedAt: minutes(10), endedAt: minutes(20) };
    expect(jobNewsOf(found, seen(blockId, hours(2), { jobs: [old] }))).toEqual({ started: 0, lengthsMs: [] });
  });

  it('are as the newer of two levels says, also where both are of one instant', () => {
    const life = aLife(A).hears(
      granted(0),
      ready(10),
      seen(blockId, 21, running(20, 'a'), 20),
      seen(blockId, 22, {}, 20),
    );
    expect(viewOf(life.block).jobs).toBe(1);
  });

  it('are not over because nobody can tell', () => {
    const unknown = aNodeUntold();
    const life = aLife(A).hears(granted(0), ready(10), seen(blockId, 20, running(20, 'a')));
    life.hears({ type: 'node.seen', at: 30, blockId, takenAt: 30, node: unknown });
    expect(viewOf(life.block).jobs).toBe(1);
  });
});

describe('how long jobs lasted', () => {
  const lengthsOf = (block: Block, level: FactOf<'node.seen'>) => jobNewsOf(block, level).lengthsMs;

  const busy = aLife(A).hears(granted(0), ready(10), seen(blockId, minutes(1), running(minutes(1), 'a')));
  const ended = { id: 'a', startedAt: minutes(1), endedAt: minutes(4) };

  it('is known from their ends, or from when they were not there any more', () => {
    expect(lengthsOf(busy.block, seen(blockId, minutes(5), { jobs: [ended] }))).toEqual([minutes(3)]);
    expect(lengthsOf(busy.block, seen(blockId, minutes(5)))).toEqual([minutes(4)]);
    const brief = { id: 'b', startedAt: minutes(2), endedAt: minutes(3) };
    expect(lengthsOf(busy.block, seen(blockId, minutes(5), { jobs: [ended, brief] }))).toEqual([
      minutes(3),
      minutes(2) - minutes(1),
    ]);
  });

  it('is told once though the clock of kubelet is ahead, and its end is still to come for us', () => {
    const ahead = { id: 'a', startedAt: minutes(1), endedAt: minutes(5) + seconds(5) };
    const shown = seen(blockId, minutes(5), { jobs: [ahead] });
    expect(lengthsOf(busy.block, shown)).toEqual([minutes(4) + seconds(5)]);
    const [after] = advanceBlock(busy.block, shown);
    const again = { ...shown, at: minutes(6), takenAt: minutes(6) };
    expect(lengthsOf(after, again)).toEqual([]);
    expect(isNewsTo(after, again.node)).toBe(false);
  });

  it('is told once, however often it is shown', () => {
    const shown = seen(blockId, minutes(5), { jobs: [ended] });
    const [after] = advanceBlock(busy.block, shown);
    expect(lengthsOf(after, { ...shown, at: minutes(6), takenAt: minutes(6) })).toEqual([]);
  });

  it('is true for one that ran before the keeper began', () => {
    const node = aNodeSeen(running(minutes(1), 'a'));
    const [found] = adoptBlock(PLACE, { blockId, attempt: 1, lease: aLease(), node }, minutes(56), RULES);
    expect(lengthsOf(found, seen(blockId, minutes(61)))).toEqual([minutes(60)]);
  });

  it('is unknown for one that ended while nobody could tell', () => {
    const unknown = aNodeUntold();
    const [blind] = advanceBlock(busy.block, {
      type: 'node.seen',
      at: minutes(2),
      blockId,
      takenAt: minutes(2),
      node: unknown,
    });
    expect(lengthsOf(blind, seen(blockId, hours(1)))).toEqual([]);
    expect(lengthsOf(blind, seen(blockId, hours(1), { jobs: [ended] }))).toEqual([minutes(3)]);
  });
});

describe('a block found alive after a restart', () => {
  const found = { blockId, attempt: 2, lease: aLease() };
  const node = aNodeSeen({ name: 'n' });
  const at = after(0, hours(1));

  it('joins, serves or drains as its instance and node show, with the deadlines of its lease', () => {
    expect(adoptBlock(PLACE, found, at, RULES)[0]).toMatchObject({
      state: 'joining',
      context: { deadlineAt: TIMEOUTS.joinMs, attempt: 2 },
    });
    expect(
      adoptBlock(PLACE, { ...found, node: { ...node, ...running(minutes(50), 'j1') } }, at, RULES)[0],
    ).toMatchObject({
      state: 'serving',
      context: { deadlineAt: hours(4), jobs: [{ id: 'j1' }], busySince: minutes(50) },
    });
    // One that has served may just be missing a heartbeat; one that drains goes on.
    const late = { ...node, ready: false, unreadySince: at - seconds(5), marks: [] };
    const served = adoptBlock(PLACE, { ...found, node: { ...late, marks: [SERVED] } }, at, RULES)[0];
    expect(served).toMatchObject({ state: 'serving', context: { unusableAt: at - seconds(5) + minutes(2) } });
    expect(adoptBlock(PLACE, { ...found, node: late }, at, RULES)[0].state).toBe('joining');
    const [going] = adoptBlock(PLACE, { ...found, node: { ...late, ...CLOSED } }, at, RULES);
    expect(going.state).toBe('draining');
    const [block, effects] = adoptBlock(PLACE, { ...found, node: { ...node, ...CLOSED } }, at, RULES);
    expect(block).toMatchObject({ state: 'draining', context: { deadlineAt: hours(28), cordonedAt: null } });
    // The cordon is asked for again: its acknowledgement is what a proof of emptiness needs.
    expect(effects).toEqual([{ type: 'cordonNode', blockId, node: 'n' }]);
  });

  it('is ended by the hard end that AWS imposes, if that comes first', () => {
    const lease = aLease({ hardEndAt: after(0, hours(2)) });
    expect(adoptBlock(PLACE, { ...found, lease, node }, at, RULES)[0].context.deadlineAt).toBe(hours(2));
    expect(NEVER).toBeGreaterThan(hours(4));
  });
});
