import type { Body } from './call.ts';
import { isTerminating } from './deletion.ts';
import { toCoreEvent } from './eventWords.ts';
import { isDryRun } from './eviction.ts';
import { isObject, type Json, type JsonObject, objectAt, readJson, textAt, without } from './json.ts';
import { jsonPatched } from './jsonPatch.ts';
import { inWordsOf } from './listing.ts';
import { mergePatched, strategicallyPatched } from './mergePatch.ts';
import { generatedName, isNewObject, type KubeObject, type NewObject } from './objects.ts';
import { badRequest, forbidden, invalid, notFound, Refusal } from './refusal.ts';
import { apiVersionOf, resourceOf } from './resources.ts';
import type { Store } from './store.ts';
import { speaksNewEvents, type Target } from './target.ts';
import { validate } from './validation.ts';

/** Creates the object of a body in the namespace of the target. @throws Refusal */
export function create(store: Store, target: Target, query: URLSearchParams, body: Body): KubeObject {
  const { resource, namespace } = target;
  if (resource.namespaced && namespace === undefined)
    throw badRequest('an empty namespace may not be set during creation');
  const given = objectIn(target, readBody(body));
  const metadata = objectAt(given, 'metadata');
  const prefix = textAt(metadata, 'generateName') ?? '';
  const name = textAt(metadata, 'name') ?? (prefix === '' ? '' : generatedName(prefix, store.resourceVersion));
  if (name === '')
    throw invalid(resource, '', [
      { field: 'metadata.name', message: 'Required value: name or generateName is required' },
    ]);
  if ((textAt(metadata, 'resourceVersion') ?? '') !== '')
    throw badRequest('resourceVersion should not be set on objects to be created');
  const own = without(metadata, 'uid', 'creationTimestamp', 'deletionTimestamp', 'deletionGracePeriodSeconds');
  const object = { ...given, metadata: { ...own, name, ...placed(target, metadata) } };
  admit(store, target, name);
  const born = asBorn(resource.name, object);
  validate(resource, born);
  const created = store.create(resource.name, born, { dryRun: isDryRun(query) });
  return inWordsOf(target, created);
}

/** Replaces the object of the target, or its status, by the one of a body. @throws Refusal */
export function update(store: Store, target: Target, query: URLSearchParams, body: Body): Written {
  const given = objectIn(target, readBody(body));
  const { resource, namespace, name = '' } = target;
  if (!isNewObject(given) || given.metadata.name !== name)
    throw badRequest(
      `the name of the object (${textAt(given, 'metadata', 'name') ?? ''}) does not match the name on the URL (${name})`,
    );
  const before = store.get(resource.name, name, namespace);
  if (before === undefined && resource.createOnUpdate && target.subresource === undefined)
    return { code: 201, object: create(store, target, query, { ...body, text: withoutVersion(given) }) };
  if (before === undefined) throw notFound(resource, name);
  if (!resource.unconditionalUpdate && (textAt(given, 'metadata', 'resourceVersion') ?? '') === '')
    throw invalid(resource, name, [
      { field: 'metadata.resourceVersion', message: 'Invalid value: 0x0: must be specified for an update' },
    ]);
  return { code: 200, object: replace(store, target, query, before, given) };
}

/** What a PUT came to: 201 where it created. */
export interface Written {
  readonly code: number;
  readonly object: KubeObject;
}

/** Patches the object of the target, or its status. @throws Refusal */
export function patch(store: Store, target: Target, query: URLSearchParams, body: Body): KubeObject {
  const { resource, namespace, name = '' } = target;
  const before = store.get(resource.name, name, namespace);
  if (before === undefined) throw notFound(resource, name);
  const apply = PATCHES[body.type];
  if (apply === undefined)
    throw new Refusal(
      415,
      'UnsupportedMediaType',
      `the body of the request was in an unknown format - accepted media types include: ${Object.keys(PATCHES).join(', ')}`,
    );
  const patched = inCore(target, apply(inWordsOf(target, before), readBody(body)));
  if (!isNewObject(patched) || patched.metadata.name !== name)
    throw invalid(resource, name, [{ field: 'metadata.name', message: 'Invalid value: field is immutable' }]);
  return replace(store, target, query, before, patched);
}

const PATCHES: Readonly<Record<string, (document: Json, patch: Json) => Json>> = {
  'application/json-patch+json': jsonPatched,
  'application/merge-patch+json': mergePatched,
  'application/strategic-merge-patch+json': (document, change) => strategicallyPatched(document, change),
};

