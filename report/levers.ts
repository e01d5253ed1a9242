import type { Outcome, Rival, SomeRivals, ValueFrom } from '../sim/outcome.ts';
import { hours, type Instant } from '../src/domain/time.ts';
import { countText, hoursText, shareText, usdText } from './figures.ts';
import { rivalInWords } from './rivalNames.ts';

/** Something to change, and the USD that were measured to be at stake. */
interface Lever {
  readonly usd: number;
  readonly text: string;
  /** Always said, also where little money is at stake. */
  readonly isHarm?: true;
}

/** Nobody changes more than this at once. */
const MOST = 3;

/** What is less than this share of the whole is not worth a sentence. */
const LEAST = 0.02;

/** What to change, in sentences, the most USD first. */
export function leversOf(outcome: Outcome, rivals: SomeRivals, outside: Rival): readonly string[] {
  const least = outcome.cost.together * LEAST;
  const levers = [
    fixedCount(outcome, rivals, outside),
    idleBlocks(outcome),
    overflow(outcome),
    ...kills(outcome),
    waiting(outcome, outside),
  ]
    .filter((lever): lever is Lever => lever !== undefined && (lever.isHarm === true || lever.usd > least))
    .sort((a, b) => b.usd - a.usd);
  return levers.filter(({ isHarm }, n) => n < MOST || isHarm).map(({ text }) => text);
}

/** An amount in a sentence that has named its currency. */
export const shortOf = (usd: number): string => (usdText(usd) === usdText(0) ? 'nothing' : usdText(usd));

/** Too many or too few: the best number that never changes. */
function fixedCount(
  { cost, blocks, timeline }: Outcome,
  { cheapestFixed }: SomeRivals,
  outside: Rival,
): Lever | undefined {
  const count = cheapestFixed?.blocks;
  if (cheapestFixed === undefined || count === undefined || count === 0) return undefined;
  const fixed = cheapestFixed.outcome.cost.together;
  const usd = cost.together - fixed;
  const still =
    fixed > outside.outcome.cost.together ? `, but still above ${shortOf(outside.outcome.cost.together)}` : '';
  return {
    usd,
    text: `This had up to ${countText(blocks.peak)} blocks; ${countText(count)} at all hours would cost ${shortOf(fixed)} together, ${usdText(usd)} less${still}: operatingHours: { policy: always, blocks: ${count} }${follows(timeline) ? ', scaling: { policy: scheduled }' : ''}.`,
  };
}

/** Whether what was wanted is not what the hours allow: any pool follows its jobs. */
const follows = ({ wanted, allowed }: Outcome['timeline']): boolean =>
  JSON.stringify(wanted) !== JSON.stringify(allowed);

function idleBlocks({ cost: { leases, leasesIdle }, timeline }: Outcome): Lever | undefined {
  if (leases <= 0 || leasesIdle / leases < 0.15) return undefined;
  return {
    usd: leasesIdle,
    text: `${shareText(leasesIdle / leases)} of what the blocks cost (${usdText(leasesIdle)} of ${usdText(leases)} USD) was paid while no job ran: ${follows(timeline) ? 'blocks that boot, and those that wait for the next job. Less headroom, or a shorter giveBackIdleAfter, costs less and lets jobs wait longer' : 'fewer blocks at those times, or numbers that follow the jobs (scaling: { policy: followJobs })'}.`,
  };
}

function overflow({ cost, blocks, timeline, until }: Outcome): Lever | undefined {
  if (cost.total <= 0 || cost.overflow / cost.total < 0.1) return undefined;
  const nodeHours = hoursOf(timeline.overflow, until);
  const outside = nodeHours === 0 ? 0 : hoursOf(without(timeline.overflow, timeline.allowed, until), until) / nodeHours;
  const paid = `${shareText(cost.overflow / cost.total)} of the bill is overflow to the on-demand group (${usdText(cost.overflow)} USD)`;
  const [dearer, times] = premiumOf(cost.overflow, nodeHours, cost.leases, blocks.hours);
  const dear = times > 1 ? `, whose hour costs ${times.toFixed(1)} × a block's` : '';
  if (blocks.launched === 0)
    return {
      usd: cost.overflow,
      text: `${paid}, and no block was bought: see when blocks are wanted, and what is bought.`,
    };
  return {
    usd: dearer,
    text:
      outside >= 0.5
        ? `${paid}${dear}; ${shareText(outside)} of it while no block was wanted: widen the hours.`
        : `${paid}${dear}; ${shareText(1 - outside)} of it while blocks were wanted: more blocks at those times, or sooner.`,
  };
}

