import type { AutoScalingGroup, LaunchTemplateOverrides } from '@aws-sdk/client-auto-scaling';
import type { TemplatePort } from './group.ts';
import { readLaunchTemplate } from './launchTemplate.ts';
import { filled, present } from './launchTemplateData.ts';
import type { Reading } from './reading.ts';
import type { Override } from './template.ts';

/** Reads the overrides of a group's mixed instances policy, with the launch templates that some may have of their own. */
export async function readOverrides(
  port: TemplatePort,
  group: AutoScalingGroup,
): Promise<Reading<readonly Override[]>> {
  const named = group.MixedInstancesPolicy?.LaunchTemplate?.Overrides ?? [];
  if (named.some((one) => one.InstanceRequirements !== undefined)) {
    const problem =
      'an override of the group chooses instance types by InstanceRequirements; let the overrides name instance types';
    return { kind: 'unsupported', problems: [problem] };
  }
  const overrides: Override[] = [];
  const warnings: string[] = [];
  const problems: string[] = [];
  for (const one of named) {
    const reading = await readOverride(port, one);
    if (reading.kind === 'unknown') return reading;
    if (reading.kind === 'unsupported') problems.push(...reading.problems);
    else {
      overrides.push(...reading.part);
      warnings.push(...reading.warnings);
    }
  }
  if (problems.length > 0) return { kind: 'unsupported', problems };
  const weights = new Set(overrides.map(({ weight }) => weight ?? 1));
  if (weights.size > 1)
    warnings.push(
      `the group weighs its instance types (${[...weights].join(', ')}): a block is one instance of whatever type`,
    );
  return { kind: 'read', part: overrides, warnings };
}

async function readOverride(port: TemplatePort, one: LaunchTemplateOverrides): Promise<Reading<readonly Override[]>> {
  const instanceType = filled(one.InstanceType);
  // An override without a type changes nothing of what a block, which always names its type, is launched from.
  if (instanceType === undefined) return { kind: 'read', part: [], warnings: [] };
  const own = one.LaunchTemplateSpecification;
  const reading = own === undefined ? undefined : await readLaunchTemplate(port, own);
  if (reading !== undefined && reading.kind !== 'read') return reading;
  const weight = Number(one.WeightedCapacity);
  return {
    kind: 'read',
    warnings: reading?.warnings ?? [],
    part: [
      present({
        instanceType,
        weight: Number.isFinite(weight) ? weight : undefined,
        imageId: filled(one.ImageId),
        source: reading?.part.source,
      }),
    ],
  };
}
