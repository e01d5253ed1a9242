import { type Columns, columnsIn, missingColumns } from '../columns.ts';
import { readDelimited } from '../delimited.ts';
import type { RecordFile } from '../file.ts';
import { isNothing } from '../jobs/instants.ts';
import { amountOf } from '../prices/amounts.ts';
import type { Problems } from '../problems.ts';
import { expected } from '../values.ts';
import type { ListForm, PriceListTaken } from './priceList.ts';

type Field = keyof typeof NAMES;

/** Names of columns; those of the price list of AWS and of ec2instances.info among them. */
export const NAMES = {
  instanceType: ['instance_type', 'type', 'api_name', 'instance'],
  usdPerHour: [
    ...['usd_per_hour', 'PricePerUnit', 'on_demand', 'on_demand_price', 'on_demand_usd_per_hour'],
    ...['linux_on_demand_cost', 'linux_on_demand', 'on_demand_cost', 'hourly', 'price'],
  ],
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
      // Below a header that is not known the same would read a price by the month.
      const told = cells === first ? typeAndPrice(cells) : undefined;
      if (found.instanceType !== undefined && found.usdPerHour !== undefined) [columns, width] = [found, cells.length];
      else if (told !== undefined) {
        [columns, width] = [told, cells.length];
        take(told, cells, line);
      } else if (cells[0] === 'Publication Date') publishedOn = /^\d{4}-\d\d-\d\d/.exec(cells[1] ?? '')?.[0];
      else if (cells.length > 2 || line > MOST_LINES_ABOVE) {
        isOver = true;
        problems.add({ line, column: 1 }, lacking(cells));
      }
      return;
    }
    take(columns, cells, line);
  });
  if (columns === undefined && !isOver) problems.add({ line: 1, column: 1 }, lacking(first ?? []));
  return { name: publishedOn === undefined ? 'table of on-demand prices' : 'AWS price list', publishedOn };

  function take(known: Columns<Field>, cells: readonly string[], line: number): void {
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
    if (isOther('currency', /^(?:USD|CNY)?$/)) return;
    const written = textOf('usdPerHour') ?? '';
    // Tables of all types say so where one cannot be had.
    if (isNothing(written) || /^unavailable$/i.test(written)) return;
    const usd = amountOf(written);
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
  }
}

/** The columns of a table of two that has no header: a type and its price. */
function typeAndPrice(cells: readonly string[]): Columns<Field> | undefined {
  if (cells.length !== 2) return undefined;
  const [type, price] = [0, 1].toSorted((a, b) => Number(isType(cells[b])) - Number(isType(cells[a])));
  const isPrice = isType(cells[type ?? 0]) && amountOf(cells[price ?? 1]) !== undefined;
  return isPrice ? { instanceType: type!, usdPerHour: price! } : undefined;
}

const isType = (cell: string | undefined): boolean => /^\s*[a-z][a-z0-9-]*\.[a-z0-9-]+\s*$/.test(cell ?? '');

/** The message for a header without a type or a price. */
function lacking(header: readonly string[]): string {
  const found = columnsIn(header, NAMES);
  const missing = (['instanceType', 'usdPerHour'] as const).filter((field) => found[field] === undefined);
  return missingColumns(
    missing.map((field) => NAMES[field][0]),
    header,
  );
}
