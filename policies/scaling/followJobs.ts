import { z } from 'zod';
import { blockCount, definePolicy, minutes, neededBlocks, type ScalingQuestion } from '../../src/policy/index.ts';
import { givingBack, givingBackOptions } from './givingBack.ts';

/** A boot that nobody has timed yet is taken to last as long. */
const UNTIMED_BOOT_MS = minutes(2);

const MINUTE_MS = minutes(1);

/**
 * Wants the blocks that jobs need, and room to spare. The spare room is for jobs that come while a block would boot: for as many
 * as came in this share of such stretches of the last hour, quiet ones counted too, so that one burst does not keep blocks
 * standing. A missing spare costs waiting and not the on-demand price: the quantile is one of service, and not of price.
 *
 * The defaults are reasoned in `docs/decisions/0029-what-following-costs.md`: a block that is kept idle for as long as one boots
 * has cost what booting another would.
 */
export const followJobs = definePolicy({
  slot: 'scaling',
  name: 'followJobs',
  about: 'Wants room for every job that runs or waits, and some to spare.',
  options: z.strictObject({
    atLeast: blockCount().default(0).describe('Blocks that are held though there is no job'),
    headroom: z
      .union([
        blockCount(),
        z.strictObject({
          service: z
            .number()
            .min(0)
            .max(0.999)
            .describe(
              'The share of stretches as long as a boot whose jobs are to find room at once; more where several jobs share a block, for room costs less there',
            ),
        }),
      ])
      .prefault({ service: 0.5 })
      .describe('Blocks to spare: a number, or learned from the jobs of the last hour'),
    ...givingBackOptions(),
  }),
  create({ atLeast, headroom, ...when }) {
    const goes = givingBack(when);
    return {
      wantedNow(question) {
        const needed =
          typeof headroom === 'number'
            ? neededBlocks(question, question.jobs.elsewhere) + headroom
            : withSpare(question, serviceOf(headroom.service, question.jobsPerBlock));
        return { blocks: Math.min(question.allowance.blocks, Math.max(atLeast, needed)), ...goes };
      },
    };
  },
});

/**
 * The blocks that jobs need, and some for those that may come: never so many that an hour of all costs more than one of the nodes on
 * demand that the jobs of now would fill. Else a pool of few wide blocks pays for one to spare what the whole demand costs without it.
 */
function withSpare(question: ScalingQuestion, service: number): number {
  // Successors of jobs that ran elsewhere would find a node of the group that is still warm, and never wait for a block.
  const { elsewhere } = question.jobs;
  const needed = neededBlocks(question, elsewhere);
  const more = neededBlocks(question, Math.max(elsewhere, arrivingJobs(question, service)));
  if (more === needed) return more;
  const { blockUsdPerHour, leasedUsdPerHour, onDemandUsdPerHour } = question.prices;
  // While spot is taken back often blocks are bought on demand: the cheapest offer is not what they cost then.
  const usdPerHour = Math.max(blockUsdPerHour ?? 0, leasedUsdPerHour ?? 0);
  if (usdPerHour === 0 || onDemandUsdPerHour === undefined) return more;
  const asDear = Math.floor(Math.max(1, needed) * (onDemandUsdPerHour / usdPerHour));
  return Math.min(more, Math.max(needed, asDear));
}

/** The odds of finding room rise as the price of it falls: with two jobs a block, room for one costs half. */
const serviceOf = (service: number, jobsPerBlock: number): number => service / (service + (1 - service) / jobsPerBlock);

/** How many jobs came at most in this share of the stretches as long as a boot. */
function arrivingJobs({ arrivals, boots }: ScalingQuestion, service: number): number {
  const stretch = Math.max(1, Math.ceil((boots?.p50Ms ?? UNTIMED_BOOT_MS) / MINUTE_MS));
  // The present minute is not over, and would count for less than it is.
  const whole = arrivals.length - 1;
  if (service === 0 || whole < stretch) return 0;
  // How many stretches saw how many jobs: small numbers, so counting them is faster than sorting.
  const stretches: number[] = [];
  let sum = 0;
  for (let minute = 0; minute < whole; minute += 1) {
    sum += (arrivals[minute] ?? 0) - (minute >= stretch ? (arrivals[minute - stretch] ?? 0) : 0);
    if (minute >= stretch - 1) stretches[sum] = (stretches[sum] ?? 0) + 1;
  }
  const served = Math.ceil(service * (whole - stretch + 1));
  let most = 0;
  for (let met = stretches[0] ?? 0; met < served; met += stretches[most] ?? 0) most += 1;
  return most;
}
