import { NEW_EVENTS, type Resource, SERVED } from './resources.ts';

/** What a request does, in the words of RBAC. */
export type Verb = 'get' | 'list' | 'watch' | 'create' | 'update' | 'patch' | 'delete' | 'deletecollection';

/** What a request is about. */
export interface Target {
  readonly verb: Verb;
  readonly resource: Resource;
  /** Undefined for cluster-wide resources, and for all namespaces at once. */
  readonly namespace: string | undefined;
  /** Undefined for a whole collection. */
  readonly name: string | undefined;
  readonly subresource: string | undefined;
}

/** Subresources that are served, by resource and method. */
const SUBRESOURCES: Readonly<Record<string, readonly string[]>> = {
  status: ['GET', 'PUT', 'PATCH'],
  eviction: ['POST'],
};

/** Why there is no target: the path is not served, it does not have this method, or its escapes are broken. */
export type NoTarget = 'unknown' | 'notAllowed' | 'unreadable';

/** What a request is about, by its method, its path and its query. */
export function targetOf(method: string, path: string, query: URLSearchParams): Target | NoTarget {
  const parts = decoded(path.split('/').filter((part) => part !== ''));
  if (parts === undefined) return 'unreadable';
  const [root, ...rest] = parts;
  const [group, version, ...inGroup] = root === 'api' ? ['', ...rest] : root === 'apis' ? rest : [];
  const { namespace, plural, name, subresource, more } = divided(inGroup);
  const resource = SERVED.find((one) => one.name === plural && one.group === group && one.version === version);
  if (resource === undefined || more || (namespace !== undefined && !resource.namespaced)) return 'unknown';
  if (resource.namespaced && namespace === undefined && name !== undefined) return 'unknown';
  if (subresource !== undefined && !hasSubresource(resource, subresource)) return 'unknown';
  const allowed = subresource === undefined || SUBRESOURCES[subresource]?.includes(method) === true;
  const verb = allowed ? verbOf(method, query, subresource === undefined ? name : subresource) : undefined;
  return verb === undefined ? 'notAllowed' : { verb, resource, namespace, name, subresource };
}

/** `nodes`, `pods/eviction`: a target as calls are counted and faults are placed. */
export const targetName = ({ resource, subresource }: Target): string =>
  subresource === undefined ? resource.name : `${resource.name}/${subresource}`;

export const hasSubresource = (resource: Resource, subresource: string): boolean =>
  subresource === 'status' ? resource.hasStatus : subresource === 'eviction' && resource.name === 'pods';

/** Whether a target speaks of Events in the words of their newer group. */
export const speaksNewEvents = ({ resource }: Target): boolean => resource === NEW_EVENTS;

function decoded(parts: readonly string[]): readonly string[] | undefined {
  try {
    return parts.map(decodeURIComponent);
  } catch {
    return undefined;
  }
}

interface Divided {
  readonly namespace?: string | undefined;
  readonly plural?: string | undefined;
  readonly name?: string | undefined;
  readonly subresource?: string | undefined;
  readonly more: boolean;
}

/** `namespaces/x/pods/…` is about pods, `namespaces/x/status` about a namespace. */
function divided(path: readonly string[]): Divided {
  const [first, second, third] = path;
  const inside = first === 'namespaces' && third !== undefined && third !== 'status';
  const [plural, name, subresource, ...more] = inside ? path.slice(2) : path;
  return { namespace: inside ? second : undefined, plural, name, subresource, more: more.length > 0 };
}

function verbOf(method: string, query: URLSearchParams, one: string | undefined): Verb | undefined {
  const onOne: Readonly<Record<string, Verb>> = { GET: 'get', PUT: 'update', PATCH: 'patch', DELETE: 'delete' };
  if (one === 'eviction') return 'create';
  if (one !== undefined) return onOne[method];
  const isWatch = ['true', '1'].includes(query.get('watch') ?? '');
  const onAll: Readonly<Record<string, Verb>> = {
    GET: isWatch ? 'watch' : 'list',
    POST: 'create',
    DELETE: 'deletecollection',
  };
  return onAll[method];
}
