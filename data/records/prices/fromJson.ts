import type { RecordFile } from '../file.ts';
import { readDocuments } from '../jobs/documents.ts';
import { placesOf } from '../jobs/jsonPlaces.ts';
import { readJsonLines } from '../lines.ts';
import type { Problems } from '../problems.ts';
import type { PriceSheet } from './sheet.ts';
import { newPriceWalk } from './walk.ts';

/** Reads JSON however it is strung together: one answer of EC2, several after one another, a list of rows or of lists. */
export async function fromJson(records: RecordFile, problems: Problems, sheet: PriceSheet): Promise<string> {
  const walk = newPriceWalk(problems, sheet);
  const before = problems.count;
  let documents = 0;
  const lists = LISTS.test(records.head) ? await wholeOf(records) : undefined;
  if (lists !== undefined) {
    for (const { value, from } of lists.documents) {
      const places = placesOf(lists.text.slice(from), value);
      walk.document(value, (record, key) => ({
        offset: Buffer.byteLength(lists.text.slice(0, from + places.of(record, key))),
      }));
    }
    return 'JSON lists of a query';
  }
  await readDocuments(records, problems, ({ value, text, offset }) => {
    documents += 1;
    const places = placesOf(text, value);
    walk.document(value, (record, key) => ({
      offset: offset + Buffer.byteLength(text.slice(0, places.of(record, key))),
    }));
  });
  if (documents > 0 && walk.strangers.length > 0 && !walk.hasList && problems.count === before)
    problems.add(
      { offset: 0 },
      `expected the key SpotPriceHistory, as describe-spot-price-history writes it; found ${walk.strangers.join(', ') || 'none'}`,
    );
  return walk.hasList || documents === 0 ? 'AWS CLI JSON' : 'JSON';
}

/** More than a query prints. */
const MOST_BYTES = 64 * 1024 * 1024;

/** A list of lists, or lists of values one after the other. */
const LISTS = /^\s*\[\s*(?:\[|"|-?\d)/;

interface Whole {
  readonly text: string;
  readonly documents: readonly { readonly value: unknown; readonly from: number }[];
}

/** Lists of lists, whose rows would be lost if they were taken apart; undefined if the text is too large or no JSON. */
async function wholeOf(records: RecordFile): Promise<Whole | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of records.chunks()) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > MOST_BYTES) return undefined;
  }
  const text = Buffer.concat(chunks)
    .toString('utf8')
    .replace(/^\uFEFF/, '');
  try {
    return {
      text,
      documents: listsIn(text).map(({ from, until }) => ({
        value: JSON.parse(text.slice(from, until)) as unknown,
        from,
      })),
    };
  } catch {
    return undefined;
  }
}

/** The lists at the top of a text, one after the other, and whatever else stands between them. */
function listsIn(text: string): readonly { readonly from: number; readonly until: number }[] {
  const found: { readonly from: number; readonly until: number }[] = [];
  let [depth, from] = [0, 0];
  for (const { 0: mark, index } of text.matchAll(/"(?:[^"\\]|\\.)*"|[[\]]/g)) {
    if (mark === '[') depth += 1;
    else if (mark === ']') depth -= 1;
    if (mark !== ']' || depth !== 0) continue;
    found.push({ from, until: index + 1 });
    from = index + 1;
  }
  if (text.slice(from).trim() !== '') found.push({ from, until: text.length });
  return found;
}

/** Reads JSON Lines: a row a line, or an answer of EC2 a line. */
export async function fromLines(records: RecordFile, problems: Problems, sheet: PriceSheet): Promise<string> {
  const walk = newPriceWalk(problems, sheet);
  await readJsonLines(records, problems, (value, line) => {
    const before = walk.strangers.length;
    walk.document(value, () => ({ line, column: 1 }));
    if (walk.strangers.length > before)
      problems.add(
        { line, column: 1 },
        `expected a price with timestamp, instance_type, availability_zone and spot_price, found ${walk.strangers.slice(before).join(', ')}`,
      );
  });
  return 'JSON Lines';
}
