import { isList, isObject, type Json, type JsonObject, same, textAt, without } from './json.ts';
import { badRequest, Refusal } from './refusal.ts';

/**
 * The document after a JSON patch (RFC 6902).
 * @throws Refusal BadRequest for what is no patch; Invalid (422) for one that does not fit the document, which includes
 * a `test` that fails: the API server answers that with 422, not with a conflict
 */
export function jsonPatched(document: Json, patch: Json): Json {
  if (!isList(patch)) throw badRequest('json: cannot unmarshal object into Go value of type jsonpatch.Patch');
  return patch.reduce(applied, document);
}

const unfit = (message: string): Refusal => new Refusal(422, 'Invalid', message, {});

function applied(document: Json, operation: Json): Json {
  if (!isObject(operation)) throw badRequest('a JSON patch is a list of operations');
  const path = pointer(textAt(operation, 'path'));
  const { value } = operation;
  switch (textAt(operation, 'op')) {
    case 'test':
      if (!same(read(document, path) ?? null, value ?? null))
        throw unfit(`testing value ${pathText(path)} failed: test failed`);
      return document;
    case 'add':
      return changed(document, path, (parent, key) => added(parent, key, needed(value)));
    case 'replace':
      return changed(document, path, (parent, key) => replaced(parent, key, needed(value)));
    case 'remove':
      return changed(document, path, removed);
    case 'move': {
      const from = pointer(textAt(operation, 'from'));
      const moved = present(document, from);
      return changed(changed(document, from, removed), path, (parent, key) => added(parent, key, moved));
    }
    case 'copy': {
      const copied = present(document, pointer(textAt(operation, 'from')));
      return changed(document, path, (parent, key) => added(parent, key, copied));
    }
    case undefined:
    default:
      throw badRequest(`Unexpected kind: ${JSON.stringify(operation['op'] ?? null)}`);
  }
}

/** A JSON pointer (RFC 6901) as a list of keys. */
function pointer(text: string | undefined): readonly string[] {
  if (text === undefined || (text !== '' && !text.startsWith('/')))
    throw badRequest('a path of a JSON patch is missing');
  return text
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

const pathText = (path: readonly string[]): string => `/${path.join('/')}`;

function needed(value: Json | undefined): Json {
  if (value === undefined) throw badRequest('an operation of a JSON patch needs a value');
  return value;
}

function read(document: Json | undefined, path: readonly string[]): Json | undefined {
  return path.reduce<Json | undefined>((here, key) => {
    if (isList(here)) return here[Number(key)];
    return isObject(here) ? here[key] : undefined;
  }, document);
}

function present(document: Json, path: readonly string[]): Json {
  const value = read(document, path);
  if (value === undefined) throw unfit(`the path ${pathText(path)} does not exist: missing value`);
  return value;
}

type Parent = JsonObject | readonly Json[];

/** The document with the parent of a path's last key changed. */
function changed(document: Json, path: readonly string[], change: (parent: Parent, key: string) => Json): Json {
  const [key, ...rest] = path;
  if (key === undefined) throw unfit('the whole document cannot be changed by a patch');
  if (!isObject(document) && !isList(document)) throw unfit(`the path ${pathText(path)} does not exist: missing path`);
  if (rest.length === 0) return change(document, key);
  const inner = read(document, [key]);
  if (inner === undefined) throw unfit(`the path ${pathText(path)} does not exist: missing path`);
  return replaced(document, key, changed(inner, rest, change));
}

function added(parent: Parent, key: string, value: Json): Json {
  if (!isList(parent)) return { ...parent, [key]: value };
  const at = key === '-' ? parent.length : index(parent, key, parent.length);
  return [...parent.slice(0, at), value, ...parent.slice(at)];
}

function replaced(parent: Parent, key: string, value: Json): Json {
  if (isList(parent)) return parent.with(index(parent, key, parent.length - 1), value);
  if (parent[key] === undefined) throw unfit(`replace operation does not apply: doc is missing key: ${key}`);
  return { ...parent, [key]: value };
}

function removed(parent: Parent, key: string): Json {
  if (isList(parent)) return parent.toSpliced(index(parent, key, parent.length - 1), 1);
  if (parent[key] === undefined) throw unfit(`remove operation does not apply: doc is missing key: ${key}`);
  return without(parent, key);
}

function index(list: readonly Json[], key: string, last: number): number {
  const at = Number(key);
  if (!/^\d+$/.test(key) || at > last) throw unfit(`Unable to access invalid index: ${key} of ${list.length}`);
  return at;
}
