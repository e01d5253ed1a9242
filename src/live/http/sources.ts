import type { Instant } from '../../domain/time.ts';
import type { History } from '../observers/history.ts';
import type { Metrics } from '../observers/metrics.ts';
import type { Present } from '../observers/present.ts';

/** What the HTTP API tells of. All of it is read, nothing is ever changed. */
export interface Sources extends Present {
  /** When this life of the keeper began. */
  readonly startedAt: () => Instant;
  readonly release: string;
  readonly fleet: string;
  readonly metrics: Pick<Metrics, 'text' | 'contentType'>;
  readonly history: Pick<History, 'since' | 'last' | 'subscribe'>;
}
