import type { RecordFile } from '../file.ts';
import type { Problems } from '../problems.ts';
import { readDocuments } from './documents.ts';
import type { Finds } from './found.ts';
import { type JsonPlaces, placesOf } from './jsonPlaces.ts';
import type { Wanted } from './jsonRows.ts';
import type { Judge, WhereIs } from './judge.ts';
import type { EarlierFiles, PageCount } from './repeats.ts';
import { isObj, type Obj } from './seen.ts';
import { newWalk } from './walk.ts';

/** What a file of JSON is, beside its jobs. */
export interface JsonForm {
  readonly name: string;
  readonly assumptions: readonly string[];
}

/** Reads the jobs of a file of JSON, or of what is read as if it were, of whatever system. What is no JSON, or holds no jobs, goes to the problems. */
export async function fromJson(
  records: RecordFile,
  problems: Problems,
  judge: Judge,
  { columns: wanted, told }: { readonly columns?: Wanted | undefined; readonly told?: EarlierFiles | undefined },
  read: typeof readDocuments = readDocuments,
): Promise<JsonForm> {
  const systems = new Set<string>();
  const sentences = new Set<string>();
  const counts = told?.counts ?? new Map<string, PageCount>();
  let document = { text: '', offset: 0, places: placesOf('', undefined) };
  /** Places of records of documents before the one in hand. */
  const kept = new WeakMap<Obj, number>();
  const whereOf =
    (record: Obj): WhereIs =>
    (key) => ({ offset: kept.get(record) ?? document.offset + bytesBefore(document, record, key) });
  const finds: Finds = {
    job: (record, seen) => {
      judge.take(seen, whereOf(record));
    },
    keep: (record) => {
      kept.set(record, document.offset + bytesBefore(document, record, undefined));
    },
    noJob: (record, reason) => {
      judge.setAside(reason, whereOf(record));
    },
    assumed: (sentence) => sentences.add(sentence),
    missing: (sentence) => sentences.add(sentence),
    counted: (list, inAll, here) => {
      const known = counts.get(list) ?? { inAll: 0, here: 0 };
      counts.set(list, { inAll: Math.max(known.inAll, inAll), here: known.here + here });
    },
    mistake: (record, message, key) => {
      problems.add(whereOf(record)(key), message);
    },
  };
  const { walk, takePart, end } = newWalk(finds, (system) => systems.add(system), wanted);
  /** What none of the forms is of, until all is read: rows after it may show what it leaves out. */
  const strangers: { readonly value: unknown; readonly offset: number }[] = [];
  let known = false as boolean;
  await read(records, problems, ({ value, text, offset, places = placesOf(text, value) }) => {
    document = { text, offset, places };
    if (walk(value)) known = true;
    else if (strangers.length < MOST_STRANGERS) {
      if (isObj(value)) finds.keep(value);
      strangers.push({ value, offset });
    } else judge.setAside('has no times that can be recognised', () => ({ offset }));
  });
  end();
  for (const { value, offset } of strangers)
    if (!takePart(value)) judge.setAside('has no times that can be recognised', () => ({ offset }));
  const [first] = strangers;
  if (!known && problems.count === 0 && first !== undefined)
    problems.add({ offset: first.offset }, unknownForm(isObj(first.value) ? Object.keys(first.value) : [], wanted));
  return {
    name: systems.size === 0 ? 'JSON' : [...systems].toSorted().join(', '),
    assumptions: [...sentences, ...(told === undefined ? incomplete(counts) : [])],
  };
}

function bytesBefore(
  { text, places }: { readonly text: string; readonly places: JsonPlaces },
  record: Obj,
  key: string | undefined,
): number {
  return Buffer.byteLength(text.slice(0, places.of(record, key)));
}

/** A page says how many rows there are on all of them. */
export function incomplete(counts: ReadonlyMap<string, PageCount>): readonly string[] {
  const short = [...counts.values()].filter(({ inAll, here }) => here < inAll);
  if (short.length === 0) return [];
  const [inAll, here] = [short.reduce((sum, one) => sum + one.inAll, 0), short.reduce((sum, one) => sum + one.here, 0)];
  return [`${here} of ${inAll} entries are there: later pages are missing, which gh api --paginate fetches`];
}

const MOST_KEYS = 12;

/** More than are worth a second look. */
const MOST_STRANGERS = 10_000;

function unknownForm(keys: readonly string[], wanted: Wanted | undefined): string {
  const found =
    keys.length === 0 ? 'nothing with keys' : `an object with the keys ${keys.slice(0, MOST_KEYS).join(', ')}`;
  const remedy =
    wanted === undefined
      ? 'name the keys that hold the times with --columns, for example --columns queued=created_at,started=started_at,finished=completed_at'
      : `--columns names ${Object.values(wanted).join(', ')}, with which no times can be told: name the start and the end, or a length`;
  return `expected CI jobs in a known form, found ${found}: ${remedy}`;
}
