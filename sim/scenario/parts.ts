import type { Prices } from '../../data/records/prices/history.ts';
import type { AvailabilityRow, Jobs } from '../../data/records/rows.ts';
import type { Finding } from '../../src/config/explain.ts';
import type { PoolsFile } from '../../src/config/pools.ts';
import type { ScenarioText } from './schema.ts';

/** What a scenario is put together from, each part being right in itself. */
export interface Parts {
  readonly text: ScenarioText;
  readonly pools: PoolsFile;
  readonly prices: Prices;
  readonly availability: readonly AvailabilityRow[];
  /** Undefined: they are generated, and fit by construction. */
  readonly jobs: Jobs | undefined;
}

/** Whether the parts fit together: what does not, and what had to be assumed, in sentences for `composed`. */
export interface Consistency {
  readonly findings: readonly Finding[];
  readonly assumptions: readonly string[];
}
