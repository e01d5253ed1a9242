import type { RecordFile } from '../file.ts';
import type { Problems } from '../problems.ts';
import { PythonMistake, parsePython } from './python.ts';
import type { PriceSheet } from './sheet.ts';
import { newPriceWalk } from './walk.ts';

/** More than a program prints. */
const MOST_BYTES = 64 * 1024 * 1024;

/** Reads what `print(response)` and `pprint` write of an answer that boto3 gave: dicts, with times as `datetime.datetime(…)`. */
export async function fromPython(records: RecordFile, problems: Problems, sheet: PriceSheet): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of records.chunks()) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes <= MOST_BYTES) continue;
    problems.add(
      undefined,
      `expected at most ${MOST_BYTES / 1024 ** 2} MiB of printed Python, found more: write it with json.dump(response, file, default=str)`,
    );
    return FORM;
  }
  const text = Buffer.concat(chunks).toString('utf8');
  const walk = newPriceWalk(problems, sheet);
  const offsetOf = (place: number): { readonly offset: number } => ({
    offset: Buffer.byteLength(text.slice(0, place)),
  });
  try {
    for (const { value, placeOf } of parsePython(text))
      walk.document(value, (record, key) => offsetOf(placeOf(record, key)));
  } catch (error) {
    if (!(error instanceof PythonMistake)) throw error;
    problems.add(offsetOf(error.place), error.message);
  }
  return FORM;
}

const FORM = 'printed boto3 answer';
