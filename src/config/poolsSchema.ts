import { z } from 'zod';
import { hours, type Millis } from '../domain/time.ts';
import { TERMS, termsOf } from '../domain/words.ts';
import { namedPolicy } from '../policy/options.ts';
import { distinct, instanceType, lengthBetween, name, zone } from './fields.ts';
import { JOB_PRESETS } from './pools.ts';

/** A policy by name, its options beside the name; which options there are is the policy's own business. */
const choice = (description: string) => namedPolicy().meta({ description });

/** AWS sold blocks of one to six whole hours and nothing else. */
const MOST_BLOCK_HOURS = 6;
export const isBlockLength = (lengthMs: Millis): boolean =>
  lengthMs % hours(1) === 0 && lengthMs >= hours(1) && lengthMs <= hours(MOST_BLOCK_HOURS);

/** What `maxBlocks` is where a pool says nothing of it. */
export const MOST_BLOCKS_BY_DEFAULT = 100;

const lease = z
  .strictObject({
    term: z
      .union([z.enum(TERMS), distinct(z.enum(TERMS))])
      .default('spot')
      .meta({
        description:
          'spot: running jobs may outlast the lease, EC2 may interrupt. on-demand: running jobs may outlast the lease. spot-block: EC2 imposes the end; withdrawn by AWS in 2022, so historic or simulated only. A list, such as [spot, on-demand], leaves the choice to the purchase policy',
      }),
    duration: lengthBetween('1m', '30d').meta({
      description: 'How old a block grows before it is replaced; a job that runs then may finish',
    }),
    overrun: lengthBetween('0s', '30d').prefault('24h').meta({
      description:
        'How long past the end of the lease a job may run before its block is ended all the same, announced an hour before; a spot block has none, for EC2 ends it',
    }),
  })
  .superRefine(({ term, duration }, context) => {
    if (termsOf(term).includes('spot-block') && !isBlockLength(duration))
      context.addIssue({
        code: 'custom',
        path: ['duration'],
        message: 'expected one of 1h, 2h, 3h, 4h, 5h, 6h for a spot block',
      });
  })
  .meta({ description: 'The time for which a block owns an instance, and how that is bought' });

const pool = z.strictObject({
  name: name().describe('Names the blocks: ci becomes ci-0.1, ci-1.1 and so on'),
  template: z
    .strictObject({
      autoScalingGroup: z
        .string()
        .min(1)
        .max(255)
        .describe('The name of the on-demand group that blocks are copied from'),
    })
    .describe('What a block looks like; used live'),
  instanceTypes: distinct(instanceType()).describe(
    'Instance types that a block may be; all should run one job as well as another',
  ),
  zones: distinct(zone()).describe('Availability zones, by name, that a block may run in'),
  lease,
  operatingHours: choice('When blocks are wanted, and how many'),
  renewal: choice('When a block is relieved, drained and ended').prefault({ policy: 'surge' }),
  scaling: choice('How many of the blocks that the hours allow are wanted, seeing the jobs').prefault({
    policy: 'scheduled',
  }),
  purchase: choice('What to buy, best first').prefault({ policy: 'cheapest' }),
  surge: z
    .int()
    .min(0)
    .max(1000)
    .default(2)
    .describe('Blocks allowed above what is wanted while successors and predecessors overlap'),
  maxUnavailable: z
    .int()
    .min(0)
    .max(1000)
    .default(1)
    .describe(
      'Blocks that may be missing from the wanted number because others drain; more at once wait, until half of the time that the renewal policy gave their jobs is over, and never so long that less is left than nearly all of their jobs take',
    ),
  maxBlocks: z
    .int()
    .min(1)
    .max(1000)
    .default(MOST_BLOCKS_BY_DEFAULT)
    .describe('Hard cap on living blocks: no policy can go above it'),
  launchRate: z
    .strictObject({
      launches: z.int().min(1).max(1000).describe('Blocks opened in any such stretch, at most'),
      per: lengthBetween('1s', '1d').describe('The stretch'),
    })
    .prefault({ launches: 20, per: '5m' })
    .describe('How many blocks may be opened in any stretch of time'),
  cooling: lengthBetween('0s', '1d')
    .prefault('5m')
    .describe('How long a type, zone and term that refused, or took an instance back, is not asked for again'),
  quoteAge: lengthBetween('1s', '1d').prefault('10m').describe('How old a price may be and still be bought at'),
  surplus: z
    .enum(['drain', 'keep'])
    .default('drain')
    .describe('What becomes of blocks above what is wanted: drained, idle ones first, or kept until their leases end'),
  holdJobs: z
    .boolean()
    .default(true)
    .describe(
      'Whether jobs that a block on its way will take are held, so that Cluster Autoscaler buys no node for them meanwhile; only where the scaling policy looks at jobs',
    ),
  discourageSurplus: z
    .boolean()
    .default(false)
    .describe(
      'Whether the blocks that are given back next bear a PreferNoSchedule taint, so that jobs go to the others; only live, and where the scaling policy looks at jobs',
    ),
  routing: z
    .enum(['all', 'tolerating'])
    .default('all')
    .describe(
      'Which jobs the blocks take: all that fit, or only those that tolerate the taint spot-keeper.io/routing=POOL:NoSchedule, which blocks bear from when they serve; simulations take no notice of it',
    ),
  spending: z
    .strictObject({
      usdPerDay: z.number().positive().max(1_000_000).optional().describe('In a UTC day'),
      usdPerMonth: z.number().positive().max(10_000_000).optional().describe('In a UTC month'),
    })
    .refine(({ usdPerDay, usdPerMonth }) => usdPerDay !== undefined || usdPerMonth !== undefined, {
      error: 'expected usdPerDay, usdPerMonth or both',
    })
    .optional()
    .describe(
      'What the pool may spend in US dollars, by quoted prices: nothing is bought whose lease would go above it, whatever policies say',
    ),
  timeouts: z
    .strictObject({
      launch: lengthBetween('1s', '1d').prefault('5m').describe('From asking for capacity to cancelling the request'),
      join: lengthBetween('1s', '1d')
        .prefault('15m')
        .describe('From the grant to giving an instance up that has not joined'),
      rest: lengthBetween('0s', '1d')
        .prefault('3m')
        .describe('How long a block that was refused everywhere keeps its slot'),
      terminate: lengthBetween('1s', '1d').prefault('5m').describe('From asking to terminate to asking again'),
      evict: lengthBetween('0s', '1d')
        .prefault('15m')
        .describe(
          'How long after its cordon a block without a job is kept for other pods to leave it, within their disruption budgets and grace; jobs aside, and never past the end of the block',
        ),
    })
    .prefault({})
    .describe('How long each waiting state of a block may last'),
});

