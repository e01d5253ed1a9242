import { columnsIn } from '../columns.ts';
import type { RecordFile } from '../file.ts';
import { readLines } from '../lines.ts';
import type { Problems, Where } from '../problems.ts';
import { NAMES, type PriceField } from './fields.ts';
import type { PriceSheet } from './sheet.ts';

const ENTRY = /^(\s*(?:- +)*)(?:"([^"]*)"|'([^']*)'|([A-Za-z_][\w.-]*)) *:(?: +(.*))?$/;

/** A value of a row that is being read. */
interface Value {
  readonly text: string | undefined;
  readonly where: Where;
}

/**
 * Reads the YAML that the AWS CLI writes with `--output yaml` and `yaml-stream`: a list of rows whose keys stand a line each. It
 * is read by lines, since whole documents of prices are too large for a reader of all of YAML.
 */
export async function fromYaml(records: RecordFile, problems: Problems, sheet: PriceSheet): Promise<string> {
  let row = new Map<string, Value>();
  let rowAt: Where = { line: 1 };
  let [hasList, pageHasList, token] = [false, false, ''];
  const end = (): void => {
    const keys = [...row.keys()];
    const columns = columnsIn(keys, NAMES);
    const valueOf = (field: PriceField): Value | undefined => row.get(keys[columns[field] ?? -1] ?? '');
    const values = row;
    const at = rowAt;
    if (Object.keys(columns).length >= 2)
      sheet.take(
        (field) => valueOf(field)?.text ?? (field === 'zone' ? values.get('AvailabilityZoneId')?.text : undefined),
        (field) => valueOf(field)?.where ?? at,
      );
    row = new Map();
  };
  await readLines(records, problems, (text, line) => {
    if (/^(?:#.*|---.*|\.\.\.|- *\[\]|)$/.test(text.trim())) return;
    const found = ENTRY.exec(text.trimEnd());
    if (found === null) {
      const column = text.length - text.trimStart().length + 1;
      problems.add({ line, column }, 'expected a key and its value, such as SpotPrice: "0.05", found something else');
      return;
    }
    const [, before = '', doubled, single, bare, written] = found;
    const key = doubled ?? single ?? bare ?? '';
    if (before.includes('-')) {
      end();
      rowAt = { line, column: before.length + 1 };
      if (key === 'SpotPriceHistory' || key === 'NextToken') [pageHasList, token] = [false, ''];
    }
    const value = valueIn(written);
    if (key === 'SpotPriceHistory') {
      end();
      hasList = true;
      // A second list is a new page: the token of the one before it was followed.
      if (pageHasList) token = '';
      pageHasList = true;
      if (value !== undefined && value !== '[]')
        problems.add({ line, column: before.length + 1 }, 'expected the prices a line for each key, found them in one');
    } else if (key === 'NextToken') {
      end();
      token = value ?? '';
    } else row.set(key, { text: value, where: { line, column: text.length - (written?.length ?? 0) + 1 } });
  });
  end();
  sheet.page(token);
  return hasList ? 'AWS CLI YAML' : 'YAML';
}

/** The text of a value, its quotes and the comment after it cut off; undefined for none. */
function valueIn(written: string | undefined): string | undefined {
  if (written === undefined) return undefined;
  const [, single, doubled] = /^(?:'((?:[^']|'')*)'|"((?:[^"\\]|\\.)*)")(?: +#.*)?$/.exec(written) ?? [];
  if (single !== undefined) return single.replaceAll("''", "'");
  if (doubled !== undefined) return doubled.replaceAll(/\\(.)/g, '$1');
  const plain = written
    .replace(/ #.*$/, '')
    .trimEnd()
    .replace(/^!!?\w+ +/, '');
  return plain === '' || plain === 'null' || plain === '~' ? undefined : plain;
}
