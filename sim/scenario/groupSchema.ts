import { z } from 'zod';
import type { Check } from '../../src/config/document.ts';
import { type Finding, valueAt } from '../../src/config/explain.ts';
import { instanceType, lengthBetween } from '../../src/config/fields.ts';
import { lengthOf } from '../../src/policy/options.ts';
import type { GroupSettings } from './scenario.ts';

/** `onDemandGroup` in a scenario, as it is written. */
export const onDemandGroup = z.strictObject({
  instanceType: instanceType().describe("The type of the group's on-demand nodes"),
  maxNodes: z.int().min(0).max(10_000).default(200).describe('The most nodes the group may have'),
  autoscaler: z
    .enum(['cluster-autoscaler', 'karpenter'])
    .default('cluster-autoscaler')
    .describe('What adds nodes to the group and removes them'),
  loop: z
    .enum(['timer', 'event'])
    .default('timer')
    .describe(
      'timer: Cluster Autoscaler looks every scan, as until 1.34. event: a pod without room wakes it, as from 1.35',
    ),
  scan: lengthBetween('1s', '1h').prefault('10s').describe('How often Cluster Autoscaler looks'),
  scaleUpDelay: lengthBetween('0s', '1h')
    .prefault('0s')
    .describe('Cluster Autoscaler buys nothing for a pod younger than this'),
  scaleDownDelayAfterAdd: lengthBetween('0s', '1d')
    .prefault('10m')
    .describe('Cluster Autoscaler removes nothing for so long after it added a node'),
  idle: lengthBetween('0s', '1d')
    .prefault('10m')
    .describe('Cluster Autoscaler removes a node that had no jobs for this long'),
  consolidateAfter: lengthBetween('0s', '1d')
    .prefault('0s')
    .describe('Karpenter removes a node that had no jobs for this long'),
  spareJobs: z
    .int()
    .min(0)
    .max(10_000)
    .default(0)
    .describe('Jobs for which room is kept free, by placeholder pods that any job displaces'),
  buys: z
    .enum(['on-demand', 'spot'])
    .default('on-demand')
    .describe("What the group's nodes are: on-demand, or spot of the pools' types and zones with on-demand behind it"),
});

type GroupText = z.output<typeof onDemandGroup>;

export const groupOf = (text: GroupText): GroupSettings => ({
  instanceType: text.instanceType,
  maxNodes: text.maxNodes,
  autoscaler: text.autoscaler,
  loop: text.loop,
  scanMs: text.scan,
  scaleUpDelayMs: text.scaleUpDelay,
  scaleDownDelayAfterAddMs: text.scaleDownDelayAfterAdd,
  idleMs: text.idle,
  consolidateAfterMs: text.consolidateAfter,
  spareJobs: text.spareJobs,
  buys: text.buys,
});

/** The settings as they would be written; only what the group's autoscaler knows. */
export const groupTextOf = (group: GroupSettings): Readonly<Record<string, unknown>> => ({
  instanceType: group.instanceType,
  maxNodes: group.maxNodes,
  autoscaler: group.autoscaler,
  ...(group.autoscaler === 'karpenter'
    ? { consolidateAfter: lengthOf(group.consolidateAfterMs) }
    : {
        loop: group.loop,
        scan: lengthOf(group.scanMs),
        scaleUpDelay: lengthOf(group.scaleUpDelayMs),
        scaleDownDelayAfterAdd: lengthOf(group.scaleDownDelayAfterAddMs),
        idle: lengthOf(group.idleMs),
      }),
  spareJobs: group.spareJobs,
  buys: group.buys,
});

const KNOBS_OF = {
  'cluster-autoscaler': ['loop', 'scan', 'scaleUpDelay', 'scaleDownDelayAfterAdd', 'idle'],
  karpenter: ['consolidateAfter'],
} as const;

/** A knob that the other autoscaler has would silently do nothing. */
export const knobsOfTheOther: Check = (value) => {
  const group = valueAt(value, ['onDemandGroup']);
  const autoscaler = valueAt(group, ['autoscaler']) ?? 'cluster-autoscaler';
  if (autoscaler !== 'cluster-autoscaler' && autoscaler !== 'karpenter') return [];
  const other = autoscaler === 'karpenter' ? 'cluster-autoscaler' : 'karpenter';
  return KNOBS_OF[other]
    .filter((knob) => valueAt(group, [knob]) !== undefined)
    .map(
      (knob): Finding => ({
        path: ['onDemandGroup', knob],
        message: `expected knobs of ${autoscaler} (${KNOBS_OF[autoscaler].join(', ')}), found ${knob}, which only ${other} has: leave it out, or set autoscaler: ${other}`,
        part: 'key',
      }),
    );
};
