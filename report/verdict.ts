import type { Comparison, Rival, SomeRivals, Variant } from '../sim/outcome.ts';
import { bestVariant } from '../sim/result/best.ts';
import { hours } from '../src/domain/time.ts';
import { countText, plain, shareText, usdText } from './figures.ts';
import { leversOf, shortOf } from './levers.ts';
import { rivalInWords, WITHOUT_KEEPER } from './rivalNames.ts';

/** What a person who reads nothing else must know. */
export interface Judgement {
  /** Whether to install it, in one sentence. */
  readonly headline: string;
  /** How to have it, what it would take to be worth it, and what it does that it must not. */
  readonly details: readonly string[];
  /** What to change, by what is at stake, the most first. */
  readonly levers: readonly string[];
  /** How far it is from the best there could be. */
  readonly distance: string | undefined;
}

/** A saving below this share is not worth the work of running a keeper. */
const HARDLY = 0.05;

/**
 * Whether the best of the variants is worth installing, and what would make it better; everything in it was measured.
 * Undefined where one of those rivals was not run that people can have without a keeper: then nobody can tell.
 */
export function verdict({ variants, rivals }: Pick<Comparison, 'variants' | 'rivals'>): Judgement | undefined {
  const best = bestVariant(variants);
  const outside = bestWithout(rivals);
  if (best === undefined || outside === undefined) return undefined;
  const { jobs, cost } = best.outcome;
  if (jobs.total === 0)
    return {
      headline: 'No job was queued in this time, so nothing tells whether it is worth it.',
      details: cost.total === 0 ? [] : [`It cost ${usdText(cost.total)} USD all the same.`],
      levers: [],
      distance: undefined,
    };
  const wins = isCheaper(best, outside) && lostBy(best, outside) <= 0;
  const details = [
    wins ? howToHave(best, variants) : fixedIsWorthIt(rivals, together(outside)),
    unstarted(best, outside),
    harmOf(best),
  ];
  return {
    headline: headlineOf(best, variants, outside),
    details: details.filter((detail) => detail !== ''),
    levers: leversOf(best.outcome, rivals, outside),
    distance: distanceOf(best, rivals),
  };
}

/** The cheapest, by money and service together, of what people can have without a keeper. */
function bestWithout(rivals: SomeRivals): Rival | undefined {
  const known = WITHOUT_KEEPER.flatMap((name) => rivals[name] ?? []);
  if (known.length < WITHOUT_KEEPER.length) return undefined;
  return known.reduce((low, one) => (together(one) < together(low) ? one : low));
}

const together = ({ outcome }: Pick<Variant, 'outcome'>): number => outcome.cost.together;

/** Amounts that read alike are alike. */
const isCheaper = (one: Variant, other: Rival): boolean =>
  usdText(together(one)) !== usdText(together(other)) && together(one) < together(other);

/** Jobs that never finished, more than under the other. */
const lostBy = ({ outcome }: Variant, other: Rival): number =>
  outcome.jobs.neverFinished - other.outcome.jobs.neverFinished;

function headlineOf(best: Variant, variants: readonly Variant[], outside: Rival): string {
  const [usd, other] = [together(best), together(outside)];
  const several = variants.length > 1;
  const name = shortened(plain(best.name));
  const without = rivalInWords(outside);
  const isSame = usdText(usd) === usdText(other);
  if ((isSame || isCheaper(best, outside)) && lostBy(best, outside) > 0) {
    const lost = jobsText(best.outcome.jobs.neverFinished);
    return `Do not install ${several ? `any of these as they are: under the best (${name})` : 'this pool as it is:'} ${lost} never finished, though it costs no more (${costText(usd, best)}) than ${without} (${shortOf(other)}).`;
  }
  if (isSame)
    return `It makes no difference: ${several ? `the best of these (${name})` : 'this pool'} comes to ${costText(usd, best)}, and so does ${without}.`;
  if (!isCheaper(best, outside))
    return several
      ? `Do not install any of these as they are: ${without} would cost ${costText(other, best)}, the best of them (${name}) ${shortOf(usd)}.`
      : `Do not install this pool as it is: ${without} would cost ${costText(other, best)}, this ${shortOf(usd)}.`;
  const subject = several ? ` with ${name}` : '';
  if (usdText(usd) === usdText(0))
    return `Worth it${subject}: it costs nothing, where ${without} would cost ${costText(other, best)}.`;
  const share = 1 - usd / other;
  const [start, only] = share < HARDLY ? ['Hardly worth it', 'only '] : ['Worth it', ''];
  return `${start}${subject}: ${costText(usd, best)}, ${only}${shareText(share)} less than the best you could have without it, ${without} at ${shortOf(other)}.`;
}

