import type { Columns } from '../columns.ts';
import { isNothing, newInstants } from '../jobs/instants.ts';
import { numberIn, word } from '../jobs/seen.ts';
import { isRegion, isZone } from '../zones.ts';
import { amountOf } from './amounts.ts';
import { NAMES, NEEDED, nameOf, type PriceField } from './fields.ts';

/** What cells tell of themselves: in which of them each field of a price stands, and why one is not known. */
export interface ToldByContent {
  readonly columns: Columns<PriceField>;
  /** Set where several cells could hold a field, of which taking one would be a guess. */
  readonly doubt: string | undefined;
}

/**
 * In which cell each field of a price stands, by what the cells of a row hold: for tables without a header, such as the text of
 * the AWS CLI, of the EC2 API tools, or what `--query` makes, in whatever order. Undefined for a row that is no price.
 */
export function columnsByContent(cells: readonly unknown[]): ToldByContent | undefined {
  const told = fieldsByContent(cells, () => true);
  const isPrice = NEEDED.every((field) => told.columns[field] !== undefined);
  return isPrice || (told.doubt !== undefined && isMarket(told.columns)) ? told : undefined;
}

/**
 * The columns of a table whose names tell some of the fields, or none: the others by what the first row holds. Undefined where
 * that does not tell either.
 */
export function completedColumns(
  names: readonly string[],
  cells: readonly unknown[],
  named: Columns<PriceField>,
): Columns<PriceField> | undefined {
  const taken = new Set(Object.values(named));
  const { columns } = fieldsByContent(
    cells.map((cell, index) => (taken.has(index) ? undefined : cell)),
    (index) => !OTHER_NUMBERS.test((names[index] ?? '').replaceAll(/[-_\s]/g, '')),
  );
  const all = { ...columns, ...named };
  return NEEDED.every((field) => all[field] !== undefined) ? all : undefined;
}

/** The sentence for columns that were told by what they hold, with their names in the file. */
export const toldSentence = (names: readonly string[], named: Columns<PriceField>, all: Columns<PriceField>): string =>
  `columns are told by what they hold: ${(Object.keys(NAMES) as PriceField[])
    .filter((field) => all[field] !== undefined && named[field] === undefined)
    .map((field) => `${names[all[field] ?? -1]?.trim() ?? ''} is ${nameOf(field)}`)
    .join(', ')}`;

/** Numbers that are no spot price in USD per hour, by the name of their column. */
const OTHER_NUMBERS =
  /ondemand|^od|saving|discount|percent|ratio|rate$|reserved|score|sps|^if$|frequency|vcpu|cpu|core|mem|gib|gb|storage|month|year|day|cent|eur|gbp|cny|count|index|^id$|rank/i;

function fieldsByContent(cells: readonly unknown[], mayBePrice: (index: number) => boolean): ToldByContent {
  const columns: Partial<Record<PriceField, number>> = {};
  const instants = newInstants('UTC');
  const amounts: number[] = [];
  const times: number[] = [];
  const others: number[] = [];
  let zoneId: number | undefined;
  for (const [index, cell] of cells.entries()) {
    const text = typeof cell === 'string' ? cell.trim() : cell;
    if (typeof text === 'string' && isZone(text)) {
      // A zone has a name and an ID; the name is what everything else goes by.
      if (/-(?:az|wlz)\d+$/.test(text)) zoneId ??= index;
      else columns.zone ??= index;
    } else if (amountOf(text) !== undefined) amounts.push(index);
    else if (typeof instants.of(text) === 'number') times.push(index);
    else if (typeof text !== 'string' || isNothing(text) || isRegion(text)) continue;
    else if (/^[a-z][a-z0-9-]*\.[a-z0-9-]+$/.test(text)) columns.instanceType ??= index;
    else if (!/^[A-Z]+$/.test(text)) others.push(index);
  }
  if (zoneId !== undefined) columns.zone ??= zoneId;
  const isEpoch = (index: number): boolean => numberIn(cells[index]) >= LEAST_EPOCH;
  if (times.length === 0) times.push(...amounts.filter(isEpoch));
  const prices = amounts.filter((index) => !isEpoch(index) && mayBePrice(index));
  // The one with a point is the price; whole numbers count rows, or processors.
  const broken = prices.filter((index) => /[.,]/.test(word(cells[index])));
  const likely = broken.length > 0 || prices.length === 1 ? [...broken, ...(broken.length > 0 ? [] : prices)] : prices;
  if (likely.length === 1) columns.usdPerHour = likely[0]!;
  if (times.length === 1) columns.at = times[0]!;
  const product = others.find((index) => /linux|unix|windows|suse|red hat|rhel/i.test(word(cells[index])));
  if (product !== undefined) columns.product = product;
  const shown = (indexes: readonly number[]): string => indexes.map((index) => word(cells[index]).trim()).join(', ');
  const doubts = [
    ...(likely.length > 1 ? [`one price, found ${likely.length} numbers that could be it (${shown(likely)})`] : []),
    ...(times.length > 1 ? [`one time, found ${times.length} (${shown(times)})`] : []),
  ];
  const doubt =
    doubts.length === 0
      ? undefined
      : `expected ${doubts.join(', and ')}: name the columns in a line above, such as timestamp, zone, instance_type, usd_per_hour`;
  return { columns, doubt };
}

/** 1973 in seconds: no price is as large. */
const LEAST_EPOCH = 1e8;

const isMarket = ({ instanceType, zone }: Columns<PriceField>): boolean =>
  instanceType !== undefined && zone !== undefined;
