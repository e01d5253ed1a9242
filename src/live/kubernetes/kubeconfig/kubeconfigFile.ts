import { isAlias, LineCounter, parseDocument, visit } from 'yaml';
import { z } from 'zod';
import { tooDeepAt } from '../../../config/depth.ts';
import { trySource } from '../../../config/document.ts';
import { BadInput, inOrder, type Mistake } from '../../../config/mistakes.ts';
import { type Path, type Source, sourceIn, syntaxMessage } from '../../../config/source.ts';

/** One kubeconfig file: its entries by name, and where each stands. */
export interface KubeconfigFile {
  readonly source: Source;
  readonly currentContext: string;
  readonly clusters: ReadonlyMap<string, Entry<ClusterFields>>;
  readonly contexts: ReadonlyMap<string, Entry<ContextFields>>;
  readonly users: ReadonlyMap<string, Entry<UserFields>>;
}

/** A named entry of a kubeconfig, with the file that holds it: relative paths in it are relative to that file. */
export interface Entry<Fields> {
  readonly name: string;
  readonly fields: Fields;
  readonly source: Source;
  /** Where its fields stand in the file: `['clusters', 0, 'cluster']`. */
  readonly path: Path;
}

// Absent, null and the empty text are the same to kubectl.
const text = z
  .string()
  .nullish()
  .transform((found) => found ?? '');
const flag = z
  .boolean()
  .nullish()
  .transform((found) => found ?? false);
const base64 = text.refine((found) => /^[A-Za-z0-9+/\s]*(?:=\s*){0,2}$/.test(found), 'expected Base64');
const listOf = <Item extends z.ZodType>(item: Item): z.ZodType<readonly z.output<Item>[]> =>
  z
    .array(item)
    .nullish()
    .transform((found) => found ?? []);

const CLUSTER = z.looseObject({
  server: text,
  'tls-server-name': text,
  'insecure-skip-tls-verify': flag,
  'certificate-authority': text,
  'certificate-authority-data': base64,
  'proxy-url': text,
  extensions: listOf(z.looseObject({ name: text, extension: z.unknown() })),
});
const CONTEXT = z.looseObject({ cluster: text, user: text, namespace: text });
const EXEC = z.looseObject({
  command: text,
  args: listOf(z.string()),
  env: listOf(z.looseObject({ name: z.string(), value: text })),
  apiVersion: text,
  provideClusterInfo: flag,
  interactiveMode: text,
});
const USER = z.looseObject({
  token: text,
  tokenFile: text,
  username: text,
  password: text,
  'client-certificate': text,
  'client-certificate-data': base64,
  'client-key': text,
  'client-key-data': base64,
  as: text,
  'as-uid': text,
  'as-groups': listOf(z.string()),
  'as-user-extra': z.record(z.string(), listOf(z.string())).nullish(),
  exec: EXEC.nullish(),
  'auth-provider': z.looseObject({ name: text, config: z.record(z.string(), z.string()).nullish() }).nullish(),
});
const EMPTY_CLUSTER = CLUSTER.parse({});
const EMPTY_CONTEXT = CONTEXT.parse({});
const EMPTY_USER = USER.parse({});

const KUBECONFIG = z.looseObject({
  apiVersion: z.literal(['v1', '']).nullish(),
  kind: z.literal(['Config', '']).nullish(),
  'current-context': text,
  clusters: listOf(z.looseObject({ name: text, cluster: CLUSTER.nullish() })),
  contexts: listOf(z.looseObject({ name: text, context: CONTEXT.nullish() })),
  users: listOf(z.looseObject({ name: text, user: USER.nullish() })),
});

export type ClusterFields = z.output<typeof CLUSTER>;
export type ContextFields = z.output<typeof CONTEXT>;
export type UserFields = z.output<typeof USER>;
export type ExecFields = z.output<typeof EXEC>;