/** A name of many options would bury the sentence that it stands in. */
const shortened = (name: string): string => (name.length > 60 ? `${name.slice(0, 59)}…` : name);

/** How to have the best of several, and what the pools as they are come to. */
function howToHave(best: Variant, variants: readonly Variant[]): string {
  if (variants.length < 2 || best.chosenBy === '') return '';
  const asTheyAre = variants.find(({ chosenBy }) => chosenBy === '');
  const how = `To have it, ${plain(best.chosenBy)}.`;
  return asTheyAre === undefined ? how : `${how} As it is written the pool comes to ${shortOf(together(asTheyAre))}.`;
}

/** A keeper that loses with these pools may win with a plain number of blocks. */
function fixedIsWorthIt({ cheapestFixed }: SomeRivals, other: number): string {
  if (cheapestFixed === undefined || together(cheapestFixed) >= other || cheapestFixed.blocks === 0) return '';
  const { blocks } = cheapestFixed;
  const what = blocks === undefined ? 'A fixed number of blocks' : blocksText(blocks);
  return `${what} at all hours would be worth it: ${shortOf(together(cheapestFixed))}.`;
}

const blocksText = (blocks: number): string => `${countText(blocks)} ${blocks === 1 ? 'block' : 'blocks'}`;

/** What did not run costs nothing: said at once, before a small bill is taken for a saving. */
function unstarted({ outcome: { jobs } }: Variant, { outcome }: Rival): string {
  if (jobs.waiting <= outcome.jobs.waiting) return '';
  const without = outcome.jobs.waiting === 0 ? 'none' : countText(outcome.jobs.waiting);
  return `${jobsText(jobs.waiting)} of ${countText(jobs.total)} never started (${without} without it).`;
}

/** Jobs that were ended by what was installed to keep them: said at once, however much is saved. */
function harmOf({ outcome: { jobs } }: Variant): string {
  const { killedByKeeper: keeper, killedByTerm: term } = jobs;
  const parts = [
    ...(keeper === 0 ? [] : [`the keeper ended ${countText(keeper)} running ${keeper === 1 ? 'job' : 'jobs'}`]),
    ...(term === 0 ? [] : [`the end of a spot block's own time ended ${countText(term)}`]),
  ];
  const sentence = parts.join(', and ');
  return sentence === '' ? '' : `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.`;
}

const jobsText = (count: number): string => `${countText(count)} ${count === 1 ? 'job' : 'jobs'}`;

/** How many times what could have been paid, had everything been known beforehand. */
function distanceOf({ outcome: { cost } }: Variant, { bound, foresight }: SomeRivals): string | undefined {
  const reference = foresight ?? bound;
  if (reference === undefined || reference.total <= 0) return undefined;
  const who =
    foresight === undefined ? 'the bound' : foresight.exact ? 'a clairvoyant' : 'the best plan found in hindsight';
  const what = foresight === undefined ? who : `what ${who} would pay`;
  return `The money is ${(cost.total / reference.total).toFixed(1)} × ${what} (${usdText(reference.total)} USD).`;
}

/** `92.10 USD a week together`, or of whatever time it was. */
function costText(usd: number, { outcome: { from, until } }: Variant): string {
  if (usdText(usd) === usdText(0)) return 'nothing';
  const days = (until - from) / hours(24);
  if (days === 7) return `${usdText(usd)} USD a week together`;
  if (days === 1) return `${usdText(usd)} USD a day together`;
  const length = Number.isInteger(days) ? `${countText(days)} days` : `${countText((until - from) / hours(1))} hours`;
  return `${usdText(usd)} USD together in ${length}`;
}
