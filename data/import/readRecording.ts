import { basename } from 'node:path';
import { BadInput } from '../../src/config/mistakes.ts';
import { newJobFiles } from '../records/jobFiles.ts';
import { readAnyAvailability } from '../records/readAvailability.ts';
import { type JobReadOptions, readJobHistory } from '../records/readJobs.ts';
import { type PriceReadOptions, readPrices } from '../records/readPrices.ts';
import type { AvailabilityRow } from '../records/rows.ts';
import { availabilityRows, type Polarity } from '../records/trace.ts';
import { isZoneId } from '../records/zones.ts';
import { joined, joinedJobs, joinedPrices, type ReadFile } from './join.ts';
import type { Kind, Recorded } from './recordings.ts';

/**
 * Reads recorded data of a kind from files in any of their forms, and joins them.
 *
 * @param polarity what 1 means in an availability trace
 * @param jobs how files of jobs are read, and `prices` those of prices
 * @throws BadInput with the mistakes in all of the files.
 */
export async function readRecording(
  kind: Kind,
  files: readonly string[],
  polarity: 'up' | 'down',
  { jobs = {}, prices = {} }: { readonly jobs?: JobReadOptions; readonly prices?: PriceReadOptions } = {},
): Promise<Recorded> {
  switch (kind) {
    case 'prices': {
      const recording = joinedPrices(await all(files, (file) => readPrices(file, prices)));
      // Zone IDs name the same place in every account, zone names do not; a pool knows names, so IDs would match nothing.
      const id = recording.rows.series.find(({ zone }) => isZoneId(zone))?.zone;
      if (id !== undefined)
        throw new BadInput([
          {
            file: files.join(', '),
            message: `expected availability zones by name, as pools have them; found the zone ID ${id}, and which name it has differs from account to account`,
          },
        ]);
      return { kind, recording };
    }
    case 'availability': {
      const reads = await all(files, (file) => readTraceOrRows(file, polarity));
      refuseSameZone(reads);
      return {
        kind,
        recording: joined(kind, reads, ({ at, instanceType, zone }) => [at, instanceType, zone].join(' ')),
      };
    }
    case 'jobs': {
      const together = newJobFiles(files);
      const reads = await all(files, (file) => readJobHistory(file, { ...jobs, told: together.told }));
      return { kind, recording: joinedJobs(await together.settle(reads)) };
    }
  }
}

/** Availability with a clock as it is; a trace laid on a clock that starts at 0, for the zone that its file's name has. */
async function readTraceOrRows(file: string, polarity: Polarity): Promise<ReadFile<AvailabilityRow>> {
  const read = await readAnyAvailability(file, { polarity });
  if (read.kind === 'rows') return read;
  const { notes, trace } = read;
  const zone = /(?:^|[^a-z])([a-z]{2,4}(?:-[a-z]+)+-\d[a-z])(?![a-z0-9])/.exec(basename(file))?.[1];
  const assumptions = [
    // How it is laid on the scenario's time says this as well, and better.
    ...notes.assumptions.filter((assumption) => !assumption.includes('clock')),
    ...(zone === undefined ? [] : [`the name of the file says that it is of ${zone}`]),
    ...(trace.usdPerHour === undefined ? [] : ['the prices that it holds as well are not used']),
  ];
  return {
    rows: availabilityRows(trace, { startsAt: 0, instanceType: '*', zone: zone ?? '*' }),
    notes: { ...notes, assumptions },
    clock: false,
  };
}

/** Traces start together, so two of one zone would contradict each other. @throws BadInput */
function refuseSameZone(reads: readonly ReadFile<AvailabilityRow>[]): void {
  const traces = reads.filter(({ clock }) => clock === false);
  const files = new Map<string, string>();
  const mistakes = traces.flatMap(({ rows: [first], notes: { file } }) => {
    const zone = first?.zone ?? '*';
    const other = files.get(zone);
    files.set(zone, file);
    if (traces.length === 1 || (zone !== '*' && other === undefined)) return [];
    const message =
      zone === '*'
        ? 'expected the zone in the name of each trace, such as us-east-1b.json, since traces of several zones start together; found none: rename it'
        : `expected one trace of each zone, since they start together; found another of ${zone}, ${other}: import one of them`;
    return [{ file, message }];
  });
  if (mistakes.length > 0) throw new BadInput(mistakes);
}

/** Reads every file, so that the mistakes of all are told at once. */
async function all<Read>(files: readonly string[], read: (file: string) => Promise<Read>): Promise<readonly Read[]> {
  const reads: Read[] = [];
  const mistakes: BadInput['mistakes'][number][] = [];
  for (const file of files) {
    try {
      reads.push(await read(file));
    } catch (error) {
      if (!(error instanceof BadInput)) throw error;
      mistakes.push(...error.mistakes);
    }
  }
  if (mistakes.length > 0) throw new BadInput(mistakes);
  return reads;
}
