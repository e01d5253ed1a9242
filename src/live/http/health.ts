import { latest, type Millis, minutes } from '../../domain/time.ts';
import type { HealthJson } from './apiSchema.ts';
import type { Sources } from './sources.ts';

/** How long the loop may be silent. A turn comes at least with every look at the account, and these are seconds apart. */
export const SILENT_MS: Millis = minutes(5);

/** Alive: the loop of a leader came round of late. Who does not lead has no loop, and lives. */
export function healthOf(sources: Sources, silentMs: Millis = SILENT_MS): HealthJson {
  const cameRoundAt = latest(sources.lastTurnAt() ?? sources.startedAt(), sources.startedAt());
  const isStuck = sources.leader() === true && sources.now() - cameRoundAt > silentMs;
  return answer(isStuck ? ['the loop has not come round'] : []);
}

/** Ready: it knows what the cluster holds, and whether it leads. A standby is as ready as a leader. */
export const readinessOf = (sources: Sources): HealthJson =>
  answer([
    ...(sources.synced() ? [] : ['nodes and pods have not been listed']),
    ...(sources.leader() === undefined ? ['whether this process leads is unknown'] : []),
  ]);

const answer = (reasons: string[]): HealthJson => ({ ok: reasons.length === 0, reasons });
