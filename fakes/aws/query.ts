import { ApiError } from './apiError.ts';
import type { Field, Fields } from './fields.ts';

/**
 * Reads the form of AWS's query protocols: `A.1.B=x` is the list A with one member that has the part B. Auto Scaling puts
 * `member` between a list and its numbers; it is dropped here.
 *
 * @throws ApiError `MalformedQueryString` for a name that is a value and a list or parts at once
 */
export function parseQuery(form: string): Fields {
  const root: Tree = new Map();
  for (const [name, value] of new URLSearchParams(form)) plant(root, name, value);
  return Object.fromEntries([...root].map(([name, twig]) => [name, fieldOf(twig)]));
}

/** Maps while the tree grows, so that no name from outside (`__proto__`) can mean anything. */
type Tree = Map<string, string | Tree>;

/** Deeper than any parameter of AWS; a hostile form could ask for more. */
const DEEPEST = 12;

function plant(root: Tree, name: string, value: string): void {
  const path = name.split('.');
  const last = path.pop() ?? '';
  if (path.length > DEEPEST) throw malformed(name);
  let at = root;
  for (const step of path) {
    const next = at.get(step) ?? new Map<string, string | Tree>();
    if (typeof next === 'string') throw malformed(name);
    at.set(step, next);
    at = next;
  }
  if (at.get(last) instanceof Map) throw malformed(name);
  at.set(last, value);
}

function fieldOf(twig: string | Tree): Field {
  if (typeof twig === 'string') return twig;
  const members = twig.size === 1 ? twig.get('member') : undefined;
  if (members !== undefined) return fieldOf(members);
  const names = [...twig.keys()];
  if (names.every((name) => /^\d+$/.test(name)))
    return [...twig].sort(([a], [b]) => Number(a) - Number(b)).map(([, member]) => fieldOf(member));
  return Object.fromEntries([...twig].map(([name, part]) => [name, fieldOf(part)]));
}

const malformed = (name: string): ApiError =>
  new ApiError('MalformedQueryString', `The query string contains a syntax error at ${name.slice(0, 100)}`);
