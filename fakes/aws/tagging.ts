import { ApiError, required } from './apiError.ts';
import type { Call, Handlers } from './call.ts';
import { type Field, type Fields, membersOf, textOf, textsOf } from './fields.ts';
import type { Tags } from './resources.ts';

/** EC2 allows fifty tags on a resource; keys that begin with `aws:` are its own and do not count. */
const MOST_TAGS = 50;

/** CreateTags and DeleteTags, on instances, spot requests and launch templates. */
export const taggingActions: Handlers = {
  CreateTags: (call) => {
    const tags = tagsIn(call.params);
    return changeTags(call, (before) => checked({ ...before, ...tags }));
  },
  DeleteTags: (call) => {
    const doomed = membersOf(call.params, 'Tag');
    const isDoomed = ([key, value]: [string, string]): boolean =>
      doomed.some((tag) => textOf(tag, 'Key') === key && (tag['Value'] === undefined || tag['Value'] === value));
    return changeTags(call, (before) =>
      Object.fromEntries(
        Object.entries(before).filter((tag) => tag[0].startsWith('aws:') || !(doomed.length === 0 || isDoomed(tag))),
      ),
    );
  },
};

/** The tags of a call or a tag specification. @throws ApiError for a key that belongs to AWS */
export function tagsIn(fields: Fields): Tags {
  return Object.fromEntries(
    membersOf(fields, 'Tag').map((tag) => {
      const key = required(textOf(tag, 'Key'), 'Tag.Key');
      if (key.toLowerCase().startsWith('aws:'))
        throw new ApiError(
          'InvalidParameterValue',
          `Value ( ${key} ) for parameter key is invalid. Tag keys starting with 'aws:' are reserved for internal use`,
        );
      return [key, textOf(tag, 'Value') ?? ''];
    }),
  );
}

/** The tags of TagSpecification by resource type. @throws ApiError for a type that the action cannot tag */
export function tagSpecificationsOf(fields: Fields, allowed: readonly string[]): Readonly<Record<string, Tags>> {
  const byType: Record<string, Tags> = {};
  for (const one of membersOf(fields, 'TagSpecification')) {
    const type = required(textOf(one, 'ResourceType'), 'TagSpecification.ResourceType');
    if (!allowed.includes(type))
      throw new ApiError(
        'InvalidParameterValue',
        `'${type}' is not a valid taggable resource type for this operation.`,
      );
    byType[type] = checked({ ...byType[type], ...tagsIn(one) });
  }
  return byType;
}

/** Tags as an answer lists them. */
export const tagSet = (tags: Tags): Field => Object.entries(tags).map(([key, value]) => ({ key, value }));

function checked(tags: Tags): Tags {
  if (Object.keys(tags).filter((key) => !key.startsWith('aws:')).length > MOST_TAGS)
    throw new ApiError('TagLimitExceeded', 'The maximum number of Tags for a resource has been reached.');
  return tags;
}

function changeTags({ account, params, view }: Call, change: (before: Tags) => Tags): Fields {
  const ids = required(
    textsOf(params, 'ResourceId').length > 0 ? textsOf(params, 'ResourceId') : undefined,
    'ResourceId',
  );
  // All are found before one is changed: the call does everything or nothing.
  const changes = ids.map((id) => {
    const instance = account.instances.get(id, view) && account.instances.get(id);
    if (instance !== undefined) {
      const tags = change(instance.tags);
      return () => {
        account.instances.set(id, { ...instance, tags });
      };
    }
    const request = account.spotRequests.get(id, view) && account.spotRequests.get(id);
    if (request !== undefined) {
      const tags = change(request.tags);
      return () => {
        account.spotRequests.set(id, { ...request, tags });
      };
    }
    const template = account.templates.get(id);
    if (template !== undefined) {
      const tags = change(template.tags);
      return () => {
        account.templates.set(id, { ...template, tags });
      };
    }
    throw notFound(id);
  });
  for (const apply of changes) apply();
  return { return: true };
}

function notFound(id: string): ApiError {
  if (id.startsWith('i-')) return new ApiError('InvalidInstanceID.NotFound', `The instance ID '${id}' does not exist`);
  if (id.startsWith('sir-'))
    return new ApiError('InvalidSpotInstanceRequestID.NotFound', `The spot instance request ID '${id}' does not exist`);
  return new ApiError('InvalidID', `The ID '${id}' is not valid`);
}
