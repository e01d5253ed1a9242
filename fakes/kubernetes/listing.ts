import { toNewEvent } from './eventWords.ts';
import { fieldSelector } from './fields.ts';
import { isObject, type JsonObject, numberAt, readJson, textAt, textsAt, without } from './json.ts';
import { labelSelector } from './labels.ts';
import { type KubeObject, keyOf } from './objects.ts';
import { badRequest, expired, tooLargeVersion } from './refusal.ts';
import { apiVersionOf } from './resources.ts';
import type { Store } from './store.ts';
import { speaksNewEvents, type Target } from './target.ts';

/** A list as the API answers it. */
export interface ListBody extends JsonObject {
  readonly kind: string;
  readonly apiVersion: string;
  readonly metadata: JsonObject;
  readonly items: readonly JsonObject[];
}

/** How a list may be false. */
export interface ListTrouble {
  /** As the list was that many versions ago. */
  readonly behind?: number;
}

const TOO_OLD_TOKEN =
  'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter.';

/**
 * Answers a list: all objects of a resource that the selectors want, as they are now, or as they were at the version that
 * the request insists on or goes on from.
 * @throws Refusal BadRequest; Expired (410) where that version is compacted away; Timeout (504) for one from the future
 */
export function listing(
  store: Store,
  target: Target,
  query: URLSearchParams,
  { behind = 0 }: ListTrouble = {},
): ListBody {
  const token = continued(query.get('continue'));
  const version = token?.version ?? versionAsked(store, query) ?? store.resourceVersion - behind;
  const exact = Math.max(version, behind > 0 ? store.oldestVersion : version);
  const then =
    exact === store.resourceVersion ? store.list(target.resource.name) : store.snapshot(target.resource.name, exact);
  if (then === undefined) throw expired(token === undefined ? tooOld(exact, store.oldestVersion) : TOO_OLD_TOKEN);
  const wanted = then.filter(selection(target, query));
  const left = token === undefined ? wanted : wanted.filter((object) => key(object) > token.after);
  const limit = Number(query.get('limit') ?? 0);
  const page = limit > 0 ? left.slice(0, limit) : left;
  const last = page.at(-1);
  const rest = left.length - page.length;
  const isSelected = query.has('labelSelector') || query.has('fieldSelector');
  return {
    kind: `${target.resource.kind}List`,
    apiVersion: apiVersionOf(target.resource),
    metadata: {
      resourceVersion: String(exact),
      ...(last === undefined || rest === 0
        ? {}
        : { continue: tokenText(exact, key(last)), ...(isSelected ? {} : { remainingItemCount: rest }) }),
    },
    // Items of a list do not say what they are: the list does.
    items: page.map((object) => without(inWordsOf(target, object), 'kind', 'apiVersion')),
  };
}

/** Which objects of its resource a list, a watch or the deletion of a collection is about. @throws Refusal BadRequest */
export function selection(target: Target, query: URLSearchParams): (object: KubeObject) => boolean {
  const hasLabels = labelSelector(query.get('labelSelector') ?? '');
  const hasFields = fieldSelector(target.resource.name, query.get('fieldSelector') ?? '');
  const { namespace } = target;
  return (object) =>
    (namespace === undefined || object.metadata.namespace === namespace) &&
    hasLabels(textsAt(object, 'metadata', 'labels')) &&
    hasFields(object);
}

/** The object in the words of the group that is spoken to. */
export const inWordsOf = (target: Target, object: KubeObject): KubeObject =>
  speaksNewEvents(target) ? { ...toNewEvent(object), apiVersion: apiVersionOf(target.resource) } : object;

export const tooOld = (asked: number, oldest: number): string => `too old resource version: ${asked} (${oldest})`;

const key = ({ metadata }: KubeObject): string => keyOf(metadata.name, metadata.namespace);

/** A resourceVersion in a query; undefined where it is missing, or `0`: any will do. @throws Refusal BadRequest */
export function readVersion(text: string | null): number | undefined {
  if (text === null || text === '' || text === '0') return undefined;
  if (!/^\d+$/.test(text)) throw badRequest(`resourceVersion: Invalid value: ${JSON.stringify(text)}`);
  return Number(text);
}

/** The version at which a list has to be taken; undefined where the present one will do. */
function versionAsked(store: Store, query: URLSearchParams): number | undefined {
  const version = readVersion(query.get('resourceVersion'));
  if (version === undefined) return undefined;
  if (version > store.resourceVersion) throw tooLargeVersion(version, store.resourceVersion);
  const match = query.get('resourceVersionMatch');
  // Without a match, a version together with a limit has always meant exactly that version.
  return match === 'Exact' || (match === null && query.has('limit')) ? version : undefined;
}

interface Token {
  readonly version: number;
  readonly after: string;
}

const tokenText = (version: number, after: string): string =>
  Buffer.from(JSON.stringify({ v: 'meta.k8s.io/v1', rv: version, start: after })).toString('base64url');

function continued(text: string | null): Token | undefined {
  if (text === null || text === '') return undefined;
  let token;
  try {
    token = readJson(Buffer.from(text, 'base64url').toString());
  } catch {
    token = undefined;
  }
  const version = numberAt(token, 'rv');
  const after = textAt(token, 'start');
  if (!isObject(token) || version === undefined || after === undefined)
    throw badRequest('continue key is not valid: it cannot be read');
  return { version, after };
}
