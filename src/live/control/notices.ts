import { after, before, earliest, type Instant, minutes, seconds } from '../../domain/time.ts';
import { NOTICE_MS } from '../aws/inventory/goneCause.ts';
import type { Interruption, Notice } from '../aws/notices/interruptions.ts';
import type { Clock } from '../ports/clock.ts';
import { QUEUE_MESSAGE, type Telemetry } from '../ports/telemetry.ts';
import type { Inbox } from './inbox.ts';
import type { Poll } from './poll.ts';
import type { Roster } from './roster.ts';

/** EC2 may not list an instance at first: for about 30 s (EC2 API reference on eventual consistency), with a margin. */
const LISTED_BY_MS = seconds(60);

/** No queue of ours keeps a message for longer than five minutes; one of which nothing was heard for so long is not held any more. */
const FORGOTTEN_MS = minutes(15);

/** What the interruption queue says, held until nothing is left to be done about it. */
export interface Notices {
  /** Takes in a message that has come, or come again. */
  take(notice: Notice): void;
  /** Looks at what is held: a turn was taken, or a complete list was told. */
  review(): void;
  /** How many messages are held. */
  readonly held: number;
}

export interface NoticesPorts {
  readonly clock: Clock;
  readonly inbox: Inbox;
  readonly roster: Roster;
  readonly telemetry: Telemetry;
  readonly poll: Pick<Poll, 'takenAt' | 'hasAlive' | 'reclaims' | 'hurry' | 'recheck'>;
}

/** What became of one piece of news: `held` while there is something to wait for, else why it is over. */
type Outcome = 'held' | 'acted-on' | 'stranger' | 'overtaken';

interface Held {
  readonly notice: Notice;
  /** When it came last. */
  readonly heardAt: Instant;
  readonly firstHeardAt: Instant;
  /** The instances of which the keeper was told, or a list was asked for, because of it: once is enough. */
  readonly said: Set<string>;
}

/**
 * Holds every message until a complete inventory can tell whose instance it is about, and lets it go when the block's cordon is
 * acknowledged, when it is known to be a stranger's, or when EC2 says by now that it does not take the instance. So a notice
 * outlives this process: the next leader gets it again.
 */
export function openNotices({ clock, inbox, roster, telemetry, poll }: NoticesPorts): Notices {
  const bornAt = clock.now();
  const held = new Map<string, Held>();

  return {
    take(notice) {
      const now = clock.now();
      const before = held.get(notice.id);
      const one: Held = { firstHeardAt: now, said: new Set(), ...before, notice, heardAt: now };
      held.set(notice.id, one);
      look(notice.id, one);
    },
    review() {
      for (const [id, one] of held) look(id, one);
    },
    get held() {
      return held.size;
    },
  };

  function look(id: string, one: Held): void {
    const outcomes = one.notice.news.flatMap(plain).map((news) => outcomeOf(news, one));
    if (outcomes.includes('held')) {
      if (clock.now() >= after(one.heardAt, FORGOTTEN_MS)) held.delete(id);
      return;
    }
    held.delete(id);
    one.notice.letGo();
    for (const outcome of new Set(outcomes)) telemetry.noted('debug', QUEUE_MESSAGE, { outcome });
  }

  function outcomeOf(news: Plain, one: Held): Outcome {
    // Of an instance that changed its state only a list tells what came of it.
    if (news.kind === 'state') {
      if (roster.blockWith(news.instanceId) === undefined) return 'stranger';
      poll.hurry();
      return 'acted-on';
    }
    const blockId = roster.blockWith(news.instanceId);
    const block = blockId === undefined ? undefined : roster.blockOf(blockId);
    if (blockId === undefined || block === undefined) return isStranger(news, one) ? 'stranger' : 'held';
    const { state, context } = block;
    if (state === 'terminating' || state === 'gone') return 'acted-on';
    if (news.kind === 'atRisk') {
      if (context.atRiskAt !== null || state === 'draining') return 'acted-on';
      if (isFirst(one, `risk ${blockId}`)) inbox.say({ type: 'instance.atRisk', blockId });
      return 'held';
    }
    if ((context.reclaimAt ?? Number.POSITIVE_INFINITY) <= news.reclaimAt)
      return state === 'draining' && context.cordonedAt !== null ? 'acted-on' : 'held';
    if (clock.now() >= news.reclaimAt) return outcomeOfLate(news, one);
    if (isFirst(one, `notice ${blockId}`)) roster.reclaimed(news.instanceId, news.reclaimAt);
    return 'held';
  }

  /**
   * AWS was to have taken it by now, and it lives. So what EC2 says today counts, and the notice by itself ends nothing: if EC2
   * takes it, the poll has told its block, which then knows of an instant that is still to come.
   */
  function outcomeOfLate({ instanceId }: Reclaim, one: Held): Outcome {
    const reclaims = poll.reclaims();
    if (reclaims === undefined || reclaims.takenAt < one.firstHeardAt) {
      if (isFirst(one, `late ${instanceId}`)) poll.recheck();
      return 'held';
    }
    if (reclaims.reclaimAt.has(instanceId)) {
      const block = roster.blockOf(roster.blockWith(instanceId) ?? '');
      return block?.state === 'draining' && block.context.cordonedAt !== null ? 'acted-on' : 'held';
    }
    telemetry.noted('info', 'a late notice about an instance that EC2 does not take', { instanceId });
    return 'overtaken';
  }

  /**
   * Whether complete lists have shown that it is not ours: either one so late that it would show the instance, or any once
   * everything that existed when this life began has been listed, for what was bought since is known from its grant.
   */
  function isStranger(news: Reclaim | AtRisk, { firstHeardAt }: Held): boolean {
    const takenAt = poll.takenAt();
    if (takenAt === undefined || poll.hasAlive(news.instanceId)) return false;
    const saidAt = news.kind === 'reclaim' ? earliest(firstHeardAt, before(news.reclaimAt, NOTICE_MS)) : firstHeardAt;
    if (takenAt >= after(saidAt, LISTED_BY_MS)) return true;
    return takenAt >= after(bornAt, LISTED_BY_MS) && !roster.isBuying();
  }
}

const isFirst = ({ said }: Held, what: string): boolean => !said.has(what) && said.add(what).has(what);

type Reclaim = Extract<Interruption, { readonly kind: 'reclaim' }>;
type AtRisk = Extract<Interruption, { readonly kind: 'atRisk' }>;
type Plain = Exclude<Interruption, { readonly kind: 'health' }>;

/** News of one instance. What AWS has scheduled for an instance is a risk of losing it, and no instant at which it goes. */
const plain = (news: Interruption): readonly Plain[] =>
  news.kind === 'health' ? news.instanceIds.map((instanceId) => ({ kind: 'atRisk', instanceId })) : [news];
