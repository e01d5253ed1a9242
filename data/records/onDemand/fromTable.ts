import { type Columns, columnsIn, missingColumns } from '../columns.ts';
import { readDelimited } from '../delimited.ts';
import type { RecordFile } from '../file.ts';
import type { Problems } from '../problems.ts';
import { amountIn, expected } from '../values.ts';
import type { ListForm, PriceListTaken } from './priceList.ts';

type Field = keyof typeof NAMES;

/** Names of columns; those of the price list of AWS among them. */
const NAMES = {
  instanceType: ['instance_type', 'type', 'api_name'],
  usdPerHour: ['usd_per_hour', 'PricePerUnit', 'on_demand', 'on_demand_price', 'on_demand_usd_per_hour', 'price'],
  region: ['region_code', 'region'],
  termType: ['TermType'],
  unit: ['Unit'],
  currency: ['Currency'],
  operatingSystem: ['Operating System', 'os'],
  tenancy: ['Tenancy'],
  capacityStatus: ['CapacityStatus'],
  software: ['Pre Installed S/W'],
  license: ['License Model'],
  locationType: ['Location Type'],
  market: ['MarketOption'],
} as const;

/** Above its header the list of AWS says a few things of itself. */
const MOST_LINES_ABOVE = 10;

/** A table with a header: the price list of AWS as CSV, or types and prices that a person wrote down. */
export async function fromTable(
  records: RecordFile,
  delimiter: string,
  problems: Problems,
  taken: PriceListTaken,
): Promise<ListForm> {
  let columns: Columns<Field> | undefined;
  let [width, isOver] = [0, false];
  let publishedOn: string | undefined;
  let first: readonly string[] | undefined;
  await readDelimited(records, delimiter, problems, (cells, line) => {
    if (isOver) return;
    if (columns === undefined) {
      first ??= cells;
      const found = columnsIn(cells, NAMES);
      if (found.instanceType !== undefined && found.usdPerHour !== undefined) [columns, width] = [found, cells.length];
      else if (cells[0] === 'Publication Date') publishedOn = /^\d{4}-\d\d-\d\d/.exec(cells[1] ?? '')?.[0];
      else if (cells.length > 2 || line > MOST_LINES_ABOVE) {
        isOver = true;
        problems.add({ line, column: 1 }, missingColumns(['instance_type', 'usd_per_hour'], cells));
      }
      return;
    }
    const known = columns;
    const textOf = (field: Field): string | undefined => {
      const column: number | undefined = known[field];
      return column === undefined ? undefined : (cells[column] ?? '').trim();
    };
    if (cells.length !== width) {
      problems.add({ line }, `expected ${width} cells as in the header, found ${cells.length}`);
      return;
    }
    const isOther = (field: Field, wanted: RegExp): boolean => !wanted.test(textOf(field) ?? '');
    if (isOther('termType', /^(?:OnDemand)?$/) || isOther('unit', /^(?:Hrs|hours?)?$/i)) return;
    if (isOther('currency', /^(?:USD)?$/)) return;
    const usd = amountIn(textOf('usdPerHour'));
    // The list of AWS has thousands of products that are no instances.
    if (textOf('instanceType') === '') return;
    if (usd === undefined)
      problems.add(
        { line, cell: known.usdPerHour ?? 0, delimiter },
        expected('a price in USD per hour, 0 or more', textOf('usdPerHour')),
      );
    else
      taken.row(
        {
          instanceType: textOf('instanceType'),
          region: textOf('region'),
          operatingSystem: textOf('operatingSystem'),
          tenancy: textOf('tenancy'),
          capacityStatus: textOf('capacityStatus'),
          software: textOf('software'),
          license: textOf('license'),
          locationType: textOf('locationType'),
          market: textOf('market'),
        },
        usd,
      );
  });
  if (columns === undefined && !isOver)
    problems.add({ line: 1, column: 1 }, missingColumns(['instance_type', 'usd_per_hour'], first ?? []));
  return { name: publishedOn === undefined ? 'table of on-demand prices' : 'AWS price list', publishedOn };
}
