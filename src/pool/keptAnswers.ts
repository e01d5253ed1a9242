import type { BlockView } from '../block/block.ts';
import type { Instant } from '../domain/time.ts';
import type { Lease } from '../domain/words.ts';
import type { PolicySlots } from '../policy/definePolicy.ts';
import type { PurchaseQuestion } from '../policy/purchase.ts';
import type { RenewalQuestion, RenewalTimes } from '../policy/renewal.ts';
import type { ScalingQuestion, Wanted } from '../policy/scaling.ts';
import { apartFromNow } from '../policy/shown/ask.ts';
import { nothingRead, type Reads, sameAsRead } from '../policy/shown/reads.ts';
import { type Fault, type Heard, hearRank, hearTimes, hearWanted, type RankedPlaces } from './ask.ts';
import { type PoolMoment, partOfQuestion, renewalQuestion } from './renewalQuestion.ts';

/** What policies said that may still hold. Plain data; a keeper that starts has none of it, and asks. */
export interface KeptAnswers {
  /** By block: those that were asked about in the last turn. */
  readonly times: ReadonlyMap<string, KeptTimes>;
  /** The last one. */
  readonly rank: KeptRank | null;
  /** The last one. */
  readonly wanted: KeptWanted | null;
}

export const nothingKept: KeptAnswers = { times: new Map(), rank: null, wanted: null };

/** An answer with the question that it was given to, and with what was read of that. */
interface Kept<Question, Answer> {
  readonly question: Question;
  readonly reads: Reads;
  readonly answer: Answer;
}

type KeptTimes = Kept<RenewalQuestion, RenewalTimes>;
type KeptRank = Kept<PurchaseQuestion, RankedPlaces>;
type KeptWanted = Kept<ScalingQuestion, Wanted>;

/** The policies of a pool in one turn: asked only where no kept answer holds. */
export interface Asking {
  times(moment: PoolMoment, block: BlockView, lease: Lease): RenewalTimes;
  rank(question: PurchaseQuestion): RankedPlaces;
  wanted(question: ScalingQuestion): Wanted;
  /** What is kept for the next turn: the same object where nothing is new. */
  kept(): KeptAnswers;
}

/**
 * An answer holds until something that was read for it is another value, and no longer than its `until`. So whether it is
 * kept changes nothing but how often a policy is asked: `test/laws/keptAnswers.test.ts` lives with and without.
 */
export function askingFor({ renewal, purchase, scaling }: PolicySlots, before: KeptAnswers, fault: Fault): Asking {
  // Two lists and not a map: in most turns all that was kept holds, and nothing is put together anew.
  const ids: string[] = [];
  const times: KeptTimes[] = [];
  let isNew = false;
  let { rank, wanted } = before;

  return {
    times(moment, block, lease) {
      const known = before.times.get(block.id);
      if (known !== undefined && timesHold(known, moment, block, lease)) {
        ids.push(block.id);
        times.push(known);
        return known.answer;
      }
      isNew = true;
      const question = renewalQuestion(moment, block, lease);
      const heard = hearTimes(renewal, question, fault);
      const fresh = keptOf(question, heard);
      if (fresh !== null) {
        ids.push(block.id);
        times.push(fresh);
      }
      return heard.answer;
    },
    rank(question) {
      if (rank !== null && rankHolds(rank, question)) return rank.answer;
      const heard = hearRank(purchase, question, fault);
      rank = keptOf(question, heard);
      return heard.answer;
    },
    wanted(question) {
      if (wanted !== null && wantedHolds(wanted, question)) return wanted.answer;
      const heard = hearWanted(scaling, question, fault);
      wanted = keptOf(question, heard);
      return heard.answer;
    },
    kept() {
      const isSame = !isNew && times.length === before.times.size;
      if (isSame && rank === before.rank && wanted === before.wanted) return before;
      return { times: isSame ? before.times : new Map(zipped(ids, times)), rank, wanted };
    },
  };
}

/** By parts: the question is not put together for it, unless a policy looked which parts there are. */
function timesHold(
  { question, reads, answer: { until } }: KeptTimes,
  moment: PoolMoment,
  block: BlockView,
  lease: Lease,
): boolean {
  if (until !== undefined && moment.now >= until) return false;
  if (reads.keys) return sameAsRead(reads, question, renewalQuestion(moment, block, lease));
  for (let index = 0; index < reads.names.length; index += 1) {
    const name = reads.names[index] ?? '';
    // Known: what was read is a part of the question, or a part that it does not have.
    const asked: unknown = question[name as keyof RenewalQuestion];
    const part = partOfQuestion(moment, block, lease, name);
    if (asked !== part && !sameAsRead(reads.parts[index] ?? nothingRead, asked, part)) return false;
  }
  return true;
}

const rankHolds = ({ question, reads, answer: { until } }: KeptRank, asked: PurchaseQuestion): boolean =>
  (until === undefined || asked.need.now < until) && sameAsRead(reads, question, asked);

const wantedHolds = ({ question, reads, answer: { until } }: KeptWanted, asked: ScalingQuestion): boolean =>
  (until === undefined || asked.now < until) && sameAsRead(reads, question, asked);

function keptOf<Question, Answer extends { readonly until?: Instant }>(
  question: Question,
  { answer, reads }: Heard<Answer>,
): Kept<Question, Answer> | null {
  if (reads === undefined) return null;
  return { question, reads: answer.until === undefined ? reads : apartFromNow(reads), answer };
}

const zipped = <Value>(keys: readonly string[], values: readonly Value[]): [string, Value][] =>
  values.map((value, place) => [keys[place] ?? '', value]);
