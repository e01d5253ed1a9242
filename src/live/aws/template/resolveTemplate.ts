import type { AutoScalingGroup } from '@aws-sdk/client-auto-scaling';
import { OUR_TAGS } from '../../ports/tags.ts';
import type { TemplatePort } from './group.ts';
import { readGroup } from './group.ts';
import { hashOf } from './hash.ts';
import { readLaunchConfiguration } from './launchConfiguration.ts';
import { launchHookWarnings } from './launchHooks.ts';
import { type LaunchTemplateName, readLaunchTemplate } from './launchTemplate.ts';
import { filled, present } from './launchTemplateData.ts';
import { readOverrides } from './overrides.ts';
import { MOST_TAGS, propagated } from './propagated.ts';
import { readableTags } from './readableTags.ts';
import { type Reading, type Unread, unread } from './reading.ts';
import { readSubnets } from './subnets.ts';
import type { Override, Source, Template } from './template.ts';

/** What became of reading a group's template. */
export type Resolution =
  | {
      readonly kind: 'resolved';
      readonly template: Template;
      /** What people should know although blocks can be launched. */
      readonly warnings: readonly string[];
    }
  /** The group is as no keeper can copy it; every problem names its remedy. */
  | { readonly kind: 'unsupported'; readonly problems: readonly string[] }
  /** Nothing is known now. `missing`: AWS answered that there is no such group, which one answer does not prove. */
  | Unread;

/** Reads what an Auto Scaling group would launch now. Only reads, and never throws. */
export async function resolveTemplate(port: TemplatePort, groupName: string): Promise<Resolution> {
  const reading = await readGroup(port, groupName);
  if (reading.kind !== 'read') return reading;
  const group = reading.part;
  if (group.Status !== undefined && group.Status !== '') {
    const problem = `group ${groupName} is being deleted (${group.Status}); name another group in the pool`;
    return { kind: 'unsupported', problems: [problem] };
  }
  if (group.Tags === undefined) return unread(`group ${groupName}: no list of its tags was answered`);
  const { tags, warnings } = propagated(group.Tags);

  const source = await readSource(port, group);
  const overrides = await readOverrides(port, group);
  const subnets = await readSubnets(port, group.VPCZoneIdentifier);
  const problems = [source, overrides, subnets].flatMap((one) => (one.kind === 'unsupported' ? one.problems : []));
  // A problem stays one whatever else could not be read just now.
  if (problems.length > 0) return { kind: 'unsupported', problems: [...new Set(problems)] };
  if (source.kind !== 'read') return source;
  if (overrides.kind !== 'read') return overrides;
  if (subnets.kind !== 'read') return subnets;

  const template: Template = {
    group: groupName,
    hash: templateHash(source.part.source, overrides.part, tags),
    source: source.part.source,
    ...present({ defaultInstanceType: source.part.instanceType }),
    overrides: overrides.part,
    subnets: subnets.part,
    tags,
  };
  const readable = await readableTags(port, template);
  const late = [...imageProblems(template), ...tagProblems(template), ...readable.problems];
  if (late.length > 0) return { kind: 'unsupported', problems: late };
  const hooks = await launchHookWarnings(port, groupName);
  const read = [reading, source, overrides, subnets].flatMap((one) => one.warnings);
  return { kind: 'resolved', template, warnings: [...new Set([...read, ...warnings, ...hooks, ...readable.warnings])] };
}

interface ReadSource {
  readonly source: Source;
  readonly instanceType: string | undefined;
}

async function readSource(port: TemplatePort, group: AutoScalingGroup): Promise<Reading<ReadSource>> {
  const configuration = filled(group.LaunchConfigurationName);
  if (configuration !== undefined) return readLaunchConfiguration(port, configuration);
  const named: LaunchTemplateName | undefined =
    group.LaunchTemplate ?? group.MixedInstancesPolicy?.LaunchTemplate?.LaunchTemplateSpecification;
  if (named === undefined) return unread('the group was answered without its launch template or configuration');
  return readLaunchTemplate(port, named);
}

/** The version's number is left out: a version that says the same makes the same instances. */
const templateHash = (source: Source, overrides: readonly Override[], tags: Template['tags']): string =>
  hashOf({
    source: source.dataHash,
    overrides: overrides
      .filter((one) => one.imageId !== undefined || one.source !== undefined)
      .map(({ instanceType, imageId, source: own }) => ({ instanceType, imageId, source: own?.dataHash })),
    tags,
  });

function imageProblems({ source, overrides }: Template): string[] {
  const lacks = (one: Source): boolean => one.blueprint.imageId === undefined;
  const own = overrides.filter((one) => one.imageId === undefined && one.source !== undefined && lacks(one.source));
  if (!lacks(source) && own.length === 0) return [];
  return ['the launch template names no image; make a version with an ImageId'];
}

function tagProblems({ source, overrides, tags }: Template): string[] {
  const sources = [source, ...overrides.flatMap((one) => one.source ?? [])];
  const most = Math.max(
    ...sources.flatMap((one) => [
      Object.keys(tags).length,
      ...Object.values(one.blueprint.tags).map((own) => Object.keys({ ...own, ...tags }).length),
    ]),
  );
  const room = MOST_TAGS - OUR_TAGS.length;
  return most <= room
    ? []
    : [
        `group and launch template give ${most} tags, and the keeper needs room for ${OUR_TAGS.length} of ${MOST_TAGS}; propagate at most ${room}`,
      ];
}
