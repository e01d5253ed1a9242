import { BadInput } from '../../../src/config/mistakes.ts';
import type { Instant } from '../../../src/domain/time.ts';
import type { RecordFile } from '../file.ts';
import { type Instants, isNothing } from '../jobs/instants.ts';
import { doubtIn, naiveMessage } from '../jobs/judge.ts';
import { numberIn } from '../jobs/seen.ts';
import type { Reason, SetAsideRules } from '../jobs/setAside.ts';
import { newCounter, type ReadingNotes } from '../notes.ts';
import type { Problems, Where } from '../problems.ts';
import { A_PRICE, A_TIME, expected, timeIn } from '../values.ts';
import { isRegion, newZoneCheck } from '../zones.ts';
import { amountOf } from './amounts.ts';
import { newPriceColumns } from './columns.ts';
import { newDoubts } from './doubts.ts';
import type { PriceField } from './fields.ts';
import type { PriceHistory } from './history.ts';

/** Prices that were read, and what was done to get them. */
export interface RecordedPrices {
  readonly rows: PriceHistory;
  readonly notes: ReadingNotes;
}

/** A market whose names were found sound: its number, and whether its product was assumed. */
export interface KnownMarket {
  readonly market: number;
  readonly isAssumed: boolean;
}

/** Takes the rows of a file in whatever form, and makes prices of them. */
export interface PriceSheet {
  /**
   * One row: the value of each of its fields, undefined where it has none, and where that stands if it is wrong.
   *
   * @param isJoined its zone is put together of several values, so that none of them names the market
   */
  take(valueOf: (field: PriceField) => unknown, where: (field: PriceField) => Where, isJoined?: boolean): void;
  /** What was taken for granted of the whole file. */
  assume(sentence: string): void;
  /** A row of a market that was taken before. Its values are sound. */
  add(at: Instant, market: KnownMarket, usdPerHour: number): void;
  /** The market of the row that was taken last; undefined if that row was not used as it stood. */
  readonly lastMarket: KnownMarket | undefined;
  /** What was read so far ends with a token for the next page; empty: it ends here. Rows that follow are that page. */
  page(nextToken: string): void;
  /** @throws BadInput with the mistakes in the file, if there are any or if it has no price. */
  close(form: string, rules: PriceRules): Promise<RecordedPrices>;
}

export interface PriceRules extends SetAsideRules {
  /** Takes a file whose last page says that there are more. */
  readonly incomplete: boolean;
  readonly timeZone?: string | undefined;
}

/** The product of a recording that names none. */
const ASSUMED_PRODUCT = 'Linux/UNIX';

