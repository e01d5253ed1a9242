import { z } from 'zod';
import { instanceType, instant, lengthBetween, name, zone } from '../../src/config/fields.ts';
import { POLICY_SLOTS } from '../../src/policy/definePolicy.ts';
import { generatorSettings } from '../demand/generate.ts';
import { classes, cluster } from './clusterSchema.ts';
import { onDemandGroup } from './groupSchema.ts';
import { interruptions } from './interruptions.ts';
import { quota, scopedRefusal, subnet } from './limits.ts';
import { DEFAULT_POOLS, dataPath } from './paths.ts';
import { HOLD_PHASES } from './scenario.ts';
import { usualExtras } from './usual.ts';

const share = () => z.number().min(0).max(1);
const usdPerHour = () => z.number().positive().max(10_000);

const drought = z.strictObject({
  zone: zone().optional().describe('The zone it strikes; every zone if left out'),
  instanceType: instanceType().optional().describe('The instance type it strikes; every type if left out'),
  from: instant(),
  until: instant(),
});

const market = z.strictObject({
  onDemand: z
    .record(instanceType(), usdPerHour())
    .describe('On-demand price in USD per hour, for every instance type that the scenario uses'),
  prices: dataPath().optional().describe('Recorded spot prices: a file inside the folder'),
  product: z
    .string()
    .min(1)
    .default('Linux/UNIX')
    .describe('The product description of the recorded prices that is used, where a file holds several'),
  spotShare: share()
    .default(0.3)
    .describe('Spot price as a share of on-demand (0 to 1), for a market without recorded prices'),
  spotBlock: z
    .strictObject({
      shareAt1h: share().default(0.55).describe('Price of a block of one hour as a share of on-demand'),
      sharePerHour: share().default(0.03).describe('What each further hour adds to that share'),
      weekendPoints: z
        .number()
        .min(0)
        .max(100)
        .default(0)
        .describe('Percentage points off on Saturday and Sunday (UTC)'),
    })
    .prefault({})
    .describe('What a spot block costs'),
  availability: dataPath().optional().describe('Recorded availability: a file inside the folder'),
  droughts: z
    .array(drought)
    .max(1000)
    .default([])
    .describe('Stretches in which nothing can be bought; what runs, stays'),
  refusals: z
    .array(scopedRefusal)
    .max(1000)
    .default([])
    .describe(
      'Stretches in which EC2 refuses for a reason of its own; the whole account where nothing narrows it down',
    ),
  quotas: z.array(quota).max(100).default([]).describe('The most vCPUs that the account may run at once'),
  subnets: z
    .array(subnet)
    .max(1000)
    .default([])
    .describe('The subnets that instances get their addresses from; without end in a zone of which none is listed'),
  interruptions: interruptions.prefault({ model: 'none' }),
  interruptAbove: z
    .number()
    .positive()
    .max(100)
    .optional()
    .describe('Spot instances are taken while the price is above this multiple of on-demand; never if left out'),
});

const usd = () => z.number().min(0).max(1_000_000);

const extras = z.strictObject({
  diskGib: z.number().min(0).max(100_000).default(usualExtras.diskGib).describe('GiB of disk that an instance has'),
  usdPerGibMonth: usd()
    .default(usualExtras.usdPerGibMonth)
    .describe('What a GiB of disk costs in USD a month of 730 h'),
  publicIpv4: z.boolean().default(usualExtras.publicIpv4).describe('Whether an instance has a public IPv4 address'),
  usdPerIpv4Hour: usd().default(usualExtras.usdPerIpv4Hour).describe('What such an address costs in USD per hour'),
});

const service = z.strictObject({
  usdPerKill: usd().default(2).describe('What a killed job costs in USD, beside its machine time'),
  usdPerHourWaited: usd().default(1).describe('What an hour costs in USD that a job is queued'),
  usdPerJobMinute: usd().default(0).describe('What a CI system charges in USD for a minute that a job runs'),
});

