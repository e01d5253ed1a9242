import type { Account } from './account.ts';
import { ApiError } from './apiError.ts';
import type { Handlers } from './call.ts';
import { type Fields, textOf } from './fields.ts';
import type { Tags } from './resources.ts';

/** What instances are born with where their launch leaves it open, by the account in this region. */
export const metadataActions: Handlers = {
  GetInstanceMetadataDefaults: ({ account }) => {
    const { HttpTokens, HttpPutResponseHopLimit, HttpEndpoint, InstanceMetadataTags } = account.metadataDefaults;
    return {
      accountLevel: {
        httpTokens: HttpTokens,
        httpPutResponseHopLimit: HttpPutResponseHopLimit,
        httpEndpoint: HttpEndpoint,
        instanceMetadataTags: InstanceMetadataTags,
        managedBy: 'account',
      },
    };
  },
  ModifyInstanceMetadataDefaults: ({ account, params }) => {
    const changed = ['HttpTokens', 'HttpPutResponseHopLimit', 'HttpEndpoint', 'InstanceMetadataTags'].flatMap(
      (name) => {
        const value = textOf(params, name);
        // Taking a default back leaves the matter to EC2's own.
        return value === undefined
          ? []
          : [[name, value === 'no-preference' || value === '-1' ? undefined : value] as const];
      },
    );
    account.metadataDefaults = { ...account.metadataDefaults, ...Object.fromEntries(changed) };
    return { return: true };
  },
};

/** Keys that the metadata service can show (EC2 user guide). */
const SHOWN = /^[0-9a-zA-Z\-_+=,.@:]{1,255}$/;
const RESERVED = ['.', '..', '_index'];

/**
 * Checks the tags of an instance that may read them: by its launch, or where that leaves it open by the account's default.
 *
 * @throws ApiError for a key that the metadata service cannot show
 */
export function checkShownTags({ metadataDefaults }: Account, specification: Fields, tags: Tags): void {
  const asked = textOf(specification, 'MetadataOptions', 'InstanceMetadataTags');
  if ((asked ?? textOf(metadataDefaults, 'InstanceMetadataTags')) !== 'enabled') return;
  const unshown = Object.keys(tags).find((key) => !SHOWN.test(key) || RESERVED.includes(key));
  if (unshown !== undefined)
    throw new ApiError(
      'InvalidParameterValue',
      `'${unshown}' is not a valid tag key. Tag keys must match pattern ([0-9a-zA-Z\\-_+=,.@:]{1,255}), and must not be a reserved name ('.', '..', '_index')`,
    );
}
