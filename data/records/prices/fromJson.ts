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
  const lists = /^\s*\[\s*\[/.test(records.head) ? await wholeOf(records) : undefined;
  if (lists !== undefined) {
    const places = placesOf(lists.text, lists.value);
    walk.document(lists.value, (record, key) => ({
      offset: Buffer.byteLength(lists.text.slice(0, places.of(record, key))),
    }));
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

/** A list of lists, whose rows would be lost if it were taken apart; undefined if it is too large or no JSON. */
async function wholeOf(records: RecordFile): Promise<{ readonly text: string; readonly value: unknown } | undefined> {
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
    return { text, value: JSON.parse(text) };
  } catch {
    return undefined;
  }
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