/** What overflow cost more than blocks would for the same hours, and how many times dearer an hour of it is. */
function premiumOf(
  usd: number,
  nodeHours: number,
  leases: number,
  blockHours: number,
): readonly [usd: number, times: number] {
  if (nodeHours <= 0 || blockHours <= 0 || leases <= 0) return [usd, 0];
  const times = usd / nodeHours / (leases / blockHours);
  return [usd * Math.max(0, 1 - 1 / times), times];
}

function kills({ jobs, servicePrices: { usdPerKill } }: Outcome): readonly Lever[] {
  const { killedByAws: aws, killedByKeeper: keeper, killedByTerm: term } = jobs;
  const lever = (count: number, text: (cost: string) => string): Lever => ({
    usd: count * usdPerKill,
    text: text(usdPerKill === 0 ? '' : ` (${usdText(count * usdPerKill)} USD)`),
  });
  const running = (count: number): string => `${countText(count)} running ${count === 1 ? 'job' : 'jobs'}`;
  const harm = (one: Lever): Lever => ({ ...one, isHarm: true });
  return [
    ...(keeper === 0
      ? []
      : [
          harm(
            lever(
              keeper,
              (cost) =>
                `The keeper ended ${running(keeper)}${cost}: a longer lease.overrun or a longer lease, or a renewal policy that does not waive the end of jobs.`,
            ),
          ),
        ]),
    ...(term === 0
      ? []
      : [
          harm(
            lever(
              term,
              (cost) =>
                `A spot block's own time ended ${running(term)}${cost}: a longer lease, another term, or long jobs on demand.`,
            ),
          ),
        ]),
    ...(aws === 0
      ? []
      : [
          lever(
            aws,
            (cost) => `AWS took the nodes of ${running(aws)}${cost}: more types and zones, or long jobs on demand.`,
          ),
        ]),
  ];
}

/** Only where people wait longer than they would without a keeper. */
function waiting({ jobs, servicePrices }: Outcome, outside: Rival): Lever | undefined {
  const more = queuedHours(jobs) - queuedHours(outside.outcome.jobs);
  return {
    usd: more * servicePrices.usdPerHourWaited,
    text: `Jobs were queued ${hoursText(queuedHours(jobs))} h in all, ${hoursText(more)} h more than with ${rivalInWords(outside)} (${usdText(more * servicePrices.usdPerHourWaited)} USD): blocks that are there before they are needed.`,
  };
}

/** All the time that jobs were queued. */
export const queuedHours = ({ total, queuedMs }: Outcome['jobs']): number => (queuedMs.mean * total) / hours(1);

/** A step function integrated over time, in hours. */
const hoursOf = (steps: readonly ValueFrom[], until: Instant): number =>
  steps.reduce((sum, { at, value }, n) => sum + value * Math.max(0, (steps[n + 1]?.at ?? until) - at), 0) / hours(1);

/** The first function where the second is none, else none. */
function without(steps: readonly ValueFrom[], wanted: readonly ValueFrom[], until: Instant): readonly ValueFrom[] {
  const instants = [...new Set([...steps, ...wanted].map(({ at }) => at))]
    .filter((at) => at < until)
    .sort((a, b) => a - b);
  let [own, other] = [0, 0];
  let [value, closed] = [0, 0];
  return instants.map((at) => {
    for (; (steps[own]?.at ?? until) <= at; own += 1) value = steps[own]?.value ?? 0;
    for (; (wanted[other]?.at ?? until) <= at; other += 1) closed = wanted[other]?.value ?? 0;
    return { at, value: closed > 0 ? 0 : value };
  });
}
