import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readAvailability } from '../../../data/records/readAvailability.ts';
import { readJobs } from '../../../data/records/readJobs.ts';
import { readPrices } from '../../../data/records/readPrices.ts';
import { shiftRows } from '../../../data/records/shift.ts';
import { writeAvailability } from '../../../data/records/writeAvailability.ts';
import { writeJobs } from '../../../data/records/writeJobs.ts';
import { writePrices } from '../../../data/records/writePrices.ts';
import { hours } from '../../../src/domain/time.ts';
import { aFolder, mistakesOf } from '../../support/aFile.ts';

const folder = aFolder();
const instants = fc.integer({ min: 0, max: Date.UTC(2100, 0, 1) });

/** Rows at ascending instants, none of which says what the one before it said. */
const changing = <Row extends object, Value>(
  market: fc.Arbitrary<Row>,
  value: fc.Arbitrary<Value>,
): fc.Arbitrary<{ at: number; market: Row; value: Value }[]> =>
  fc.uniqueArray(fc.record({ at: instants, market, value }), { selector: ({ at }) => at, minLength: 1 }).map((rows) => {
    const last = new Map<string, Value>();
    return rows
      .sort((a, b) => a.at - b.at)
      .filter((row) => {
        const key = JSON.stringify(row.market);
        if (last.get(key) === row.value) return false;
        last.set(key, row.value);
        return true;
      });
  });

const zones = fc.constantFrom('us-east-1a', 'us-east-1b');
const types = fc.constantFrom('m5.large', 'c5.xlarge');

describe('rows that are written', () => {
  it('are read back as the same prices', async () => {
    const market = fc.record({
      instanceType: types,
      zone: zones,
      product: fc.constantFrom('Linux/UNIX', 'Linux/UNIX (Amazon VPC)', 'odd, "quoted"'),
    });
    const prices = fc.double({ min: 0, max: 1e6, noNaN: true }).map((usd) => usd + 0);
    await fc.assert(
      fc.asyncProperty(changing(market, prices), async (drawn) => {
        const rows = drawn.map((row) => ({ at: row.at, ...row.market, usdPerHour: row.value }));
        await writePrices(`${folder.path}/prices.csv`, rows);
        expect([...(await readPrices(`${folder.path}/prices.csv`)).rows]).toEqual(rows);
      }),
    );
  });

  it('are read back as the same availability', async () => {
    const market = fc.record({
      instanceType: fc.constantFrom('*', 'm5.large'),
      zone: fc.constantFrom('*', 'us-east-1a'),
    });
    await fc.assert(
      fc.asyncProperty(changing(market, fc.nat(20)), async (drawn) => {
        const rows = drawn.map((row) => ({ at: row.at, ...row.market, instances: row.value }));
        await writeAvailability(`${folder.path}/availability.csv`, rows);
        expect((await readAvailability(`${folder.path}/availability.csv`)).rows).toEqual(rows);
      }),
    );
  });

  it('are read back as the same jobs', async () => {
    const named = fc.constantFrom({}, {}, { class: 'build' }, { class: 'lint, "quick"' });
    // The first second of 1970 stands for no time at all.
    const times = instants.map((at) => Math.max(at, 1));
    const jobs = fc.array(fc.tuple(times, fc.integer({ min: 1, max: 1e9 }), named), { minLength: 1 });
    await fc.assert(
      fc.asyncProperty(jobs, async (drawn) => {
        const rows = drawn
          .sort(([a], [b]) => a - b)
          .map(([queuedAt, durationMs, of], index) => ({ job: `j${index + 1}`, queuedAt, durationMs, ...of }));
        await writeJobs(`${folder.path}/jobs.csv`, rows);
        expect((await readJobs(`${folder.path}/jobs.csv`)).rows).toEqual(rows);
      }),
    );
  });

  it('leave out what repeats itself', async () => {
    const row = { instanceType: 'm5.large', zone: 'us-east-1a', product: 'Linux/UNIX' };
    await writePrices(`${folder.path}/repeats.csv`, [
      { ...row, at: 0, usdPerHour: 1 },
      { ...row, at: 500, usdPerHour: 1 },
      { ...row, at: 1_500, usdPerHour: 2 },
    ]);
    expect(readFileSync(`${folder.path}/repeats.csv`, 'utf8')).toBe(
      'timestamp,instance_type,zone,product,usd_per_hour\n1970-01-01T00:00:00Z,m5.large,us-east-1a,Linux/UNIX,1\n1970-01-01T00:00:01.500Z,m5.large,us-east-1a,Linux/UNIX,2\n',
    );
  });

  it('are whole or not there', async () => {
    const path = folder.file('kept.csv', 'as it was');
    // Thrown in the middle of the rows: no file of rows ends there.
    const broken = [
      { job: 'j1', queuedAt: 0, durationMs: 1 },
      { job: 'j2', queuedAt: Number.NaN, durationMs: 1 },
    ];
    await expect(writeJobs(path, broken)).rejects.toThrow(RangeError);
    expect(readFileSync(path, 'utf8')).toBe('as it was');
    expect(await mistakesOf(writeJobs(`${folder.path}/no/jobs.csv`, []), folder.path)).toEqual([
      expect.stringMatching(/^no\/jobs\.csv: cannot be written: ENOENT/),
    ]);
    expect(readdirSync(folder.path).filter((name) => name.endsWith('.part'))).toEqual([]);
  });

  it('can be moved in time', () => {
    const row = { at: 5, instanceType: '*', zone: '*', instances: 1 };
    expect(shiftRows([row], hours(1))).toEqual([{ ...row, at: 3_600_005 }]);
  });
});
