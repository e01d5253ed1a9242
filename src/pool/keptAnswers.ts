import type { Instant } from '../domain/time.ts';
import type { PolicySlots } from '../policy/definePolicy.ts';
import type { PurchaseQuestion } from '../policy/purchase.ts';
import type { RenewalQuestion, RenewalTimes } from '../policy/renewal.ts';
import { apartFromNow } from '../policy/shown/ask.ts';
import { type Reads, sameAsRead } from '../policy/shown/reads.ts';
import { type Fault, type Heard, hearRank, hearTimes, type RankedPlaces } from './ask.ts';

/** What policies said that may still hold. Plain data; a keeper that starts has none of it, and asks. */
export interface KeptAnswers {
  /** By block: those that were asked about in the last turn. */
  readonly times: ReadonlyMap<string, Kept<RenewalQuestion, RenewalTimes>>;
  /** The last one. */
  readonly rank: Kept<PurchaseQuestion, RankedPlaces> | null;
}

export const nothingKept: KeptAnswers = { times: new Map(), rank: null };

/** An answer with the question that it was given to, and with what was read of that. */
interface Kept<Question, Answer> {
  readonly question: Question;
  readonly reads: Reads;
  readonly answer: Answer;
}

/** The policies of a pool in one turn: asked only where no kept answer holds. */
export interface Asking {
  times(blockId: string, question: RenewalQuestion): RenewalTimes;
  rank(question: PurchaseQuestion): RankedPlaces;
  /** What is kept for the next turn: the same object where nothing is new. */
  kept(): KeptAnswers;
}

/**
 * An answer holds until something that was read for it is another value, and no longer than its `until`. So whether it is
 * kept changes nothing but who is asked how often: `test/laws/keptAnswers.test.ts` lives with and without.
 */
export function askingFor({ renewal, purchase }: PolicySlots, before: KeptAnswers, fault: Fault): Asking {
  const times = new Map<string, Kept<RenewalQuestion, RenewalTimes>>();
  let isNew = false;
  let { rank } = before;

  return {
    times(blockId, question) {
      const known = times.get(blockId) ?? before.times.get(blockId);
      if (known !== undefined && holds(known, question, question.now)) {
        times.set(blockId, known);
        return known.answer;
      }
      const heard = hearTimes(renewal, question, fault);
      const fresh = keptOf(question, heard);
      if (fresh !== null) times.set(blockId, fresh);
      isNew = true;
      return heard.answer;
    },
    rank(question) {
      if (rank !== null && holds(rank, question, question.need.now)) return rank.answer;
      const heard = hearRank(purchase, question, fault);
      rank = keptOf(question, heard);
      return heard.answer;
    },
    kept() {
      const isSame = !isNew && times.size === before.times.size;
      if (isSame && rank === before.rank) return before;
      return { times: isSame ? before.times : times, rank };
    },
  };
}

function holds<Question, Answer extends { readonly until?: Instant }>(
  { question: asked, reads, answer: { until } }: Kept<Question, Answer>,
  question: Question,
  now: Instant,
): boolean {
  return (until === undefined || now < until) && sameAsRead(reads, asked, question);
}

function keptOf<Question, Answer extends { readonly until?: Instant }>(
  question: Question,
  { answer, reads }: Heard<Answer>,
): Kept<Question, Answer> | null {
  if (reads === undefined) return null;
  return { question, reads: answer.until === undefined ? reads : apartFromNow(reads), answer };
}