/**
 * Reads the text of one kubeconfig as kubectl does: YAML 1.1 or JSON, unknown keys left alone, an empty text holds nothing.
 *
 * @throws BadInput with every mistake in it: syntax, fields of another type, two entries of one name
 */
export function readKubeconfig(content: string, file: string): KubeconfigFile {
  const lines = new LineCounter();
  const at = (offset: number): { readonly line: number; readonly column: number } => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  const deepAt = tooDeepAt(content, MOST_LEVELS);
  if (deepAt !== undefined) {
    for (const { index } of content.matchAll(/^/gm)) lines.addNewLine(index);
    throw new BadInput([{ file, ...at(deepAt), message: `expected at most ${MOST_LEVELS} levels, found more` }]);
  }
  const document = parseDocument(content, {
    ...{ lineCounter: lines, version: '1.1', prettyErrors: false },
    // kubectl knows no dates: to it such a value is text.
    customTags: (tags) => tags.filter((tag) => typeof tag === 'string' || !tag.tag.endsWith(':timestamp')),
  });
  const mistakes: Mistake[] = document.errors.map((problem) => ({
    ...{ file, ...at(problem.pos[0]), message: syntaxMessage(problem, content) },
  }));
  const anchors = new Set<string>();
  const aliases: Mistake[] = [];
  visit(document, {
    Node: (_, node) => {
      if (!isAlias(node)) {
        if (node.anchor !== undefined) anchors.add(node.anchor);
        return;
      }
      const alias = { file, ...at(node.range?.[0] ?? 0) };
      aliases.push({ ...alias, message: 'expected aliases that can be written out, found one of itself, or too many' });
      if (!anchors.has(node.source))
        mistakes.push({ ...alias, message: `expected an anchor &${node.source} before *${node.source}, found none` });
    },
  });
  if (mistakes.length > 0) throw new BadInput(inOrder(mistakes));
  const source = writtenOut(() => sourceIn(document, { file, lines, maxAliasCount: 100 }), aliases.slice(0, 1));
  const reading = trySource({ ...source, value: source.value ?? {} }, KUBECONFIG);
  if (reading.value === undefined) throw new BadInput(reading.mistakes);
  const { clusters, contexts, users, 'current-context': currentContext } = reading.value;
  const twice: Mistake[] = [];
  const named = <Fields>(kind: string, list: readonly (readonly [name: string, fields: Fields])[]) => {
    const byName = new Map<string, Entry<Fields>>();
    for (const [index, [name, fields]] of list.entries()) {
      const place = [`${kind}s`, index] as const;
      if (byName.has(name))
        twice.push({
          ...{ file, ...source.placeOf([...place, 'name']), path: `${kind}s[${index}].name` },
          message: `expected each ${kind} once, found ${JSON.stringify(name)} again: remove one of them`,
        });
      else byName.set(name, { name, fields, source, path: [...place, kind] });
    }
    return byName;
  };
  const read: KubeconfigFile = {
    ...{ source, currentContext },
    clusters: named(
      'cluster',
      clusters.map(({ name, cluster }) => [name, cluster ?? EMPTY_CLUSTER] as const),
    ),
    contexts: named(
      'context',
      contexts.map(({ name, context }) => [name, context ?? EMPTY_CONTEXT] as const),
    ),
    users: named(
      'user',
      users.map(({ name, user }) => [name, user ?? EMPTY_USER] as const),
    ),
  };
  if (twice.length > 0) throw new BadInput(twice);
  return read;
}

/** More levels than any client writes; a parser goes down one by one, and has only so much room. */
const MOST_LEVELS = 100;

/** `yaml` throws a ReferenceError for aliases that stand for themselves, or for more than it writes out. */
function writtenOut(read: () => Source, mistakes: readonly Mistake[]): Source {
  try {
    return read();
  } catch (error) {
    if (error instanceof ReferenceError) throw new BadInput(mistakes);
    throw error;
  }
}
