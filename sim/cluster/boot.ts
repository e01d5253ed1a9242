import type { Millis } from '../../src/domain/time.ts';
import type { Draws } from '../chance/draw.ts';
import type { ClusterSettings } from '../scenario/scenario.ts';

/** From the start of an instance to its ready node: log-normal, given by its median and 95th percentile. */
export const bootMs = (draws: Draws, subject: string, { medianMs, p95Ms }: ClusterSettings['boot']): Millis =>
  Math.round(draws.logNormal('cluster.boot', subject, 0, { median: medianMs, p95: p95Ms }));

/** Whether an instance is one of those whose node never joins. */
export const neverJoins = (draws: Draws, subject: string, { never }: ClusterSettings['boot']): boolean =>
  draws.uniform('cluster.never', subject, 0) < never;
