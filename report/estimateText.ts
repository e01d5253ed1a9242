import type { Advice } from '../sim/advise/advice.ts';
import type { Interval } from '../sim/advise/interval.ts';
import { meansRows } from './adviceText.ts';
import { percentText, usdText } from './figures.ts';
import { table } from './table.ts';

/** What people can have without a keeper, the simplest first: each asks for one thing more to be set up. */
const SIMPLEST_FIRST = ['onDemandOnly', 'onDemandTuned', 'spotGroup', 'spotGroupTuned'] as const;

type Without = (typeof SIMPLEST_FIRST)[number];

const IN_WORDS: Readonly<Record<Without, string>> = {
  onDemandOnly: 'the on-demand group as it is',
  onDemandTuned: 'a tuned Cluster Autoscaler with on-demand nodes alone',
  spotGroup: 'a spot group under Cluster Autoscaler',
  spotGroupTuned: 'a spot group under a tuned Cluster Autoscaler',
};

/** A smaller difference says nothing, however often it is seen: what is assumed of nodes and jobs is not known to so much. */
const WITHIN_THE_MODEL = 0.02;

/** Whether a difference is within what luck and the model explain. */
export function isAboutTheSame({ mean, low, high }: Interval): boolean {
  const half = low === null || high === null ? 0 : (high - low) / 2;
  return Math.abs(mean) <= Math.max(WITHIN_THE_MODEL, half);
}

/** What the columns beside money mean, for people who see them for the first time. */
export const COLUMNS_SAID =
  'kills: running jobs that were ended before they were done; wait p95: 95 of 100 jobs wait no longer';

/** What is to be done: with the keeper, or what does as well or better without it. */
export interface Standing {
  /** Undefined: the keeper is worth it. */
  readonly instead: Without | undefined;
  /** Whether that only does about as well, and is simpler. */
  readonly isTie: boolean;
}

/** The least of all, and of what is about the same the simplest. */
export function standingOf({ means, against, verdict }: Advice): Standing {
  const least = SIMPLEST_FIRST.toSorted((a, b) => means[a].together - means[b].together)[0] ?? 'onDemandOnly';
  if (verdict !== 'nothing' && means[least].together < means.recommended.together && !isAboutTheSame(against[least]))
    return { instead: least, isTie: false };
  if (verdict === 'nothing') {
    // Beside on-demand nodes as they are, what is tuned or on spot has to be better by more than luck.
    const better = SIMPLEST_FIRST.find((name) => means[name].together < means[least].together * (1 + WITHIN_THE_MODEL));
    return { instead: better ?? least, isTie: false };
  }
  const simpler = SIMPLEST_FIRST.find((name) => isAboutTheSame(against[name]));
  return { instead: simpler, isTie: simpler !== undefined };
}

/** What a week would have cost, in two or three sentences: what to do, the saving with its interval, and what is cheaper in money. */
export function estimateHeadline(advice: Advice): string {
  const { means, keepsLimits, saving } = advice;
  const { recommended, onDemandOnly } = means;
  const { instead, isTie } = standingOf(advice);
  const limits = keepsLimits
    ? ''
    : ' No setting that was tried keeps the keeper from ending a job; this one ends the fewest.';
  const keeper = `With Spot Keeper this week costs ${usdText(recommended.money)} USD, on on-demand nodes alone ${usdText(onDemandOnly.money)} USD: ${savingText(saving.money)}.`;
  if (instead !== undefined && isTie)
    return `No keeper is needed: ${IN_WORDS[instead]} costs about the same with waiting and killed jobs counted, ${usdText(means[instead].together)} USD against ${usdText(recommended.together)} USD with Spot Keeper, and is simpler. ${keeper}${limits}`;
  if (instead === 'onDemandOnly')
    return `Do nothing: on-demand nodes alone cost ${usdText(onDemandOnly.money)} USD in this week, and nothing that was tried does better with waiting and killed jobs counted.${limits}`;
  if (instead !== undefined) {
    const beside = advice.verdict === 'nothing' ? '' : ` ${keeper}`;
    return `Do without a keeper: ${IN_WORDS[instead]} costs ${usdText(means[instead].together)} USD with waiting and killed jobs counted, less than anything else that was tried (on-demand nodes as they are: ${usdText(onDemandOnly.together)} USD).${beside}${limits}`;
  }
  const least = (['spotGroup', 'spotGroupTuned'] as const).toSorted((a, b) => means[a].money - means[b].money)[0];
  const lessMoney =
    least !== undefined && means[least].money < recommended.money
      ? ` In money alone ${IN_WORDS[least]} costs less, ${usdText(means[least].money)} USD; with waiting and killed jobs counted it costs more.`
      : '';
  const killed = recommended.kills - recommended.killedByKeeper;
  const ended =
    recommended.kills === 0
      ? 'No running job is ended, neither by the keeper nor by AWS.'
      : `Of the running jobs the keeper ends ${countOf(recommended.killedByKeeper)} and AWS ${countOf(killed)}.`;
  return `${keeper} ${ended}${lessMoney}${limits}`;
}

/** `82 % less (81 to 83 %)`. */
function savingText({ mean, low, high }: Interval): string {
  const share = `${percentText(Math.abs(mean))} ${mean < 0 ? 'more' : 'less'}`;
  if (low === null || high === null) return share;
  if (low < 0 && high > 0) return `${share} (from ${percentText(-low)} more to ${percentText(high)} less)`;
  const [from, to] = mean < 0 ? [-high, -low] : [low, high];
  return `${share} (${percentText(from)} to ${percentText(Math.min(to, 1))})`;
}

/** The recommendation beside what there is without a keeper: a name, money, money and service together, kills, waiting. */
export const estimateRows = (advice: Advice): readonly (readonly string[])[] =>
  meansRows(advice)
    .filter(({ name }) => !['the pools as they are', 'what init writes'].includes(name))
    .map(({ name, cells: [together = '', money = '', ...others] }) => [
      name === 'recommended' ? 'with Spot Keeper' : name,
      ...[money, together, ...others],
    ]);

/** The same as a table. */
export const estimateTable = (advice: Advice): string =>
  table(
    [
      { heading: 'this week' },
      ...['money', 'together*', 'kills', 'wait p95'].map((heading) => ({ heading, align: 'right' as const })),
    ],
    estimateRows(advice),
  );

/** Means over runs are rarely whole. */
const countOf = (count: number): string =>
  count === 0 ? 'none' : Number.isInteger(count) ? String(count) : `${count.toFixed(1)} (on average)`;
