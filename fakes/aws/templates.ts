import { isoOf } from '../../src/domain/time.ts';
import type { Account } from './account.ts';
import { ApiError, required } from './apiError.ts';
import { type Call, type Handlers, pageOf } from './call.ts';
import { type Field, type Fields, isFields, isList, membersOf, partsOf, textOf, textsOf } from './fields.ts';
import { filtered } from './filters.ts';
import type { LaunchTemplate, TemplateVersion } from './resources.ts';
import { tagSet, tagSpecificationsOf } from './tagging.ts';

/** Launch templates and their versions. */
export const templateActions: Handlers = {
  CreateLaunchTemplate: ({ account, params }) => {
    const name = required(textOf(params, 'LaunchTemplateName'), 'LaunchTemplateName');
    if (account.templates.all().some((template) => template.name === name))
      throw new ApiError('InvalidLaunchTemplateName.AlreadyExistsException', 'Launch template name already in use.');
    const { 'launch-template': tags = {} } = tagSpecificationsOf(params, ['launch-template']);
    const createdAt = account.now();
    const template: LaunchTemplate = {
      templateId: account.newId('lt'),
      name,
      createdAt,
      defaultVersion: 1,
      tags,
      versions: [{ number: 1, createdAt, description: textOf(params, 'VersionDescription'), data: dataIn(params) }],
    };
    account.templates.set(template.templateId, template);
    return { launchTemplate: templateOut(template) };
  },
  CreateLaunchTemplateVersion: ({ account, params }) => {
    const template = templateNamed(account, params);
    const source = textOf(params, 'SourceVersion');
    const version: TemplateVersion = {
      number: (template.versions.at(-1)?.number ?? 0) + 1,
      createdAt: account.now(),
      description: textOf(params, 'VersionDescription'),
      data: { ...(source !== undefined && versionOf(template, source).data), ...dataIn(params) },
    };
    account.templates.set(template.templateId, { ...template, versions: [...template.versions, version] });
    return { launchTemplateVersion: versionOut(template, version) };
  },
  ModifyLaunchTemplate: ({ account, params }) => {
    const template = templateNamed(account, params);
    const asked = required(textOf(params, 'SetDefaultVersion'), 'SetDefaultVersion');
    const changed = { ...template, defaultVersion: versionOf(template, asked).number };
    account.templates.set(template.templateId, changed);
    return { launchTemplate: templateOut(changed) };
  },
  DeleteLaunchTemplate: ({ account, params }) => {
    const template = templateNamed(account, params);
    account.templates.delete(template.templateId);
    return { launchTemplate: templateOut(template) };
  },
  DescribeLaunchTemplates: (call) => {
    const { account, params, view } = call;
    const ids = textsOf(params, 'LaunchTemplateId');
    const names = textsOf(params, 'LaunchTemplateName');
    const asked =
      ids.length + names.length === 0
        ? account.templates.all(view)
        : [
            ...ids.map((LaunchTemplateId) => templateNamed(account, { LaunchTemplateId }, call)),
            ...names.map((LaunchTemplateName) => templateNamed(account, { LaunchTemplateName }, call)),
          ];
    const found = filtered(
      params,
      asked,
      { 'launch-template-name': ({ name }) => [name], 'create-time': ({ createdAt }) => [isoOf(createdAt)] },
      ({ tags }) => tags,
    );
    const { items, nextToken } = pageOf(call, found, { most: 200 });
    return { launchTemplates: items.map(templateOut), nextToken };
  },
  DescribeLaunchTemplateVersions: (call) => {
    const { account, params } = call;
    const template = templateNamed(account, params, call);
    const asked = textsOf(params, 'LaunchTemplateVersion');
    const [least, most] = [Number(textOf(params, 'MinVersion') ?? 1), Number(textOf(params, 'MaxVersion') ?? Infinity)];
    const versions =
      asked.length === 0
        ? [...template.versions].reverse().filter(({ number }) => number >= least && number <= most)
        : asked.map((version) => versionOf(template, version));
    const { items, nextToken } = pageOf(call, versions, { most: 200 });
    return { launchTemplateVersionSet: items.map((version) => versionOut(template, version)), nextToken };
  },
};

