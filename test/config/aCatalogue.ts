import { z } from 'zod';
import { NEVER } from '../../src/domain/time.ts';
import { type Catalogue, definePolicy } from '../../src/policy/definePolicy.ts';
import { length } from '../../src/policy/options.ts';

/** A small shelf of policies, so that these tests say what configuration does and not what the shipped policies do. */
export const aCatalogue: Catalogue = {
  operatingHours: {
    always: definePolicy({
      slot: 'operatingHours',
      name: 'always',
      about: 'The same number of blocks at all times.',
      options: z.object({ blocks: z.int().min(0).meta({ description: 'Blocks wanted' }) }),
      create: ({ blocks }) => ({ allowedAt: () => ({ blocks, until: NEVER }) }),
    }),
    picky: definePolicy({
      slot: 'operatingHours',
      name: 'picky',
      about: 'Cannot be made.',
      options: z.object({}),
      create: () => {
        throw new Error('no windows on a Sunday');
      },
    }),
  },
  scaling: {
    scheduled: definePolicy({
      slot: 'scaling',
      name: 'scheduled',
      about: 'All that is allowed.',
      options: z.object({}),
      create: () => ({ wantedNow: ({ allowance: { blocks } }) => ({ blocks }), ignoresJobs: true }),
    }),
  },
  renewal: {
    surge: definePolicy({
      slot: 'renewal',
      name: 'surge',
      about: 'The successor serves before the old block drains.',
      options: z.object({ lead: length().prefault('30m') }),
      create: ({ lead }) => ({
        timesFor: ({ lease: { expiresAt } }) => ({
          relieveAt: expiresAt - lead,
          drainAt: expiresAt - lead,
          endBy: expiresAt,
        }),
      }),
    }),
  },
  purchase: {
    cheapest: definePolicy({
      slot: 'purchase',
      name: 'cheapest',
      about: 'The cheapest offer.',
      options: z.object({}),
      create: () => ({ rank: (offers) => offers }),
    }),
  },
};

/** The shortest `pools.yaml` there is. */
export const aPoolsText = `version: 1
fleet: ci
pools:
  - name: ci
    template: { autoScalingGroup: ci-on-demand }
    instanceTypes: [m5.2xlarge]
    zones: [us-east-1a, us-east-1b]
    lease: { duration: 4h }
    operatingHours: { policy: always, blocks: 3 }
`;
