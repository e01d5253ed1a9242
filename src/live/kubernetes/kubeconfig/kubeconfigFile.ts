import { LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { trySource } from '../../../config/document.ts';
import { BadInput, type Mistake } from '../../../config/mistakes.ts';
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
const base64 = text.refine((found) => /^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(found), 'expected Base64');
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
  const document = parseDocument(content, {
    ...{ lineCounter: lines, version: '1.1', prettyErrors: false },
    // kubectl knows no dates: to it such a value is text.
    customTags: (tags) => tags.filter((tag) => typeof tag === 'string' || !tag.tag.endsWith(':timestamp')),
  });
  if (document.errors.length > 0)
    throw new BadInput(
      document.errors.map((problem) => {
        const { line, col: column } = lines.linePos(problem.pos[0]);
        return { file, line, column, message: syntaxMessage(problem, content) };
      }),
    );
  const source = sourceIn(document, { file, lines, maxAliasCount: 100 });
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
