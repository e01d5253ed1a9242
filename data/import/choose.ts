import { covers, marketsOf } from '../../sim/scenario/consistency.ts';
import { BadInput } from '../../src/config/mistakes.ts';
import type { PoolsFile } from '../../src/config/pools.ts';
import { marketOf } from '../../src/domain/words.ts';
import type { PriceHistory } from '../records/prices/history.ts';
import type { AvailabilityRow } from '../records/rows.ts';
import type { Recorded, Recording } from './recordings.ts';

/** Which part of a recording is wanted, or what a recording is about that does not say. */
export interface Choice {
  /** `m5.2xlarge/us-east-1a`; empty: all. Prices only. */
  readonly markets: readonly string[];
  readonly instanceType?: string | undefined;
  readonly zone?: string | undefined;
}

export interface Chosen {
  readonly recorded: Recorded;
  /** For `composed`. */
  readonly sentences: readonly string[];
  readonly notes: readonly string[];
}

/** The wanted part of a recording. @throws BadInput if nothing of it is wanted. */
export function chosen(recorded: Recorded, choice: Choice, pools: PoolsFile): Chosen {
  switch (recorded.kind) {
    case 'prices':
      return {
        recorded: { kind: 'prices', recording: wantedPrices(recorded.recording, choice) },
        sentences: [],
        notes: [],
      };
    case 'availability':
      return wantedAvailability(recorded.recording, choice, pools);
    case 'jobs':
      return { recorded, sentences: [], notes: [] };
  }
}

function wantedPrices(
  recording: Recording<PriceHistory>,
  { markets, instanceType, zone }: Choice,
): Recording<PriceHistory> {
  const rows = recording.rows.of(
    (row) =>
      (markets.length === 0 || markets.includes(marketOf(row))) &&
      (instanceType === undefined || row.instanceType === instanceType) &&
      (zone === undefined || row.zone === zone),
  );
  if (rows.length === 0) throw nothingLeft(recording.files, new Set(recording.rows.series.map(marketOf)));
  return { ...recording, rows };
}

/**
 * Availability is often recorded for one type or zone, or does not say for which. What the user names is then what it is
 * taken for; where it says several, what the user names is picked from them.
 */
function wantedAvailability(
  recording: Recording<readonly AvailabilityRow[]>,
  choice: Choice,
  pools: PoolsFile,
): Chosen {
  const sentences: string[] = [];
  let rows = recording.rows;
  for (const [field, what, wanted] of [
    ['instanceType', 'type', choice.instanceType],
    ['zone', 'zone', choice.zone],
  ] as const) {
    const there = new Set(rows.map((row) => row[field]));
    const [only = '*'] = there;
    if (wanted === undefined) {
      if (there.size === 1 && only === '*')
        sentences.push(`availability names no ${what} and is taken for every ${what}`);
    } else if (there.size > 1) {
      rows = rows.filter((row) => row[field] === wanted);
      if (rows.length === 0) throw nothingLeft(recording.files, there);
    } else if (wanted !== only) {
      rows = rows.map((row) => ({ ...row, [field]: wanted }));
      const of = only === '*' ? `names no ${what}` : `was recorded in ${only}`;
      sentences.push(`availability ${of} and is taken for ${wanted === '*' ? `every ${what}` : wanted}`);
    }
  }
  const said = [...new Set(rows.map((row) => `${row.instanceType}/${row.zone}`))];
  const strangers = said.filter((key) => !marketsOf(pools).some((market) => covers(key, market)));
  const notes = strangers.map(
    (key) =>
      `no pool buys in ${key}: its availability changes nothing (say --instance-type or --zone to take it for others)`,
  );
  return { recorded: { kind: 'availability', recording: { ...recording, rows } }, sentences, notes };
}

const nothingLeft = (files: readonly string[], there: ReadonlySet<string>): BadInput =>
  new BadInput([
    {
      file: files.join(', '),
      message: `expected something of what was chosen, found only ${[...there].toSorted().join(', ')}`,
    },
  ]);
