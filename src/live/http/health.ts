import { latest, type Millis, minutes } from '../../domain/time.ts';
import type { HealthJson } from './apiSchema.ts';
import type { Sources } from './sources.ts';

/** How long the loop may be silent. A turn comes at least with every look at the account, and these are seconds apart. */
export const SILENT_MS: Millis = minutes(5);

/**
 * Alive: the loop came round of late. Who does not lead has no loop, and lives; so does a leader that waits for the API server
 * before it begins, which a restart would not help.
 */
export function healthOf(sources: Sources, silentMs: Millis = SILENT_MS): HealthJson {
  const since = sources.keepingSince();
  const isStuck = since !== undefined && sources.now() - latest(sources.lastTurnAt() ?? since, since) > silentMs;
  return answer(isStuck ? ['the loop has not come round'] : []);
}

/**
 * Ready: it knows what the cluster holds, whether it leads, and the API server answers. A standby is as ready as a leader. An API
 * server is away once a leader would change nothing any more for want of a renewed lease.
 */
export const readinessOf = (sources: Sources): HealthJson =>
  answer([
    ...(sources.reachable() ? [] : ['the API server does not answer']),
    ...(sources.synced() ? [] : ['nodes and pods have not been listed']),
    ...(sources.leader() === undefined ? ['whether this process leads is unknown'] : []),
  ]);

const answer = (reasons: string[]): HealthJson => ({ ok: reasons.length === 0, reasons });
