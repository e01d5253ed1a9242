import { isAlias, isMap, isScalar, isSeq, type Node, parseAllDocuments } from 'yaml';
import type { RecordFile } from '../file.ts';
import type { Problems } from '../problems.ts';
import type { JsonDocument } from './documents.ts';

/** All of it is in memory at once, several times over. */
const MOST_BYTES = 64 * 1024 * 1024;

/** Reads the documents of a file of YAML, as `kubectl get … -o yaml` writes them, as if they were JSON. */
export async function readYamlDocuments(
  records: RecordFile,
  problems: Problems,
  onDocument: (document: JsonDocument) => void,
): Promise<void> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of records.chunks()) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > MOST_BYTES) {
      problems.add(
        { offset: 0 },
        `expected at most ${MOST_BYTES / 1024 ** 2} MiB of YAML, found more: write it with -o json`,
      );
      return;
    }
  }
  try {
    take(Buffer.concat(chunks).toString('utf8'), problems, onDocument);
  } catch (error) {
    // Read by recursion, which ends where the stack does.
    if (!(error instanceof RangeError)) throw error;
    problems.add({ offset: 0 }, 'expected YAML of some depth, found it nested too deep: write it with -o json');
  }
}

function take(text: string, problems: Problems, onDocument: (document: JsonDocument) => void): void {
  const bytesBefore = (at: number): number => Buffer.byteLength(text.slice(0, at));
  const documents = parseAllDocuments(text, { prettyErrors: false });
  for (const { contents, errors } of Array.isArray(documents) ? documents : []) {
    for (const { pos, message } of errors)
      problems.add(
        { offset: bytesBefore(pos[0]) },
        `expected YAML, found a mistake: ${message}; or write it with -o json`,
      );
    if (errors.length > 0 || contents === null) continue;
    const starts: Starts = new Map();
    const value = valueOf(contents, starts);
    if (value === ALIAS)
      problems.add(
        { offset: bytesBefore(contents.range[0]) },
        'expected YAML without aliases, found one: write it with -o json',
      );
    // Nothing in the text is JSON: the places are told by the reader of YAML.
    else
      onDocument({
        value,
        text,
        offset: 0,
        places: { of: (record, key) => starts.get(record)?.get(key) ?? starts.get(record)?.get(undefined) ?? 0 },
      });
  }
}

/** Where each object starts, and by its keys where their values do. */
type Starts = Map<object, ReadonlyMap<string | undefined, number>>;

const ALIAS = Symbol('alias');

/** The value of a node, and where each object in it starts; `ALIAS` where a part of it stands elsewhere. */
function valueOf(node: Node | null, starts: Starts): unknown {
  if (node === null || isScalar(node)) return node?.value ?? null;
  if (isAlias(node)) return ALIAS;
  if (isSeq<Node>(node)) {
    const values = node.items.map((item) => valueOf(item, starts));
    return values.includes(ALIAS) ? ALIAS : values;
  }
  if (!isMap<Node, Node | null>(node)) return null;
  const entries = node.items.map(
    ({ key, value }) => [isScalar(key) ? String(key.value) : '', valueOf(value, starts)] as const,
  );
  if (entries.some(([, value]) => value === ALIAS)) return ALIAS;
  const record = Object.fromEntries(entries);
  const keys = node.items.flatMap(({ key, value }) =>
    isScalar(key) ? [[String(key.value), value?.range?.[0] ?? 0] as const] : [],
  );
  starts.set(record, new Map([[undefined, node.range?.[0] ?? 0], ...keys]));
  return record;
}