const expectations = z.strictObject({
  costAtMost: z.number().min(0).optional().describe('Total in USD'),
  savingAtLeast: z.number().max(1).optional().describe('1 - total / on-demand only'),
  killedAtMost: z.int().min(0).optional().describe('Times that a running job lost its node'),
  waitP50AtMost: lengthBetween('0s', '92d').optional().describe('Median of the time from queued to started'),
  waitP95AtMost: lengthBetween('0s', '92d').optional().describe('95th percentile of the time from queued to started'),
  uncoveredBlockHoursAtMost: z.number().min(0).optional().describe('Blocks wanted but not serving, in block-hours'),
  peakBlocksAtMost: z.int().min(0).optional().describe('Most instances of ours alive at once'),
  onBlocksAtLeast: share().optional().describe('Share of the jobs that ran on blocks (0 to 1)'),
});

/** `scenario.yaml` as it is written. */
export const scenarioSchema = z
  .strictObject({
    version: z.literal(1).describe('The version of this format'),
    name: name().describe('A short name, printed with every result'),
    about: z.string().min(1).max(500).describe('What the scenario asks, in one sentence'),
    seed: z.int().min(0).max(4_294_967_295).default(1).describe('Where all chance starts from'),
    from: instant(),
    until: instant().describe('The end, which is not part of the window; at most 92 days after from'),
    pools: dataPath().default(DEFAULT_POOLS).describe('The pools file inside the folder'),
    composed: z
      .array(z.string().min(1).max(500))
      .max(100)
      .default([])
      .describe('What makes this no recorded week, a sentence each; printed with every result'),
    market: market.describe('What can be bought, for how much, and when it is taken back'),
    jobs: z
      .union([
        dataPath().describe('Recorded jobs: a file inside the folder'),
        z.strictObject({ generate: generatorSettings.describe('Jobs drawn from a calibrated generator') }),
      ])
      .meta({ description: 'A path inside the folder (data/jobs.csv) or a mapping with the key generate' }),
    classes: classes
      .default({})
      .describe('Kinds of jobs, by name: how many there are, what they need and where they may run'),
    cluster: cluster.prefault({}).describe('The Kubernetes cluster'),
    onDemandGroup: onDemandGroup.describe('The group of nodes that an autoscaler keeps, where unmet demand goes'),
    billing: z
      .enum(['per-second', 'hour-start'], { error: 'expected per-second or hour-start' })
      .optional()
      .describe(
        'per-second: time in use. hour-start: whole started hours, as EC2 billed before October 2017. By the dates of the prices if left out',
      ),
    extras: extras.prefault({}).describe('What every instance costs beside its own price'),
    disturb: z
      .strictObject({
        restarts: z
          .array(instant())
          .max(1000)
          .default([])
          .describe('When the keeper forgets everything and is told what exists'),
        deaths: z
          .array(
            z.strictObject({
              phase: z
                .enum(HOLD_PHASES)
                .describe(
                  'before-hold: before it is written. before-grant: before EC2 has said anything. extended: once the instance is known. before-release: before it is taken off',
                ),
              number: z.int().min(1).max(1_000_000).default(1).describe('Of such moments the first, the second, …'),
              for: lengthBetween('1s', '7d').prefault('1m').describe('For so long there is no keeper'),
            }),
          )
          .max(1000)
          .default([])
          .describe('When the keeper is killed in the course of a hold'),
        repeats: share()
          .default(0)
          .describe('Share of the facts that are told a second time, up to five minutes later'),
        delays: share().default(0).describe('Share of the facts that are told up to a minute late'),
        untried: share()
          .default(0)
          .describe('Share of the effects that are not tried, as by a leader whose renewal is late'),
        lostEffects: share().default(0).describe('Share of the effects that come to nothing without a word'),
        lostAnswers: share().default(0).describe('Share of the answers to effects that never arrive'),
        unseenNodes: share()
          .default(0)
          .describe(
            'Share of the nodes that a keeper which begins anew does not see, or not ready, for the first minute',
          ),
      })
      .prefault({})
      .describe('What befalls the keeper, on top of what the world does'),
    promises: z
      .array(z.enum(POLICY_SLOTS))
      .default([])
      .describe(
        'Slots whose policies are held to what policies promise; a promise that is broken is an expectation missed',
      ),
    service: service.prefault({}).describe('What bad service costs people: it is compared together with the money'),
    expect: expectations.default({}).describe('Limits that a result is held to'),
  })
  .describe('A world worth keeping: everything that a simulation starts from');

export type ScenarioText = z.output<typeof scenarioSchema>;
