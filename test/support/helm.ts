import { createHash } from 'node:crypto';
import { parse, stringify } from 'yaml';

/** What a chart's templates see. */
export interface HelmRoot {
  readonly Values: Tree;
  readonly Release: Tree;
  readonly Chart: Tree;
  /** `group/version/Kind` of the cluster, as far as a template asks. */
  readonly apis: readonly string[];
  /** The chart's other files, by path. */
  readonly files: Readonly<Record<string, string>>;
}

type Tree = Readonly<Record<string, unknown>>;

/**
 * Renders templates in the part of Go's and Helm's language that this chart keeps to; anything else throws. It is no second
 * helm: it is there so that a chart can be compared with other manifests where helm is not installed.
 */
export function renderChart(
  templates: Readonly<Record<string, string>>,
  root: HelmRoot,
): Readonly<Record<string, string>> {
  const defined = new Map<string, Node[]>();
  const parsed = Object.entries(templates).map(([name, text]) => [name, parseTemplate(text, defined)] as const);
  const dot = {
    ...root,
    Capabilities: { APIVersions: { Has: (name: string) => root.apis.includes(name) } },
    Files: { Get: (path: string) => root.files[path] ?? fail(`no file ${path}`) },
  };
  return Object.fromEntries(parsed.map(([name, nodes]) => [name, render(nodes, { dot, names: { $: dot }, defined })]));
}

type Node =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'print'; readonly pipe: string }
  | { readonly kind: 'set'; readonly name: string; readonly pipe: string }
  | {
      readonly kind: 'if' | 'with' | 'range';
      readonly pipe: string;
      readonly body: Node[];
      readonly otherwise: Node[];
    };

interface Scope {
  readonly dot: unknown;
  readonly names: Record<string, unknown>;
  readonly defined: ReadonlyMap<string, Node[]>;
}

