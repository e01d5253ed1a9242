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
