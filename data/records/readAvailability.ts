import { BadInput } from '../../src/config/mistakes.ts';
import { openRecords, type ReadOptions, type RecordFile } from './file.ts';
import { writingOf } from './form.ts';
import { newCounter, type ReadingNotes, type RecordedRows } from './notes.ts';
import { putInTime } from './order.ts';
import { type Problems, problemsIn } from './problems.ts';
import type { AvailabilityRow } from './rows.ts';
import { readTable, type TableForm } from './table.ts';
import { type Polarity, readTrace, type Trace } from './trace.ts';
import { A_COUNT, A_TIME, countIn, expected, timeIn } from './values.ts';
import { newZoneCheck } from './zones.ts';

/** Recorded availability: rows with a clock, or a trace without. */
export type RecordedAvailability =
  | ({ readonly kind: 'rows' } & RecordedRows<AvailabilityRow>)
  | { readonly kind: 'trace'; readonly trace: Trace; readonly notes: ReadingNotes };

/**
 * Reads availability in either form: a CSV or TSV with times, or the JSON of a spot trace, which has none.
 *
 * @param options.polarity which number of a trace means up; 1 and more by default. Tables hold counts and have no polarity.
 * @throws BadInput with the mistakes in the file.
 */
export async function readAnyAvailability(
  path: string,
  { polarity = 'up', ...options }: ReadOptions & { readonly polarity?: Polarity } = {},
): Promise<RecordedAvailability> {
  const records = await openRecords(path, options);
  const problems = problemsIn(records);
  const writing = writingOf(records);
  if (writing.writing === 'table') return { kind: 'rows', ...(await readRows(records, writing.delimiter, problems)) };
  return { kind: 'trace', ...(await readTrace(records, polarity, problems)) };
}

/**
 * Reads availability that has a clock, in the order of time, one row for each market and instant.
 *
 * @throws BadInput with the mistakes in the file; also for a trace, which must first be laid on a clock.
 */
export async function readAvailability(
  path: string,
  options: ReadOptions = {},
): Promise<RecordedRows<AvailabilityRow>> {
  const recorded = await readAnyAvailability(path, options);
  if (recorded.kind === 'rows') return recorded;
  const message =
    'expected availability with times, found a trace, which has no clock: bring it in with spot-keeper import availability FILE --starts-at INSTANT';
  throw new BadInput([{ file: path, message }]);
}

type Field = keyof AvailabilityRow;

const FORM: TableForm<Field> = {
  noun: 'availability',
  names: {
    at: ['timestamp', 'time', 'at'],
    instanceType: ['instance_type', 'type'],
    zone: ['zone', 'availability_zone', 'az', 'availability_zone_id', 'az_id'],
    instances: ['instances', 'available', 'capacity'],
  },
  needed: [['at', 'instanceType', 'zone', 'instances']],
};

async function readRows(
  records: RecordFile,
  delimiter: string,
  problems: Problems,
): Promise<RecordedRows<AvailabilityRow>> {
  const zones = newZoneCheck();
  const markets = new Map<string, AvailabilityRow[]>();
  let read = 0;
  await readTable(records, delimiter, FORM, problems, ({ textOf, where }) => {
    read += 1;
    const [at, instances] = [timeIn(textOf('at')), countIn(textOf('instances'))];
    const [instanceType, zone] = [textOf('instanceType'), textOf('zone')];
    const zoneMistake = zone === '*' ? undefined : zones.mistakeIn(zone);
    if (at === undefined) problems.add(where('at'), expected(A_TIME, textOf('at')));
    if (instances === undefined) problems.add(where('instances'), expected(A_COUNT, textOf('instances')));
    if (instanceType === '')
      problems.add(where('instanceType'), expected('an instance type, or * for any', instanceType));
    if (zoneMistake !== undefined) problems.add(where('zone'), zoneMistake);
    if (at === undefined || instances === undefined) return;
    const key = `${instanceType}/${zone}`;
    const rows = markets.get(key) ?? [];
    rows.push({ at, instanceType, zone, instances });
    markets.set(key, rows);
  });
  await problems.check();
  const dropped = newCounter();
  for (const rows of markets.values())
    dropped.count('same market and instant as a later row, which stands', putInTime(rows));
  const rows = [...markets.values()].flat().sort((a, b) => a.at - b.at);
  const [first, last] = [rows[0], rows.at(-1)];
  if (first === undefined || last === undefined)
    throw new BadInput([{ file: records.file, message: 'expected at least one row under the header, found none' }]);
  return {
    rows,
    notes: {
      ...{
        file: records.file,
        form: delimiter === '\t' ? 'TSV' : 'CSV',
        read,
        dropped: dropped.tallies(),
        clipped: [],
      },
      ...{ markets: [...markets.keys()].toSorted(), from: first.at, until: last.at, assumptions: [] },
    },
  };
}