export function newPriceSheet(
  records: RecordFile,
  problems: Problems,
  instants: Instants,
  keepAll: boolean,
): PriceSheet {
  const zones = newZoneCheck();
  const columns = newPriceColumns();
  const doubts = newDoubts(records, problems, keepAll);
  let [read, assumed, naive, token] = [0, 0, 0, ''];
  let lastMarket: KnownMarket | undefined;
  const granted = new Set<string>();

  /** The instant of a row; undefined if it has none that counts. */
  function instantIn(found: unknown, where: () => Where): Instant | undefined {
    // First the ways of writing that are known to be meant: 1970-01-01T00:00:00Z is one.
    const at = timeIn(found) ?? instants.of(typeof found === 'string' ? found.trim() : found);
    if (typeof at === 'number') return at;
    if (at === 'naive') {
      if (naive === 0) problems.add(where(), naiveMessage(found));
      naive += 1;
    } else if (at === 'unreadable') problems.add(where(), `${expected(A_TIME, found)}${doubtIn(found)}`);
    else
      doubts.add('has a time that stands for none, such as 0001-01-01 or 1970-01-01', expected(A_TIME, found), where);
    return undefined;
  }

  function priceIn(found: unknown, where: () => Where): number | undefined {
    const usdPerHour = amountOf(found);
    if (usdPerHour !== undefined) return usdPerHour;
    const isNone = found === undefined || found === null || (typeof found === 'string' && isNothing(found.trim()));
    const reason: Reason | undefined = isNone
      ? 'has no price'
      : numberIn(found) < 0
        ? 'has a price below zero'
        : undefined;
    if (reason === undefined) problems.add(where(), expected(A_PRICE, found));
    else doubts.add(reason, expected(A_PRICE, found), where);
    return undefined;
  }

  function textIn(found: unknown, noun: string, reason: Reason, where: () => Where): string | undefined {
    if (typeof found === 'string' && found.trim() !== '' && !isNothing(found.trim())) return found.trim();
    const isNone = found === undefined || found === null || typeof found === 'string';
    if (isNone) doubts.add(reason, expected(noun, found), where);
    else problems.add(where(), expected(noun, found));
    return undefined;
  }

  return {
    take: (valueOf, where, isJoined = false) => {
      read += 1;
      lastMarket = undefined;
      // Rows after a token are those of the next page.
      token = '';
      const before = problems.count;
      doubts.nextRow();
      const at = instantIn(valueOf('at'), () => where('at'));
      const usdPerHour = priceIn(valueOf('usdPerHour'), () => where('usdPerHour'));
      const instanceType = textIn(
        valueOf('instanceType'),
        'an instance type such as m5.large',
        'names no instance type',
        () => where('instanceType'),
      );
      const zone = textIn(valueOf('zone'), 'an availability zone such as us-east-1a', 'names no zone', () =>
        where('zone'),
      );
      const zoneMistake = zone === undefined ? undefined : zones.mistakeIn(zone);
      const isOfRegion = zone !== undefined && isRegion(zone);
      if (zoneMistake !== undefined && !isOfRegion) problems.add(where('zone'), zoneMistake);
      const product = productIn(valueOf('product'));
      if (product === undefined)
        problems.add(where('product'), expected('a product such as Linux/UNIX', valueOf('product')));
      if (isOfRegion) doubts.region(zoneMistake ?? '', where('zone'));
      if (problems.count > before || product === undefined) return;
      if (at === undefined || usdPerHour === undefined || instanceType === undefined || zone === undefined) return;
      if (product === '') assumed += 1;
      const market = columns.market(instanceType, zone, product === '' ? ASSUMED_PRODUCT : product);
      columns.add(at, market, usdPerHour);
      if (!isOfRegion && !isJoined) lastMarket = { market, isAssumed: product === '' };
    },
    assume: (sentence) => {
      if (granted.size < MOST_GRANTED) granted.add(sentence);
    },
    add: (at, { market, isAssumed }, usdPerHour) => {
      read += 1;
      if (isAssumed) assumed += 1;
      token = '';
      columns.add(at, market, usdPerHour);
    },
    get lastMarket() {
      return lastMarket;
    },
    page: (nextToken) => {
      token = nextToken;
    },
    close: async (form, { incomplete, timeZone, ...rules }) => {
      const { history, replaced } = columns.close();
      const regions = doubts.settle(history, read, rules.atMost, naive);
      if (token !== '' && !incomplete) problems.add(undefined, leftover(token));
      // First the list of what was set aside: people who asked for it want it of a refused file above all.
      const setAside = await doubts.close(rules);
      await problems.check();
      const span = history.span();
      if (span === undefined)
        throw new BadInput([{ file: records.file, message: 'expected at least one price, found none' }]);
      const dropped = newCounter();
      dropped.count('same market and instant as a later row, which stands', replaced);
      const names = history.series.map((one) => `${one.instanceType}/${one.zone} ${one.product}`);
      const assumptions = [
        ...(token === '' ? [] : [INCOMPLETE]),
        ...regions,
        ...granted,
        ...inYuan(history),
        ...(assumed === 0 ? [] : [`without a product in ${assumed} of ${read} rows: taken for ${ASSUMED_PRODUCT}`]),
        ...(timeZone === undefined ? [] : [`times without a zone go by the clock of ${timeZone}`]),
        ...(instants.doubtful() === 0
          ? []
          : [
              `${instants.doubtful()} times that this clock showed twice or never: the earlier, or as if it had not been put forward`,
            ]),
      ];
      return {
        rows: history,
        notes: {
          ...{ file: records.file, form, read, dropped: dropped.tallies(), clipped: [], markets: names.toSorted() },
          ...(setAside.length === 0 ? {} : { setAside }),
          ...span,
          assumptions,
        },
      };
    },
  };
}

/** The product that a row names, empty if it names none; undefined if that is no text. */
const productIn = (value: unknown): string | undefined =>
  value === undefined || value === null
    ? ''
    : typeof value !== 'string'
      ? undefined
      : isNothing(value.trim())
        ? ''
        : productNamed(value.trim());

/** Programs and people write the products of EC2 in other ways as well; a name that is not known here stays as it is. */
function productNamed(text: string): string {
  return PRODUCTS.find(([written]) => written.test(text))?.[1] ?? text;
}

const PRODUCTS: readonly (readonly [RegExp, string])[] = [
  [/^(?:linux|unix|linux\/unix)$/i, 'Linux/UNIX'],
  [/^(?:windows|mswin)$/i, 'Windows'],
  [/^(?:suse|sles|suse linux)$/i, 'SUSE Linux'],
  [/^(?:rhel|red hat|red hat enterprise linux)$/i, 'Red Hat Enterprise Linux'],
];

/** AWS in China charges in yuan, and its prices do not say so. */
function inYuan({ series }: PriceHistory): readonly string[] {
  const zones = [...new Set(series.map(({ zone }) => zone))].filter((zone) => /^cn(?:-|n\d|nw\d)/.test(zone));
  return zones.length === 0
    ? []
    : [
        `AWS states prices of ${zones.toSorted().join(', ')} in CNY: they are read as they stand, and where results say USD, CNY is meant`,
      ];
}

/** More sentences than these say no more. */
const MOST_GRANTED = 4;

const INCOMPLETE =
  'incomplete: the file ends with a NextToken, so later pages are missing, which hold older prices as a rule';

const leftover = (token: string): string => {
  const shown = token.length > 24 ? `${token.slice(0, 24)}…` : token;
  return (
    `expected all pages, found a NextToken at the end (${shown}): later pages are missing. ` +
    'Fetch all without --max-items and --no-paginate, or add the rest to this file with ' +
    'aws ec2 describe-spot-price-history … --starting-token TOKEN >> FILE (after --no-paginate: --next-token TOKEN); ' +
    '--incomplete takes it as it is'
  );
};
