import { type JobRow } from '../../data/records/rows.ts';
import { profileOf } from '../demand/profile.ts';
import type { Choices, Family, Space } from './space.ts';

/** What the search is told of the weeks and of the pools as they are. */
export interface Known {
  /** Of every week that is searched, by week. */
  readonly jobs: readonly (readonly JobRow[])[];
  readonly jobsPerBlock: number;
  /** By whole started hours in every week, as EC2 billed before October 2017. */
  readonly paysStartedHours: boolean;
  /** `lease.overrun` as it is written; it is a promise to jobs, and stays what it is. */
  readonly overrun: unknown;
}

/** The most blocks of the starter (`init`), and what a search allows where the jobs need no more. */
const MOST_BLOCKS = 300;

const TERMS = ['spot', ['spot', 'on-demand'], 'on-demand'];

const QUANTILES = [0.9, 0.95, 0.99, 1];
const LEASES = ['1h', '2h', '4h', '8h', '12h', '24h', '48h'];
/** Where a started hour is paid for whole, an idle block costs nothing until its end. */
const OF_STARTED_HOURS = {
  paidBy: ['hour', undefined],
  giveBackIdleAfter: [undefined, '5m', '10m', '20m', '30m', '50m'],
};
const IDLES = ['20s', '30s', '45s', undefined, '90s', '2m', '3m', '5m', '10m'];

/** Every setting that decides the bill or the waiting, with values around those that were found good (`docs/decisions`). */
export function usualSpace({ jobs, jobsPerBlock, paysStartedHours, overrun }: Known): Space {
  const goes = paysStartedHours ? OF_STARTED_HOURS : { giveBackIdleAfter: IDLES };
  const hours: readonly Family[] = [
    { policy: 'always', options: { blocks: [MOST_BLOCKS] } },
    {
      policy: 'profile',
      options: {
        zone: ['UTC'],
        blocks: QUANTILES.map((share) => profileOf(jobs.flat(), 'UTC', share, jobsPerBlock).days),
        lead: [undefined, '15m'],
      },
    },
  ];
  const services = [0, 0.2, 0.35, 0.5, 0.65, 0.8, 0.9, 0.95].map((service) =>
    service === 0.5 ? undefined : { service },
  );
  return {
    operatingHours: { families: hours },
    scaling: {
      families: [
        {
          policy: 'followJobs',
          options: { headroom: [0, ...services, 1, 2, 3], ...goes, atLeast: [undefined, 1, 2, 4] },
        },
        {
          policy: 'learned',
          options: { service: [0.5, 0.7, 0.8, 0.9, 0.95, undefined], ...goes },
        },
        { policy: 'scheduled', options: {} },
      ],
    },
    // Term and length belong together: a spot block has lengths of its own.
    lease: {
      values: TERMS.flatMap((term) => LEASES.map((duration) => leaseOf(term, duration, overrun))),
    },
    renewal: {
      families: [
        {
          policy: 'surge',
          options: { lead: ['5m', '10m', '20m', undefined, '1h'], overlap: ['2m', undefined, '10m'] },
        },
        { policy: 'jobAware', options: { quantile: ['p50', undefined, 'p99'], slack: ['0s', undefined, '15m'] } },
        { policy: 'drainFirst', options: {} },
        { policy: 'idleFirst', options: { band: ['10m', undefined, '2h'] } },
        { policy: 'staggered', options: { spread: ['10m', undefined, '1h'] } },
      ],
    },
    purchase: {
      families: [
        {
          policy: 'weighed',
          options: {
            usdPerKill: [0.5, 1, undefined, 4, 8, 16],
            upTo: [0.5, 0.7, 0.8, undefined, 1, 1.2],
            probeAfter: ['30m', '1h', undefined, '4h', '8h'],
          },
        },
        { policy: 'cheapest', options: {} },
        { policy: 'spreadZones', options: {} },
        {
          policy: 'breaker',
          options: {
            inner: [undefined, { policy: 'weighed' }, { policy: 'spreadZones' }],
            for: ['10m', undefined, '1h', '2h'],
            probe: ['5m', undefined, '30m'],
          },
        },
      ],
    },
    surge: { values: [0, 1, 2, 5, 20] },
    maxUnavailable: { values: [0, 1, 2, 5] },
    cooling: { values: ['1m', '2m', '5m', '10m', '30m'] },
    launchRate: { values: [10, 20, 50, 100, MOST_BLOCKS].map((launches) => ({ launches, per: '5m' })) },
    holdJobs: { values: [true, false] },
  };
}

const leaseOf = (term: unknown, duration: string, overrun: unknown): unknown => ({
  ...{ term, duration },
  ...(overrun === undefined ? {} : { overrun }),
});

/** What `init` writes for a pool, but for its types and zones, which are the team's own. */
export const starterChoices = ({ overrun }: Known): Choices => ({
  lease: leaseOf(['spot', 'on-demand'], '24h', overrun),
  operatingHours: { policy: 'always', blocks: MOST_BLOCKS },
  scaling: { policy: 'followJobs' },
  renewal: { policy: 'surge', lead: '30m' },
  purchase: { policy: 'weighed' },
  maxBlocks: MOST_BLOCKS,
});

/** What is known to suit weeks of this kind, tried before anything is drawn. */
export const suitedTo = ({ paysStartedHours }: Known): readonly Choices[] =>
  paysStartedHours ? [{ scaling: { policy: 'followJobs', paidBy: 'hour' } }] : [];
