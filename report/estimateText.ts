import type { Advice } from '../sim/advise/advice.ts';
import { meansRows } from './adviceText.ts';
import { percentText, usdText } from './figures.ts';
import { RIVAL_NAMES } from './rivalNames.ts';
import { table } from './table.ts';

/** What a week would have cost, in two or three sentences: the saving first, and what is cheaper without a keeper. */
export function estimateHeadline(advice: Advice): string {
  const { verdict, means, keepsLimits } = advice;
  const { recommended, onDemandOnly } = means;
  const limits = keepsLimits
    ? ''
    : ' No setting that was tried keeps the keeper from ending a job; this one ends the fewest.';
  const cheaper = (['onDemandTuned', 'spotGroup', 'spotGroupTuned'] as const)
    .filter((name) => means[name].together < recommended.together)
    .toSorted((a, b) => means[a].together - means[b].together)[0];
  const least = (['spotGroup', 'spotGroupTuned'] as const).toSorted((a, b) => means[a].money - means[b].money)[0];
  const lessMoney =
    least !== undefined && verdict !== 'nothing' && means[least].money < recommended.money
      ? ` ${RIVAL_NAMES[least]} costs less money, ${usdText(means[least].money)} USD, and more with waiting and killed jobs counted.`
      : '';
  const instead =
    cheaper === undefined
      ? lessMoney.replace(/^ s/, ' A s')
      : ` Something without a keeper costs less with waiting and killed jobs counted: ${RIVAL_NAMES[cheaper]}, ${usdText(means[cheaper].money)} USD${verdict === 'nothing' ? '' : '; do that instead'}.`;
  if (verdict === 'nothing')
    return `Do nothing: on-demand nodes alone cost ${usdText(onDemandOnly.money)} USD in this week, and nothing that was tried does better with waiting and killed jobs counted.${instead}${limits}`;
  const share = onDemandOnly.money > 0 ? 1 - recommended.money / onDemandOnly.money : 0;
  const killed = recommended.kills - recommended.killedByKeeper;
  return [
    `With Spot Keeper this week costs ${usdText(recommended.money)} USD, on on-demand nodes alone ${usdText(onDemandOnly.money)} USD: ${percentText(Math.abs(share))} ${share < 0 ? 'more' : 'less'}.`,
    recommended.kills === 0
      ? `No running job is ended, neither by the keeper nor by AWS.${instead}${limits}`
      : `Of the running jobs the keeper ends ${countOf(recommended.killedByKeeper)} and AWS ${countOf(killed)}.${instead}${limits}`,
  ].join(' ');
}

/** The recommendation beside what there is without a keeper. */
export const estimateTable = (advice: Advice): string =>
  table(
    [
      { heading: 'this week' },
      ...['money', 'together*', 'kills', 'wait p95'].map((heading) => ({ heading, align: 'right' as const })),
    ],
    meansRows(advice)
      .filter(({ name }) => !['the pools as they are', 'what init writes'].includes(name))
      .map(({ name, cells: [together = '', money = '', ...others] }) => [name, money, together, ...others]),
  );

/** Means over runs are rarely whole. */
const countOf = (count: number): string =>
  count === 0 ? 'none' : Number.isInteger(count) ? String(count) : `${count.toFixed(1)} (on average)`;
