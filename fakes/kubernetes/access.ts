import { REVIEWS } from './discovery.ts';
import { isObject, type Json, type JsonObject, objectAt, textAt } from './json.ts';
import { forbidden } from './refusal.ts';
import { apiVersionOf } from './resources.ts';
import { type Target, targetName } from './target.ts';

/** A deed that somebody asks permission for, in the words of RBAC. */
export interface Deed {
  readonly verb: string;
  /** Empty for the core group. */
  readonly group: string;
  readonly resource: string;
  readonly subresource: string;
  /** Empty for all namespaces, and for cluster-wide resources. */
  readonly namespace: string;
  /** Empty for all names. */
  readonly name: string;
}

/** Decides whether the client may do a deed. */
export type AccessRule = (deed: Deed) => boolean;

/** Who the client is, in refusals. */
const USER = 'system:serviceaccount:spot-keeper:spot-keeper';

/** The same rule that answers reviews holds for what is done. @throws Refusal Forbidden (403) */
export function permit(rule: AccessRule, target: Target): void {
  const { verb, resource, namespace = '', name = '', subresource = '' } = target;
  if (rule({ verb, group: resource.group, resource: resource.name, subresource, namespace, name })) return;
  const scope = namespace === '' ? 'at the cluster scope' : `in the namespace "${namespace}"`;
  throw forbidden(
    resource,
    name,
    `User "${USER}" cannot ${verb} resource "${targetName(target)}" in API group "${resource.group}" ${scope}`,
  );
}

/** Answers a SelfSubjectAccessReview. Deeds outside of the resources (`/healthz`) are allowed to everybody. */
export function reviewed(rule: AccessRule, body: Json): JsonObject {
  const spec = objectAt(body, 'spec');
  const asked = spec['resourceAttributes'];
  const text = (field: string): string => textAt(asked, field) ?? '';
  const allowed =
    !isObject(asked) ||
    rule({
      verb: text('verb'),
      group: text('group'),
      resource: text('resource'),
      subresource: text('subresource'),
      namespace: text('namespace'),
      name: text('name'),
    });
  return {
    kind: 'SelfSubjectAccessReview',
    apiVersion: apiVersionOf({ group: REVIEWS.group, version: 'v1' }),
    metadata: {},
    spec,
    status: { allowed },
  };
}
