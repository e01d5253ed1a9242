import { BadInput } from '../../src/config/mistakes.ts';
import { newCounter, type RecordedRows } from './notes.ts';
import { putInTime } from './order.ts';
import type { Problems, Where } from './problems.ts';
import type { PriceRow } from './rows.ts';
import { A_PRICE, A_TIME, amountIn, expected, timeIn } from './values.ts';
import { newZoneCheck } from './zones.ts';

export type PriceField = keyof PriceRow;

/** Takes the rows of a file in whatever form, and makes prices of them. */
export interface PriceSheet {
  /** One row: the value of each of its fields, undefined where it has none, and where that stands if it is wrong. */
  take(valueOf: (field: PriceField) => unknown, where: (field: PriceField) => Where): void;
  /** @throws BadInput if there was no row. */
  close(form: string): RecordedRows<PriceRow>;
}

type MarketRows = Pick<PriceRow, 'instanceType' | 'zone' | 'product'> & { readonly rows: PriceRow[] };

/** The product of a recording that names none. */
const ASSUMED_PRODUCT = 'Linux/UNIX';

export function newPriceSheet(file: string, problems: Problems): PriceSheet {
  const zones = newZoneCheck();
  // One set of strings for each market: rows come by the million, markets by the dozen.
  const markets = new Map<string, MarketRows>();
  let [read, assumed] = [0, 0];
  return {
    take: (valueOf, where) => {
      read += 1;
      const [at, usdPerHour] = [timeIn(valueOf('at')), amountIn(valueOf('usdPerHour'))];
      const [instanceType, zone] = [valueOf('instanceType'), valueOf('zone')];
      const before = problems.count;
      if (at === undefined) problems.add(where('at'), expected(A_TIME, valueOf('at')));
      if (usdPerHour === undefined) problems.add(where('usdPerHour'), expected(A_PRICE, valueOf('usdPerHour')));
      if (!isText(instanceType))
        problems.add(where('instanceType'), expected('an instance type such as m5.large', instanceType));
      const zoneMistake = zones.mistakeIn(zone);
      if (zoneMistake !== undefined) problems.add(where('zone'), zoneMistake);
      const product = productIn(valueOf('product'));
      if (product === undefined)
        problems.add(where('product'), expected('a product such as Linux/UNIX', valueOf('product')));
      if (problems.count > before || at === undefined || usdPerHour === undefined) return;

      if (product === '') assumed += 1;
      const key = `${String(instanceType)}	${String(zone)}	${product === '' ? ASSUMED_PRODUCT : product}`;
      let market = markets.get(key);
      if (market === undefined) {
        const [type = '', place = '', what = ''] = key.split('\t');
        market = { instanceType: type, zone: place, product: what, rows: [] };
        markets.set(key, market);
      }
      market.rows.push({
        at,
        instanceType: market.instanceType,
        zone: market.zone,
        product: market.product,
        usdPerHour,
      });
    },
    close: (form) => {
      const dropped = newCounter();
      const rows: PriceRow[] = [];
      for (const market of markets.values()) {
        dropped.count('same market and instant as a later row, which stands', putInTime(market.rows));
        for (const row of market.rows) rows.push(row);
      }
      rows.sort((a, b) => a.at - b.at);
      const [first, last] = [rows[0], rows.at(-1)];
      if (first === undefined || last === undefined)
        throw new BadInput([{ file, message: 'expected at least one price, found none' }]);
      const names = [...markets.values()].map((one) => `${one.instanceType}/${one.zone} ${one.product}`);
      const assumptions =
        assumed === 0 ? [] : [`without a product in ${assumed} of ${read} rows: taken for ${ASSUMED_PRODUCT}`];
      return {
        rows,
        notes: {
          ...{ file, form, read, dropped: dropped.tallies(), clipped: [], markets: names.toSorted() },
          ...{ from: first.at, until: last.at, assumptions },
        },
      };
    },
  };
}

const isText = (value: unknown): value is string => typeof value === 'string' && value.trim() !== '';

/** The product that a row names, empty if it names none; undefined if that is no text. */
const productIn = (value: unknown): string | undefined =>
  value === undefined || value === null ? '' : typeof value === 'string' ? value : undefined;