/** The template that `LaunchTemplateId` or `LaunchTemplateName` names. @throws ApiError if there is none */
export function templateNamed(account: Account, fields: Fields, call?: Call): LaunchTemplate {
  const id = textOf(fields, 'LaunchTemplateId');
  const name = textOf(fields, 'LaunchTemplateName');
  if (id !== undefined && name !== undefined)
    throw new ApiError(
      'InvalidParameterCombination',
      'You cannot specify both a launch template ID and a launch template name.',
    );
  if (id !== undefined) {
    if (!/^lt-[0-9a-f]+$/.test(id))
      throw new ApiError(
        'InvalidLaunchTemplateId.Malformed',
        `Invalid launch template id: "${id}" (expecting "lt-...")`,
      );
    const found = account.templates.get(id, call?.view);
    if (found === undefined)
      throw new ApiError(
        'InvalidLaunchTemplateId.NotFound',
        `The specified launch template, with template ID ${id}, does not exist.`,
      );
    return found;
  }
  const found = account.templates.all(call?.view).find((one) => one.name === required(name, 'LaunchTemplateName'));
  if (found === undefined && name !== undefined)
    throw new ApiError(
      'InvalidLaunchTemplateName.NotFoundException',
      `The specified launch template, with template name ${name}, does not exist.`,
    );
  return required(found, 'LaunchTemplateName');
}

/** A version by its number, `$Latest` or `$Default`, which is what is meant where none is named. @throws ApiError */
export function versionOf(template: LaunchTemplate, asked = '$Default'): TemplateVersion {
  const { versions, defaultVersion } = template;
  const number = asked === '$Default' ? defaultVersion : Number(asked);
  const found = asked === '$Latest' ? versions.at(-1) : versions.find((version) => version.number === number);
  if (found === undefined)
    throw new ApiError(
      'InvalidLaunchTemplateId.VersionNotFound',
      `Could not find the specified version ${asked} for the launch template with ID ${template.templateId}.`,
    );
  return found;
}

/**
 * What a call with a launch template comes to: the call's parameters replace the template's of the same name as a whole;
 * tags are joined by resource type, and the call's win.
 *
 * @throws ApiError if the template or its version does not exist
 */
export function withTemplate(account: Account, params: Fields): Fields {
  const named = partsOf(params, 'LaunchTemplate');
  if (Object.keys(named).length === 0) return params;
  const { data } = versionOf(templateNamed(account, named), textOf(named, 'Version'));
  const asked = { ...data, ...params };
  return {
    ...asked,
    TagSpecification: [...membersOf(data, 'TagSpecification'), ...membersOf(params, 'TagSpecification')],
  };
}

function dataIn(params: Fields): Fields {
  const data = partsOf(params, 'LaunchTemplateData');
  if (Object.keys(data).length === 0)
    throw new ApiError('MissingParameter', 'The request must contain the parameter LaunchTemplateData');
  return data;
}

const templateOut = ({ templateId, name, createdAt, defaultVersion, tags, versions }: LaunchTemplate): Fields => ({
  launchTemplateId: templateId,
  launchTemplateName: name,
  createTime: isoOf(createdAt),
  createdBy: 'arn:aws:iam::123456789012:root',
  defaultVersionNumber: defaultVersion,
  latestVersionNumber: versions.at(-1)?.number,
  tagSet: tagSet(tags),
});

const versionOut = (template: LaunchTemplate, { number, createdAt, description, data }: TemplateVersion): Fields => ({
  launchTemplateId: template.templateId,
  launchTemplateName: template.name,
  versionNumber: number,
  versionDescription: description,
  createTime: isoOf(createdAt),
  createdBy: 'arn:aws:iam::123456789012:root',
  defaultVersion: number === template.defaultVersion,
  launchTemplateData: answered(data, LISTS),
});

/** What a list is called in an answer, by its name in a request; a list that is not here is called `<name>Set`. */
const LISTS: Readonly<Record<string, string>> = {
  LicenseSpecification: 'licenseSet',
  Ipv6Addresses: 'ipv6AddressesSet',
  PrivateIpAddresses: 'privateIpAddressesSet',
};

/** The security groups of an interface: at the top they are a `securityGroupIdSet`. */
const INTERFACE_LISTS: Readonly<Record<string, string>> = { ...LISTS, SecurityGroupId: 'groupSet' };

/** A request's parts in the names of an answer: a small first letter, and lists in their own names. */
function answered(fields: Fields, lists: Readonly<Record<string, string>>): Fields {
  return Object.fromEntries(
    Object.entries(fields).map(([name, field]): [string, Field] => {
      const small = `${name.charAt(0).toLowerCase()}${name.slice(1)}`;
      if (isList(field)) {
        const inner = name === 'NetworkInterface' ? INTERFACE_LISTS : LISTS;
        return [lists[name] ?? `${small}Set`, field.map((one) => (isFields(one) ? answered(one, inner) : one))];
      }
      return [small, isFields(field) ? answered(field, LISTS) : field];
    }),
  );
}
