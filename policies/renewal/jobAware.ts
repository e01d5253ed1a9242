import { z } from 'zod';
import { definePolicy, length, type Quantiles } from '../../src/policy/index.ts';
import { fromTheEnd } from './fromTheEnd.ts';

const QUANTILES = {
  p50: ({ p50Ms }: Quantiles) => p50Ms,
  p95: ({ p95Ms }: Quantiles) => p95Ms,
  p99: ({ p99Ms }: Quantiles) => p99Ms,
};

/**
 * A lead as long as the pool's own jobs, and an overlap as long as its own boots: for pools whose jobs change from month to
 * month, and for people who do not know how long theirs take. Until enough have been seen it is `surge` with the same options.
 */
export const jobAware = definePolicy({
  slot: 'renewal',
  name: 'jobAware',
  about: 'Drains a block as long before its lease ends as the jobs of the pool have been seen to take.',
  options: z
    .strictObject({
      quantile: z
        .enum(['p50', 'p95', 'p99'])
        .default('p95')
        .describe('Which share of the jobs is to finish that start just before the drain'),
      slack: length().prefault('5m').describe('How much longer than these jobs the lead is'),
      leadAtLeast: length().prefault('10m').describe('The shortest lead, however short the jobs'),
      leadAtMost: length().prefault('2h').describe('The longest lead, however long the jobs'),
      lead: length().prefault('30m').describe('The lead until enough jobs have been seen'),
      overlap: length().prefault('5m').describe('The overlap until enough boots have been seen, then their p95'),
    })
    .superRefine(({ leadAtLeast, leadAtMost }, context) => {
      if (leadAtLeast <= leadAtMost) return;
      const message = 'expected a length of at most "leadAtMost", found a longer one';
      context.addIssue({ code: 'custom', path: ['leadAtLeast'], message });
    }),
  create({ quantile, slack, leadAtLeast, leadAtMost, lead, overlap }) {
    const quantileOf = QUANTILES[quantile];
    return {
      timesFor({ lease, spec, jobs: { durations }, boots }) {
        const seen = durations === undefined ? lead : quantileOf(durations) + slack;
        return fromTheEnd({ lease, spec }, Math.max(leadAtLeast, Math.min(leadAtMost, seen)), boots?.p95Ms ?? overlap);
      },
    };
  },
});
