import { isList, isObject, type Json, type JsonObject, same } from './json.ts';

/** The document after a merge patch (RFC 7386): objects are merged, null removes, everything else replaces. */
export function mergePatched(document: Json | undefined, patch: Json): Json {
  if (!isObject(patch)) return patch;
  return merged(document, patch, (before, value) => mergePatched(before, value));
}

/**
 * Lists that a strategic merge patch merges by a key of their items, as the types of the Kubernetes API say
 * (`patchMergeKey`). Where a name means two lists, the keys are tried in turn. All other lists are replaced as a whole: a
 * node's taints too.
 */
const MERGE_KEYS: Readonly<Record<string, readonly string[]>> = {
  conditions: ['type'],
  addresses: ['type'],
  containers: ['name'],
  initContainers: ['name'],
  ephemeralContainers: ['name'],
  env: ['name'],
  volumes: ['name'],
  volumeMounts: ['mountPath'],
  volumeDevices: ['devicePath'],
  ports: ['containerPort', 'port'],
  imagePullSecrets: ['name'],
  secrets: ['name'],
  hostAliases: ['ip'],
  topologySpreadConstraints: ['topologyKey'],
  ownerReferences: ['uid'],
};

/** Lists of plain values that a strategic merge patch only adds to. */
const SETS: readonly string[] = ['finalizers', 'podCIDRs'];

const DELETE_FROM_SET = '$deleteFromPrimitiveList/';

/**
 * The document after a strategic merge patch: like a merge patch, but lists with a key are merged item by item, with
 * `$patch: delete`, `$patch: replace` and `$deleteFromPrimitiveList/…`. Directives about order are left aside.
 */
export function strategicallyPatched(document: Json | undefined, patch: Json, field = ''): Json {
  if (isList(patch)) return listPatched(isList(document) ? document : [], patch, field);
  if (!isObject(patch)) return patch;
  if (patch['$patch'] === 'replace') return plain(patch);
  if (patch['$patch'] === 'delete') return {};
  const base = isObject(document) ? document : {};
  const shortened = Object.entries(patch).reduce((here, [name, values]) => {
    const set = name.startsWith(DELETE_FROM_SET) ? name.slice(DELETE_FROM_SET.length) : undefined;
    const list = set === undefined ? undefined : here[set];
    if (set === undefined || !isList(list) || !isList(values)) return here;
    return { ...here, [set]: list.filter((item) => !values.some((value) => same(value, item))) };
  }, base);
  return merged(shortened, plain(patch), (before, value, name) => strategicallyPatched(before, value, name));
}

function merged(
  document: Json | undefined,
  patch: JsonObject,
  into: (before: Json | undefined, value: Json, field: string) => Json,
): JsonObject {
  const result = new Map<string, Json | undefined>(Object.entries(isObject(document) ? document : {}));
  for (const [field, value] of Object.entries(patch))
    if (value === null) result.delete(field);
    else if (value !== undefined) result.set(field, into(result.get(field), value, field));
  return Object.fromEntries(result);
}

function listPatched(document: readonly Json[], patch: readonly Json[], field: string): Json {
  if (SETS.includes(field)) return [...document, ...patch.filter((value) => !document.some((one) => same(one, value)))];
  const key = MERGE_KEYS[field]?.find((name) => patch.every((item) => isObject(item) && item[name] !== undefined));
  const items = patch.filter(isObject);
  if (key === undefined || items.length < patch.length) {
    // A list that says `$patch: replace` carries it as an item of its own.
    return patch.filter((item) => !isObject(item) || item['$patch'] === undefined);
  }
  return items.reduce<readonly Json[]>((list, item) => {
    const at = list.findIndex((one) => isObject(one) && same(one[key], item[key]));
    if (item['$patch'] === 'delete') return at < 0 ? list : list.toSpliced(at, 1);
    return at < 0 ? [...list, plain(item)] : list.with(at, strategicallyPatched(list[at], item));
  }, document);
}

/** A patch without its directives. */
const plain = (patch: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(patch).filter(([field]) => !field.startsWith('$')));
