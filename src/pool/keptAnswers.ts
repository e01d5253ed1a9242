import type { BlockView } from '../block/block.ts';
import type { Instant } from '../domain/time.ts';
import type { Lease, Offer } from '../domain/words.ts';
import type { PolicySlots } from '../policy/definePolicy.ts';
import type { Need, PurchaseQuestion } from '../policy/purchase.ts';
import type { RenewalQuestion, RenewalTimes } from '../policy/renewal.ts';
import type { ScalingQuestion, Wanted } from '../policy/scaling.ts';
import { apartFromNow } from '../policy/shown/ask.ts';
import { nothingRead, type Reads, sameAsRead } from '../policy/shown/reads.ts';
import { type Fault, type Heard, hearRank, hearTimes, hearWanted, type RankedPlaces } from './ask.ts';
import { type PoolMoment, partOfQuestion, renewalQuestion } from './renewalQuestion.ts';

/** What policies said that may still hold. Plain data; a keeper that starts has none of it, and asks. */
export interface KeptAnswers {
  /** The last one. */
  readonly rank: KeptRank | null;
  /** The last one. */
  readonly wanted: KeptWanted | null;
  /** The pool's moment by which its blocks were asked about. */
  readonly moment: PoolMoment | null;
}

export const nothingKept: KeptAnswers = { rank: null, wanted: null, moment: null };

/** An answer with the question that it was given to, and with what was read of that. */
interface Kept<Question, Answer> {
  readonly question: Question;
  readonly reads: Reads;
  readonly answer: Answer;
}

/** What a renewal policy said about a block, kept with the block (`blocks/standing.ts`). */
export type KeptTimes = Kept<RenewalQuestion, RenewalTimes>;
type KeptRank = Kept<{ readonly offers: readonly Offer[]; readonly need: Partial<Need> }, RankedPlaces>;
type KeptWanted = Kept<Partial<ScalingQuestion>, Wanted>;

/** What a renewal policy says about a block, and what of it may be kept; null: it is to be asked again in every turn. */
export interface HeardTimes {
  readonly times: RenewalTimes;
  readonly kept: KeptTimes | null;
}

/** The policies of a pool in one turn: asked only where no kept answer holds. */
export interface Asking {
  times(moment: PoolMoment, block: BlockView, lease: Lease, known: KeptTimes | null): HeardTimes;
  rank(question: PurchaseQuestion): RankedPlaces;
  wanted(question: ScalingQuestion): Wanted;
  /** What is kept for the next turn: the same object where nothing is new. */
  kept(moment: PoolMoment | null): KeptAnswers;
}

/**
 * An answer holds until something that was read for it is another value, and no longer than its `until`. So whether it is
 * kept changes nothing but how often a policy is asked: `test/laws/keptAnswers.test.ts` lives with and without.
 */
export function askingFor({ renewal, purchase, scaling }: PolicySlots, before: KeptAnswers, fault: Fault): Asking {
  let { rank, wanted } = before;

  return {
    times(moment, block, lease, known) {
      if (known !== null && timesHold(known, moment, block, lease)) return { times: known.answer, kept: known };
      const question = renewalQuestion(moment, block, lease);
      const heard = hearTimes(renewal, question, fault);
      return { times: heard.answer, kept: keptOf(question, heard) };
    },
    rank(question) {
      if (rank !== null && rankHolds(rank, question)) return rank.answer;
      const heard = hearRank(purchase, question, fault);
      const kept = keptOf(question, heard);
      rank =
        kept === null ? null : { ...kept, question: { offers: question.offers, need: keptNeed(question, kept.reads) } };
      return heard.answer;
    },
    wanted(question) {
      if (wanted !== null && wantedHolds(wanted, question)) return wanted.answer;
      const heard = hearWanted(scaling, question, fault);
      const kept = keptOf(question, heard);
      wanted = kept === null ? null : { ...kept, question: keptQuestion(question, kept.reads) };
      return heard.answer;
    },
    kept(moment) {
      const isSame = rank === before.rank && wanted === before.wanted && moment === before.moment;
      return isSame ? before : { rank, wanted, moment };
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

/** What of a question an answer hangs on, to be kept: the question itself holds all that the pool knew. */
function keptQuestion(question: ScalingQuestion, { keys, names }: Reads): Partial<ScalingQuestion> {
  const kept: Record<string, unknown> = {};
  for (const name of keys ? QUESTION_PARTS : names) kept[name] = question[name as keyof ScalingQuestion];
  return kept;
}

/** What of a need an answer hangs on. */
function keptNeed({ need }: PurchaseQuestion, { names, parts }: Reads): Partial<Need> {
  const reads = parts[names.indexOf('need')];
  const read = reads?.keys === true ? NEED_PARTS : (reads?.names ?? []);
  return Object.fromEntries(read.map((name) => [name, need[name as keyof Need]] as const));
}

/** The compiler asks for each part that there is. */
const EACH_NEED_PART: Readonly<Record<keyof Need, true>> = {
  ...{ now: true, allowance: true, next: true, slot: true, blockId: true, zones: true, blocksIn: true, held: true },
  ...{ markets: true, onDemandUsdPerHour: true, terms: true },
};

const NEED_PARTS: readonly string[] = Object.keys(EACH_NEED_PART);

const EACH_QUESTION_PART: Readonly<Record<keyof ScalingQuestion, true>> = {
  ...{ now: true, allowance: true, next: true, jobs: true, blocks: true, jobsPerBlock: true, arrivals: true },
  ...{ durations: true, boots: true, week: true, prices: true, spent: true },
};

const QUESTION_PARTS: readonly string[] = Object.keys(EACH_QUESTION_PART);

/** The parts of its question that stay as they are while nothing is heard but of jobs on blocks, and no more than a moment passes. */
const STEADY: ReadonlySet<string> = new Set([
  'allowance',
  'next',
  'jobs',
  'blocks',
  'jobsPerBlock',
  'arrivals',
  'boots',
]);

/** Whether what the scaling policy said holds, whatever is learned of how long jobs take, and as time goes by. */
export const holdsWhateverJobsTake = ({ wanted }: KeptAnswers): boolean =>
  wanted !== null && !wanted.reads.keys && wanted.reads.names.every((name) => STEADY.has(name));
