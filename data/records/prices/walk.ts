import { type Columns, columnsIn } from '../columns.ts';
import type { Problems, Where } from '../problems.ts';
import { columnsByContent, completedColumns, toldSentence } from './byContent.ts';
import { A_REGION, isObject, NAMES, NEEDED, type PriceField } from './fields.ts';
import { partsIn } from './parts.ts';
import type { PriceSheet } from './sheet.ts';

/** Where a value of a document stands, or the value of one of its keys. */
export type PlaceOf = (value: object, key?: string) => Where;

/** Finds the prices in documents of any nesting. */
export interface PriceWalk {
  document(value: unknown, placeOf: PlaceOf): void;
  /** Whether a list of prices was there, though it may have been empty. */
  readonly hasList: boolean;
  /** The keys of documents in which nothing was known. */
  readonly strangers: readonly string[];
}

/** Deeper than any wrapper. */
const MOST_DEPTH = 32;
const MOST_STRANGERS = 12;

/** The key under which EC2 lists prices. */
const LIST = 'SpotPriceHistory';

export function newPriceWalk(problems: Problems, sheet: PriceSheet): PriceWalk {
  const strangers: string[] = [];
  let hasList = false;

  function rowOf(record: Readonly<Record<string, unknown>>, placeOf: PlaceOf): boolean {
    const keys = Object.keys(record);
    const columns = recordColumns(record);
    if (Object.keys(columns.all).length < 3 || keys.some((key) => key === LIST)) return false;
    if (columns.all.zone === undefined && columns.all.at !== undefined && keys.some((key) => /^region$/i.test(key))) {
      problems.add(placeOf(record), A_REGION);
      return true;
    }
    takeRecord(sheet, record, placeOf);
    return true;
  }

  function cells(values: readonly unknown[], placeOf: PlaceOf): boolean {
    if (values.length < 4 || values.some((value) => typeof value === 'object' && value !== null)) return false;
    const told = columnsByContent(values);
    if (told === undefined) return false;
    if (told.doubt !== undefined) problems.add(placeOf(values), told.doubt);
    const { columns } = told;
    if (told.doubt === undefined)
      sheet.take(
        (field) => values[columns[field] ?? -1],
        () => placeOf(values),
      );
    return true;
  }

  function list(values: readonly unknown[], placeOf: PlaceOf, depth: number, isPrices: boolean): boolean {
    let isKnown = false;
    for (const value of values) {
      if (Array.isArray(value)) isKnown = cells(value, placeOf) || list(value, placeOf, depth + 1, false) || isKnown;
      else if (isObject(value)) {
        const isRow = rowOf(value, placeOf);
        if (isPrices && !isRow) takeRecord(sheet, value, placeOf);
        isKnown = isPrices || isRow || object(value, placeOf, depth + 1) || isKnown;
      } else if (isPrices) problems.add(placeOf(values, String(values.indexOf(value))), NO_OBJECT);
    }
    return isKnown;
  }

  function object(record: Readonly<Record<string, unknown>>, placeOf: PlaceOf, depth: number): boolean {
    if (depth > MOST_DEPTH) return false;
    if (rowOf(record, placeOf)) return true;
    let isKnown = false;
    for (const [key, value] of Object.entries(record)) {
      if (Array.isArray(value)) {
        if (key === LIST) {
          hasList = true;
          isKnown = true;
        }
        isKnown = list(value, placeOf, depth + 1, key === LIST) || isKnown;
      } else if (isObject(value)) isKnown = object(value, placeOf, depth + 1) || isKnown;
    }
    // Each page tells anew whether another follows.
    if (isKnown) {
      const token = record['NextToken'] ?? record['nextToken'];
      sheet.page(typeof token === 'string' ? token : '');
    }
    return isKnown;
  }

  /** Lists of values of which none is a price: what `--query` left out is missing from all of them. */
  function refuseList(values: readonly unknown[], placeOf: PlaceOf): void {
    const first: unknown = Array.isArray(values[0]) ? values[0] : values;
    const isOfValues =
      Array.isArray(first) && first.length > 0 && !first.some((one) => isObject(one) || Array.isArray(one));
    if (!isOfValues) return;
    problems.add(
      placeOf(first),
      `expected a time, an instance type, a zone and a price in each list, found ${JSON.stringify(first).slice(0, 120)}: let --query print Timestamp, InstanceType, AvailabilityZone and SpotPrice`,
    );
  }

  return {
    document: (value, placeOf) => {
      if (Array.isArray(value)) {
        if (!cells(value, placeOf) && !list(value, placeOf, 0, false)) refuseList(value, placeOf);
      } else if (!isObject(value)) problems.add(placeOf({}), NO_OBJECT);
      else if (!object(value, placeOf, 0))
        for (const key of Object.keys(value)) if (strangers.length < MOST_STRANGERS) strangers.push(key);
    },
    get hasList() {
      return hasList;
    },
    get strangers() {
      return strangers;
    },
  };
}

/** Takes an object as a row, whatever keys it has. */
export function takeRecord(sheet: PriceSheet, record: Readonly<Record<string, unknown>>, placeOf: PlaceOf): void {
  const { keys, named, all: columns } = recordColumns(record);
  const parts = partsIn(keys, columns);
  const valueAt = (column: number): unknown => record[keys[column] ?? ''];
  if (columns !== named) sheet.assume(toldSentence(keys, named, columns));
  const keyOf = (field: PriceField): string => keys[columns[field] ?? -1] ?? '';
  sheet.take(
    (field) => {
      const value = parts.valueOf(field, valueAt);
      // Newer answers name the zone by its ID as well; the name is what everything else goes by.
      return value ?? (field === 'zone' ? record['AvailabilityZoneId'] : undefined);
    },
    (field) => placeOf(record, columns[field] === undefined ? undefined : keyOf(field)),
    parts.isJoined(valueAt),
  );
}

interface RecordColumns {
  readonly keys: readonly string[];
  readonly named: Columns<PriceField>;
  /** With those that only their values tell, such as `--query` renames them. */
  readonly all: Columns<PriceField>;
}

function recordColumns(record: Readonly<Record<string, unknown>>): RecordColumns {
  const keys = Object.keys(record);
  const named = columnsIn(keys, NAMES);
  const isWhole = NEEDED.every((field) => named[field] !== undefined);
  const values = isWhole || keys.length < NEEDED.length || keys.length > MOST_KEYS ? [] : Object.values(record);
  const isFlat = values.length > 0 && values.every((value) => typeof value !== 'object' || value === null);
  const all = isFlat ? completedColumns(keys, values, named) : undefined;
  return { keys, named, all: all ?? named };
}

/** A row has fewer keys; what has more is something else. */
const MOST_KEYS = 64;

const NO_OBJECT = 'expected an object with Timestamp and SpotPrice, found none';