const podPattern = z
  .strictObject({
    namespace: z.string().min(1).optional().describe('The namespace of the pod'),
    labels: z.string().min(1).optional().describe('A label selector such as "app=ci,stage in (build,test)"'),
    annotation: z.string().min(1).optional().describe('An annotation that the pod has: its key, or key=value'),
    nameContains: z.string().min(1).optional().describe("A part of the pod's name"),
    owner: z.string().min(1).optional().describe('The kind of the object that controls it, such as StatefulSet'),
  })
  .refine((pattern) => Object.keys(pattern).length > 0, { error: 'expected at least one field' });

const jobPattern = z.union([z.enum(JOB_PRESETS), podPattern]);

const live = z
  .strictObject({
    jobs: z
      .array(jobPattern)
      .min(1)
      .default([...JOB_PRESETS])
      .describe(
        'Which pods are jobs, by presets of CI systems and by patterns; a pod that one of them matches is a job',
      ),
    notJobs: z
      .array(podPattern)
      .default([])
      .describe(
        'Which pods are no work, whatever else matches: they keep no block, and are evicted from one that drains. A pod with a controller that no entry here or in jobs names is taken for work',
      ),
    workContainers: z
      .array(z.string().min(1))
      .default([])
      .describe(
        "Names of the containers that do a pod's work: once those that it has have ended, the pod keeps no block busy, though sidecars live on",
      ),
    startUpTaints: z
      .array(z.string().min(1))
      .default([])
      .describe(
        'Keys of taints that nodes bear until an agent of yours is up; a node with one serves nobody. Those of Kubernetes, of Cluster Autoscaler, and agent-not-ready of any plug-in are known',
      ),
    nodeTaints: z
      .array(z.string().min(1))
      .default([])
      .describe(
        'Keys of taints that the nodes of blocks bear for good, such as that of a dedicated group. One that a job or a pod at work tolerates by its key need not be listed',
      ),
    otherPods: z
      .enum(['evict', 'leave'])
      .default('evict')
      .describe(
        'What becomes of other pods on a draining node: evicted within their disruption budgets, or left alone',
      ),
    interruptionQueue: z
      .url({ protocol: /^https?$/ })
      .optional()
      .describe('The URL of the SQS queue that EventBridge feeds; without it interruptions are found by polling'),
    poll: lengthBetween('5s', '5m').prefault('30s').describe('How often everything of ours is listed'),
    onDemandUsdPerHour: z
      .record(instanceType(), z.number().positive().max(1000))
      .default({})
      .describe('On-demand prices by instance type, for terms and reports that need them'),
  })
  .optional()
  .describe('How the keeper meets a real cluster and account; simulations take no notice of it');

/** `pools.yaml` as it is written; policies are checked against the catalogue in `policyChoices.ts`. */
export const poolsSchema = z
  .strictObject({
    version: z.literal(1).describe('The version of this format'),
    fleet: name().describe('Names this installation; a fleet never touches the instances of another'),
    pools: z.array(pool).min(1).max(100).describe('Blocks kept alike under one set of policies, one entry a pool'),
    live,
  })
  .describe('The pools of one Spot Keeper installation');

export type PoolsText = z.output<typeof poolsSchema>;
