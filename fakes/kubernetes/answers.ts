import type { Body } from './call.ts';
import { deletingAs, evict } from './eviction.ts';
import { isObject, type Json, type JsonObject, objectAt, textAt } from './json.ts';
import { inWordsOf, type ListTrouble, listing, selection } from './listing.ts';
import { about, badRequest, notFound, success } from './refusal.ts';
import type { Store } from './store.ts';
import type { Target } from './target.ts';
import { admit, create, patch, readBody, update } from './writes.ts';

/** The answer to a request that is no watch. */
export interface Answer {
  readonly code: number;
  readonly body: JsonObject;
}

/** A request about a resource. */
export interface Request {
  readonly target: Target;
  readonly query: URLSearchParams;
  readonly body: Body;
}

/** Does what a request asks for. @throws Refusal */
export function answered(store: Store, request: Request, trouble: ListTrouble = {}): Answer {
  const { target, query, body } = request;
  switch (target.verb) {
    case 'get':
      return { code: 200, body: inWordsOf(target, existing(store, target)) };
    case 'list':
      return { code: 200, body: listing(store, target, query, trouble) };
    case 'create':
      return target.subresource === 'eviction'
        ? evicted(store, request)
        : { code: 201, body: create(store, target, query, body) };
    case 'update': {
      const { code, object } = update(store, target, query, body);
      return { code, body: object };
    }
    case 'patch':
      return { code: 200, body: patch(store, target, query, body) };
    case 'delete':
      return deleted(store, request);
    case 'deletecollection':
      return collectionDeleted(store, request);
    case 'watch':
      throw badRequest('a watch is a stream');
  }
}

function existing(store: Store, { resource, namespace, name = '' }: Target): ReturnType<Store['list']>[number] {
  const object = store.get(resource.name, name, namespace);
  if (object === undefined) throw notFound(resource, name);
  return object;
}

function evicted(store: Store, { target, query, body }: Request): Answer {
  const { namespace = '', name = '' } = target;
  const eviction = readBody(body);
  if ((textAt(eviction, 'kind') ?? 'Eviction') !== 'Eviction') throw badRequest('the body is no Eviction');
  if (textAt(eviction, 'metadata', 'name') !== name)
    throw badRequest('name in URL does not match name in Eviction object');
  // A pod that is gone is gone, whatever becomes of its namespace.
  existing(store, target);
  admit(store, target, name);
  evict(store, name, namespace, deletingAs(objectAt(eviction, 'deleteOptions'), query));
  return { code: 201, body: success(201) };
}

function deleted(store: Store, { target, query, body }: Request): Answer {
  const { resource, namespace, name = '' } = target;
  const { object, gone } = store.delete(resource.name, name, namespace, deletingAs(options(body), query));
  // Of pods, and of what is not gone yet, the API answers the object; of all else that it worked.
  if (!gone || resource.name === 'pods') return { code: 200, body: inWordsOf(target, object) };
  return { code: 200, body: success(200, { ...about(resource, name), uid: object.metadata.uid }) };
}

function collectionDeleted(store: Store, { target, query, body }: Request): Answer {
  const { resource } = target;
  const how = deletingAs(options(body), query);
  const list = listing(store, target, query);
  for (const { metadata } of store.list(resource.name).filter(selection(target, query)))
    store.delete(resource.name, metadata.name, metadata.namespace, how);
  return { code: 200, body: list };
}

function options(body: Body): Json | undefined {
  const read = body.text === '' ? undefined : readBody(body);
  return isObject(read) ? read : undefined;
}
