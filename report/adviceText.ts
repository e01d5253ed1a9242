import type { Advice } from '../sim/advise/advice.ts';
import { HARD_WORLDS } from '../sim/advise/hardWorlds.ts';
import type { Interval } from '../sim/advise/interval.ts';
import { countText, lengthText, percentText, usdText } from './figures.ts';
import { RIVAL_NAMES } from './rivalNames.ts';
import { table } from './table.ts';

/** What is printed of an advice, beside the diff. */
export interface AdviceText {
  readonly advice: Advice;
  /** `{ policy: always, blocks: 4 }` for a value. */
  readonly flow: (value: unknown) => string;
  readonly weeks: readonly string[];
}

/** The recommendation in a sentence or two: what people could have without a keeper for less is said at once. */
export function adviceHeadline(advice: Advice): string {
  const { means, verdict } = advice;
  const others = (['onDemandTuned', 'spotGroup', 'spotGroupTuned'] as const).toSorted(
    (a, b) => means[a].together - means[b].together,
  );
  const [least = 'onDemandTuned'] = others;
  const cheaper =
    means[least].together < means.recommended.together
      ? ` Without a keeper there is something cheaper: ${RIVAL_NAMES[least]}, ${usdText(means[least].together)} USD together${verdict === 'nothing' ? '' : ': do that instead'}.`
      : '';
  return `${recommendation(advice)}${cheaper}`;
}

function recommendation({ verdict, saving, means, keepsLimits }: Advice): string {
  const { recommended, today, onDemandOnly } = means;
  const limits = keepsLimits ? '' : ' No setting that was tried keeps every limit; this one misses them least.';
  switch (verdict) {
    case 'nothing':
      return `Do nothing: on-demand nodes alone cost ${usdText(onDemandOnly.together)} USD with kills and waiting, and nothing that was tried costs less.${limits}`;
    case 'keep':
      return `Keep the pools as they are: ${usdText(recommended.together)} USD with kills and waiting, ${savedText(saving.onDemandOnly)} than on-demand alone, and nothing that was tried does better.${limits}`;
    default:
      return `Change the pools: ${usdText(recommended.together)} USD with kills and waiting, ${savedText(saving.today)} than today's ${usdText(today.together)}, and ${savedText(saving.onDemandOnly)} than on-demand alone.${limits}`;
  }
}

/** Everything else, part by part. */
export function adviceText({ advice, flow, weeks }: AdviceText): string {
  const { levers, hard, classes, distance, tried, chosenOn, judgedOn } = advice;
  const cases = (list: typeof judgedOn): string => {
    const names = [...new Set(list.map(({ week }) => weeks[week] ?? ''))].join(', ');
    return `${names} with seeds ${[...new Set(list.map(({ seed }) => seed))].join(', ')}`;
  };
  const sections = [
    table(
      [{ heading: 'where it was judged' }, ...right('together', 'money', 'kills', 'wait p95')],
      meansRows(advice).map(({ name, cells }) => [name, ...cells]),
    ),
    distance === null
      ? ''
      : `A clairvoyant would pay ${usdText(distance.foresight.total)} USD${distance.foresight.exact ? '' : ' (best plan found)'} in the first of these, and no run without waiting less than ${usdText(distance.bound.total)}; this pays ${usdText(distance.money)}.`,
    levers.length === 0
      ? ''
      : table(
          [{ heading: 'changed back' }, ...right('USD'), { heading: 'today' }, { heading: 'recommended' }],
          levers.map(({ path, usd, from, to }) => [path, usdText(usd), short(flow(from)), short(flow(to))]),
        ),
    hard.length === 0
      ? ''
      : table(
          [{ heading: 'in a harder world' }, ...right('together', 'on-demand only', 'ratio')],
          hard.map(({ world, together, onDemandOnly, ratio }) => [
            HARD_WORLDS[world],
            ...[usdText(together), usdText(onDemandOnly), ratio === null ? '' : ratio.toFixed(3)],
          ]),
        ),
    classes.length === 0
      ? ''
      : table(
          [{ heading: 'class of jobs' }, ...right('jobs', 'kills', 'USD', 'saved by on-demand')],
          classes.map((one) => [
            ...[one.class, countText(one.jobs), one.killed.toFixed(1), usdText(one.usd), usdText(one.savedByRouting)],
          ]),
        ),
    table(
      [
        ...right('money', 'kills', 'mean wait', 'wait p95'),
        { heading: 'not beaten in money, kills and waiting at once' },
      ],
      advice.front.map(({ means, choices }) => [
        ...[usdText(means.money), means.kills.toFixed(1), lengthText(means.queuedMeanMs), lengthText(means.waitP95Ms)],
        short(choicesText(choices, flow), 90),
      ]),
    ),
    [
      `Tried ${countText(tried.settings)} settings, ${countText(tried.onFour)} of them on four runs or more, ${countText(tried.runs)} runs in all.`,
      `Chosen on ${cases(chosenOn)}; judged on ${cases(judgedOn)}. Intervals: Student's t over the judged runs, 95 %.`,
    ].join('\n'),
  ];
  return sections.filter((section) => section !== '').join('\n\n');
}

/** What stands beside one another where the recommendation was judged. */
export function meansRows({
  means,
  verdict,
}: Advice): readonly { readonly name: string; readonly cells: readonly string[] }[] {
  const names = {
    recommended: verdict === 'nothing' ? 'recommended: on-demand only' : 'recommended',
    today: 'the pools as they are',
    starter: 'what init writes',
    ...RIVAL_NAMES,
  };
  return (Object.keys(means) as readonly (keyof typeof means)[]).map((key) => {
    const { together, money, kills, waitP95Ms } = means[key];
    return { name: names[key], cells: [usdText(together), usdText(money), kills.toFixed(1), lengthText(waitP95Ms)] };
  });
}

export const choicesText = (choices: Readonly<Record<string, unknown>>, flow: (value: unknown) => string): string =>
  Object.keys(choices).length === 0
    ? 'as they are'
    : Object.entries(choices)
        .map(([path, value]) => `${path}: ${flow(value)}`)
        .join(', ');

const right = (...headings: readonly string[]) => headings.map((heading) => ({ heading, align: 'right' as const }));

const short = (text: string, most = 44): string => (text.length > most ? `${text.slice(0, most - 1)}…` : text);

/** `12.0 % less (10.1 to 13.9 %)`. */
function savedText({ mean, low, high }: Interval): string {
  const range =
    low === null || high === null ? '' : ` (${percentText(Math.abs(low))} to ${percentText(Math.abs(high))})`;
  if (low !== null && high !== null && low < 0 && high > 0)
    return `${percentText(Math.abs(mean))} ${mean < 0 ? 'more' : 'less'} (from ${percentText(-low)} more to ${percentText(high)} less)`;
  return `${percentText(Math.abs(mean))} ${mean < 0 ? 'more' : 'less'}${range}`;
}