function parseTemplate(text: string, defined: Map<string, Node[]>): Node[] {
  const pieces = [...text.matchAll(/\{\{(-?)\s*(\/\*[\s\S]*?\*\/|[\s\S]*?)\s*(-?)\}\}|((?:(?!\{\{)[\s\S])+)/g)];
  const tokens = pieces.map(([, , action, , plain], index): Node | { readonly action: string } => {
    if (plain === undefined) return { action: action ?? '' };
    let kept = plain;
    // A dash eats all blanks on its side, line ends too.
    if (pieces[index - 1]?.[3] === '-') kept = kept.trimStart();
    if (pieces[index + 1]?.[1] === '-') kept = kept.trimEnd();
    return { kind: 'text', text: kept };
  });
  let place = 0;
  const block = (...ends: readonly string[]): { readonly nodes: Node[]; readonly end: string } => {
    const nodes: Node[] = [];
    while (place < tokens.length) {
      const token = tokens[place++]!;
      if (!('action' in token)) {
        nodes.push(token);
        continue;
      }
      const word = /^\S*/.exec(token.action)![0];
      const rest = token.action.slice(word.length).trim();
      if (token.action.startsWith('/*')) continue;
      if (ends.includes(word)) return { nodes, end: token.action };
      if (word === 'define') defined.set(unquoted(rest), block('end').nodes);
      else if (word === 'if' || word === 'with' || word === 'range') nodes.push(conditional(word, rest));
      else {
        const [, name, pipe] = /^(\$\w+)\s*:=\s*([\s\S]+)$/.exec(token.action) ?? [];
        nodes.push(
          name === undefined ? { kind: 'print', pipe: token.action } : { kind: 'set', name, pipe: pipe ?? '' },
        );
      }
    }
    return ends.length === 0 ? { nodes, end: '' } : fail(`expected ${ends.join(' or ')}`);
  };
  const conditional = (kind: 'if' | 'with' | 'range', pipe: string): Node => {
    const { nodes: body, end } = block('else', 'end');
    if (end === 'end') return { kind, pipe, body, otherwise: [] };
    const chained = /^else if\s+([\s\S]+)$/.exec(end)?.[1];
    return { kind, pipe, body, otherwise: chained === undefined ? block('end').nodes : [conditional('if', chained)] };
  };
  return block().nodes;
}

function render(nodes: readonly Node[], scope: Scope): string {
  const inner = { ...scope, names: { ...scope.names } };
  return nodes.map((node) => renderNode(node, inner)).join('');
}

function renderNode(node: Node, scope: Scope): string {
  if (node.kind === 'text') return node.text;
  if (node.kind === 'print') return text(pipeline(node.pipe, scope));
  if (node.kind === 'set') {
    scope.names[node.name] = pipeline(node.pipe, scope);
    return '';
  }
  if (node.kind === 'range') return renderRange(node, scope);
  const value = pipeline(node.pipe, scope);
  if (!truthy(value)) return render(node.otherwise, scope);
  return render(node.body, node.kind === 'with' ? { ...scope, dot: value } : scope);
}

function renderRange({ pipe, body }: Extract<Node, { readonly body: Node[] }>, scope: Scope): string {
  const [, key, item, list = pipe] = /^(\$\w+),\s*(\$\w+)\s*:=\s*([\s\S]+)$/.exec(pipe) ?? [];
  const value = pipeline(list, scope);
  const entries: readonly (readonly [unknown, unknown])[] = Array.isArray(value)
    ? value.map((entry: unknown, index) => [index, entry])
    : // Go walks a map in the order of its keys.
      Object.entries(isTree(value) ? value : {}).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return entries
    .map(([index, entry]) => {
      const names = key === undefined || item === undefined ? {} : { [key]: index, [item]: entry };
      return render(body, { ...scope, dot: entry, names: { ...scope.names, ...names } });
    })
    .join('');
}

/** `a b | c d`: each result is the last argument of the next. */
function pipeline(pipe: string, scope: Scope): unknown {
  const [first = '', ...rest] = splitOutside(pipe, '|');
  return rest.reduce<unknown>((value, call) => command(call, scope, [value]), command(first, scope, []));
}

function command(call: string, scope: Scope, last: readonly unknown[]): unknown {
  const [head = '', ...args] = splitOutside(call, ' ').filter((word) => word !== '');
  const isFunction = /^[a-z]\w*$/i.test(head) && head in functions(scope);
  if (isFunction) return functions(scope)[head]!(...args.map((arg) => operand(arg, scope)), ...last);
  const value = operand(head, scope);
  if (typeof value === 'function')
    // Known: `.Files.Get` and `.Capabilities.APIVersions.Has` take one word.
    return (value as (path: unknown) => unknown)(operand(args[0] ?? '', scope));
  return args.length === 0 && last.length === 0 ? value : fail(`${head} is no function`);
}

function operand(word: string, scope: Scope): unknown {
  const [, inner, path] = /^\(([\s\S]*)\)((?:\.\w+)*)$/.exec(word) ?? [];
  if (inner !== undefined) return walk(pipeline(inner, scope), path ?? '');
  if (/^".*"$/s.test(word)) return unquoted(word);
  if (/^-?\d+$/.test(word)) return Number(word);
  if (word === 'true' || word === 'false') return word === 'true';
  if (word === 'dict') return {};
  if (word === 'nil') return undefined;
  if (word === '.') return scope.dot;
  if (word.startsWith('.')) return walk(scope.dot, word);
  const [, name, rest] = /^(\$\w*)((?:\.\w+)*)$/.exec(word) ?? [];
  if (name !== undefined && name in scope.names) return walk(scope.names[name], rest ?? '');
  return fail(`cannot read ${word}`);
}

const walk = (value: unknown, path: string): unknown =>
  path
    .split('.')
    .filter((key) => key !== '')
    .reduce<unknown>((at, key) => (isTree(at) ? at[key] : undefined), value);

const functions = (scope: Scope): Readonly<Record<string, (...args: readonly unknown[]) => unknown>> => ({
  include: (name, dot) =>
    render(scope.defined.get(text(name)) ?? fail(`no template ${text(name)}`), { ...scope, dot, names: { $: dot } }),
  default: (fallback, value) => (truthy(value) ? value : fallback),
  required: (message, value) => (truthy(value) ? value : fail(text(message))),
  dict: (...pairs) => Object.fromEntries(pairs.flatMap((key, at) => (at % 2 ? [] : [[text(key), pairs[at + 1]]]))),
  eq: (a, b) => a === b,
  ne: (a, b) => a !== b,
  // Go ends at the first that is empty, which is its value.
  and: (...all) => all[all.findIndex((value) => !truthy(value))] ?? (all.every(truthy) ? all.at(-1) : false),
  toString: (value: unknown) =>
    value === undefined ? '<nil>' : typeof value === 'boolean' ? String(value) : text(value),
  fromJsonArray: (value) => JSON.parse(text(value)) as unknown,
  // Go escapes what could end a script in a page; YAML reads either.
  toJson: (value) => JSON.stringify(value),
  quote: (value) => JSON.stringify(text(value)),
  trunc: (length, value) => text(value).slice(0, Number(length)),
  trimSuffix: (suffix, value) => (text(value).endsWith(text(suffix)) ? text(value).slice(0, -1) : text(value)),
  contains: (part, value) => text(value).includes(text(part)),
  printf: (form, ...values) => values.reduce<string>((at, value) => at.replace('%s', text(value)), text(form)),
  sha256sum: (value) => createHash('sha256').update(text(value)).digest('hex'),
  fromYaml: (value) => parse(text(value)) as unknown,
  not: (value) => !truthy(value),
  list: (...values) => values,
  index: (map, key) => (isTree(map) ? map[text(key)] : undefined),
  b64enc: (value) => Buffer.from(text(value)).toString('base64'),
  // Nothing is installed before, and what signs what is for Helm to know.
  lookup: () => ({}),
  genCA: (name) => ({ Cert: `authority ${text(name)}`, Key: 'key' }),
  genSignedCert: (name) => ({ Cert: `certificate ${text(name)}`, Key: 'key' }),
  toYaml: (value) => stringify(value, { lineWidth: 0 }).replace(/\n$/, ''),
  nindent: (width, value) => `\n${text(value)}`.replaceAll('\n', `\n${' '.repeat(Number(width))}`),
});

const truthy = (value: unknown): boolean =>
  Array.isArray(value) ? value.length > 0 : isTree(value) ? Object.keys(value).length > 0 : Boolean(value);

const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null && !Array.isArray(value);

function text(value: unknown): string {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : fail(`prints ${JSON.stringify(value)}`);
}

// Known: JSON reads the strings that this chart writes as Go does.
const unquoted = (word: string): string => JSON.parse(word) as string;

/** Splits where neither a string nor a parenthesis is open. */
function splitOutside(line: string, by: string): readonly string[] {
  const parts: string[] = [];
  let part = '';
  let depth = 0;
  let inString = false;
  for (const letter of line) {
    if (letter === '"') inString = !inString;
    if (!inString) depth += letter === '(' ? 1 : letter === ')' ? -1 : 0;
    if (letter === by && !inString && depth === 0) {
      parts.push(part.trim());
      part = '';
    } else part += letter;
  }
  return [...parts, part.trim()];
}

function fail(message: string): never {
  throw new Error(`template: ${message}`);
}
