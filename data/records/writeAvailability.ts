import { isoOf } from '../../src/domain/time.ts';
import type { AvailabilityRow } from './rows.ts';
import { writeCsv, writtenTime } from './writeCsv.ts';

/**
 * Writes availability as `timestamp,instance_type,zone,instances`, whole or not at all. A row that repeats the count of its
 * market is left out.
 *
 * @param rows in the order of time.
 * @throws BadInput when the place cannot be written to.
 */
export function writeAvailability(path: string, rows: readonly AvailabilityRow[]): Promise<void> {
  return writeCsv(path, ['timestamp', 'instance_type', 'zone', 'instances'], changes(rows));
}

function* changes(rows: readonly AvailabilityRow[]): Generator<readonly string[]> {
  const last = new Map<string, number>();
  for (const { at, instanceType, zone, instances } of rows) {
    const market = `${instanceType}/${zone}`;
    if (last.get(market) === instances) continue;
    last.set(market, instances);
    yield [writtenTime(isoOf(at)), instanceType, zone, String(instances)];
  }
}