function replace(
  store: Store,
  target: Target,
  query: URLSearchParams,
  before: KubeObject,
  given: NewObject,
): KubeObject {
  const { resource, subresource } = target;
  const { deletionTimestamp, deletionGracePeriodSeconds } = before.metadata;
  // Neither a status nor a deletion is written by writing the object.
  const metadata = {
    ...without(given.metadata, 'deletionTimestamp', 'deletionGracePeriodSeconds'),
    ...(deletionTimestamp === undefined ? {} : { deletionTimestamp }),
    ...(deletionGracePeriodSeconds === undefined ? {} : { deletionGracePeriodSeconds }),
    name: before.metadata.name,
    ...placed(target, given.metadata),
  };
  const resourceVersion = textAt(given, 'metadata', 'resourceVersion') ?? before.metadata.resourceVersion;
  const uid = textAt(given, 'metadata', 'uid') ?? before.metadata.uid;
  const after: NewObject =
    subresource === 'status'
      ? { ...before, status: given['status'], metadata: { ...statusMetadata(), resourceVersion, uid } }
      : { ...given, metadata, ...(resource.hasStatus ? { status: before['status'] } : {}) };
  validate(resource, after);
  return inWordsOf(target, store.update(resource.name, after, { dryRun: isDryRun(query) }));

  /**
   * Who writes the status of a pod may write its metadata too, but for its owners: labels and annotations. Source: Kubernetes,
   * `podStatusStrategy.PrepareForUpdate`, tried on 1.36.2.
   */
  function statusMetadata(): NewObject['metadata'] {
    if (resource.name !== 'pods') return before.metadata;
    const { ownerReferences } = before.metadata;
    return {
      ...without(metadata, 'ownerReferences'),
      ...(ownerReferences === undefined ? {} : { ownerReferences }),
      name: before.metadata.name,
    };
  }
}

/** The namespace of an object; it has to be that of the path. */
function placed({ resource, namespace }: Target, metadata: JsonObject): { readonly namespace?: string } {
  if (!resource.namespaced) return {};
  const own = textAt(metadata, 'namespace') ?? namespace;
  if (own !== namespace && namespace !== undefined)
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  return own === undefined ? {} : { namespace: own };
}

/** Nothing new comes into a namespace that is not there or on its way out. */
export function admit(store: Store, { resource, namespace }: Target, name: string): void {
  if (namespace === undefined) return;
  const home = store.get('namespaces', namespace);
  if (home === undefined) throw notFound(resourceOf('namespaces'), namespace);
  if (!isTerminating(home)) return;
  throw forbidden(
    resource,
    name,
    `unable to create new content in namespace ${namespace} because it is being terminated`,
    {
      causes: [
        {
          reason: 'NamespaceTerminating',
          message: `namespace ${namespace} is being terminated`,
          field: 'metadata.namespace',
        },
      ],
    },
  );
}

/** What the API server makes of a new object. Nodes alone bring a status: a kubelet registers with it. */
function asBorn(resource: string, object: NewObject): NewObject {
  switch (resource) {
    case 'pods':
      return {
        ...object,
        spec: { restartPolicy: 'Always', terminationGracePeriodSeconds: 30, ...objectAt(object, 'spec') },
        status: { phase: 'Pending' },
      };
    case 'namespaces':
      return { ...object, status: { phase: 'Active' } };
    case 'poddisruptionbudgets':
    case 'daemonsets':
      return { ...without(object, 'status'), metadata: object.metadata };
    default:
      return object;
  }
}

/** The JSON of a body. @throws Refusal BadRequest; UnsupportedMediaType for what is not JSON */
export function readBody({ text, type }: Body): Json {
  if (type !== '' && !/[/+]json$/.test(type))
    throw new Refusal(415, 'UnsupportedMediaType', `the body of the request was in an unknown format: ${type}`);
  try {
    return readJson(text);
  } catch (error) {
    throw badRequest(`the object provided is unrecognized: ${String(error)}`);
  }
}

/** The object in a body, held to the kind that the path says. */
function objectIn(target: Target, body: Json): JsonObject {
  const { resource } = target;
  if (!isObject(body)) throw badRequest(`the body is no ${resource.kind}`);
  const { kind = resource.kind, apiVersion = apiVersionOf(resource) } = body;
  if (kind !== resource.kind || apiVersion !== apiVersionOf(resource))
    throw badRequest(
      `${JSON.stringify(kind)} in version ${JSON.stringify(apiVersion)} cannot be handled as a ${resource.kind} of ${apiVersionOf(resource)}`,
    );
  return objectAt({ object: inCore(target, body) }, 'object');
}

const inCore = (target: Target, object: Json): Json =>
  isObject(object) && speaksNewEvents(target) ? toCoreEvent(object) : object;

const withoutVersion = (object: NewObject): string =>
  JSON.stringify({ ...object, metadata: without(object.metadata, 'resourceVersion', 'uid') });
