import type { JsonObject } from './json.ts';
import { apiVersionOf, type Resource, SERVED } from './resources.ts';
import { hasSubresource } from './target.ts';

/** The version of Kubernetes that the server says it is. */
const VERSION = { major: '1', minor: '34', gitVersion: 'v1.34.0', platform: 'linux/amd64', compiler: 'gc' };

const VERBS = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];

/** A resource of which nothing is kept: a review is answered and forgotten. */
export const REVIEWS = {
  group: 'authorization.k8s.io',
  path: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
} as const;

const REVIEW_RESOURCE = {
  name: 'selfsubjectaccessreviews',
  singularName: 'selfsubjectaccessreview',
  namespaced: false,
  kind: 'SelfSubjectAccessReview',
  verbs: ['create'],
} as const;

const GROUPS = [...new Set([...SERVED.map(({ group }) => group), REVIEWS.group])].filter((group) => group !== '');

/**
 * What the server tells about itself under a path: which groups, versions and resources there are, and how it is. Texts
 * are answered as they are. Undefined for any other path.
 */
export function discovered(path: string): JsonObject | string | undefined {
  const parts = path.split('/').filter((part) => part !== '');
  switch (parts.join('/')) {
    case 'version':
      return VERSION;
    case 'healthz':
    case 'livez':
    case 'readyz':
      return 'ok';
    case 'api':
      return { kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs: [] };
    case 'apis':
      return { kind: 'APIGroupList', apiVersion: 'v1', groups: GROUPS.map(groupBody) };
    case 'openapi/v2':
      // A description without any type, as protobuf writes it: old clients then check nothing before they send.
      return '';
  }
  const [root, group = '', version] = parts;
  if (parts.length === 2 && root === 'api') return group === 'v1' ? resourceList('', group) : undefined;
  if (root !== 'apis' || !GROUPS.includes(group)) return undefined;
  if (parts.length === 2) return { kind: 'APIGroup', apiVersion: 'v1', ...groupBody(group) };
  return parts.length === 3 && version === 'v1' ? resourceList(group, version) : undefined;
}

function groupBody(name: string): JsonObject {
  const version = { groupVersion: `${name}/v1`, version: 'v1' };
  return { name, versions: [version], preferredVersion: version };
}

function resourceList(group: string, version: string): JsonObject {
  const resources = SERVED.filter((one) => one.group === group).flatMap((one) => [
    {
      name: one.name,
      singularName: one.singular,
      namespaced: one.namespaced,
      kind: one.kind,
      verbs: VERBS,
      ...(one.shortNames.length === 0 ? {} : { shortNames: one.shortNames }),
    },
    ...subresources(one),
  ]);
  return {
    kind: 'APIResourceList',
    apiVersion: 'v1',
    groupVersion: apiVersionOf({ group, version }),
    resources: group === REVIEWS.group ? [REVIEW_RESOURCE] : resources,
  };
}

/** Drains look here to learn that pods can be evicted, and in which version. */
function subresources(resource: Resource): readonly JsonObject[] {
  const of = (name: string, more: JsonObject): readonly JsonObject[] =>
    hasSubresource(resource, name)
      ? [{ name: `${resource.name}/${name}`, singularName: '', namespaced: resource.namespaced, ...more }]
      : [];
  return [
    ...of('status', { kind: resource.kind, verbs: ['get', 'patch', 'update'] }),
    ...of('eviction', { group: 'policy', version: 'v1', kind: 'Eviction', verbs: ['create'] }),
  ];
}
