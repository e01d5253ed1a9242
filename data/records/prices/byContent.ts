import type { Columns } from '../columns.ts';
import { isNothing, newInstants } from '../jobs/instants.ts';
import { numberIn, word } from '../jobs/seen.ts';
import { isRegion, isZone } from '../zones.ts';
import { amountOf } from './amounts.ts';
import type { PriceField } from './fields.ts';

/**
 * In which cell each field of a price stands, by what the cells of a row hold: for tables without a header, such as the text of
 * the AWS CLI, of the EC2 API tools, or what `--query` makes, in whatever order. Undefined for a row that is no price.
 */
export function columnsByContent(cells: readonly unknown[]): Columns<PriceField> | undefined {
  const columns: Partial<Record<PriceField, number>> = {};
  const instants = newInstants('UTC');
  const amounts: number[] = [];
  const others: number[] = [];
  let zoneId: number | undefined;
  for (const [index, cell] of cells.entries()) {
    const text = typeof cell === 'string' ? cell.trim() : cell;
    if (typeof text === 'string' && isZone(text)) {
      // A zone has a name and an ID; the name is what everything else goes by.
      if (/-(?:az|wlz)\d+$/.test(text)) zoneId ??= index;
      else columns.zone ??= index;
    } else if (amountOf(text) !== undefined) amounts.push(index);
    else if (typeof instants.of(text) === 'number') columns.at ??= index;
    else if (typeof text !== 'string' || isNothing(text) || isRegion(text)) continue;
    else if (/^[a-z][a-z0-9-]*\.[a-z0-9-]+$/.test(text)) columns.instanceType ??= index;
    else if (!/^[A-Z]+$/.test(text)) others.push(index);
  }
  if (zoneId !== undefined) columns.zone ??= zoneId;
  // Of several numbers the one with a point is the price; the others number the rows, or count seconds.
  const price = amounts.find((index) => word(cells[index]).includes('.')) ?? amounts.at(-1);
  if (price !== undefined) columns.usdPerHour = price;
  const product = others.find((index) => /linux|unix|windows|suse|red hat|rhel/i.test(word(cells[index])));
  if (product !== undefined) columns.product = product;
  if (columns.at === undefined) {
    const epoch = amounts.find((index) => index !== price && numberIn(cells[index]) >= 1e9);
    if (epoch !== undefined) columns.at = epoch;
  }
  const { at, instanceType, zone, usdPerHour } = columns;
  const isPrice = at !== undefined && instanceType !== undefined && zone !== undefined && usdPerHour !== undefined;
  return isPrice ? columns : undefined;
}
