import type { RecordFile } from '../file.ts';
import { type Delimiter, writingOf } from '../form.ts';

/** How a file of prices is written. */
export type PriceForm =
  | { readonly form: 'json' | 'json-lines' | 'python' | 'yaml' | 'grid' }
  | { readonly form: 'table'; readonly delimiter: Delimiter };

/** Tells by the beginning of a file how it is written. */
export function priceFormOf(records: RecordFile): PriceForm {
  const text = records.head.trimStart();
  if (
    /^(?:\(|[[{][\s[{(]*(?:u?'|datetime\.))/.test(text) ||
    (/^[[{]/.test(text) && text.includes('datetime.datetime('))
  )
    return { form: 'python' };
  const writing = writingOf(records);
  if (writing.writing === 'json' || writing.writing === 'json-lines') return { form: writing.writing };
  const lines = text.split('\n').map((line) => line.trim());
  const first = lines.find((line) => line !== '' && !line.startsWith('#') && line !== '---') ?? '';
  if (/^(?:- )*(?:"[\w.]+"|'[\w.]+'|[A-Za-z_][\w.-]*):[^,;|\t]*$/.test(first) && /^[ \t]*(?:- )*\w+:/m.test(text))
    return { form: 'yaml' };
  if (/^(?:-{4,}|\+[-=+]{4,}|\|)/.test(first)) return { form: 'grid' };
  return { form: 'table', delimiter: writing.delimiter };
}
