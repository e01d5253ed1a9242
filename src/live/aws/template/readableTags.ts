import { GetInstanceMetadataDefaultsCommand } from '@aws-sdk/client-ec2';
import { OUR_TAGS } from '../../ports/tags.ts';
import type { TemplatePort } from './group.ts';
import { unreadableKeys } from './propagated.ts';
import { always } from './seldom.ts';
import type { Source, Template } from './template.ts';

/**
 * What of a template's tags is in the way where instances may read their tags: EC2 then refuses a launch with a slash or a blank in
 * a key. Whether they may is said by the launch template; where it leaves that open, by the account's own default in this region.
 */
export async function readableTags(
  port: TemplatePort,
  { source, overrides, tags }: Pick<Template, 'source' | 'overrides' | 'tags'>,
): Promise<{ readonly problems: readonly string[]; readonly warnings: readonly string[] }> {
  const sources = [source, ...overrides.flatMap((one) => one.source ?? [])];
  const keysOf = (some: readonly Source[]): readonly string[] => [
    ...new Set(
      some.flatMap(({ blueprint }) =>
        unreadableKeys([...OUR_TAGS, ...Object.keys(tags), ...Object.keys(blueprint.tags['instance'] ?? {})]),
      ),
    ),
  ];
  const problems: string[] = [];
  const refused = keysOf(sources.filter(({ blueprint }) => blueprint.readsTags === true));
  if (refused.length > 0)
    problems.push(
      `the template lets instances read their tags (InstanceMetadataTags), and ${refusing(refused)}: take slashes and blanks out of them, or switch InstanceMetadataTags off`,
    );

  // Where no key is in the way, the account need not be asked.
  const open = keysOf(sources.filter(({ blueprint }) => blueprint.readsTags === undefined));
  if (open.length === 0) return { problems, warnings: [] };
  const reads = await readsByDefault(port);
  if (reads === true)
    problems.push(
      `the account lets instances read their tags (its default of InstanceMetadataTags, which the template leaves open), and ${refusing(open)}: set InstanceMetadataTags to disabled in the template, or take slashes and blanks out of them`,
    );
  const warnings =
    typeof reads === 'boolean'
      ? []
      : [
          `it is not known whether the account lets instances read their tags (${reads.why}); if it does, ${refusing(open)}. The permission to ask is ec2:GetInstanceMetadataDefaults; a template that sets InstanceMetadataTags to disabled need not ask`,
        ];
  return { problems, warnings };
}

/** Whether the account's default lets instances read their tags; without a default of its own, EC2's is no. */
async function readsByDefault({
  aws,
  caller,
  seldom = always,
}: TemplatePort): Promise<boolean | { readonly why: string }> {
  const answer = await seldom('metadata defaults of the account', () =>
    caller.call('ec2', 'GetInstanceMetadataDefaults', (abortSignal) =>
      aws.ec2.send(new GetInstanceMetadataDefaultsCommand({}), { abortSignal }),
    ),
  );
  if (answer.kind === 'failed') return { why: `${answer.code}: ${answer.message}` };
  const { AccountLevel: defaults } = answer.value;
  return defaults === undefined ? { why: 'no defaults came back' } : defaults.InstanceMetadataTags === 'enabled';
}

const refusing = (keys: readonly string[]): string => `EC2 then refuses launches with the tag keys ${keys.join(', ')}`;
